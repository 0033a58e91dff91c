// @ts-check
/**
 * What uPlot draws for the loss: its rows, its axes and its lines.
 */

/** @import uPlot from "uplot" */
import { cssToken } from "./colours.js";
import { smoothed } from "./smoothing.js";
import { decades, nearestIndex, roundTop, tickText, ticks } from "./scales.js";

/**
 * The recorded losses in buckets: each bucket's last step and loss, its smallest and largest loss.
 * @typedef {object} Curve
 * @property {number[]} steps ascending
 * @property {(number|null)[]} last
 * @property {(number|null)[]} minimum
 * @property {(number|null)[]} maximum
 * @property {Record<string, string>} [nonfinite]
 */

/**
 * The recorded curve with the present reading in it: a bucket may end beyond or before the present step.
 * @param {Curve|null} curve
 * @param {number} step
 * @param {number|null} loss
 * @returns {Curve}
 */
export function mergeCurve(curve, step, loss) {
  if (!curve || curve.steps.length === 0) {
    return loss === null ? { steps: [], last: [], minimum: [], maximum: [] } : { steps: [step], last: [loss], minimum: [loss], maximum: [loss] };
  }
  const near = nearestIndex(curve.steps, step);
  if (loss === null || curve.steps[near] === step) return curve;
  const at = curve.steps.findIndex((s) => s > step);
  const cut = at < 0 ? curve.steps.length : at;
  /** @template T @param {readonly T[]} list @param {T} value */
  const insert = (list, value) => [...list.slice(0, cut), value, ...list.slice(cut)];
  return { steps: insert(curve.steps, step), last: insert(curve.last, loss), minimum: insert(curve.minimum, loss), maximum: insert(curve.maximum, loss) };
}

/**
 * What else the chart draws: how much the curve is smoothed for the eye, and the test samples' losses.
 * @typedef {{smooth?: number, test?: {steps: readonly number[], values: readonly (number|null)[]} | null}} More
 */

/**
 * uPlot's rows: steps, the band's two edges, then above it the past and the recorded future (both hold the present step);
 * the readings as they are where the curve is smoothed, and the test samples' losses, each at the nearest reading.
 * @param {Curve} curve
 * @param {number} step the present one
 * @param {boolean} log a zero has no place on a logarithmic axis
 * @param {More} [more]
 * @returns {uPlot.AlignedData}
 */
export function chartRows(curve, step, log, { smooth = 0, test = null } = {}) {
  /** @param {number|null|undefined} value */
  const drawn = (value) => (value === null || value === undefined || (log && value <= 0) ? null : value);
  const line = smoothed(curve.last, smooth);
  /** @param {(s: number) => boolean} wanted */
  const part = (wanted) => line.map((value, k) => (wanted(curve.steps[k] ?? 0) ? drawn(value) : null));
  /** @type {(number|null)[]} */
  const tested = curve.steps.map(() => null);
  test?.steps.forEach((at, k) => {
    const value = drawn(test.values[k]);
    if (value !== null) tested[nearestIndex(curve.steps, at)] = value;
  });
  const raw = smooth > 0 ? curve.last.map(drawn) : curve.steps.map(() => null);
  return [curve.steps, curve.minimum.map(drawn), curve.maximum.map(drawn), part((s) => s <= step), part((s) => s >= step), raw, tested];
}

/**
 * The interval of a linear loss axis: from 0 (or a round value below a negative loss) to a round value.
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
export function linearRange(low, high) {
  return [low < 0 ? -roundTop(-low) : 0, roundTop(high > 0 ? high : 1)];
}

/**
 * The interval of a logarithmic axis: whole powers of ten, at least one.
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
export function logRange(low, high) {
  if (!(low > 0)) return [1e-3, 1];
  const from = Math.floor(Math.log10(low) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(high) - 1e-9));
  return [10 ** from, 10 ** to];
}

/**
 * The interval of the loss axis for what is drawn; without anything, as for losses up to 1.
 * @param {number} least Infinity where nothing is drawn
 * @param {number} most
 * @param {boolean} log
 * @returns {[number, number]}
 */
export function lossRange(least, most, log) {
  const known = Number.isFinite(least) && Number.isFinite(most);
  return log ? logRange(known ? least : 0, most) : linearRange(known ? least : 0, known ? most : 1);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {boolean} log
 * @param {(chart: uPlot) => void} drawn called when axes and scales stand
 * @param {() => {low: number, high: number, last: number}} [reach] what else the axes must hold
 * @returns {uPlot.Options}
 */
export function chartOptions(width, height, log, drawn, reach = () => ({ low: Infinity, high: -Infinity, last: -Infinity })) {
  const ink = cssToken("--ink");
  const future = cssToken("--line-strong");
  const hidden = { stroke: "transparent", width: 0, points: { show: false } };
  return {
    width,
    height,
    padding: [8, 16, 0, 0],
    hooks: { draw: [drawn] },
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: (_chart, low, high) => [low, Math.max(high === low ? low + 1 : high, reach().last)] },
      y: {
        distr: log ? 3 : 1,
        log: 10,
        range: (_chart, low, high) => {
          const more = reach();
          // Without a reading that can be drawn the library gives null.
          return lossRange(Math.min(low ?? Infinity, more.low), Math.max(high ?? -Infinity, more.high), log);
        },
      },
    },
    series: [
      {},
      hidden,
      hidden,
      { stroke: ink, width: 1.6, points: { show: false } },
      { stroke: future, width: 1.2, points: { show: false } },
      { stroke: future, width: 0.8, points: { show: false } },
      { stroke: ink, width: 1.6, dash: [1.5, 3], spanGaps: true, points: { show: false } },
    ],
    bands: [{ series: [2, 1], fill: cssToken("--track") }],
    axes: lossAxes(width, log),
  };
}

/**
 * The two axes of a chart of losses: whole iterations or fractions of epochs along x, the loss along y.
 * @param {number} width
 * @param {boolean} log
 * @param {number} [xStep] the distance between whole ticks of x; 0: as many decimals as they need
 * @returns {uPlot.Axis[]}
 */
export function lossAxes(width, log, xStep = 1) {
  const text = cssToken("--ink-2");
  const grid = { stroke: cssToken("--line"), width: 1 };
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return [
    {
      stroke: text, font, size: 24, gap: 6, grid: { show: false }, ticks: { show: false },
      splits: (_chart, _axis, low, high) => ticks(low, high, width < 340 ? 3 : 5).values,
      values: (_chart, splits) => splits.map((v) => tickText(v, xStep)),
    },
    {
      stroke: text, font, gap: 6, ticks: { show: false }, grid,
      // uPlot's own increments end at 10³², where a diverging loss does not, and it names few powers of a wide range.
      ...(log ? { incrs: (/** @type {uPlot} */ _chart, /** @type {number} */ _axis, /** @type {number} */ low, /** @type {number} */ high) => [Math.max(5, high - low)] } : {}),
      ...(log ? { filter: (/** @type {uPlot} */ _chart, /** @type {number[]} */ splits) => splits } : {}),
      size: (_chart, values) => Math.max(38, ...(values ?? []).map((v) => 12 + 6.2 * String(v ?? "").length)),
      splits: (_chart, _axis, low, high) => (log ? decades(low, high, 4) : [...(low < 0 ? [low] : []), 0, high / 2, high]),
      values: (_chart, splits) => splits.map((v) => tickText(v, 0)),
    },
  ];
}
