// @ts-check
/** Layers, activations, biases and initial weights: everything here rebuilds the network and waits to be applied. */
import { h } from "preact";
import htm from "htm";
import { hasGivenWeights } from "../lib/draft.js";
import { common } from "../selectors.js";
import { Icon } from "./icons.js";
import { FieldMessage, NumberField, ParameterRows, Rebuilds, Segments, Select, Stepper, shortName } from "./setup_fields.js";
import { Term } from "./term.js";

/** @typedef {import("../types.js").Layer} Layer */
/** @typedef {import("./setup.js").Props} Props */

const html = htm.bind(h);
const MODES = /** @type {const} */ (["trained", "fixed", "absent"]);
/** What draws the weights where given ones no longer fit. */
const DEFAULT = "glorot_uniform";
const ANY = { minimum: -1e6, maximum: 1e6, exclusive_minimum: false, exclusive_maximum: false, integer: false };

/**
 * @param {{label: {en: string, ko: string}}} entry
 * @param {string} lang
 */
const named = (entry, lang) => (lang === "ko" ? entry.label.ko : entry.label.en);

/** @param {Props} props */
export function LayersBlock(props) {
  const { session, draft, catalog, t, disabled, actions } = props;
  const layers = draft?.layers ?? session.network.layers;
  const inputs = draft?.inputs ?? session.network.inputs;
  const hidden = layers.length - 1;
  const most = (catalog.limits.layers ?? catalog.limits.max_layers ?? 8) - 2;
  /** @param {Layer[]} next */
  const change = (next) => actions.editDraft({ layers: next });
  const sample = layers[hidden - 1] ?? { units: 2, activation: "sigmoid", activation_parameters: {}, bias: layers[0]?.bias ?? { mode: "trained", value: 1 } };

  return html`<div class="blk" id="setup-layers"><h2><${Term} name="layer" t=${t}>${t("setup.layers")}<//><${Rebuilds} t=${t} /></h2>
    <div class="lay"><span>${t("setup.input")}</span><span class="stp fixed">${inputs === session.network.inputs ? null : html`<s>${session.network.inputs}</s>`}<b>${inputs}</b></span><span class="dim">${t("setup.fromData")}</span></div>
    ${layers.map((layer, k) => html`<${LayerRow} key=${k === hidden ? "output" : k} ...${{ ...props, layers, layer, k, change }} />`)}
    <p class="adds">${hidden < most ? html`<button class="addrow" type="button" disabled=${disabled} onClick=${() => change([...layers.slice(0, -1), { ...sample }, ...layers.slice(-1)])}><${Icon} name="plus" />${t("setup.addLayer")}</button>` : null}
      ${hidden > 0 ? html`<button class="addrow" type="button" disabled=${disabled} title=${t("setup.removeLayerHint")} onClick=${() => change([...layers.slice(0, -2), ...layers.slice(-1)])}><${Icon} name="minus" />${t("setup.removeLayer")}</button>` : null}</p>
    <${BiasRows} ...${{ ...props, layers, change }} />
    <${WeightRows} ...${props} />
  </div>`;
}

