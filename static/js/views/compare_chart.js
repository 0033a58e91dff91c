// @ts-check
/** The runs' losses over each other: by epoch or by iteration, linear or logarithmic, each run with colour, dash and marker. */
import { h } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import uPlot from "uplot";
import { knowChart } from "../lib/known_charts.js";
import { cssToken } from "../lib/colours.js";
import { aligned, markerPath, runReading } from "../lib/compare.js";
import { formatNumber } from "../lib/format.js";
import { useThemeVersion, useWidth } from "../lib/hooks.js";
import { lossAxes, lossRange } from "../lib/loss_chart.js";
import { nearestIndex, tickText } from "../lib/scales.js";
import { PictureMenu } from "./export_menu.js";

/** @typedef {import("./compare.js").Row} Row */

const html = htm.bind(h);
const HEIGHT = 150;
/** Losses beyond this have room on a logarithmic axis only. */
const EXPLODED = 1e6;
const CSV = { what: "run_curves" };
/** Markers along a curve. */
const MARKS = 4;

/**
 * @param {{rows: Row[], by: "epochs" | "steps", setBy: (by: "epochs" | "steps") => void, at: number | null, setAt: (at: number | null) => void, canSweep: boolean, setSweep: (on: boolean) => void, words: import("../lib/history.js").Words, theme?: string, actions: any}} props
 *   `at`: the place on the axis whose readings are told
 */
export function RunChart({ rows, by, setBy, at, setAt, canSweep, setSweep, words, theme, actions }) {
  const { t } = words;
  const [chosen, setLog] = useState(/** @type {boolean | null} */ (null));
  const log = chosen ?? rows.some(({ run }) => run.curve.last.some((value) => value !== null && value > EXPLODED));
  return html`<section class="cmpplot" aria-label=${t("compare.chart")}>
    <div class="cmphead"><h2>${t("readings.loss")}</h2>
      <span class="seg" role="group" aria-label=${t("readings.lossAxis")}><button type="button" aria-pressed=${String(!log)} onClick=${() => setLog(false)}>${t("readings.linear")}</button><button type="button" aria-pressed=${String(log)} onClick=${() => setLog(true)}>${t("readings.log")}</button></span>
      <span class="seg" role="group" aria-label=${t("compare.axis")}><button type="button" aria-pressed=${String(by === "epochs")} onClick=${() => setBy("epochs")}>${t("compare.byEpoch")}</button><button type="button" aria-pressed=${String(by === "steps")} onClick=${() => setBy("steps")}>${t("compare.byStep")}</button></span>
      ${canSweep ? html`<button type="button" class="btn quiet" id="show-sweep" onClick=${() => setSweep(true)}>${t("compare.showSweep")}</button>` : null}
      <${PictureMenu} name="compare" csv=${CSV} t=${t} actions=${actions} />
    </div>
    <${Plot} rows=${rows} by=${by} log=${log} at=${at} setAt=${setAt} words=${words} theme=${theme} />
  </section>`;
}

