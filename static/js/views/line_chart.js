// @ts-check
/**
 * Curves over the iterations, with a cursor that pointer and keys move; what stands at the cursor is told beside the chart.
 */
import { h } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import uPlot from "uplot";
import { cssToken } from "../lib/colours.js";
import { useThemeVersion, useWidth } from "../lib/hooks.js";
import { knowChart } from "../lib/known_charts.js";
import { logRange } from "../lib/loss_chart.js";
import { spreadEnds } from "../lib/pictures.js";
import { decades, nearestIndex, tickText, ticks } from "../lib/scales.js";

const html = htm.bind(h);

/**
 * One curve. `end` is written at its right end; where two would stand on each other they move apart.
 * @typedef {{values: readonly (number | null)[], token: string, dash?: readonly number[], width?: number, end?: string}} Line
 */

/**
 * @param {{id: string, steps: readonly number[], lines: readonly Line[], log?: boolean, range?: readonly [number, number] | null, height: number, label: string, step: number,
 *   at: number | null, setAt: (index: number | null, spoken: boolean) => void, told: (index: number) => string, choose?: (step: number) => unknown, yText?: (value: number) => string, theme?: string}} props
 *   `step` is the present one, `at` the index of the reading that is told, `told` its words, `range` of a linear axis
 */
