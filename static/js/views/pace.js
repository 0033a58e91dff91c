// @ts-check
/** How fast training runs: from one step a second to as fast as it goes, on a logarithmic scale. */
import { h } from "preact";
import htm from "htm";
import { countText } from "../lib/scales.js";

const html = htm.bind(h);
/** Updates a second; null at the end: as fast as it goes. */
export const PACES = /** @type {const} */ ([1, 2, 5, 10, 30, 100, 1000, null]);

/** @param {number | null} pace @param {import("../types.js").Translate} t */
const inWords = (pace, t) => (pace === null ? t("live.pace.full") : t(pace === 1 ? "live.pace.one" : "live.pace.many", { n: countText(pace) }));

/**
 * @param {{id: string, pace: number | null, t: import("../types.js").Translate, choose: (pace: number | null) => unknown}} props
 */
export function PaceSlider({ id, pace, t, choose }) {
  const at = Math.max(0, PACES.findIndex((one) => one === pace));
  return html`<label class="lpace" for=${id} title=${t("live.pace.hint")}><span class="sr">${t("live.pace")}</span>
    <input type="range" id=${id} min="0" max=${PACES.length - 1} step="1" value=${at} aria-valuetext=${inWords(pace, t)}
      onInput=${(/** @type {InputEvent} */ event) => choose(PACES[Number(/** @type {HTMLInputElement} */ (event.currentTarget).value)] ?? null)} />
    <output for=${id}>${inWords(pace, t)}</output></label>`;
}
