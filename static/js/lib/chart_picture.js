// @ts-check
/** Charts as lines and text: what uPlot draws on its canvas, written as SVG from the same numbers and scales. */

import { cssToken } from "./colours.js";

/** @typedef {import("uplot")} uPlot */
/** @typedef {import("./known_charts.js").Known} Known */

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;
/** @param {unknown} text */
const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
/** @param {any} value a colour or a function that gives one @param {uPlot} chart @param {number} at */
const colourOf = (value, chart, at) => String((typeof value === "function" ? value(chart, at) : value) ?? "none");

/**
 * Axes, bands, lines and marks, in pixels from the chart's corner.
 * @param {Known} known
 * @returns {string}
 */
export function chartSvg({ chart, marks }) {
  // Pixels of the canvas in one of the page.
  const ratio = chart.ctx.canvas.width / chart.width;
  const area = { left: chart.bbox.left / ratio, top: chart.bbox.top / ratio, width: chart.bbox.width / ratio, height: chart.bbox.height / ratio };
  const clip = `area${Math.round(area.width)}x${Math.round(area.height)}`;
  const body = [
    ...(/** @type {any} */ (chart).bands ?? []).map((/** @type {any} */ band) => bandPath(chart, band, area)),
    ...chart.series.slice(1).map((series, k) => linePath(chart, series, k + 1, area)),
  ].join("");
  const extra = marks().map(({ d, stroke, fill, width }) => `<path d="${escaped(d)}" fill="${escaped(fill)}" stroke="${escaped(stroke)}" stroke-width="${width}"/>`).join("");
  return `<clipPath id="${clip}"><rect x="${round(area.left)}" y="${round(area.top - 2)}" width="${round(area.width)}" height="${round(area.height + 4)}"/></clipPath>${axesOf(chart, area)}<g clip-path="url(#${clip})">${body}</g>${extra}`;
}

/** @typedef {{left: number, top: number, width: number, height: number}} Area */

/**
 * @param {uPlot} chart
 * @param {Area} area
 */
function axesOf(chart, area) {
  const font = `font-family="${escaped(getComputedStyle(document.body).fontFamily.replace(/"Deltaboard [^"]+", /g, ""))}" font-size="12" fill="${cssToken("--ink-2")}"`;
  return chart.axes.map((axis, at) => {
    // What the library found: the ticks and their words.
    const { _splits: splits, _values: values, side, scale = at === 0 ? "x" : "y", grid, gap = 5 } = /** @type {any} */ (axis);
    if (axis.show === false || !splits) return "";
    return splits.map((/** @type {number} */ split, /** @type {number} */ k) => {
      const text = values?.[k];
      const place = chart.valToPos(split, scale);
      if (text === null || text === undefined || !Number.isFinite(place)) return "";
      const across = side === 0 || side === 2;
      const [x, y] = across ? [area.left + place, area.top + area.height] : [area.left, area.top + place];
      const line = grid?.show === false ? "" : `<path d="${across ? `M${round(x)} ${round(area.top)}V${round(y)}` : `M${round(x)} ${round(y)}H${round(area.left + area.width)}`}" stroke="${cssToken("--line")}" fill="none"/>`;
      const word = across ? `<text x="${round(x)}" y="${round(y + gap + 11)}" text-anchor="middle" ${font}>${escaped(text)}</text>` : `<text x="${round(x - gap)}" y="${round(y + 4)}" text-anchor="end" ${font}>${escaped(text)}</text>`;
      return line + word;
    }).join("");
  }).join("");
}

/**
 * The points of a row; null where the line breaks.
 * @param {uPlot} chart
 * @param {number} row
 * @param {Area} area
 * @returns {([number, number] | null)[]}
 */
function points(chart, row, area) {
  const scale = chart.series[row]?.scale ?? "y";
  const places = chart.data[0];
  return [...(chart.data[row] ?? [])].flatMap((value, k) => {
    if (value === undefined) return [];
    if (value === null) return [null];
    const x = area.left + chart.valToPos(places[k] ?? 0, "x");
    const y = area.top + chart.valToPos(value, scale);
    return [Number.isFinite(x) && Number.isFinite(y) ? /** @type {[number, number]} */ ([round(x), round(y)]) : null];
  });
}

/**
 * @param {uPlot} chart
 * @param {import("uplot").Series} series
 * @param {number} row
 * @param {Area} area
 */
function linePath(chart, series, row, area) {
  const stroke = colourOf(series.stroke, chart, row);
  if (series.show === false || stroke === "transparent" || stroke === "none" || series.width === 0) return "";
  let pen = "M";
  const d = points(chart, row, area).map((point) => {
    const move = pen;
    pen = point ? "L" : "M";
    return point ? `${move}${point[0]} ${point[1]}` : "";
  }).join("");
  const dash = series.dash?.length ? ` stroke-dasharray="${series.dash.join(" ")}"` : "";
  return d ? `<path d="${d}" fill="none" stroke="${escaped(stroke)}" stroke-width="${series.width ?? 1}"${dash}/>` : "";
}

/**
 * @param {uPlot} chart
 * @param {{series: [number, number], fill?: any}} band
 * @param {Area} area
 */
function bandPath(chart, band, area) {
  const [upper, lower] = band.series.map((row) => points(chart, row, area).filter((point) => point !== null));
  if (!upper?.length || !lower?.length) return "";
  return `<path d="M${[...upper, ...lower.reverse()].map((point) => `${point[0]} ${point[1]}`).join("L")}z" fill="${escaped(colourOf(band.fill, chart, 0))}"/>`;
}
