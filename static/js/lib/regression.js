// @ts-check
/** Geometry of the Regression lab's pictures: where lines meet frames, where handles stand, what a drag rounds to. */
import { clean, niceStep } from "./scales.js";

/** @typedef {[number, number]} Pixel */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/**
 * The part of a segment inside a box, null where it misses it (Liang and Barsky 1984).
 * @param {Pixel} a
 * @param {Pixel} b
 * @param {Box} box
 * @returns {[Pixel, Pixel] | null}
 */
export function clipped(a, b, box) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let from = 0;
  let to = 1;
  for (const [p, q] of [[-dx, a[0] - box.left], [dx, box.right - a[0]], [-dy, a[1] - box.top], [dy, box.bottom - a[1]]]) {
    const [step, room] = [p ?? 0, q ?? 0];
    if (step === 0) {
      if (room < 0) return null;
    } else if (step < 0) from = Math.max(from, room / step);
    else to = Math.min(to, room / step);
  }
  if (from > to) return null;
  return [[a[0] + from * dx, a[1] + from * dy], [a[0] + to * dx, a[1] + to * dy]];
}

/**
 * Two places on a segment for its handles, a little inside its ends.
 * @param {[Pixel, Pixel]} segment
 * @returns {[Pixel, Pixel]}
 */
export function handles([a, b]) {
  const at = (/** @type {number} */ share) => /** @type {Pixel} */ ([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
  return [at(0.1), at(0.9)];
}

/**
 * How finely a drag and the arrow keys move within a range.
 * @param {readonly [number, number]} range
 */
export function grain([low, high]) {
  return niceStep((high - low) / 200);
}

/**
 * A dragged coordinate as a person would write it, inside what the server takes.
 * @param {number} value
 * @param {readonly [number, number]} range
 * @param {number} largest
 */
export function rounded(value, range, largest) {
  const step = grain(range);
  return Math.max(-largest, Math.min(largest, clean(Math.round(value / step) * step)));
}

/**
 * The square on a residual: its side is the residual's length on the screen, on the side where there is room.
 * @param {Pixel} point
 * @param {number} foot the height of the line below or above the point
 * @param {Box} box
 */
export function squareOn([x, y], foot, box) {
  const side = Math.abs(y - foot);
  const right = x + side <= box.right || x - box.left < box.right - x;
  return { x: right ? x : x - side, y: Math.min(y, foot), side };
}

/**
 * Losses of a path for a chart: what climbs far beyond the start is left out, so that the rest stays readable.
 * @param {readonly (number | null)[]} losses
 * @param {number} length
 */
export function chartable(losses, length) {
  const top = 20 * (losses[0] ?? 1);
  let gone = false;
  return Array.from({ length }, (_, k) => {
    const value = losses[k] ?? null;
    gone ||= value === null || value > top;
    return gone ? null : value;
  });
}

/** The two parameters, written the same whatever is told. @type {readonly [import("./symbols.js").Symbol, import("./symbols.js").Symbol]} */
export const WEIGHTS = [{ base: "w", sub: "0", sup: "" }, { base: "w", sub: "1", sup: "" }];

/** The loss under its own name. @param {any} reply @returns {import("./symbols.js").Symbol} */
export const lossSymbol = (reply) => ({ base: reply.convention.symbol, sub: "", sup: "" });

/**
 * The line whose numbers are told: the best one where the closed form is, else that of the iteration.
 * @param {any} request
 * @param {any} reply
 */
export function toldLine(request, reply) {
  const closed = request.told === "closed_form" && reply.closed_form.line !== null;
  const numbers = closed ? reply.closed_form : reply.iteration;
  const rows = closed ? reply.closed_form.predictions.map((/** @type {unknown} */ _, /** @type {number} */ k) => k) : reply.iteration.rows;
  return { closed, numbers, line: numbers.line, rows: new Set(/** @type {number[]} */ (rows)), told: new Set(/** @type {number[]} */ (request.told === "stability" ? [] : numbers.told)), pointer: closed ? "/closed_form" : "/iteration" };
}