/** @param {{rows: Row[], by: "epochs" | "steps", log: boolean, at: number | null, setAt: (at: number | null) => void, words: import("../lib/history.js").Words, theme?: string}} props */
function Plot({ rows, by, log, at, setAt, words, theme }) {
  const { t } = words;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const holder = useRef(/** @type {HTMLDivElement | null} */ (null));
  const chart = useRef(/** @type {uPlot | null} */ (null));
  const width = useWidth(box, 320);
  const themed = useThemeVersion();
  const [frame, setFrame] = useState({ left: 0, top: 0, width: 0, height: 0, low: 0, high: 1 });
  const data = useMemo(() => aligned(rows.map(({ run }) => ({ x: run.curve[by], y: run.curve.last })), log), [rows, by, log]);
  // Which lines there are decides what the chart is made of; their readings only fill it.
  const looks = rows.map(({ run, style, present }) => `${run.id} ${style.token} ${style.dash.join()} ${style.marker} ${present} ${run.status === "diverged"}`).join("|");
  const latest = useRef({ data, rows });
  latest.current = { data, rows };

  useLayoutEffect(() => {
    if (!holder.current) return undefined;
    const made = new uPlot(optionsOf(width, log, () => latest.current.rows, (drawn) => setFrame(place(drawn))), /** @type {any} */ (latest.current.data), holder.current);
    chart.current = made;
    knowChart(made, () => marksOf(made, latest.current.rows, false));
    // A canvas does not wait for the page's fonts.
    let alive = true;
    if (document.fonts.status !== "loaded") void document.fonts.ready.then(() => alive && made.redraw(false, true));
    return () => {
      alive = false;
      made.destroy();
      chart.current = null;
    };
  }, [width, log, theme, themed, looks]);
  useEffect(() => chart.current?.setData(/** @type {any} */ (data)), [data]);

  const places = data[0];
  /** @param {PointerEvent} event */
  const placeAt = (event) => {
    const rect = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const wanted = frame.low + ((event.clientX - rect.left) / (rect.width || 1)) * (frame.high - frame.low);
    return places[nearestIndex(places, wanted)] ?? null;
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const here = at === null ? places.length - 1 : nearestIndex(places, at);
    const tenth = Math.max(1, Math.round(places.length / 10));
    /** @type {Record<string, number>} */
    const targets = { ArrowLeft: here - 1, ArrowDown: here - 1, ArrowRight: here + 1, ArrowUp: here + 1, PageDown: here - tenth, PageUp: here + tenth, Home: 0, End: places.length - 1 };
    const target = targets[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(places[Math.max(0, Math.min(places.length - 1, target))] ?? null);
  };
  const x = at === null ? null : ((at - frame.low) / (frame.high - frame.low || 1)) * frame.width;
  const where = (/** @type {number} */ value) => t(by === "epochs" ? "compare.atEpoch" : "compare.atStep", { n: tickText(value, 0) });
  const now = at ?? places.at(-1) ?? 0;
  const spoken = [where(now), ...rows.flatMap(({ run, name }) => {
    const reading = runReading(run.curve, by, now);
    return reading ? [`${name}: ${formatNumber(reading.loss, 6)}`] : [];
  })].join(", ");
  return html`<div ref=${box} class="cmpbox" data-runs=${rows.length}>
    <div ref=${holder} class="cmpc"></div>
    <div class="cmpover" role="slider" tabindex="0" aria-label=${t("compare.slider")} aria-valuemin=${places[0] ?? 0} aria-valuemax=${places.at(-1) ?? 0} aria-valuenow=${now} aria-valuetext=${spoken}
      style=${{ left: `${frame.left}px`, top: `${frame.top}px`, width: `${frame.width}px`, height: `${frame.height}px` }}
      onPointerMove=${(/** @type {PointerEvent} */ event) => setAt(placeAt(event))} onPointerDown=${(/** @type {PointerEvent} */ event) => setAt(placeAt(event))} onPointerLeave=${() => setAt(null)} onBlur=${() => setAt(null)} onKeyDown=${onKeyDown}>
      ${x === null ? null : html`<i class="cmpcur" style=${{ left: `${x}px` }}></i><span class="cmpat" style=${x < frame.width / 2 ? { left: `${x + 6}px` } : { right: `${frame.width - x + 6}px` }}>${where(now)}</span>`}
    </div>
  </div>`;
}

/** @param {uPlot} chart */
function place(chart) {
  const ratio = uPlot.pxRatio;
  const { left, top, width, height } = chart.bbox;
  const { min, max } = chart.scales.x ?? {};
  return { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio, low: min ?? 0, high: max ?? 1 };
}

/**
 * @param {number} width
 * @param {boolean} log
 * @param {() => Row[]} rows
 * @param {(chart: uPlot) => void} drawn called when axes and scales stand
 * @returns {uPlot.Options}
 */
function optionsOf(width, log, rows, drawn) {
  return {
    width,
    height: HEIGHT,
    padding: [8, 14, 0, 0],
    hooks: { draw: [(chart) => drawMarks(chart, rows()), drawn] },
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: (_chart, low, high) => [low, high === low ? low + 1 : high] },
      y: { distr: log ? 3 : 1, log: 10, range: (_chart, low, high) => lossRange(low ?? Infinity, high ?? -Infinity, log) },
    },
    series: [{}, ...rows().map(({ style, present }) => ({ stroke: cssToken(style.token), width: present ? 2.2 : 1.5, dash: style.dash, points: { show: false } }))],
    axes: lossAxes(width, log, 0),
  };
}

/**
 * Markers along each curve and at its end; a cross where a run diverged.
 * @param {uPlot} chart
 * @param {Row[]} rows
 * @param {boolean} canvas in the canvas's own pixels, else in the page's from the chart's corner
 * @returns {import("../lib/known_charts.js").Mark[]}
 */
function marksOf(chart, rows, canvas) {
  const ratio = canvas ? uPlot.pxRatio : 1;
  const [left, top] = canvas ? [0, 0] : [chart.bbox.left / uPlot.pxRatio, chart.bbox.top / uPlot.pxRatio];
  return rows.flatMap(({ run, style, present }, k) => {
    const line = chart.data[k + 1] ?? [];
    const found = [...line.keys()].filter((place) => line[place] !== null && line[place] !== undefined);
    const last = found.length - 1;
    // Neighbouring runs have theirs at other places, so that equal curves are told apart.
    const inner = present || last < 0 ? [] : Array.from({ length: MARKS }, (_, n) => Math.min(last, Math.round((last * (n + 0.35 + ((k * 0.618) % 0.6))) / MARKS)));
    return [...new Set([...inner, ...(last < 0 ? [] : [last])])].flatMap((place) => {
      const at = found[place] ?? 0;
      const x = left + chart.valToPos(chart.data[0][at] ?? 0, "x", canvas);
      const y = top + chart.valToPos(Number(line[at]), "y", canvas);
      if (!Number.isFinite(x) || !Number.isFinite(y)) return [];
      const cross = place === last && run.status === "diverged";
      const colour = cssToken(cross ? "--error" : style.token);
      const fill = cross || style.marker === "plus" ? "none" : style.open ? cssToken("--paper") : colour;
      return [{ d: markerPath(cross ? "cross" : style.marker, x, y, (cross ? 4 : 3) * ratio), stroke: colour, fill, width: 1.4 * ratio }];
    });
  });
}

/** @param {uPlot} chart @param {Row[]} rows */
function drawMarks(chart, rows) {
  const { ctx } = chart;
  ctx.save();
  for (const { d, stroke, fill, width } of marksOf(chart, rows, true)) {
    const shape = new Path2D(d);
    ctx.lineWidth = width;
    ctx.strokeStyle = stroke;
    ctx.fillStyle = fill;
    if (fill !== "none") ctx.fill(shape);
    ctx.stroke(shape);
  }
  ctx.restore();
}
