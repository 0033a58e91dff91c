// @ts-check
/**
 * Runs that are kept beside the present one: sessions that stay on the server. The page remembers their ids as long as
 * the browser's tab lives; what they are and how they went is asked of the server.
 */
import * as api from "../api.js";
import { MOST_AUTO, MOST_KEPT, freeSlot } from "../lib/compare.js";
import * as store from "../store.js";
import { command, explain } from "./command.js";
import { KEY } from "./kept_runs.js";
import { place, record, remember, show } from "./show.js";

/** @typedef {import("../types.js").Session} Session */
/** @typedef {import("../lib/compare.js").Kept} Kept */
/** @typedef {import("../lib/compare.js").Comparison} Comparison */

/** Milliseconds between two readings of the runs that train. */
const READING = 300;

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
  // The page was loaded again while an experiment went on: it is followed as before.
  const busy = reply.runs.filter((run) => run.status === "training" && run.to_epoch !== null && store.kept.value.some((one) => one.id === run.id));
  if (busy.length > 0 && !watching) watch({ ids: busy.map((run) => run.id), from: 0, to: Math.max(...busy.map((run) => run.to_epoch ?? 0)) });
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

/** The runs that are watched while they train; null: none. */
let watching = /** @type {Promise<void> | null} */ (null);

/** Ends the training of every run of the experiment; what they have learnt stays. */
export function stopExperiment() {
  const { ids } = store.experiment.value ?? { ids: [] };
  return command(async () => {
    // One that has ended or is gone has nothing to stop.
    await Promise.all(ids.map((id) => api.pauseTraining(id).catch((error) => {
      if (!(error instanceof api.ApiError)) throw error;
    })));
  });
}

/**
 * Begins a run for each variant from one start; the server trains them side by side.
 * @param {{kind: "optimizers" | "rates", start: boolean, epochs: number, rates?: {lowest: number, highest: number, count: number}}} asked
 *   `start`: from the first weights and biases, else from here
 */
export async function runExperiment({ kind, start, epochs, rates }) {
  const session = store.session.value;
  if (!session || store.experiment.value) return false;
  const { experiment: _, ...errors } = store.errors.value;
  store.errors.value = errors;
  const way = kind === "rates" ? { learning_rates: rates ?? { lowest: 0.001, highest: 10, count: 8 } } : { optimizers: /** @type {true} */ (true) };
  return command(async () => {
    const reply = /** @type {Comparison} */ (await api.beginExperiment(session.id, { ...(start ? { step: 0 } : {}), ...way, epochs }));
    const ids = reply.runs.slice(1).map((run) => run.id);
    if (!add(ids, { group: `${kind} ${ids[0]}` })) {
      for (const id of ids) forget(id);
      store.toast.value = "compare.toast.full";
      return;
    }
    const from = reply.runs[1]?.epoch ?? 0;
    watch({ ids, from, to: from + epochs });
  }, {
    refused: (error) => {
      if (error.status !== 422) return false;
      store.errors.value = { ...store.errors.value, experiment: explain(error) };
      return true;
    },
  });
}

/**
 * Follows runs that train, until none of them does.
 * @param {{ids: string[], from: number, to: number}} experiment
 */
function watch(experiment) {
  if (watching) return;
  store.experiment.value = experiment;
  watching = follow(experiment.ids).finally(() => {
    watching = null;
    store.experiment.value = null;
  });
}

/** @param {string[]} ids */
async function follow(ids) {
  for (;;) {
    await new Promise((done) => setTimeout(done, READING));
    const session = store.session.value;
    if (!session) continue;
    try {
      const data = await fetchComparison(session.id);
      if (store.session.value?.id !== session.id) continue;
      store.drawerData.value = { ...store.drawerData.value, compare: data };
      if (!data.runs.some((run) => ids.includes(run.id) && run.status === "training")) return;
    } catch (error) {
      // The server is away or the session shown is gone: the page tells so when it is next used.
      if (error instanceof api.ApiError) return;
    }
  }
}
