// @ts-check
/**
 * Predict hides numbers in one place: here, before the views see the records. A hidden number becomes null and its
 * pointer in `nonfinite` says "hidden", so that every view prints "?" and draws nothing from it. The masked records
 * share everything else with the ones that the server sent.
 */
import { NOTHING, askedRefs, hiddenRefs } from "./hidden_refs.js";
import { rewriter } from "./mask_numbers.js";
import { parseRef, tracePath } from "./refs.js";

/**
 * @typedef {import("../types.js").Predict} Predict
 * @typedef {import("../types.js").MicroSteps} MicroSteps
 * @typedef {import("../types.js").Session} Session
 * @typedef {import("../types.js").Curve} Curve
 * @typedef {import("./refs.js").TraceRecord} TraceRecord
 * @typedef {import("./refs.js").LineRecord} LineRecord
 * @typedef {object} Records what the page shows at one micro-step
 * @property {MicroSteps | null} microsteps
 * @property {number} index
 * @property {Predict} predict
 * @property {boolean} asking false where no single results are shown: by epochs, while a run is on
 * @property {TraceRecord | null} trace
 * @property {Session | null} session
 * @property {number} sample
 * @property {Curve | null} curve
 * @property {any} proof the reply of the gradient check, null: none yet
 * @typedef {object} Masked the same records without what is hidden
 * @property {Set<string>} asked results of this micro-step that the reader is asked for
 * @property {Set<string>} hidden every quantity whose number must not be seen
 * @property {MicroSteps | null} microsteps
 * @property {TraceRecord | null} trace
 * @property {Session | null} session
 * @property {Curve | null} curve
 * @property {any} proof
 * @property {() => number[]} numbers what the hidden quantities are, to find them where no reference stands beside them
 */

/**
 * The micro-steps with the hidden numbers taken out of results, of the values that lines read, and of the parts of sums.
 * @param {MicroSteps} reply
 * @param {Set<string>} hidden
 * @returns {MicroSteps}
 */
function maskMicrosteps(reply, hidden) {
  const record = rewriter(reply);
  reply.microsteps.forEach((step, position) => step.lines.forEach((line, place) => {
    const path = ["microsteps", position, "lines", place];
    if (hidden.has(line.result_ref)) {
      record.hide([...path, "result"]);
      // The parts of a sum are the reader's working.
      if (line.parts.length > 0) record.put([...path, "parts"], []);
    }
    for (const ref in line.values) if (hidden.has(ref)) record.hide([...path, "values", ref]);
  }));
  return record.done();
}

/**
 * The trace without the hidden numbers.
 * @param {TraceRecord} trace
 * @param {Set<string>} hidden
 * @param {number} sample
 * @returns {TraceRecord}
 */
function maskTrace(trace, hidden, sample) {
  const record = rewriter(trace);
  for (const ref of hidden) {
    const { kind, name, at } = parseRef(ref);
    const [layer = 0, unit = 0] = at;
    const path = tracePath(ref);
    if (path) record.hide(path);
    // The next layer's inputs are this layer's activations.
    if (kind === "a" && layer > 0 && layer < trace.layers.length) record.hide(["layers", layer, "inputs", unit]);
    if (kind === "e" && at.length === 0) {
      const row = /** @type {any} */ (trace).sample_losses?.findIndex((/** @type {{sample: number}} */ one) => one.sample === sample) ?? -1;
      if (row >= 0) record.hide(["sample_losses", row, "loss"]);
    }
    if (kind === "eta") record.hide(["schedule", "rate"]);
    if (kind === "s" || kind === "o") {
      const [state = "", parameter = "w"] = name.split(".");
      record.hide(["optimizer", kind === "s" ? "state_after" : "terms", state, parameter === "w" ? "weights" : "biases", layer - 1, ...at.slice(1)]);
    }
  }
  return record.done();
}

/**
 * The session's readings of the shown sample without the hidden numbers: outputs, differences, losses.
 * @param {Session} session
 * @param {Set<string>} hidden
 * @param {number} sample
 * @param {TraceRecord | null} trace not masked: tells which difference is a hidden number
 * @returns {Session}
 */
function maskSession(session, hidden, sample, trace) {
  const record = rewriter(session);
  const last = session.network.layers.length;
  const units = session.network.layers[last - 1]?.units ?? 0;
  for (let unit = 0; unit < units; unit += 1) {
    if (hidden.has(`a.${last}.${unit}`)) record.hide(["outputs", sample, unit]);
    const difference = session.differences?.[sample]?.[unit] ?? null;
    // Output minus target can be the very gradient that is asked for.
    const told = [`a.${last}.${unit}`, `up.${last}.${unit}`, `d.${last}.${unit}`].some((ref, at) => hidden.has(ref) && (at === 0 || alike(difference, readIn(trace, ref))));
    if (told) record.hide(["differences", sample, unit]);
  }
  if (hidden.has("eta")) record.hide(["learning_rate"]);
  if (hidesLoss(hidden)) {
    record.hide(["sample_losses", sample]);
    record.hide(["loss"]);
  }
  return record.done();
}

