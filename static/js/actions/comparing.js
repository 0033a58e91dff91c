// @ts-check
/**
 * Runs that are kept beside the present one: sessions that stay on the server. The page remembers their ids as long as
 * the browser's tab lives; what they are and how they went is asked of the server.
 */
import * as api from "../api.js";
import { MOST_AUTO, MOST_KEPT, freeSlot } from "../lib/compare.js";
import * as store from "../store.js";
import { command, explain } from "./command.js";
import { place, record, remember, show } from "./show.js";

/** @typedef {import("../types.js").Session} Session */
/** @typedef {import("../lib/compare.js").Kept} Kept */
/** @typedef {import("../lib/compare.js").Comparison} Comparison */

const KEY = "deltaboard.runs";
/** Milliseconds between two readings of the runs that train, and of training in one call. */
const READING = 400;
const QUANTUM = 120;
const LARGEST = 1000;

/** @param {Kept[]} runs */
function setKept(runs) {
  store.kept.value = runs;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(runs));
  } catch {
    // Without storage the runs are kept as long as the page.
  }
}

/** Reads which runs were kept before the page was loaded again. */
export function recallRuns() {
  try {
    const runs = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    const good = (/** @type {any} */ one) => typeof one?.id === "string" && Number.isInteger(one.slot) && one.slot >= 0 && one.slot < MOST_KEPT;
    if (Array.isArray(runs)) store.kept.value = runs.filter(good).slice(0, MOST_KEPT);
  } catch {
    // What cannot be read is no list of runs.
  }
}

/**
 * Keeps runs; of those kept by themselves at most twelve, the oldest of these goes first.
 * @param {string[]} ids
 * @param {{auto?: boolean, group?: string | null}} [how]
 * @returns {boolean} false where there is no room
 */
function add(ids, { auto = false, group = null } = {}) {
  let runs = store.kept.value;
  const fresh = ids.filter((id) => !runs.some((one) => one.id === id));
  const own = runs.filter((one) => one.auto);
  const over = new Set(auto ? own.slice(0, Math.max(0, own.length + fresh.length - MOST_AUTO)) : []);
  while (runs.length - over.size + fresh.length > MOST_KEPT) {
    const oldest = runs.find((one) => one.auto && !over.has(one));
    if (!oldest) return false;
    over.add(oldest);
  }
  runs = runs.filter((one) => !over.has(one));
  fresh.forEach((id, k) => {
    runs = [...runs, { id, slot: freeSlot(runs, group?.startsWith("optimizers") ? k : null), auto, group }];
  });
  setKept(runs);
  for (const one of over) forget(one.id);
  return true;
}

/** Gives a run up on the server, unless undo may still lead to it. @param {string} id */
function forget(id) {
  const deeds = [...store.undoStack.value, ...store.redoStack.value];
  if (store.session.value?.id === id || deeds.some((deed) => deed.before.id === id || deed.after.id === id)) return;
  // Gone already is as good.
  void api.deleteSession(id).catch(() => {});
}

/** The run that is being left stays, if it was trained at all. @param {Session} session */
export function keepLeft(session) {
  if (session.timeline.last_step > 0) add([session.id], { auto: true });
}

/** Keeps the run shown. */
export function keepRun() {
  const session = store.session.value;
  if (!session) return;
  const known = store.kept.value.find((one) => one.id === session.id);
  if (known?.auto) setKept(store.kept.value.map((one) => (one === known ? { ...one, auto: false } : one)));
  else if (!known) store.toast.value = add([session.id]) ? "compare.toast.kept" : "compare.toast.full";
}

/** @param {string} id @param {string} name for the line that offers to take it back */
export function removeRun(id, name) {
  const run = store.kept.value.find((one) => one.id === id);
  if (!run) return;
  const before = store.removed.value;
  setKept(store.kept.value.filter((one) => one !== run));
  store.removed.value = { run, name };
  if (before) forget(before.run.id);
}

export function restoreRun() {
  const removed = store.removed.value;
  if (!removed) return;
  const { run } = removed;
  store.removed.value = null;
  const taken = store.kept.value.some((one) => one.slot === run.slot);
  setKept([...store.kept.value, taken ? { ...run, slot: freeSlot(store.kept.value) } : run]);
}

/** @param {string} id @param {string} label empty: its own name again */
export function renameRun(id, label) {
  return command(async () => {
    await api.patchSession(id, { label });
    await refreshComparison();
  }, { refused: (error) => gone(error, id) });
}

