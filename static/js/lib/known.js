// @ts-check
/** What a lab's explanation has made known up to a micro-step. */

/**
 * The micro-step that makes each reference.
 * @param {{microsteps: {produces: string[]}[]}} microsteps
 * @returns {Map<string, number>}
 */
function madeAt(microsteps) {
  const found = kept.get(microsteps);
  if (found) return found;
  /** @type {Map<string, number>} */
  const places = new Map();
  microsteps.microsteps.forEach((step, index) => step.produces.forEach((ref) => places.set(ref, index)));
  kept.set(microsteps, places);
  return places;
}
/** @type {WeakMap<object, Map<string, number>>} */
const kept = new WeakMap();

/**
 * Whether a number is there yet: "given" by nobody's line, made "before", made "now", or "ahead".
 * @param {{microsteps: {produces: string[]}[]}} microsteps
 * @param {number} index
 * @returns {(ref: string) => "given" | "before" | "now" | "ahead"}
 */
export function knownAt(microsteps, index) {
  const places = madeAt(microsteps);
  return (ref) => {
    const place = places.get(ref);
    if (place === undefined) return "given";
    return place === index ? "now" : place < index ? "before" : "ahead";
  };
}
