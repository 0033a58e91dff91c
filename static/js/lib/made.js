// @ts-check
/** Which micro-step made a number, read from the micro-steps' own records. */
import { parseRef } from "./refs.js";

/**
 * @typedef {import("./refs.js").LineRecord} LineRecord
 * @typedef {import("./refs.js").MicroStepsRecord} MicroStepsRecord
 * @typedef {{index: number, line: LineRecord}} Made
 */

/** @type {WeakMap<MicroStepsRecord, Map<string, Made>>} */
const memory = new WeakMap();

/**
 * Every result with the micro-step that makes it first and the line of its equation.
 * @param {MicroStepsRecord} reply
 * @returns {Map<string, Made>}
 */
export function made(reply) {
  let found = memory.get(reply);
  if (!found) {
    found = new Map();
    for (const [index, step] of reply.microsteps.entries()) {
      for (const line of step.lines) if (!found.has(line.result_ref)) found.set(line.result_ref, { index, line });
    }
    memory.set(reply, found);
  }
  return found;
}

/**
 * The name under which this sample's number was made: in the batch it has another one.
 * @param {string} ref
 * @param {number} sample
 */
export function ownName(ref, sample) {
  if (ref === `es.${sample}`) return "e";
  const prefix = `gs.${sample}.`;
  return ref.startsWith(prefix) ? `g${ref.slice(prefix.length)}` : ref;
}

/**
 * Where a number was made that no micro-step of this list makes.
 * @param {string} ref
 * @returns {{where: "before", ref: string} | {where: "sample", sample: number, ref: string} | {where: "given", key: string}}
 *   before: by the update of the iteration before, as `ref`; sample: for another sample of the batch; given: it was
 *   not computed, `key` says what it is
 */
export function elsewhere(ref) {
  const { kind, at } = parseRef(ref);
  const parts = ref.split(".");
  if (kind === "w" || kind === "b") return { where: "before", ref: `n${ref}` };
  if (kind === "s0") return { where: "before", ref: `s${ref.slice(2)}` };
  if (kind === "gs") return { where: "sample", sample: Number(parts[1]), ref: `g${parts.slice(2).join(".")}` };
  if (kind === "es") return { where: "sample", sample: at[0] ?? 0, ref: "e" };
  return { where: "given", key: kind === "a" || kind === "t" ? "data" : "setting" };
}
