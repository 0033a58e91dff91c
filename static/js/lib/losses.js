// @ts-check
/** The losses lab's pictures as geometry: lines with gaps, where the wires of its layer run. */

/** @typedef {import("./scales.js").Linear} Linear */

/** Beyond this many pixels a line is out of every picture. */
const FAR = 1e5;

/**
 * A line through points as an SVG path; a point without a number leaves a gap.
 * @param {readonly (number | null)[]} xs
 * @param {readonly (number | null)[]} ys
 * @param {Linear} x
 * @param {Linear} y
 */
export function linePath(xs, ys, x, y) {
  let path = "";
  let pen = "M";
  for (const [k, at] of xs.entries()) {
    const value = ys[k];
    if (at === null || value === null || value === undefined) {
      pen = "M";
      continue;
    }
    const down = Math.max(-FAR, Math.min(FAR, y.to(value)));
    path += `${pen}${x.to(at).toFixed(1)} ${down.toFixed(1)}`;
    pen = "L";
  }
  return path;
}

/**
 * Steps instead of slopes: each value holds until the middle between two points.
 * @param {readonly number[]} xs
 * @param {readonly (number | null)[]} ys
 * @param {Linear} x
 * @param {Linear} y
 */
export function stepPath(xs, ys, x, y) {
  let path = "";
  for (const [k, value] of ys.entries()) {
    if (value === null || value === undefined) return "";
    const before = k === 0 ? xs[0] ?? 0 : ((xs[k - 1] ?? 0) + (xs[k] ?? 0)) / 2;
    path += `${k === 0 ? "M" : "H"}${x.to(before).toFixed(1)}${k === 0 ? ` ${y.to(value).toFixed(1)}` : `V${y.to(value).toFixed(1)}`}`;
  }
  return `${path}H${x.to(xs.at(-1) ?? 0).toFixed(1)}`;
}

/**
 * The smallest interval that holds the numbers, wider by a share of itself.
 * @param {readonly (number | null)[]} values
 * @param {number} share
 * @returns {[number, number]}
 */
export function spanOf(values, share = 0) {
  const known = /** @type {number[]} */ (values.filter((value) => value !== null));
  if (known.length === 0) return [0, 1];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const more = (high - low || 1) * share;
  return [low - more, high + more];
}

/**
 * The nearest multiple of `step` within [low, high], as a slider of the browser would give it.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 * @param {number} step
 */
export function snapped(value, low, high, step) {
  return Math.max(low, Math.min(high, Number((Math.round(value / step) * step).toPrecision(12))));
}

/**
 * Where inputs and classes of the layer stand, and how its wires run.
 * @param {number} inputs
 * @param {number} classes
 * @param {{width: number, head: number, row: number}} room `head` above the first class's row, `row` its height
 */
export function layerPlan(inputs, classes, { width, head, row }) {
  const height = head + classes * row;
  const left = { x: 34, ys: Array.from({ length: inputs }, (_, i) => head / 2 + ((height - head / 2) * (i + 0.5)) / inputs) };
  const right = { x: width - 8, ys: Array.from({ length: classes }, (_, k) => head + row * (k + 0.5)) };
  const wires = left.ys.flatMap((y0, i) => right.ys.map((y1, k) => ({ i, k, path: `M${left.x + 24} ${y0}L${right.x} ${y1}`, at: { x: left.x + 24 + (right.x - left.x - 24) * 0.42, y: y0 + (y1 - y0) * 0.42 } })));
  return { height, left, right, wires };
}