/** @param {Props & {layers: Layer[], layer: Layer, k: number, change: (layers: Layer[]) => unknown}} props */
function LayerRow({ session, catalog, layers, layer, k, change, errors, lang, disabled, t, actions }) {
  const output = k === layers.length - 1;
  const old = output ? session.network.layers.at(-1) : k < session.network.layers.length - 1 ? session.network.layers[k] : undefined;
  const title = output ? t("setup.output") : layers.length > 2 ? t("setup.hiddenNumber", { n: k + 1 }) : t("setup.hidden");
  const pending = !old || old.units !== layer.units || old.activation !== layer.activation || JSON.stringify(old.activation_parameters) !== JSON.stringify(layer.activation_parameters);
  const entries = catalog.activations.filter((entry) => output || !entry.output_only);
  const parameters = entries.find((entry) => entry.name === layer.activation)?.parameters ?? [];
  /** @param {Partial<Layer>} part */
  const set = (part) => change(layers.map((one, at) => (at === k ? { ...one, ...part } : one)));
  const was = old && old.activation !== layer.activation ? catalog.activations.find((entry) => entry.name === old.activation) : null;
  return html`<div class="lay ${pending ? "pend" : ""}">
      <span>${title}</span>
      ${output ? html`<span class="stp fixed" title=${t("setup.fromData")}>${old && old.units !== layer.units ? html`<s>${old.units}</s>` : null}<b>${layer.units}</b></span>`
        : html`<${Stepper} label=${t("setup.units", { layer: title })} value=${layer.units} was=${old ? old.units : null} minimum=${1} maximum=${catalog.limits.units ?? catalog.limits.max_units ?? 64} disabled=${disabled}
            fewer=${t("setup.fewer", { layer: title })} more=${t("setup.more", { layer: title })} change=${(/** @type {number} */ units) => set({ units })} />`}
      <${Select} label=${t("setup.activationOf", { layer: title })} value=${layer.activation} disabled=${disabled}
        options=${entries.map((entry) => ({ value: entry.name, label: shortName("diagram.activation", entry, lang, t) }))}
        choose=${(/** @type {string} */ activation) => set({ activation, activation_parameters: Object.fromEntries((catalog.activations.find((entry) => entry.name === activation)?.parameters ?? []).map((one) => [one.name, one.default])) })} />
      ${was ? html`<s class="was">${named(was, lang)}</s>` : null}
    </div>
    <${ParameterRows} id=${`activation.${k}`} parameters=${parameters} values=${layer.activation_parameters} errors=${errors} lang=${lang} t=${t} disabled=${disabled} pending=${pending}
      commit=${(/** @type {string} */ name, /** @type {number} */ value) => set({ activation_parameters: { ...layer.activation_parameters, [name]: value } })} forgive=${(/** @type {string} */ field) => actions.setError(field, null)} />`;
}

/** @param {Props & {layers: Layer[], change: (layers: Layer[]) => unknown}} props */
function BiasRows({ session, layers, change, disabled, t }) {
  const mode = common(layers.map((layer) => layer.bias.mode));
  const value = common(layers.map((layer) => layer.bias.value));
  const old = session.network.layers;
  const text = (/** @type {Layer[]} */ list) => JSON.stringify(list.map((layer) => layer.bias));
  const pending = old.length === layers.length && text(old) !== text(layers);
  const was = common(old.map((layer) => layer.bias.mode));
  const options = MODES.map((one) => ({ value: one, label: t(`setup.bias.${one}`), title: t(`setup.biasHint.${one}`) }));
  /** @param {number | null} k @param {Partial<import("../types.js").Bias>} bias */
  const set = (k, bias) => change(layers.map((layer, at) => (k === null || at === k ? { ...layer, bias: { ...layer.bias, ...bias } } : layer)));
  return html`<div class="fld ${pending ? "pend" : ""}"><span><${Term} name="bias" t=${t} /></span>
      <${Segments} label=${t("page.word.bias")} value=${mode} options=${options} disabled=${disabled} choose=${(/** @type {any} */ one) => set(null, { mode: one, ...(one === "fixed" && !value ? { value: 1 } : {}) })} /></div>
    ${pending && was && was !== mode ? html`<p class="wasline pend"><s>${t(`setup.bias.${was}`)}</s></p>` : null}
    ${mode === "fixed" ? html`<div class="fld"><span>${t("setup.biasValue")}</span><${NumberField} id="bias-value" label=${t("setup.biasValue")} value=${value ?? 1} range=${ANY} disabled=${disabled} t=${t} commit=${(/** @type {number} */ one) => set(null, { value: one })} /></div>` : null}
    <details class="more" open=${mode === null}><summary>${t("setup.perLayer")}</summary>
      ${layers.map((layer, k) => {
        const title = k === layers.length - 1 ? t("setup.output") : t("setup.hiddenNumber", { n: k + 1 });
        return html`<div class="fld perlayer" key=${k}><span>${title}</span><span class="row">
          <${Select} label=${t("setup.biasOf", { layer: title })} value=${layer.bias.mode} options=${options} disabled=${disabled} choose=${(/** @type {any} */ one) => set(k, { mode: one, ...(one === "fixed" && !layer.bias.value ? { value: 1 } : {}) })} />
          ${layer.bias.mode === "fixed" ? html`<${NumberField} id=${`bias-${k}`} label=${t("setup.biasValueOf", { layer: title })} value=${layer.bias.value} range=${ANY} disabled=${disabled} t=${t} commit=${(/** @type {number} */ one) => set(k, { value: one })} />` : null}</span></div>`;
      })}
    </details>`;
}

