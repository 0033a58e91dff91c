// @ts-check
/** Commands to the server: one at a time, slow ones marked, failures told in a banner. */
import { effect } from "@preact/signals";
import { ApiError, OfflineError, answers } from "../api.js";
import * as store from "../store.js";

const SLOW = 300;
/** Milliseconds before the server is looked for again, growing to the longest. */
const FIRST_LOOK = 500;
const LONGEST_LOOK = 5000;
const GROWTH = 1.5;
let looking = false;
/** @type {Promise<unknown>} */
let queue = Promise.resolve();
let waiting = 0;

/**
 * Runs `work` after the commands before it. A failure shows a banner that can try again.
 * @param {() => Promise<unknown>} work
 * @param {{drop?: boolean, refused?: (error: ApiError) => boolean | void}} [options] drop: not at all while
 *   another command runs; refused: told of a refusal, returns true when it has been shown at its field
 * @returns {Promise<boolean>} whether it was carried out
 */
export function command(work, options = {}) {
  if (options.drop && waiting > 0) return Promise.resolve(false);
  waiting += 1;
  const turn = queue.then(() => carryOut(work, options));
  queue = turn.catch(() => {});
  return turn;
}

/** Marks the page's root while a command is under way and until what it changed is drawn, for scripts that drive the page. */
export function markBusy() {
  const root = document.documentElement;
  effect(() => {
    if (store.busy.value) root.toggleAttribute("data-busy", true);
    else requestAnimationFrame(() => root.toggleAttribute("data-busy", store.busy.peek()));
  });
}

/** Ends when no command is under way. */
export async function settled() {
  while (waiting > 0) await queue;
}

/**
 * @param {() => Promise<unknown>} work
 * @param {{refused?: (error: ApiError) => boolean | void}} options
 */
async function carryOut(work, options) {
  store.busy.value = true;
  const timer = setTimeout(() => (store.slow.value = true), SLOW);
  try {
    await work();
    store.online.value = true;
    if (store.banner.value?.kind === "offline") store.banner.value = null;
    return true;
  } catch (error) {
    fail(error, () => command(work, options), options.refused);
    return false;
  } finally {
    clearTimeout(timer);
    waiting -= 1;
    if (waiting === 0) {
      store.busy.value = false;
      store.slow.value = false;
    }
  }
}

/**
 * @param {unknown} error
 * @param {() => Promise<boolean>} retry
 * @param {((error: ApiError) => boolean | void) | undefined} refused
 */
function fail(error, retry, refused) {
  store.playing.value = false;
  if (error instanceof OfflineError) {
    store.online.value = false;
    store.banner.value = { kind: "offline", retry };
    void awaitServer();
  } else if (error instanceof ApiError) {
    store.online.value = true;
    if (refused?.(error)) return;
    if (error.status === 404 && error.code === "session-not-found") store.banner.value = { kind: "gone" };
    else if (error.status === 401) store.banner.value = { kind: "access", retry };
    else store.banner.value = { kind: "error", text: explain(error), retry: error.status >= 500 ? retry : null };
  } else {
    store.banner.value = { kind: "error", key: "page.banner.unexpected", text: error instanceof Error ? error.message : String(error) };
    console.error(error);
  }
}

/**
 * Looks for a server that did not answer until it does, and then carries out what it was asked for: it keeps sessions,
 * and a step that it has made already is not made twice.
 */
async function awaitServer() {
  if (looking) return;
  looking = true;
  try {
    for (let wait = FIRST_LOOK; store.banner.value?.kind === "offline"; wait = Math.min(LONGEST_LOOK, wait * GROWTH)) {
      await new Promise((done) => setTimeout(done, wait));
      const banner = store.banner.value;
      // The reader may have tried again meanwhile.
      if (banner?.kind !== "offline" || waiting > 0 || !(await answers())) continue;
      if (await banner.retry?.()) store.toast.value = "page.again";
    }
  } finally {
    looking = false;
  }
}

/**
 * The sentences of a refusal.
 * @param {ApiError} error
 */
export function explain(error) {
  return error.errors.length ? error.errors.map((entry) => entry.detail).join(" ") : error.message;
}
