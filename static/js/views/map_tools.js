// @ts-check
/** The switches above the output map: regions of classes, confidence or errors, the lines where hidden neurons turn over. */
import { h } from "preact";
import htm from "htm";

const html = htm.bind(h);

/** @typedef {import("../types.js").PictureOptions} PictureOptions */
/** @typedef {import("../lib/samples.js").Translate} Translate */

const VIEWS = /** @type {const} */ (["class", "confidence", "errors"]);

/**
 * The row of switches above the map.
 * @param {{options: PictureOptions, sorted: boolean, hidden: number, layerNames: string[], t: Translate, actions: any}} props
 *   `sorted`: the map is of an output that tells classes apart; `hidden`: how many hidden layers there are
 */
export function MapTools({ options, sorted, hidden, layerNames, t, actions }) {
  const view = sorted ? options.view : "confidence";
  const layer = Math.min(options.zeroLayer, hidden);
  return html`<div class="maptools">
    ${sorted ? html`<span class="seg" role="group" aria-label=${t("pictures.map.view")}>${VIEWS.map((one) => html`<button type="button" key=${one} data-view=${one} aria-pressed=${String(one === view)} onClick=${() => actions.setPicture({ view: one })}>${t(`pictures.map.${one}`)}</button>`)}</span>` : null}
    ${view === "confidence" ? html`<button type="button" class="tog" id="map-iso" aria-pressed=${String(options.iso)} title=${t("pictures.map.isoHint")} onClick=${() => actions.setPicture({ iso: !options.iso })}>${t("pictures.map.iso")}</button>` : null}
    ${hidden > 0 ? html`<button type="button" class="tog" id="map-zero" aria-pressed=${String(options.zero)} title=${t("pictures.map.zeroHint")} onClick=${() => actions.setPicture({ zero: !options.zero })}><span class="sym"><i>z</i></span>${" = 0"}</button>` : null}
    ${hidden > 1 && options.zero ? html`<select class="mapsel" aria-label=${t("pictures.map.zeroLayer")} value=${layer} onChange=${(/** @type {any} */ event) => actions.setPicture({ zeroLayer: Number(event.currentTarget.value) })}>${layerNames.map((name, k) => html`<option key=${name} value=${k + 1}>${name}</option>`)}</select>` : null}
  </div>`;
}
