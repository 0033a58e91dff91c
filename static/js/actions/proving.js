// @ts-check
/** The gradient check of the step shown: fetched once for each, when the page has nothing else to do. */
import { effect } from "@preact/signals";
import * as api from "../api.js";
import * as store from "../store.js";

/** Milliseconds after the last change before the check is asked for. */
const QUIET = 300;
/** Playing faster than this there is no check. */
const FAST = 2;
/** Checks that are kept, so that going back does not ask again. */
const KEPT = 24;

/** @type {Map<string, any>} */
const checks = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** The step that the page shows, as a key; empty while there is none. */
function keyOfStep() {
  const session = store.session.value;
  const trace = store.trace.value;
  return session && trace ? `${session.id} ${session.timeline.node} ${trace.step}` : "";
}

/** @param {() => void} work */
function whenIdle(work) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: 1000 });
    else work();
  }, QUIET);
}

/** The check under way. @type {{key: string, reply: Promise<any>} | null} */
let asked = null;

/**
 * The gradient check of the step shown, from what is kept or from the server; null while no step is shown.
 * @returns {Promise<any>}
 */
export function fetchVerification() {
  const key = keyOfStep();
  const session = store.session.value;
  const trace = store.trace.value;
  if (!session || !trace) return Promise.resolve(null);
  if (checks.has(key)) return Promise.resolve(checks.get(key));
  if (asked?.key === key) return asked.reply;
  clearTimeout(timer);
  store.proof.value = { key, state: "checking", data: null };
  const reply = api.getVerification(session.id, trace.step);
  asked = { key, reply };
  reply.then(
    (data) => {
      checks.set(key, data);
      if (checks.size > KEPT) checks.delete(checks.keys().next().value ?? "");
      return /** @type {const} */ ({ key, state: "done", data });
    },
    // The command that follows tells what is wrong.
    () => /** @type {const} */ ({ key, state: "failed", data: null }),
  ).then((done) => {
    if (asked?.key === key) asked = null;
    if (store.proof.value.key === key) store.proof.value = done;
  });
  return reply;
}

/** Checks every step that is shown, from now on. */
export function followProofs() {
  effect(() => {
    const key = keyOfStep();
    const hurried = store.run.value !== null || store.busy.value || (store.playing.value && store.speed.value > FAST) || !store.online.value;
    const known = store.proof.value;
    if (key === known.key && known.state !== "none") return;
    clearTimeout(timer);
    if (checks.has(key)) store.proof.value = { key, state: "done", data: checks.get(key) };
    else if (known.key !== key) store.proof.value = { key, state: "none", data: null };
    else if (key !== "" && !hurried) whenIdle(() => void (key === keyOfStep() && fetchVerification().catch(() => {})));
  });
}

/** Asks again after a check that got no answer. */
export function check() {
  void fetchVerification().catch(() => {});
}
