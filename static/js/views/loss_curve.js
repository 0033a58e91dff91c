// @ts-check
/**
 * The loss of the whole set by iteration; also a way to travel: the playhead stands at the present iteration.
 *
 * Behind the playhead the curve is ink; what was recorded beyond it is grey and thinner. Where one bucket of the
 * record holds many iterations a band spans their smallest and largest loss. The curves of other branches are thin,
 * each with its own dash and its letter at the end.
 */

import { computed } from "@preact/signals";
import { h } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { knowChart } from "../lib/known_charts.js";
import { formatNumber } from "../lib/format.js";
import { useThemeVersion, useWidth } from "../lib/hooks.js";
import { overlaysOf, reachOf, readingAt } from "../lib/history.js";
import { chartOptions, chartRows, mergeCurve } from "../lib/loss_chart.js";
import { countText, nearestIndex } from "../lib/scales.js";
import { symbolLookup } from "../lib/symbols.js";
import { PictureMenu } from "./export_menu.js";
import { BranchLegend, BranchLines } from "./history_overlay.js";
import { Loading, lazy } from "./lazy.js";
import { LossTools } from "./loss_tools.js";

const html = htm.bind(h);

/** @typedef {import("../lib/samples.js").SessionView} SessionView */
/** @typedef {import("../lib/samples.js").Translate} Translate */
/** @typedef {import("../lib/loss_chart.js").Curve} Curve */
/** @typedef {import("../lib/history.js").Overlay} Overlay */
/** @typedef {{overlays: Overlay[], current: {name: string, label: string} | null, hidden: number}} Beside the other branches' curves */

/**
 * @typedef {object} LossActions
 * @property {(step: number) => unknown} seekStep
 * @property {() => unknown} nextIteration
 * @property {(change: object) => unknown} setPicture
 */

const HEIGHT = 118;
/** The library is loaded with the second reading: until then there is no curve. @type {typeof import("uplot")} */
let Plot;
const LossChart = lazy(async () => {
  Plot = (await import("uplot")).default;
  return Chart;
}, Room);
const LiveChart = lazy(async () => (await import("./loss_live.js")).LiveChart, Room);
const AccuracyCurve = lazy(async () => (await import("./accuracy_curve.js")).AccuracyCurve, Room);
/** As the curve is where nobody chooses. */
const PLAIN = { accuracy: false, smooth: 0 };
const EXPLODED = 1e6;
const CSV = { what: "curve" };

/**
 * @param {{curve: Curve|null, step: number, session: SessionView|null, t: Translate, theme?: string, actions: LossActions, live?: import("./diagram_live.js").Frames | null,
 *   branches?: import("../lib/history.js").Branch[] | null, words?: Partial<import("../lib/history.js").Words>, pictures?: {accuracy: boolean, smooth: number}, metrics?: any}} props
 *   `branches` null: there is only one; `live`: the frames while training runs; `metrics`: accuracy and test losses along the run
 */
