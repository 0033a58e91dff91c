// @ts-check
/** The drawer's pictures: one at a time, chosen beside it. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { useLate, useWidth } from "../lib/hooks.js";
import { Confusion } from "./confusion.js";
import { GradientFlow } from "./gradient_flow.js";
import { HiddenSpace } from "./hidden_space.js";
import { LossSurface } from "./loss_surface.js";
import { Nothing } from "./picture_parts.js";
import { WeightHistogram } from "./weight_histogram.js";

const html = htm.bind(h);

/**
 * What every picture gets: `reply` is the server's record of it.
 * @typedef {object} PictureProps
 * @property {any} reply
 * @property {import("../types.js").Session} session
 * @property {number} sample
 * @property {import("../types.js").PictureOptions} options
 * @property {boolean} narrow
 * @property {boolean} disabled
 * @property {import("../lib/symbols.js").SymbolOf} symbolOf
 * @property {import("../types.js").Translate} t
 * @property {string} [theme]
 * @property {any} actions
 */

const NAMES = /** @type {const} */ (["hidden", "flow", "weights", "surface", "confusion"]);
const VIEWS = { hidden: HiddenSpace, flow: GradientFlow, weights: WeightHistogram, surface: LossSurface, confusion: Confusion };
/** Below this width a picture stands above its words. */
const NARROW = 560;

/**
 * @param {{session: import("../types.js").Session, sample: number, pictures: import("../types.js").PictureOptions, pictureData: Partial<Record<string, any>> | null, hiding: boolean, disabled: boolean,
 *   symbolOf: import("../lib/symbols.js").SymbolOf, t: import("../types.js").Translate, theme?: string, actions: any}} props
 */
export function PicturesTab({ session, sample, pictures, pictureData, hiding, disabled, symbolOf, t, theme, actions }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 760);
  const { tab } = pictures;
  const reply = pictureData?.[tab] ?? null;
  const late = useLate(reply === null, 300);
  const View = VIEWS[tab];
  const content = () => {
    if (hiding) return html`<${Nothing} title=${t("pictures.veiled")} text=${t("pictures.veiledText")} button=${t("pictures.unveil")} act=${() => actions.togglePredict()} />`;
    if (tab === "hidden" && session.network.layers.length < 2) return html`<${Nothing} title=${t("pictures.hidden.none")} text=${t("pictures.hidden.noneText")} button=${t("pictures.loadXor")} act=${() => actions.loadPreset("xor-2-2-1")} disabled=${disabled} />`;
    if (reply?.problem) return html`<p class="dwempty">${reply.problem}</p>`;
    if (reply === null) return html`<p class="dwempty">${late ? t("pictures.loading") : ""}</p>`;
    return html`<${View} key=${session.id} reply=${reply} session=${session} sample=${sample} options=${pictures} narrow=${width < NARROW} disabled=${disabled} symbolOf=${symbolOf} t=${t} theme=${theme} actions=${actions} />`;
  };
  return html`<div class="pics ${width < NARROW ? "narrow" : ""}" ref=${box}>
    <div class="picnav" role="group" aria-label=${t("pictures.choose")}>${NAMES.map((name) => html`<button type="button" key=${name} data-pick=${name} aria-pressed=${String(name === tab)} onClick=${() => actions.setPicture({ tab: name })}>${t(`pictures.${name}`)}</button>`)}</div>
    <section class="picbody" aria-label=${t(`pictures.${tab}`)}>${content()}</section>
  </div>`;
}
