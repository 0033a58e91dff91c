// @ts-check
/** Bringing a session onto the page: its micro-steps and trace first, the readings right after. */
import { batch } from "@preact/signals";
import * as api from "../api.js";
import { named } from "../lib/symbols.js";
import { firstNonfinite, sampleIn, toldNeuron } from "../selectors.js";
import * as store from "../store.js";
import { fetchNeuronMaps } from "./neuron_maps.js";

/** @typedef {import("../types.js").Session} Session */
/** @typedef {import("../types.js").Place} Place */
/** @typedef {import("../types.js").Deed} Deed */

const DEEDS = 200;
/** How each session of this page began. @type {Map<string, {created: object, initial: import("../types.js").Parameters | null}>} */
const origins = new Map();

/**
 * @param {Session} session just created by `body`
 * @param {object} body
 * @param {import("../types.js").Parameters | null} [initial] what it started with, where it stands elsewhere now
 */
export function remember(session, body, initial = null) {
  origins.set(session.id, { created: body, initial: initial ?? (session.step === 0 ? session.parameters ?? null : null) });
}

/**
 * Shows `next` at micro-step `at`: -1 before the first one, Infinity for the last one, null where the reader is. A session that has diverged
 * shows the update that failed, where the first number stopped being finite.
 * @param {Session} next
 * @param {number | null} at
 */
export async function show(next, at) {
  const row = sampleIn(next, store.sampleChosen.value ? store.sample.value : -1);
  const failing = next.status === "diverged" ? next.step : null;
  const [steps, trace] = await Promise.all([
    api.getMicrosteps(next.id, row, store.granularity.value === "epoch" ? "phase" : store.granularity.value, failing, toldNeuron(next, store.neuron.value, store.catalog.value?.limits.parameters_told_at_once ?? Infinity), store.notation.value),
    api.getTrace(next.id, row, failing),
  ]);
  const last = steps.microsteps.length - 1;
  const wanted = failing === null || (store.session.value?.status === "diverged" && at === null) ? at : firstNonfinite(steps);
  const origin = origins.get(next.id);
  const moved = store.session.value?.timeline.node !== next.timeline.node;
  batch(() => {
    if (store.session.value?.id !== next.id) {
      store.curve.value = null;
      store.boundary.value = null;
      store.graph.value = null;
      store.brush.value = null;
      if (Math.max(...store.plane.value) >= next.data.columns.length) store.plane.value = [0, 1];
      store.history.value = null;
      store.neuronMaps.value = null;
      store.mapElement.value = null;
      store.trail.value = [];
      store.parameter.value = null;
      store.selected.value = null;
      store.hover.value = null;
    }
    store.session.value = named(next, steps);
    store.sample.value = row;
    store.microsteps.value = steps;
    store.trace.value = trace;
    store.index.value = Math.max(-1, Math.min(last, wanted ?? store.index.value));
    store.initial.value = origin?.initial ?? null;
    store.created.value = origin?.created ?? next.recipe.create;
    tellDivergence(next);
    if (store.banner.value?.kind === "ended" && moved) store.banner.value = null;
  });
  void refreshReadings();
}

/** @param {Session} session */
export function tellDivergence(session) {
  const cause = session.divergence;
  if (session.status === "diverged" && cause) {
    store.banner.value = {
      kind: "diverged",
      values: { step: cause.step + 1, epoch: session.epoch + 1, element: cause.element, rate: cause.learning_rate, half: cause.suggested_learning_rate },
    };
  } else if (store.banner.value?.kind === "diverged") {
    store.banner.value = null;
  }
}

let refreshing = false;
let again = false;

/** Fetches the map and the curve of the session shown; calls that come meanwhile end in one more fetch. */
export async function refreshReadings() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  do {
    again = false;
    const shown = store.session.value;
    try {
      if (shown) await fetchReadings(shown);
    } catch {
      // The readings keep their last values; the command that follows tells what is wrong. A call that came
      // meanwhile has its turn all the same: the server may be back.
    }
  } while (again);
  refreshing = false;
}

/** @param {Session} session */
async function fetchReadings(session) {
  const plane = session.data.columns.length >= 2;
  const graph = session.data.columns.length === 1;
  const [curve, boundary, history] = await Promise.all([
    api.getCurve(session.id),
    plane ? api.getBoundary(session.id, store.mapElement.value, undefined, store.plane.value) : Promise.resolve(null),
    session.timeline.branches > 1 || store.drawer.value === "history" ? api.getHistory(session.id) : Promise.resolve(null),
  ]);
  const line = graph ? await fetchGraph(session) : null;
  if (store.session.value?.id !== session.id) return;
  batch(() => {
    store.graph.value = line;
    store.curve.value = curve;
    store.boundary.value = boundary;
    store.history.value = history && history.total > 1 ? history : null;
    // The open drawer follows a run too.
    if (history && store.drawer.value === "history") store.drawerData.value = { ...store.drawerData.value, history };
  });
  await fetchNeuronMaps(session);
}

/** Places along the one input at which its graph is computed. */
const PLACES = 121;

/** The answers of a network with one column over its range, widened as a map is. @param {Session} session */
async function fetchGraph(session) {
  const { inputs, test_inputs: test } = session.data;
  const column = [...inputs, ...test].map((row) => row[0] ?? 0);
  const [low, high] = [Math.min(...column), Math.max(...column)];
  const margin = Math.max(0.05, 0.1 * (high - low));
  const xs = Array.from({ length: PLACES }, (_, k) => low - margin + ((high - low + 2 * margin) * k) / (PLACES - 1));
  const reply = await api.predict(session.id, xs.map((x) => [x]));
  return { xs, outputs: /** @type {(number | null)[][]} */ (reply.outputs) };
}

/** Where the page is, for undo. @returns {Place | null} */
export function place() {
  const session = store.session.value;
  return session ? { id: session.id, node: session.timeline.node, index: store.index.value } : null;
}

/**
 * Records that `name` led from `before` to where the page is now.
 * @param {string} name key of the action's name
 * @param {Place | null} before
 */
export function record(name, before) {
  const after = place();
  if (!before || !after || (before.id === after.id && before.node === after.node)) return;
  store.undoStack.value = [...store.undoStack.value, { name, before, after }].slice(-DEEDS);
  store.redoStack.value = [];
}
