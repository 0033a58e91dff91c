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
import { useEffect, useMemo, useState } from "preact/hooks";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { mergeCurve } from "../lib/loss_chart.js";
import { symbolLookup } from "../lib/symbols.js";
import { PictureMenu } from "./export_menu.js";
import { Loading, Quiet, lazy } from "./lazy.js";

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

export const HEIGHT = 118;
// With the first reading alone there is no curve, with one branch there are no others: what draws them comes later.
const LossPlot = lazy(async () => (await import("./loss_plot.js")).LossPlot, Room);
const BranchLegend = lazy(async () => (await import("./history_overlay.js")).BranchLegend, Quiet);
const LiveChart = lazy(async () => (await import("./loss_live.js")).LiveChart, Room);
const LossTools = lazy(async () => (await import("./loss_tools.js")).LossTools, Quiet);
const AccuracyCurve = lazy(async () => (await import("./accuracy_curve.js")).AccuracyCurve, Room);
/** As the curve is where nobody chooses. */
const PLAIN = { accuracy: false, smooth: 0 };
/** No other branch's curve. @type {Beside} */
const ALONE = { overlays: [], current: null, hidden: 0 };
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
  const overlaysOf = useOverlays(branches !== null);
  const beside = useMemo(
    () => overlaysOf?.(branches, { catalog, lang, symbolOf: symbolOf ?? symbolLookup(null), t }) ?? ALONE,
    [overlaysOf, branches, catalog, lang, symbolOf, t],
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
      : html`<${LossPlot} curve=${merged} step=${step} session=${session} log=${log} beside=${beside} more=${more} t=${t} theme=${theme} actions=${actions} />`}
  </section>`;
}

/** What makes curves of branches, once there are any. @type {typeof import("../lib/history.js").overlaysOf | null} */
let known = null;
/** @param {boolean} wanted */
function useOverlays(wanted) {
  const [, draw] = useState(known !== null);
  useEffect(() => {
    // Without it the present branch's curve stands alone, and the next reply asks again.
    if (wanted && !known) import("../lib/history.js").then((history) => draw((known = history.overlaysOf) !== null), reportError);
  });
  return known;
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
