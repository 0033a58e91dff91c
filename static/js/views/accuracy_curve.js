// @ts-check
/** The accuracy in the place of the loss, of the training and the test samples. */
import { h } from "preact";
import { useMemo, useState } from "preact/hooks";
import htm from "htm";
import { countText, nearestIndex, tickText } from "../lib/scales.js";
import { PictureMenu } from "./export_menu.js";
import { LineChart } from "./line_chart.js";
import { LossTools } from "./loss_tools.js";

const html = htm.bind(h);

const HEIGHT = 118;
const MOST_ROWS = 10;
const CSV = { what: "metrics" };
const FULL = /** @type {const} */ ([0, 1]);

/**
 * The accuracy of the training and the test samples along the run.
 * @param {{metrics: any, session: import("../lib/samples.js").SessionView, live: import("./diagram_live.js").Frames | null, pictures: {accuracy: boolean, smooth: number}, t: import("../types.js").Translate, theme?: string, actions: any}} props
 */
export function AccuracyCurve({ metrics, session, live, pictures, t, theme, actions }) {
  const [cursor, setCursor] = useState(/** @type {{at: number, spoken: boolean} | null} */ (null));
  const steps = /** @type {number[]} */ (metrics?.steps ?? []);
  const test = metrics?.test_accuracy ?? null;
  const lines = useMemo(() => [
    { token: "--ink", width: 1.6, values: metrics?.accuracy ?? [] },
    ...(test ? [{ token: "--ink", width: 1.6, dash: [1.5, 3], values: test }] : []),
  ], [metrics]);
  const at = cursor && cursor.at < steps.length ? cursor.at : null;
  // While training runs the last reading is the newest.
  const shown = at ?? (live ? steps.length - 1 : nearestIndex(steps, session.step));
  const percent = (/** @type {number | null | undefined} */ value) => (value === null || value === undefined ? "–" : t("pictures.percent", { n: tickText(Number((100 * value).toPrecision(5)), 0) }));
  const where = (/** @type {number} */ index) => ((steps[index] ?? 0) === 0 ? t("readings.start") : t("readings.afterIteration", { n: countText(steps[index] ?? 0) }));
  const told = (/** @type {number} */ index) => t(test ? "pictures.chart.reading" : "pictures.chart.readingOne", { where: where(index), train: percent(metrics?.accuracy?.[index]), test: percent(test?.[index]) });
  const picked = Array.from({ length: Math.min(MOST_ROWS, steps.length) }, (_, k) => Math.round((k * (steps.length - 1)) / Math.max(1, Math.min(MOST_ROWS, steps.length) - 1)));
  return html`<section class="rd loss" data-picture="loss" aria-labelledby="loss-title">
    <h2><span id="loss-title">${t("pictures.chart.accuracy")}</span><span class="now"><b>${percent(metrics?.accuracy?.[shown])}</b></span><span class="hr"><${PictureMenu} name="accuracy" csv=${CSV} t=${t} actions=${actions} /></span></h2>
    <${LossTools} pictures=${pictures} scored=${true} test=${test !== null} t=${t} actions=${actions} />
    ${steps.length > 0 ? html`<${LineChart} id="accuracy-chart" steps=${steps} lines=${lines} range=${FULL} height=${HEIGHT} label=${t("pictures.chart.accuracySlider")} step=${live ? steps.at(-1) ?? 0 : session.step} at=${at}
        setAt=${(/** @type {number | null} */ index, /** @type {boolean} */ spoken) => setCursor(index === null ? null : { at: index, spoken })} told=${told} choose=${live ? undefined : actions.seekStep} yText=${(/** @type {number} */ v) => percent(v)} theme=${theme} />
      <p class="lossread" role=${cursor?.spoken ? "status" : "presentation"}>${told(shown)}</p>` : null}
    <div class="sr"><table><caption>${t("pictures.chart.accuracyTable")}</caption><thead><tr><th scope="col">${t("readings.iterationHead")}</th><th scope="col">${t("pictures.train")}</th>${test ? html`<th scope="col">${t("pictures.test")}</th>` : null}</tr></thead>
      <tbody>${picked.map((index) => html`<tr key=${index}><th scope="row">${where(index)}</th><td>${percent(metrics?.accuracy?.[index])}</td>${test ? html`<td>${percent(test[index])}</td>` : null}</tr>`)}</tbody></table></div>
  </section>`;
}