/** Shows a kept run in the lab; undo leads back. @param {string} id */
export function openRun(id) {
  if (store.run.value || store.session.value?.id === id) return Promise.resolve(false);
  return command(async () => {
    const before = place();
    const left = store.session.value;
    const session = /** @type {Session} */ (await api.getSession(id));
    const known = /** @type {Comparison | undefined} */ (store.drawerData.value.compare)?.runs.find((run) => run.id === id);
    // Where both started from the same weights and biases, those of this one are known.
    if (known?.same_start && store.initial.value) remember(session, session.recipe.create, store.initial.value);
    await show(session, -1);
    store.draft.value = null;
    store.errors.value = {};
    record("open", before);
    if (left) keepLeft(left);
  }, { refused: (error) => gone(error, id) });
}

/** @param {import("../api.js").ApiError} error @param {string} id */
function gone(error, id) {
  if (error.status !== 404) return false;
  lose([id]);
  return true;
}

/** @param {string[]} ids */
function lose(ids) {
  const left = store.kept.value.filter((one) => !ids.includes(one.id));
  store.lost.value += store.kept.value.length - left.length;
  if (left.length < store.kept.value.length) setKept(left);
}

/**
 * The present run and the kept ones; those that the server no longer has are told.
 * @param {string} id
 * @returns {Promise<Comparison>}
 */
export async function fetchComparison(id) {
  const reply = /** @type {Comparison} */ (await api.getComparison(id, store.kept.value.map((one) => one.id)));
  lose(reply.gone);
  return reply;
}

/** Brings the open tab up to date. */
export async function refreshComparison() {
  const session = store.session.value;
  if (!session || store.drawer.value !== "compare") return null;
  const data = await fetchComparison(session.id);
  if (store.session.value?.id === session.id) store.drawerData.value = { ...store.drawerData.value, compare: data };
  return data;
}

let stopping = false;

export function stopExperiment() {
  stopping = true;
}

/**
 * Begins a run for each variant from one start and trains them side by side.
 * @param {{kind: "optimizers" | "rates", start: boolean, epochs: number, rates?: {lowest: number, highest: number, count: number}}} asked
 *   `start`: from the first weights and biases, else from here
 */
export async function runExperiment({ kind, start, epochs, rates }) {
  const session = store.session.value;
  if (!session || store.experiment.value) return false;
  store.errors.value = withoutExperiment();
  /** @type {string[]} */
  let ids = [];
  let from = 0;
  const begun = await command(async () => {
    const way = kind === "rates" ? { learning_rates: rates ?? { lowest: 0.001, highest: 10, count: 8 } } : { optimizers: /** @type {true} */ (true) };
    const reply = /** @type {Comparison} */ (await api.beginExperiment(session.id, start ? { step: 0, ...way } : way));
    ids = reply.runs.slice(1).map((run) => run.id);
    from = reply.runs[1]?.epoch ?? 0;
  }, {
    refused: (error) => {
      if (error.status !== 422) return false;
      store.errors.value = { ...store.errors.value, experiment: explain(error) };
      return true;
    },
  });
  if (!begun || ids.length === 0) return false;
  if (!add(ids, { group: `${kind} ${ids[0]}` })) {
    for (const id of ids) forget(id);
    store.toast.value = "compare.toast.full";
    return false;
  }
  stopping = false;
  store.experiment.value = { ids, from, to: from + epochs, kind };
  const reading = setInterval(() => void refreshComparison().catch(() => {}), READING);
  try {
    await trainAll(ids, from + epochs);
  } catch (error) {
    // The runs stay where they are; what went wrong is told as for every command.
    await command(() => Promise.reject(error));
  } finally {
    clearInterval(reading);
    store.experiment.value = null;
  }
  await command(async () => void (await refreshComparison()));
  return true;
}

function withoutExperiment() {
  const { experiment: _, ...errors } = store.errors.value;
  return errors;
}

/**
 * Trains every run up to an epoch, a little of each in turn.
 * @param {string[]} ids
 * @param {number} target
 */
async function trainAll(ids, target) {
  let left = ids.map((id) => ({ id, epochs: 1 }));
  while (left.length > 0 && !stopping) {
    /** @type {typeof left} */
    const next = [];
    for (const run of left) {
      if (stopping) break;
      const asked = performance.now();
      const reply = await api.step(run.id, run.epochs, "epoch");
      const { epoch, steps_per_epoch } = /** @type {Session} */ (reply.session);
      const most = Math.max(1, Math.floor(LARGEST / Math.max(1, steps_per_epoch)));
      const wanted = Math.round(run.epochs * Math.min(8, QUANTUM / Math.max(1, performance.now() - asked)));
      if (!reply.diverged && reply.applied > 0 && epoch < target) next.push({ id: run.id, epochs: Math.max(1, Math.min(most, wanted, target - epoch)) });
    }
    left = next;
  }
}