export function LossCurve({ curve, step, session, t, theme, actions, live = null, branches = null, words = {}, pictures = PLAIN, metrics = null }) {
  const [chosen, setLog] = useState(/** @type {boolean | null} */ (null));
  const merged = useMemo(() => mergeCurve(curve, step, session?.loss ?? null), [curve, step, session?.loss]);
  const loss = useMemo(() => computed(() => {
    const frame = live?.value;
    return frame ? formatNumber(frame.loss, 8, frame.nonfinite?.["/loss"]) : formatNumber(session?.loss, 8, session?.nonfinite?.["/loss"]);
  }), [live, session?.loss, session?.nonfinite]);
  const { catalog = null, lang = "en", symbolOf } = words;
  const beside = useMemo(
    () => overlaysOf(branches, { catalog, lang, symbolOf: symbolOf ?? symbolLookup(null), t }),
    [branches, catalog, lang, symbolOf, t],
  );
  // A loss that explodes has room on a logarithmic axis only.
  const log = chosen ?? [merged, ...beside.overlays].some(({ last }) => last.some((value) => value !== null && value > EXPLODED));
  const scored = session !== null && session.accuracy !== null && session.accuracy !== undefined;
  const test = useMemo(() => (metrics?.test_loss ? { steps: metrics.steps, values: metrics.test_loss } : null), [metrics]);
  const more = useMemo(() => ({ smooth: pictures.smooth, test }), [pictures.smooth, test]);
  if (scored && pictures.accuracy) return html`<${AccuracyCurve} metrics=${metrics} session=${session} live=${live} pictures=${pictures} t=${t} theme=${theme} actions=${actions} />`;
  return html`<section class="rd loss" data-picture="loss" aria-labelledby="loss-title">
    <h2><span id="loss-title">${t("readings.loss")}</span>
      ${session && html`<span class="now"><i class="m">E</i> <b>${loss}</b></span>`}
      <span class="hr"><span class="seg" role="group" aria-label=${t("readings.lossAxis")}>
        <button type="button" aria-pressed=${!log} onClick=${() => setLog(false)}>${t("readings.linear")}</button>
        <button type="button" aria-pressed=${log} onClick=${() => setLog(true)}>${t("readings.log")}</button>
      </span><${PictureMenu} name="loss" csv=${CSV} t=${t} actions=${actions} /></span>
    </h2>
    ${session && merged.steps.length > 1 || live ? html`<${LossTools} pictures=${pictures} scored=${scored} test=${test !== null} summed=${/** @type {any} */ (session)?.training?.loss.batch === "sum"} t=${t} actions=${actions} />` : null}
    ${beside.current && !live ? html`<${BranchLegend} current=${beside.current} overlays=${beside.overlays} hidden=${beside.hidden} t=${t} />` : null}
    ${live ? html`<${LiveChart} live=${live} curve=${merged} log=${log} height=${HEIGHT} more=${more} theme=${theme} />` : merged.steps.length < 2 && beside.overlays.length === 0
      ? html`<${OneReading} t=${t} actions=${actions} />`
      : html`<${LossChart} curve=${merged} step=${step} session=${session} log=${log} beside=${beside} more=${more} t=${t} theme=${theme} actions=${actions} />`}
  </section>`;
}

/** The room of a chart that is being loaded. @param {import("./lazy.js").Place} props */
function Room(props) {
  return html`<figure class="lossbox"><div class="lossc" style=${{ minHeight: `${HEIGHT}px` }}>${props.failed ? html`<${Loading} ...${props} />` : null}</div></figure>`;
}

/** @param {{t: Translate, actions: LossActions}} props */
function OneReading({ t, actions }) {
  return html`<div class="empty lossempty">
    <svg width="54" height="56" viewBox="0 0 54 56" aria-hidden="true"><path class="grid" d="M4 46H54M4 28H54M4 10H54" /><circle class="phc" cx="5" cy="20" r="3.5" /></svg>
    <p><b>${t("readings.oneReading")}</b> ${t("readings.curveStarts")}</p>
    <button class="btn" type="button" onClick=${() => actions.nextIteration()}>${t("readings.nextIteration")}</button>
  </div>`;
}

/**
 * @param {{curve: Curve, step: number, session: SessionView|null, log: boolean, beside: Beside, more: import("../lib/loss_chart.js").More, t: Translate, theme?: string, actions: LossActions}} props
 */
function Chart({ curve, step, session, log, beside, more, t, theme, actions }) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const holder = useRef(/** @type {HTMLDivElement|null} */ (null));
  const chart = useRef(/** @type {import("uplot")|null} */ (null));
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
    const made = new Plot(chartOptions(width, HEIGHT, log, (drawn) => setFrame(place(drawn)), () => reached.current), latest.current, holder.current);
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
 * @param {import("uplot")} chart
 * @returns {Frame}
 */
function place(chart) {
  const ratio = Plot.pxRatio;
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
