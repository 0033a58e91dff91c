// @ts-check
/** The set-up: preset, data, layers, training. ↺ marks what rebuilds the network; such an edit waits at the foot. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { changesOf, mayKeepStart } from "../lib/draft.js";
import { Icon } from "./icons.js";
import { DataBlock } from "./setup_data.js";
import { FieldMessage, Rebuilds, Select } from "./setup_fields.js";
import { LayersBlock } from "./setup_layers.js";
import { TrainingBlock } from "./setup_training.js";

const html = htm.bind(h);

/**
 * @typedef {object} Props
 * @property {import("../types.js").Session} session
 * @property {number | null} rate the next step's learning rate, null while it is to be predicted
 * @property {import("../types.js").Catalog} catalog
 * @property {import("../types.js").Draft | null} draft
 * @property {import("../types.js").Parameters | null} initial weights and biases that the session started with
 * @property {Record<string, string>} errors
 * @property {number} sample
 * @property {boolean} running training runs by itself
 * @property {boolean} disabled
 * @property {string} lang
 * @property {import("../types.js").Translate} t
 * @property {any} actions
 */

/** @param {{label: {en: string, ko: string}} | undefined} entry @param {string} lang */
const named = (entry, lang) => (lang === "ko" ? entry?.label.ko : entry?.label.en) ?? "";

/** @param {Props} props */
export function Setup(props) {
  return html`<aside class="setup" id="setup" aria-label=${props.t("setup.region")}>
    <${PresetBlock} ...${props} />
    <${DataBlock} ...${props} />
    <${LayersBlock} ...${props} />
    <${TrainingBlock} ...${props} />
    <${Foot} ...${props} />
  </aside>`;
}

/** @param {Props} props */
function PresetBlock({ session, catalog, errors, lang, disabled, t, actions }) {
  const entry = catalog.presets.find((one) => one.name === session.preset);
  const options = catalog.presets.map((one) => ({ value: one.name, label: named(one, lang) }));
  if (!entry) options.unshift({ value: "", label: t("setup.ownNetwork") });
  return html`<div class="blk"><h2>${t("setup.preset")}</h2>
    <${Select} id="preset" label=${t("setup.preset")} value=${entry?.name ?? ""} options=${options} strong=${true} invalid=${Boolean(errors.preset)} disabled=${disabled} choose=${(/** @type {string} */ name) => name && actions.loadPreset(name)} />
    <${FieldMessage} id="preset-message" message=${errors.preset} />
    <${Description} key=${entry?.name ?? ""} text=${entry ? (lang === "ko" ? entry.description.ko : entry.description.en) : t("setup.ownNetworkHint")} t=${t} /></div>`;
}

/**
 * The first lines of a long text; the rest on demand.
 * @param {{text: string, t: import("../types.js").Translate}} props
 */
function Description({ text, t }) {
  const [open, setOpen] = useState(false);
  const long = text.length > 110;
  return html`<p class="desc ${long && !open ? "cut" : ""}" id="preset-description">${text}</p>
    ${long ? html`<button type="button" class="addrow" aria-expanded=${String(open)} aria-controls="preset-description" onClick=${() => setOpen(!open)}>${t(open ? "setup.less" : "setup.moreText")}</button>` : null}`;
}

/** @param {Props} props */
function Foot({ session, catalog, draft, initial, errors, lang, disabled, t, actions }) {
  const [sameStart, setSameStart] = useState(false);
  if (!draft) return html`<div class="apply"><p><${Rebuilds} t=${t} /> ${t("setup.footHint")}</p></div>`;
  const keepable = mayKeepStart(session, draft, initial);
  const changes = changesOf(draft, session, (kind, name) => named(/** @type {any[]} */ (catalog[kind]).find((entry) => entry.name === name), lang) || (name === "custom" ? t("setup.ownData") : name));
  const bias = (/** @type {string} */ text) => text.split(" ").map((mode) => (mode.startsWith("fixed:") ? t("setup.biasFixedAt", { value: mode.slice(6) }) : t(`setup.bias.${mode}`))).join(", ");
  const line = (/** @type {import("../types.js").Change} */ change) => {
    const [from, to] = change.what === "bias" ? [bias(change.from), bias(change.to)] : [change.from, change.to];
    return `${t(`setup.change.${change.what}`, { n: change.name ?? "" }).trim()} ${from} → ${to}`;
  };
  return html`<div class="apply on" role="region" aria-label=${t("setup.pending")}>
    <p aria-live="polite"><b>${t(changes.length === 1 ? "setup.oneWaits" : "setup.someWait", { n: changes.length })}</b> ${changes.map(line).join("; ")}. ${t("setup.price")}</p>
    <${FieldMessage} id="apply-message" message=${errors.apply} />
    ${keepable ? html`<label class="samew" title=${t("compare.sameWeightsHint")}><input type="checkbox" id="same-weights" checked=${sameStart} onChange=${(/** @type {Event} */ event) => setSameStart(/** @type {HTMLInputElement} */ (event.currentTarget).checked)} />${t("compare.sameWeights")}</label>` : null}
    <div><button class="btn" type="button" onClick=${actions.discardDraft}>${t("setup.discard")}</button>
      <button class="btn primary" type="button" disabled=${disabled} onClick=${() => actions.applyRebuild(keepable && sameStart)}><${Icon} name="reset" /><span class="bt">${t("setup.apply")}</span></button></div>
  </div>`;
}
