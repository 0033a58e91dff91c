// @ts-check
/** The drawn loss curve: uPlot's lines, and over them the playhead, the readout and the other branches' curves. */
import { h } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import uPlot from "uplot";
import { formatNumber } from "../lib/format.js";
import { reachOf, readingAt } from "../lib/history.js";
import { useThemeVersion, useWidth } from "../lib/hooks.js";
import { knowChart } from "../lib/known_charts.js";
import { chartOptions, chartRows } from "../lib/loss_chart.js";
import { countText, nearestIndex } from "../lib/scales.js";
import { BranchLines } from "./history_overlay.js";
import { HEIGHT } from "./loss_curve.js";

const html = htm.bind(h);

/** @typedef {import("../lib/samples.js").SessionView} SessionView */
/** @typedef {import("../lib/samples.js").Translate} Translate */
/** @typedef {import("../lib/loss_chart.js").Curve} Curve */
/** @typedef {import("./loss_curve.js").Beside} Beside */
/** @typedef {import("./loss_curve.js").LossActions} LossActions */

/**
 * @param {{curve: Curve, step: number, session: SessionView|null, log: boolean, beside: Beside, more: import("../lib/loss_chart.js").More, t: Translate, theme?: string, actions: LossActions}} props
 */
export function LossPlot({ curve, step, session, log, beside, more, t, theme, actions }) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const holder = useRef(/** @type {HTMLDivElement|null} */ (null));
  const chart = useRef(/** @type {uPlot|null} */ (null));
  const width = useWidth(box);
  const themed = useThemeVersion();
  const [frame, setFrame] = useState(/** @type {Frame} */ ({ left: 0, top: 0, width: 0, height: 0, toY: () => null }));
  const [hover, setHover] = useState(/** @type {number|null} */ (null));
  const [drag, setDrag] = useState(/** @type {number|null} */ (null));
  const rows = useMemo(() => chartRows(curve, step, log, more), [curve, step, log, more]);
  const latest = useRef(rows);
  latest.current = rows;
  const reach = useMemo(() => reachOf(beside.overlays, log), [beside, log]);
  const reached = useRef(reach);
  reached.current = reach;

  useLayoutEffect(() => {
    if (!holder.current) return undefined;
    const made = new uPlot(chartOptions(width, HEIGHT, log, (drawn) => setFrame(place(drawn)), () => reached.current), latest.current, holder.current);
    chart.current = made;
    knowChart(made);
    // A canvas does not wait for the page's fonts: axes drawn before they came are drawn again.
    let alive = true;
    if (document.fonts.status !== "loaded") void document.fonts.ready.then(() => alive && made.redraw(false, true));
    return () => {
      alive = false;
      made.destroy();
      chart.current = null;
    };
  }, [width, log, theme, themed]);
  useEffect(() => {
    // The same rows too: setting them finds the axes anew.
    chart.current?.setData(rows);
  }, [rows, reach]);

  const first = curve.steps[0] ?? 0;
  const last = curve.steps[curve.steps.length - 1] ?? 0;
  const end = Math.max(last === first ? last + 1 : last, reach.last);
  /** @param {number} value */
  const toX = (value) => ((value - first) / (end - first)) * frame.width;
  /** @param {PointerEvent} event */
  const indexAt = (event) => {
    const rect = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    return nearestIndex(curve.steps, first + ((event.clientX - rect.left) / (rect.width || 1)) * (end - first));
  };
  /** @param {number} index */
  const travel = (index) => {
    const target = curve.steps[index];
    if (target !== undefined && target !== step) actions.seekStep(target);
  };
  const handlers = {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
      setDrag(indexAt(event));
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      setHover(indexAt(event));
      if (drag !== null) setDrag(indexAt(event));
    },
    onPointerUp: (/** @type {PointerEvent} */ event) => {
      if (drag !== null) travel(indexAt(event));
      setDrag(null);
    },
    onPointerCancel: () => setDrag(null),
    onPointerLeave: () => setHover(null),
    onBlur: () => setHover(null),
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const here = nearestIndex(curve.steps, step);
      const tenth = Math.max(1, Math.round(curve.steps.length / 10));
      /** @type {Record<string, number>} */
      const targets = { ArrowLeft: here - 1, ArrowDown: here - 1, ArrowRight: here + 1, ArrowUp: here + 1,
        PageDown: here - tenth, PageUp: here + tenth, Home: 0, End: curve.steps.length - 1 };
      const target = targets[event.key];
      if (target === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      travel(Math.max(0, Math.min(curve.steps.length - 1, target)));
    },
  };
  /** @param {number} index */
  const reading = (index) => describe(curve, index, session, beside, more.test ?? null, t);
  const head = drag === null ? step : (curve.steps[drag] ?? step);
  const shown = drag ?? hover;
  const here = nearestIndex(curve.steps, step);
  const knob = drag === null ? frame.toY(curve.last[here]) : null;
  return html`<figure ref=${box} class="lossbox" data-steps=${curve.steps.length} data-first=${first} data-last=${last}>
    <div ref=${holder} class="lossc"></div>
    <div class="lossover" style=${pixels(frame)} role="slider" tabindex="0" aria-label=${t("readings.lossSlider")}
      aria-valuemin=${first} aria-valuemax=${last} aria-valuenow=${step} aria-valuetext=${reading(here).spoken} ...${handlers}>
      <svg class="lossmarks" width=${frame.width} height=${frame.height} aria-hidden="true">
        <${BranchLines} overlays=${beside.overlays} toX=${toX} toY=${frame.toY} log=${log} now=${beside.current && { name: beside.current.name, x: toX(last), y: frame.toY(curve.last.at(-1)) }} />
        ${shown !== null && html`<${Marker} x=${toX(curve.steps[shown] ?? 0)} y=${frame.toY(curve.last[shown])} height=${frame.height} />`}
        <path class="phd" d=${`M${toX(head)} -4V${frame.height}`} /><path class="phk" d=${`M${toX(head) - 5} -6h10l-5 7z`} />
        ${knob !== null && html`<circle class="phc" cx=${toX(step)} cy=${knob} r="3.5" />`}
      </svg>
      ${shown !== null && html`<div class="bcall" style=${callStyle(toX(curve.steps[shown] ?? 0), frame.width)}>
        <div>${reading(shown).where}</div><div>${beside.current ? html`<b class="bl">${beside.current.name}</b>` : null}<i class="m">E</i> <b>${reading(shown).loss}</b></div>
        ${reading(shown).tested ? html`<div><span class="bl">${t("pictures.test")}</span> ${reading(shown).tested}</div>` : null}
        ${reading(shown).others.map((other) => html`<div key=${other.name}><b class="bl">${other.name}</b><i class="m">E</i> ${other.text}</div>`)}</div>`}
    </div>
    <${Readings} curve=${curve} session=${session} beside=${beside} test=${more.test ?? null} t=${t} />
  </figure>`;
}