export function LineChart({ id, steps, lines, log = false, range = null, height, label, step, at, setAt, told, choose, yText, theme }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const holder = useRef(/** @type {HTMLDivElement | null} */ (null));
  const chart = useRef(/** @type {uPlot | null} */ (null));
  const width = useWidth(box, 320);
  const themed = useThemeVersion();
  const [frame, setFrame] = useState({ left: 0, top: 0, width: 0, height: 0, ends: /** @type {(number | null)[]} */ ([]) });
  const named = lines.some((line) => line.end);
  const data = useMemo(() => /** @type {any} */ ([steps, ...lines.map((line) => line.values.map((value) => (value === null || (log && value <= 0) ? null : value)))]), [steps, lines, log]);
  const latest = useRef(data);
  latest.current = data;
  const looks = lines.map(({ token, dash = [], width: thick = 1.6 }) => `${token} ${dash.join()} ${thick}`).join("|");

  useLayoutEffect(() => {
    if (!holder.current) return undefined;
    const made = new uPlot(options({ width, height, lines, log, range, named, yText }, (drawn) => setFrame(placeOf(drawn, latest.current))), latest.current, holder.current);
    chart.current = made;
    knowChart(made);
    let alive = true;
    // A canvas does not wait for the page's fonts.
    if (document.fonts.status !== "loaded") void document.fonts.ready.then(() => alive && made.redraw(false, true));
    return () => {
      alive = false;
      made.destroy();
      chart.current = null;
    };
  }, [width, height, log, looks, named, range?.join(), theme, themed]);
  useEffect(() => {
    chart.current?.setData(data);
  }, [data]);

  const first = steps[0] ?? 0;
  const last = steps.at(-1) ?? 0;
  const end = last === first ? first + 1 : last;
  const toX = (/** @type {number} */ value) => ((value - first) / (end - first)) * frame.width;
  const under = (/** @type {PointerEvent} */ event) => {
    const rect = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    return nearestIndex(/** @type {number[]} */ (steps), first + ((event.clientX - rect.left) / (rect.width || 1)) * (end - first));
  };
  const here = at ?? nearestIndex(/** @type {number[]} */ (steps), step);
  const handlers = {
    onPointerMove: (/** @type {PointerEvent} */ event) => setAt(under(event), false),
    onPointerLeave: () => setAt(null, false),
    onBlur: () => setAt(null, false),
    onClick: (/** @type {PointerEvent} */ event) => choose?.(steps[under(event)] ?? step),
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Enter" && choose) choose(steps[here] ?? step);
      else {
        const tenth = Math.max(1, Math.round(steps.length / 10));
        /** @type {Record<string, number>} */
        const targets = { ArrowLeft: here - 1, ArrowDown: here - 1, ArrowRight: here + 1, ArrowUp: here + 1, PageDown: here - tenth, PageUp: here + tenth, Home: 0, End: steps.length - 1 };
        const target = targets[event.key];
        if (target === undefined) return;
        setAt(Math.max(0, Math.min(steps.length - 1, target)), true);
      }
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const ends = spreadEnds(lines.map((line, k) => (line.end ? frame.ends[k] ?? null : null)), 12, 0, frame.height);
  return html`<div ref=${box} class="lchart" style=${{ height: `${height}px` }} data-readings=${steps.length}>
    <div ref=${holder}></div>
    <div class="lover" id=${id} style=${{ left: `${frame.left}px`, top: `${frame.top}px`, width: `${frame.width}px`, height: `${frame.height}px` }} role="slider" tabindex="0" aria-label=${label}
      aria-valuemin=${first} aria-valuemax=${last} aria-valuenow=${steps[here] ?? 0} aria-valuetext=${told(here)} ...${handlers}>
      <svg width=${frame.width} height=${frame.height} aria-hidden="true">
        ${at !== null ? html`<path class="hv" d=${`M${toX(steps[at] ?? 0)} 0V${frame.height}`} />` : null}
        ${step >= first && step <= last ? html`<path class="phd" d=${`M${toX(step)} -4V${frame.height}`} /><path class="phk" d=${`M${toX(step) - 4} -6h8l-4 6z`} />` : null}
        ${lines.map((line, k) => (ends[k] === null || ends[k] === undefined ? null : html`<text class="lend" x=${frame.width + 4} y=${(ends[k] ?? 0) + 4}>${line.end}</text>`))}
      </svg>
    </div>
  </div>`;
}

/**
 * @param {uPlot} chart
 * @param {any} data
 */
function placeOf(chart, data) {
  const ratio = uPlot.pxRatio;
  const { left, top, width, height } = chart.bbox;
  const ends = data.slice(1).map((/** @type {(number | null)[]} */ values) => {
    const value = values.at(-1);
    const y = value === null || value === undefined ? NaN : chart.valToPos(value, "y");
    return Number.isFinite(y) ? y : null;
  });
  return { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio, ends };
}

/**
 * @param {{width: number, height: number, lines: readonly Line[], log: boolean, range: readonly [number, number] | null, named: boolean, yText: ((value: number) => string) | undefined}} how
 * @param {(chart: uPlot) => void} drawn
 * @returns {uPlot.Options}
 */
function options({ width, height, lines, log, range, named, yText }, drawn) {
  const text = cssToken("--ink-2");
  const grid = { stroke: cssToken("--line"), width: 1 };
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return {
    width,
    height,
    padding: [8, named ? 24 : 12, 0, 0],
    hooks: { draw: [drawn] },
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: (_chart, low, high) => [low ?? 0, high === low ? (low ?? 0) + 1 : high ?? 1] },
      y: { distr: log ? 3 : 1, log: 10, range: (_chart, low, high) => (log ? logRange(low ?? 0, high ?? 1) : range ? [range[0], range[1]] : [Math.min(0, low ?? 0), high ?? 1]) },
    },
    series: [{}, ...lines.map(({ token, dash = [], width: thick = 1.6 }) => ({ stroke: cssToken(token), width: thick, dash: [...dash], points: { show: (/** @type {uPlot} */ chart) => chart.data[0].length < 2, size: 6, fill: cssToken(token) } }))],
    axes: [
      { stroke: text, font, size: 24, gap: 6, grid: { show: false }, ticks: { show: false }, splits: (_chart, _axis, low, high) => ticks(low, high, width < 340 ? 3 : 5).values.filter(Number.isInteger), values: (_chart, splits) => splits.map((v) => tickText(v, 1)) },
      {
        stroke: text, font, gap: 6, ticks: { show: false }, grid,
        ...(log ? { incrs: (/** @type {uPlot} */ _chart, /** @type {number} */ _axis, /** @type {number} */ low, /** @type {number} */ high) => [Math.max(5, high - low)], filter: (/** @type {uPlot} */ _chart, /** @type {number[]} */ splits) => splits } : {}),
        size: (_chart, values) => Math.max(34, ...(values ?? []).map((v) => 12 + 6.4 * String(v ?? "").length)),
        splits: (_chart, _axis, low, high) => (log ? decades(low, high, 4) : ticks(low, high, 4).values),
        values: (_chart, splits) => splits.map((v) => (yText ? yText(v) : tickText(v, 0))),
      },
    ],
  };
}
