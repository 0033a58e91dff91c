// @ts-check
/** Which numbers Predict hides: the results that the reader is asked for, and what would give them away. */
import { parseRef } from "./refs.js";

/**
 * @typedef {import("../types.js").Predict} Predict
 * @typedef {import("../types.js").MicroSteps} MicroSteps
 */

/** Most results of one micro-step that are asked for at a time; the next ones follow when these are answered. */
const MOST = 12;
export const NOTHING = /** @type {Set<string>} */ (new Set());

/**
 * The results of the micro-step shown that the reader is asked for, in the order of its lines.
 * @param {MicroSteps | null} reply
 * @param {number} index
 * @param {Predict} predict
 * @returns {Set<string>}
 */
export function askedRefs(reply, index, predict) {
  const step = reply?.microsteps[index];
  if (!predict.on || !step) return NOTHING;
  const solved = new Set(predict.solved);
  const wanted = step.lines.map((line) => line.result_ref).filter((ref) => !solved.has(ref) && (predict.scope !== "deltas" || ref.startsWith("d.")));
  return new Set(wanted.slice(0, MOST));
}

/**
 * Every quantity whose number must not be seen: by scope the results of this micro-step, of its phase, or all
 * deltas; and, unless only deltas are asked for, what later micro-steps will make. What was answered or revealed
 * is not among them.
 * @param {MicroSteps | null} reply
 * @param {number} index
 * @param {Predict} predict
 * @param {number} outputs neurons of the last layer
 * @returns {Set<string>}
 */
export function hiddenRefs(reply, index, predict, outputs) {
  if (!predict.on || !reply) return NOTHING;
  const solved = new Set(predict.solved);
  const phase = reply.microsteps[index]?.phase;
  /** @type {Set<string>} */
  const hidden = new Set();
  reply.microsteps.forEach((step, position) => {
    const late = position > index;
    const here = position === index || (predict.scope === "phase" && step.phase === phase);
    const made = [...step.produces, ...step.lines.map((line) => line.result_ref)];
    for (const ref of made) {
      const wanted = predict.scope === "deltas" ? ref.startsWith("d.") : late || here;
      if (wanted && !solved.has(ref)) hidden.add(ref);
    }
  });
  for (const ref of carriedOne(reply, hidden)) if (!solved.has(ref)) hidden.add(ref);
  for (const ref of [...hidden]) for (const same of copies(ref, reply, outputs)) if (!solved.has(same)) hidden.add(same);
  return hidden;
}

/**
 * The gradients of weights that carried 1: each is the hidden delta of its neuron itself.
 * @param {MicroSteps} reply
 * @param {Set<string>} hidden
 */
function carriedOne(reply, hidden) {
  /** @type {Map<string, number | null>} */
  const deltas = new Map();
  /** @type {string[]} */
  const found = [];
  for (const step of reply.microsteps) for (const { result_ref: ref, result } of step.lines) {
    const { kind, at } = parseRef(ref);
    if (kind === "d" && hidden.has(ref)) deltas.set(at.join("."), result);
    else if (kind === "gw" && deltas.get(`${at[0]}.${at[2]}`) === result) found.push(ref);
  }
  return found;
}

/**
 * Quantities that hold the same number under another name, or that with one known number give it away.
 * @param {string} ref
 * @param {MicroSteps} reply
 * @param {number} outputs
 * @returns {string[]}
 */
function copies(ref, reply, outputs) {
  const { kind, at } = parseRef(ref);
  const place = at.join(".");
  const row = reply.sample;
  const alone = reply.batch.length === 1;
  switch (kind) {
    // The gradient of a bias is the delta of its neuron.
    case "d": return [`gb.${place}`, `gs.${row}.b.${place}`, ...(alone ? [`Gb.${place}`] : [])];
    case "gw": case "gb": return [`gs.${row}.${kind[1]}.${place}`, ...(alone ? [`G${kind[1]}.${place}`] : [])];
    // The old value and the change add up to the new one.
    case "nw": case "nb": return [`u${kind[1]}.${place}`];
    case "e":
      if (at.length > 0) return outputs === 1 ? ["e", `es.${row}`, ...(alone ? ["eb"] : [])] : [];
      return [`es.${row}`, ...(outputs === 1 ? ["e.0"] : []), ...(alone ? ["eb"] : [])];
    default: return [];
  }
}
