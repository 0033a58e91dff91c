// @ts-check
/** Which charts there are, for those who make a picture of the page. Whoever draws with the library has loaded it. */

/** @typedef {import("uplot")} uPlot */
/** @typedef {{d: string, stroke: string, fill: string, width: number}} Mark in pixels of the chart */
/** @typedef {{chart: uPlot, marks: () => Mark[]}} Known */

/** @type {WeakMap<Element, Known>} */
const charts = new WeakMap();

/**
 * Makes a chart known, so that a picture of it is drawn and not photographed.
 * @param {uPlot} chart
 * @param {() => Mark[]} [marks] what is drawn on it besides its series
 */
export function knowChart(chart, marks = () => []) {
  charts.set(chart.root, { chart, marks });
}

/** @param {Element} element */
export const chartOf = (element) => charts.get(element) ?? null;