/** @param {{x: number, y: number|null, height: number}} props */
function Marker({ x, y, height }) {
  return html`<path class="hv" d=${`M${x} 0V${height}`} />${y !== null && html`<circle class="hvc" cx=${x} cy=${y} r="3" />`}`;
}

/**
 * The words of one reading. Another branch's nearest reading may be that of another iteration: then it says which.
 * @param {Curve} curve
 * @param {number} index
 * @param {SessionView|null} session
 * @param {Beside} beside
 * @param {{steps: readonly number[], values: readonly (number|null)[]} | null} test
 * @param {Translate} t
 */
function describe(curve, index, session, beside, test, t) {
  const step = curve.steps[index] ?? 0;
  const perEpoch = session?.steps_per_epoch ?? 1;
  const loss = formatNumber(curve.last[index], 8, curve.nonfinite?.[`/last/${index}`]);
  const iteration = step === 0 ? t("readings.start") : t("readings.afterIteration", { n: countText(step) });
  // Epochs of other steps are known only while all had the present length (an edit of the data may change it).
  const even = session !== null && session.epoch * perEpoch + session.epoch_position === session.step;
  const where = perEpoch > 1 && even && step > 0 ? `${iteration} · ${t("readings.epoch", { n: countText(Math.ceil(step / perEpoch)) })}` : iteration;
  const others = beside.overlays.flatMap((overlay) => {
    const found = readingAt(overlay, step);
    if (!found) return [];
    const text = formatNumber(found.loss, 8);
    return [{ name: overlay.name, text: found.step === step ? text : t("history.readingAt", { loss: text, n: countText(found.step) }) }];
  });
  // Measured less often than the loss: another iteration's is named.
  const near = test ? nearestIndex(/** @type {number[]} */ (test.steps), step) : -1;
  const value = formatNumber(test?.values[near], 8);
  const tested = !test || near < 0 ? null : test.steps[near] === step ? value : t("history.readingAt", { loss: value, n: countText(test.steps[near] ?? 0) });
  const also = others.map(({ name, text }) => `, ${t("history.branch", { name })}: ${text}`).join("");
  const withTest = tested === null ? "" : `, ${t("pictures.test")} ${tested}`;
  return { where, loss, others, tested, spoken: `${where}, ${t("readings.loss")} ${loss}${withTest}${also}` };
}

