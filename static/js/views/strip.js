// @ts-check
/** The set-up in one line, where it has no column of its own. */
import { h } from "preact";
import htm from "htm";
import { common, sizes } from "../selectors.js";
import { Icon } from "./icons.js";
import { plain, shortName } from "./setup_fields.js";
import { activeRules } from "./setup_regularization.js";

const html = htm.bind(h);

/**
 * @param {{session: import("../types.js").Session, catalog: import("../types.js").Catalog, open: boolean, pending: boolean, lang: string, t: import("../types.js").Translate, actions: any}} props
 */
export function Strip({ session, catalog, open, pending, lang, t, actions }) {
  const label = (/** @type {{name: string, label: {en: string, ko: string}}[]} */ entries, /** @type {string} */ name) => {
    const found = entries.find((entry) => entry.name === name);
    return found ? (lang === "ko" ? found.label.ko : found.label.en) : name;
  };
  const short = (/** @type {string} */ area, /** @type {{name: string, label: {en: string, ko: string}}[]} */ entries, /** @type {string} */ name) => {
    const found = entries.find((entry) => entry.name === name);
    return found ? shortName(area, found, lang, t) : name;
  };
  const { layers } = session.network;
  const { optimizer, batch } = session.training;
  const activations = [...new Set(layers.map((layer) => layer.activation))].map((name) => short("diagram.activation", catalog.activations, name)).join(", ");
  const bias = common(layers.map((layer) => layer.bias.mode));
  const rate = optimizer.parameters.learning_rate;
  const rules = activeRules(session, catalog, lang, t);
  const preset = session.preset ? label(catalog.presets, session.preset) : t("setup.ownNetwork");
  return html`<div class="strip">
    <button class="btn ${pending ? "waits" : ""}" type="button" aria-expanded=${String(open)} aria-controls="setup" onClick=${() => actions.setSheet(!open)}><${Icon} name="sliders" /><span class="bt">${t("setup.region")}</span></button>
    <p class="sm"><span>${preset}${preset.includes(sizes(session)) ? "" : ` · ${sizes(session)}`}</span><span>${activations}</span><span>${short("setup.short", catalog.optimizers, optimizer.name)}${rate === undefined ? null : html`, <i class="m">η</i> = ${plain(rate)}`}</span><span>${t(`setup.batchLong.${batch.mode}`, { n: batch.size })}</span>${rules.length > 0 ? html`<span title=${rules.join(", ")}>${rules[0]}${rules.length > 1 ? ` +${rules.length - 1}` : ""}</span>` : null}${bias ? html`<span>${t(`setup.biasLong.${bias}`)}</span>` : null}</p>
  </div>`;
}
