// @ts-check
/** What stands above the loss chart: loss or accuracy, smoothing, which line is which. */
import { h } from "preact";
import htm from "htm";

const html = htm.bind(h);

/** The most that the curve keeps of itself from reading to reading. */
const SMOOTHEST = 0.98;

/**
 * @param {{pictures: {accuracy: boolean, smooth: number}, scored: boolean, test: boolean, summed?: boolean, t: import("../types.js").Translate, actions: any}} props `summed`: a set's loss is the sum of its samples'
 */
export function LossTools({ pictures, scored, test, summed = false, t, actions }) {
  const { accuracy, smooth } = pictures;
  return html`<div class="losstools">
    ${scored ? html`<span class="seg" role="group" aria-label=${t("pictures.chart.show")}>${[false, true].map((one) => html`<button type="button" key=${String(one)} data-chart=${one ? "accuracy" : "loss"} aria-pressed=${String(one === accuracy)} onClick=${() => actions.setPicture({ accuracy: one })}>${t(one ? "pictures.chart.accuracy" : "pictures.chart.loss")}</button>`)}</span>` : null}
    ${accuracy ? null : html`<label>${t("pictures.chart.smooth")} <input type="range" id="loss-smooth" min="0" max=${SMOOTHEST} step="0.02" value=${smooth} aria-valuetext=${t("pictures.percent", { n: Math.round(100 * smooth) })} onInput=${(/** @type {any} */ event) => actions.setPicture({ smooth: Number(event.currentTarget.value) })} /></label>`}
    ${test ? html`<${SetKeys} t=${t} />` : null}
    ${test && summed && !accuracy ? html`<p class="note">${t("pictures.chart.summed")}</p>` : null}
  </div>`;
}

/** Which line is which set's. @param {{t: import("../types.js").Translate}} props */
function SetKeys({ t }) {
  return html`<span class="mapn"><span class="ke"><svg width="20" height="8" aria-hidden="true"><path class="lline" d="M1 4h18" /></svg>${t("pictures.train")}</span><span class="ke"><svg width="20" height="8" aria-hidden="true"><path class="lline test" d="M1 4h18" /></svg>${t("pictures.test")}</span></span>`;
}