/**
 * The curve as a table of at most ten rows, for screen readers.
 * @param {{curve: Curve, session: SessionView|null, beside: Beside, test: {steps: readonly number[], values: readonly (number|null)[]} | null, t: Translate}} props
 */
function Readings({ curve, session, beside, test, t }) {
  const count = Math.min(10, curve.steps.length);
  const picked = Array.from({ length: count }, (_, k) => Math.round((k * (curve.steps.length - 1)) / Math.max(1, count - 1)));
  return html`<div class="sr"><table><caption>${t("readings.lossTable")}</caption>
    <thead><tr><th scope="col">${t("readings.iterationHead")}</th><th scope="col">${t("readings.loss")}${beside.current ? ` ${beside.current.name}` : ""}</th>${test ? html`<th scope="col">${t("pictures.test")}</th>` : null}${beside.overlays.map((one) => html`<th scope="col">${t("readings.loss")} ${one.name}</th>`)}</tr></thead>
    <tbody>${picked.map((k) => {
      const { where, loss, others, tested } = describe(curve, k, session, beside, test, t);
      return html`<tr><th scope="row">${where}</th><td>${loss}</td>${test ? html`<td>${tested ?? ""}</td>` : null}${beside.overlays.map((one) => html`<td>${others.find((other) => other.name === one.name)?.text ?? ""}</td>`)}</tr>`;
    })}</tbody></table></div>`;
}

/**
 * The plotting area in CSS pixels, and where in it a loss stands.
 * @typedef {{left: number, top: number, width: number, height: number, toY: (loss: number|null|undefined) => number|null}} Frame
 */

/**
 * @param {uPlot} chart
 * @returns {Frame}
 */
function place(chart) {
  const ratio = uPlot.pxRatio;
  const { left, top, width, height } = chart.bbox;
  /** @param {number|null|undefined} loss */
  const toY = (loss) => {
    if (loss === null || loss === undefined) return null;
    const y = chart.valToPos(loss, "y");
    return Number.isFinite(y) ? y : null;
  };
  return { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio, toY };
}

/** @param {Frame} frame */
function pixels({ left, top, width, height }) {
  return { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
}

/**
 * The readout stands beside its line, on the side with more room.
 * @param {number} x
 * @param {number} width
 */
function callStyle(x, width) {
  return x < width / 2 ? { left: `${x + 8}px`, right: "auto", top: "4px" } : { left: "auto", right: `${width - x + 8}px`, top: "4px" };
}
