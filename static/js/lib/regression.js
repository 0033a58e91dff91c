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

/** How steeply the surface is looked down on. */
const DOWN = (32 * Math.PI) / 180;

/**
 * A name (a weight's index, or 2 for the loss) or a value written beside the surface.
 * @typedef {{x: number, y: number, anchor: "start" | "middle" | "end", name: 0 | 1 | 2 | null, value: number}} SpaceLabel
 * @typedef {{at: (w0: number | null | undefined, w1: number | null | undefined, loss: number | null | undefined) => Pixel | null, depth: (w0: number, w1: number) => number, top: number, low: number, floor: string, labels: SpaceLabel[]}} Space
 */

/**
 * The grid of losses seen from above, turned about the upright axis, inside a square of `size` pixels. What lies
 * outside the grid, or above its highest corner, has no place.
 * @param {any} surface
 * @param {number} turn in degrees
 * @param {number} size
 * @returns {Space}
 */
export function projection(surface, turn, size) {
  const [x0, x1] = surface.w0_range;
  const [y0, y1] = surface.w1_range;
  const flat = /** @type {number[]} */ (surface.values.flat().filter((/** @type {number | null} */ value) => value !== null));
  const low = flat.reduce((a, b) => Math.min(a, b), Infinity);
  const top = flat.reduce((a, b) => Math.max(a, b), -Infinity);
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  // The floor's corners reach √2 from its middle.
  const half = size / 2 / Math.SQRT2;
  const height = 0.52 * size * Math.cos(DOWN);
  const middle = [size / 2, size - half * Math.SQRT2 * Math.sin(DOWN) - 4];
  const plane = (/** @type {number} */ u, /** @type {number} */ v) => [u * cos + v * sin, u * sin - v * cos];
  const put = (/** @type {number} */ u, /** @type {number} */ v, /** @type {number} */ rise) => {
    const [across = 0, near = 0] = plane(u, v);
    return /** @type {Pixel} */ ([(middle[0] ?? 0) + half * across, (middle[1] ?? 0) + half * near * Math.sin(DOWN) - height * rise]);
  };
  const unit = (/** @type {number} */ value, /** @type {number} */ a, /** @type {number} */ b) => (2 * (value - a)) / (b - a) - 1;
  const at = (/** @type {number | null | undefined} */ w0, /** @type {number | null | undefined} */ w1, /** @type {number | null | undefined} */ loss) => {
    if (w0 === null || w0 === undefined || w1 === null || w1 === undefined || loss === null || loss === undefined) return null;
    const [u, v] = [unit(w0, x0, x1), unit(w1, y0, y1)];
    if (Math.abs(u) > 1.001 || Math.abs(v) > 1.001) return null;
    return put(u, v, (loss - low) / (top - low || 1));
  };
  const depth = (/** @type {number} */ w0, /** @type {number} */ w1) => plane(unit(w0, x0, x1), unit(w1, y0, y1))[1] ?? 0;
  const corners = /** @type {Pixel[]} */ ([[-1, -1], [1, -1], [1, 1], [-1, 1]]);
  const floor = `M${corners.map(([u, v]) => put(u, v, 0).map((one) => one.toFixed(1)).join(" ")).join("L")}Z`;
  // Names stand at the two floor edges in front, each with the values of its ends.
  const [front0, front1] = [plane(0, 1)[1] ?? 0, plane(1, 0)[1] ?? 0].map((near) => (near >= 0 ? 1 : -1));
  const label = (/** @type {number} */ u, /** @type {number} */ v, /** @type {0 | 1 | 2 | null} */ name, /** @type {number} */ value) => {
    const [x, y] = put(u, v, 0);
    const left = x < size / 2 - 4;
    return /** @type {SpaceLabel} */ ({ x: x + (left ? -6 : 6), y: y + (name === null ? 13 : 20), anchor: left ? "end" : "start", name, value });
  };
  const labels = [
    label(0, front0 ?? 1, 0, 0), label(-0.85, front0 ?? 1, null, x0), label(0.85, front0 ?? 1, null, x1),
    label(front1 ?? 1, 0, 1, 0), label(front1 ?? 1, -0.85, null, y0), label(front1 ?? 1, 0.85, null, y1),
  ];
  return { at, depth, top, low, floor, labels };
}

/**
 * The surface in four-sided pieces, those behind first, each with its band of colour (rings at even distances on a bowl).
 * @param {any} surface
 * @param {Space} space
 * @param {number} bands
 */
export function quads(surface, space, bands) {
  const { w0, w1, values } = surface;
  const every = Math.max(1, Math.round((w0.length - 1) / 24));
  const places = [];
  for (let k = 0; k < w0.length - 1; k += every) places.push(k);
  places.push(w0.length - 1);
  const faces = [];
  for (let i = 0; i + 1 < places.length; i += 1) for (let j = 0; j + 1 < places.length; j += 1) {
    const [r0 = 0, r1 = 0, c0 = 0, c1 = 0] = [places[i], places[i + 1], places[j], places[j + 1]];
    const corners = [[r0, c0], [r0, c1], [r1, c1], [r1, c0]].map(([r = 0, c = 0]) => ({ place: space.at(w0[c], w1[r], values[r][c]), loss: values[r][c] }));
    if (corners.some((one) => one.place === null)) continue;
    const mean = corners.reduce((sum, one) => sum + one.loss, 0) / 4;
    const share = Math.sqrt((mean - space.low) / (space.top - space.low || 1));
    faces.push({ d: `M${corners.map(({ place }) => place?.map((one) => one.toFixed(1)).join(" ")).join("L")}Z`, band: Math.min(bands - 1, Math.floor(share * bands)), depth: space.depth((w0[c0] + w0[c1]) / 2, (w1[r0] + w1[r1]) / 2) });
  }
  return faces.sort((a, b) => a.depth - b.depth);
}