/** @param {Set<string>} hidden */
const hidesLoss = (hidden) => hidden.has("e") || hidden.has("eb");

/** @param {TraceRecord | null} trace @param {string} ref @returns {number | null} */
function readIn(trace, ref) {
  let value = /** @type {any} */ (trace);
  for (const key of tracePath(ref) ?? []) value = value?.[key];
  return typeof value === "number" ? value : null;
}

/** @param {number | null | undefined} a @param {number | null} b */
function alike(a, b) {
  return typeof a === "number" && b !== null && Math.abs(Math.abs(a) - Math.abs(b)) <= 1e-9 * Math.abs(b);
}

/**
 * The curve without the reading at the present step.
 * @param {Curve} curve
 * @param {number} step
 * @returns {Curve}
 */
function maskCurve(curve, step) {
  const at = curve.steps.indexOf(step);
  if (at < 0) return curve;
  const record = rewriter(curve);
  for (const list of ["last", "minimum", "maximum"]) record.hide([list, at]);
  return record.done();
}

/**
 * The gradient check without the gradients that are hidden.
 * @param {any} reply
 * @param {Set<string>} hidden
 */
function maskProof(reply, hidden) {
  const record = rewriter(reply);
  reply.rows.forEach((/** @type {{element: string}} */ row, /** @type {number} */ at) => {
    if (!["g", "G", "J"].some((kind) => hidden.has(`${kind}${row.element}`))) return;
    for (const way of ["analytic", "central", "autodiff"]) record.hide(["rows", at, way]);
  });
  return record.done();
}

/** @type {{key: any[], value: Masked} | null} */
let latest = null;

/**
 * The records as the views may see them. The same arguments give the same objects, so that nothing is drawn again.
 * @param {Records} records
 * @returns {Masked}
 */
export function mask({ microsteps, index, predict, asking, trace, session, sample, curve, proof }) {
  const on = predict.on && asking;
  const key = [microsteps, index, on, predict.scope, predict.solved, trace, session, sample, curve, proof];
  if (latest && latest.key.every((one, at) => one === key[at])) return latest.value;
  const outputs = session?.network.layers.at(-1)?.units ?? 0;
  const asked = on ? askedRefs(microsteps, index, predict) : NOTHING;
  const hidden = on ? hiddenRefs(microsteps, index, predict, outputs) : NOTHING;
  const before = latest?.value;
  /** @type {Masked} */
  const value = hidden.size === 0 ? { asked, hidden, microsteps, trace, session, curve, proof, numbers: () => [] } : {
    asked, hidden,
    numbers: once(() => hiddenNumbers({ microsteps, trace, session }, hidden)),
    microsteps: microsteps && maskMicrosteps(microsteps, hidden),
    trace: trace && maskTrace(trace, hidden, sample),
    session: session && maskSession(session, hidden, sample, trace),
    curve: curve && session && hidesLoss(hidden) ? maskCurve(curve, session.step) : curve,
    proof: proof && maskProof(proof, hidden),
  };
  // A reading that came later does not make the masked records new.
  if (before && latest && hidden.size > 0) {
    const unchanged = (/** @type {number[]} */ places) => places.every((at) => latest?.key[at] === key[at]);
    if (unchanged([0, 1, 2, 3, 4, 7])) {
      if (unchanged([5])) value.trace = before.trace;
      if (unchanged([5, 6])) value.session = before.session;
      value.microsteps = before.microsteps;
      value.asked = before.asked;
      value.hidden = before.hidden;
      if (unchanged([5, 6])) value.numbers = before.numbers;
      if (unchanged([6, 8])) value.curve = before.curve;
      if (unchanged([9])) value.proof = before.proof;
    }
  }
  latest = { key, value };
  return value;
}

/** @template T @param {() => T} make @returns {() => T} */
function once(make) {
  /** @type {{value: T} | null} */
  let made = null;
  return () => (made ??= { value: make() }).value;
}

/**
 * @param {Pick<Records, "microsteps" | "trace" | "session">} records not masked
 * @param {Set<string>} hidden
 * @returns {number[]} sorted magnitudes
 */
function hiddenNumbers({ microsteps, trace, session }, hidden) {
  /** @type {Set<number>} */
  const found = new Set();
  const note = (/** @type {number | null | undefined} */ value) => {
    if (typeof value === "number" && !Number.isInteger(value)) found.add(Math.abs(value));
  };
  for (const step of microsteps?.microsteps ?? []) for (const line of step.lines) {
    if (hidden.has(line.result_ref)) note(line.result);
    for (const ref in line.values) if (hidden.has(ref)) note(line.values[ref]);
  }
  for (const ref of hidden) note(readIn(trace, ref));
  if (hidesLoss(hidden)) note(session?.loss);
  return [...found].sort((a, b) => a - b);
}
