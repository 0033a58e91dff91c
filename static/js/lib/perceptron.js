// @ts-check
/** What the perceptron lab's pictures need besides the reply: what is known at a micro-step, and places in the picture. */

/**
 * @typedef {[number, number]} Point
 * @typedef {{weights: (number | null)[], bias: number | null}} Neuron
 * @typedef {{ends: Point[] | null, arrow: Point[] | null, positive: Point[], distance: number | null}} DividingLine
 */

/**
 * The results of the micro-steps up to `index` under their references; null for one that is hidden or not finite.
 * @param {import("./refs.js").MicroStepsRecord | null} told
 * @param {number} index
 * @returns {Map<string, number | null>}
 */
export function resultsUpTo(told, index) {
  const known = new Map();
  for (const step of told?.microsteps.slice(0, index + 1) ?? []) {
    for (const line of step.lines) known.set(line.result_ref, line.result);
  }
  return known;
}

/**
 * The neuron of the iteration: as its micro-steps read it, so that Predict leaves what is given; as they made it where `made`.
 * @param {import("./refs.js").MicroStepsRecord | null} told
 * @param {boolean} made
 * @param {Neuron} otherwise
 * @returns {Neuron}
 */
export function neuronOf(told, made, otherwise) {
  const lines = told?.microsteps.flatMap((step) => step.lines) ?? [];
  const number = (/** @type {string} */ ref, /** @type {number | null} */ fallback) => {
    const line = lines.find((one) => (made ? one.result_ref === `n${ref}` : ref in one.values));
    return line ? /** @type {number | null} */ (made ? line.result : line.values[ref]) : fallback;
  };
  return { weights: [number("w.0", otherwise.weights[0] ?? null), number("w.1", otherwise.weights[1] ?? null)], bias: number("b", otherwise.bias) };
}

/** Whether every new value of the iteration has been told. @param {Map<string, number | null>} known */
export const updated = (known) => ["nw.0", "nw.1", "nb"].every((ref) => known.has(ref));

/**
 * Whether a shape can be drawn: Predict takes numbers out, and what holds one is left out.
 * @param {(number | null)[][] | null | undefined} points
 */
export const drawable = (points) => Boolean(points?.length && points.every((point) => point.every((value) => value !== null)));

/**
 * Points of the plane as the path of an SVG.
 * @param {Point[]} points
 * @param {(point: Point) => Point} place
 * @param {boolean} closed
 */
export function pathOf(points, place, closed) {
  return points.map((point, index) => `${index ? "L" : "M"}${place(point).map((value) => value.toFixed(2)).join(" ")}`).join("") + (closed ? "Z" : "");
}

/**
 * Width of a wire by the size of its weight.
 * @param {number | null} weight
 * @param {number} largest of all weights in the picture
 */
export const wireWidth = (weight, largest) => (largest > 0 ? 1.4 + (4.2 * Math.abs(weight ?? 0)) / largest : 1.4);

/**
 * The point at share `t` of the way between two points.
 * @param {Point} from
 * @param {Point} to
 * @param {number} t
 * @returns {Point}
 */
export const between = ([x0, y0], [x1, y1], t) => [x0 + (x1 - x0) * t, y0 + (y1 - y0) * t];

/**
 * The part of the way between two circles that lies outside them.
 * @param {Point} from
 * @param {number} fromRadius
 * @param {Point} to
 * @param {number} toRadius
 * @returns {[Point, Point]}
 */
export function outside(from, fromRadius, to, toRadius) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  return [between(from, to, fromRadius / length), between(from, to, 1 - toRadius / length)];
}
