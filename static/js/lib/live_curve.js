// @ts-check
/**
 * The loss curve while training runs: the losses of each frame are added at its end in buckets of equal width, and
 * when there are too many buckets every two become one, as in the record on the server.
 *
 * @typedef {import("./loss_chart.js").Curve} Curve
 * @typedef {Curve & {width: number}} LiveCurve `width`: the steps that a new bucket spans at least
 * @typedef {{step: number, loss: number | null}} Reading
 */

/** Buckets that are kept; a chart is some hundred pixels wide. */
const MOST = 480;

/**
 * The curve up to `step`: what was recorded beyond becomes another branch where a run begins.
 * @param {Curve} curve
 * @param {number} step
 * @returns {LiveCurve}
 */
export function startOf(curve, step) {
  const count = curve.steps.filter((at) => at <= step).length;
  return { steps: curve.steps.slice(0, count), last: curve.last.slice(0, count), minimum: curve.minimum.slice(0, count), maximum: curve.maximum.slice(0, count), width: 0 };
}

/**
 * The curve with later readings; the given one stays as it is.
 * @param {LiveCurve} curve
 * @param {readonly Reading[]} readings ascending
 * @returns {LiveCurve}
 */
export function extended(curve, readings) {
  const next = { steps: [...curve.steps], last: [...curve.last], minimum: [...curve.minimum], maximum: [...curve.maximum], width: curve.width };
  for (const { step, loss } of readings) if (step > (next.steps[next.steps.length - 1] ?? -1)) add(next, step, loss, loss, loss);
  return next.steps.length > MOST ? joined(next) : next;
}

/**
 * Adds a bucket, or widens the last one by it.
 * @param {LiveCurve} curve
 * @param {number} step
 * @param {number | null} loss
 * @param {number | null} low
 * @param {number | null} high
 */
function add({ steps, last, minimum, maximum, width }, step, loss, low, high) {
  const end = steps.length - 1;
  // The first reading stays alone: from there the curve starts.
  const same = end > 0 && step - (steps[end - 1] ?? 0) <= width;
  const at = same ? end : end + 1;
  steps[at] = step;
  last[at] = loss;
  minimum[at] = same ? better(minimum[at], low, Math.min) : low;
  maximum[at] = same ? better(maximum[at], high, Math.max) : high;
}

/**
 * The curve with half as many buckets as are kept at most.
 * @param {LiveCurve} curve
 * @returns {LiveCurve}
 */
function joined({ steps, last, minimum, maximum }) {
  const [first = 0] = steps;
  const width = ((steps[steps.length - 1] ?? 0) - first) / (MOST / 2);
  /** @type {LiveCurve} */
  const fewer = { steps: [], last: [], minimum: [], maximum: [], width };
  steps.forEach((step, at) => add(fewer, step, last[at] ?? null, minimum[at] ?? null, maximum[at] ?? null));
  return fewer;
}

/**
 * @param {number | null | undefined} one
 * @param {number | null | undefined} other
 * @param {(one: number, other: number) => number} choose
 */
function better(one, other, choose) {
  return one === null || one === undefined ? other ?? null : other === null || other === undefined ? one : choose(one, other);
}