/** @param {Props} props */
function WeightRows({ session, draft, catalog, errors, lang, disabled, t, actions }) {
  const given = hasGivenWeights(session) && !draft?.initializer && draft?.seed == null && !(draft?.layers || draft?.data);
  const chosen = draft?.initializer ?? (session.network.initializer?.name === "given" ? null : session.network.initializer) ?? { name: DEFAULT, parameters: {} };
  const entry = catalog.initializers.find((one) => one.name === chosen.name);
  const options = [...(given ? [{ value: "", label: t("setup.given") }] : []), ...catalog.initializers.filter((one) => one.name !== "given").map((one) => ({ value: one.name, label: named(one, lang) }))];
  const pending = Boolean(draft?.initializer);
  const seed = draft?.seed ?? session.seed;
  return html`<div class="fld ${pending ? "pend" : ""}"><span><${Term} name="weight" t=${t}>${t("setup.weights")}<//></span>
      <${Select} label=${t("setup.initializer")} value=${given ? "" : chosen.name} options=${options} disabled=${disabled}
        choose=${(/** @type {string} */ name) => name && actions.editDraft({ initializer: { name, parameters: Object.fromEntries((catalog.initializers.find((one) => one.name === name)?.parameters ?? []).map((one) => [one.name, one.default])) } })} /></div>
    ${given ? null : html`<${ParameterRows} id="initializer" parameters=${entry?.parameters ?? []} values=${chosen.parameters} errors=${errors} lang=${lang} t=${t} disabled=${disabled} pending=${pending}
      commit=${(/** @type {string} */ name, /** @type {number} */ value) => actions.editDraft({ initializer: { ...chosen, parameters: { ...chosen.parameters, [name]: value } } })} forgive=${(/** @type {string} */ field) => actions.setError(field, null)} />`}
    ${given && session.training.batch.order === "stored" ? null : html`<div class="fld ${draft?.seed != null ? "pend" : ""}"><span><${Term} name="seed" t=${t} /></span><span class="seedf">
      <${NumberField} id="seed" label=${t("page.word.seed")} value=${seed} range=${{ minimum: 0, maximum: 2 ** 32 - 1, exclusive_minimum: false, exclusive_maximum: false, integer: true }} disabled=${disabled} t=${t} commit=${(/** @type {number} */ value) => actions.editDraft({ seed: value })} />
      <button type="button" class="btn quiet" aria-label=${t("setup.dice")} title=${t("setup.dice")} disabled=${disabled} onClick=${() => actions.editDraft({ seed: Math.floor(Math.random() * 10000) })}><${Icon} name="dice" /></button>
      ${draft?.seed != null ? html`<s class="was">${session.seed}</s>` : null}</span></div>`}
    <button class="addrow" type="button" disabled=${disabled} onClick=${() => actions.openDialog("weights")}>${t("setup.pasteWeights")}</button>
    <${FieldMessage} id="layers-message" message=${errors.layers} />`;
}
