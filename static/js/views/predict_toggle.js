// @ts-check
/** The switch of Predict first. */
import { h } from "preact";
import htm from "htm";
import { countText } from "../lib/scales.js";
import { Icon } from "./icons.js";

/**
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {import("../types.js").Predict} Predict
 */

const html = htm.bind(h);
const SCOPES = /** @type {const} */ (["one", "phase", "deltas"]);

/**
 * The switch with what is to be hidden, and how it went so far in this iteration.
 * @param {{predict: Predict, scopes?: readonly Predict["scope"][], shortcuts?: boolean, t: Translate, actions: any}} props
 */
export function PredictToggle({ predict, scopes = SCOPES, shortcuts = true, t, actions }) {
  const { on, scope, score } = predict;
  return html`<div class="ptoggle ${on ? "on" : ""}">
    ${on && score.asked > 0 ? html`<span class="pscore">${t("predict.score", { right: countText(score.right), asked: countText(score.asked) })}</span>` : null}
    ${on ? html`<label class="speed pscope"><select aria-label=${t("predict.scope")} title=${t("predict.scope")} value=${scope} onChange=${(/** @type {Event} */ event) => actions.setPredictScope(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
      ${scopes.map((one) => html`<option key=${one} value=${one} selected=${one === scope}>${t(`predict.scope.${one}`)}</option>`)}
    </select><${Icon} name="down" /></label>` : null}
    <button type="button" class="switch" role="switch" aria-checked=${String(on)} aria-keyshortcuts="P" title=${t("predict.hint")} onClick=${() => actions.togglePredict()}>
      <i aria-hidden="true"></i><span>${t("predict.switch")}</span>${shortcuts ? html`<kbd aria-hidden="true">P</kbd>` : null}</button>
  </div>`;
}
