// @ts-check
/** Match my textbook: which letters, indices and signs the page writes. No number depends on it. */
import { h } from "preact";
import htm from "htm";
import { choicesOf, presetOf, withChoice } from "../lib/notation.js";
import { linear } from "../lib/tex.js";
import { texInWords } from "../lib/tex_words.js";
import { Dialog } from "./dialogs.js";
import { Icon } from "./icons.js";
import { Select } from "./setup_fields.js";
import { Tex } from "./tex.js";

/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {import("../types.js").Label} Label */
/** @typedef {import("../lib/notation.js").Notations} Notations */

const html = htm.bind(h);
/** Fields whose choices are told in words beside the formula. */
const WORDY = new Set(["weights", "orientation"]);

/** @param {Label} label @param {string} lang */
const said = (label, lang) => (lang === "ko" ? label.ko : label.en);

/**
 * @param {{catalog: any, notation: Record<string, string>, session: import("../types.js").Session, microsteps: any, disabled?: boolean, lang: string, t: Translate, actions: any}} props
 *   `microsteps`: the reply shown, whose equations are the preview
 */
export function NotationDialog({ catalog, notation, session, microsteps, disabled = false, lang, t, actions }) {
  const notations = /** @type {Notations} */ (catalog.notations);
  const preset = presetOf(notation, notations);
  const choices = choicesOf(notation, notations);
  const own = Object.keys(notation).some((name) => name !== "notation");
  const first = notations.presets[0]?.name ?? "";
  const options = notations.presets.map((one) => ({ value: one.name, label: said(one.label, lang) }));
  if (own) options.push({ value: "", label: t("notation.own", { name: preset ? said(preset.label, lang) : "" }) });
  const choosePreset = (/** @type {string} */ name) => name !== "" && actions.setNotation(name === first ? {} : { notation: name });
  return html`<${Dialog} title=${t("notation.title")} t=${t} wide=${true} close=${() => actions.openDialog(null)}>
    <p class="note">${t("notation.hint")}</p>
    <div class="nrow"><span class="nname">${t("notation.preset")}</span><${Select} label=${t("notation.preset")} value=${own ? "" : preset?.name ?? ""} options=${options} disabled=${disabled} choose=${choosePreset} /></div>
    ${preset ? html`<p class="note nabout">${said(preset.description, lang)} ${said(preset.source, lang)}</p>` : null}
    <div class="nfields">${notations.fields.map((field) => html`<div class="nrow" key=${field.name}><span class="nname">${said(field.label, lang)}</span>
      <div class="seg nseg ${WORDY.has(field.name) ? "wordy" : ""}" role="group" aria-label=${said(field.label, lang)} data-field=${field.name}>${field.choices.map((choice) => html`<button type="button" key=${choice.name} data-choice=${choice.name} title=${WORDY.has(field.name) || field.name === "difference" ? said(choice.label, lang) : undefined} disabled=${disabled}
        aria-pressed=${String(choices[field.name] === choice.name)} onClick=${() => actions.setNotation(withChoice(notation, field.name, choice.name, notations))}>
        ${WORDY.has(field.name) ? html`<span>${said(choice.label, lang)}</span>` : null}<${Tex} tex=${choice.tex} label=${WORDY.has(field.name) ? undefined : spoken(choice.tex, t)} /></button>`)}</div></div>`)}</div>
    <h3>${t("notation.preview")}</h3>
    <${Preview} microsteps=${microsteps} t=${t} />
    <h3>${t("notation.loss")}</h3>
    <${LossNote} catalog=${catalog} session=${session} microsteps=${microsteps} preset=${preset} lang=${lang} t=${t} actions=${actions} />
    <p class="dlga end"><button type="button" class="btn" disabled=${disabled || Object.keys(notation).length === 0} onClick=${() => actions.setNotation({})}><${Icon} name="reset" />${t("notation.reset")}</button></p>
  <//>`;
}

/** @param {string} tex @param {Translate} t */
const spoken = (tex, t) => texInWords(tex, () => "", (key) => t(`equation.words.${key}`));

/**
 * A net input, an activation, the factors and the update of one weight: real equations of the network shown.
 * @param {{microsteps: any, t: Translate}} props
 */
function Preview({ microsteps, t }) {
  /** @type {import("../lib/refs.js").LineRecord[]} */
  const lines = (microsteps?.microsteps ?? []).flatMap((/** @type {any} */ step) => step.lines);
  const wanted = [/^z\./, /^a\./, /^(e|e\.0)$/, /^up\./, /^gw\./, /^nw\./];
  const found = wanted.flatMap((pattern) => lines.find((line) => pattern.test(line.result_ref) && line.formula !== "") ?? []);
  return html`<div class="npreview">${found.map((line) => {
    const tex = `${line.symbol}${["update", "state"].includes(line.kind) ? "\\leftarrow " : "="}${line.formula}`;
    return html`<div key=${line.result_ref} data-ref=${line.result_ref}><${Tex} tex=${linear(tex)} label=${spoken(tex, t)} /></div>`;
  })}</div>`;
}

/**
 * The half, the sum and the mean belong to the loss: they change numbers, so they are set elsewhere.
 * @param {{catalog: any, session: import("../types.js").Session, microsteps: any, preset: import("../lib/notation.js").Preset | undefined, lang: string, t: Translate, actions: any}} props
 */
function LossNote({ catalog, session, microsteps, preset, lang, t, actions }) {
  const { name, coefficient, outputs, batch } = session.training.loss;
  /** @type {import("../types.js").LossForm[]} */
  const forms = catalog.losses.flatMap((/** @type {import("../types.js").LossEntry} */ entry) => entry.forms);
  const present = catalog.losses.find((/** @type {import("../types.js").LossEntry} */ one) => one.name === name)?.forms
    .find((/** @type {import("../types.js").LossForm} */ form) => form.coefficient === coefficient && form.outputs === outputs && form.batch === batch);
  const others = preset && preset.losses.length > 0 && !preset.losses.includes(present?.name ?? "") ? preset.losses : [];
  const named = others.map((one) => forms.find((form) => form.name === one)).flatMap((form) => (form ? [said(form.label, lang)] : []));
  const tex = microsteps?.notation?.loss;
  return html`<p class="nloss">${tex ? html`<${Tex} tex=${tex} display=${true} label=${spoken(tex, t)} />` : null}<span>${present ? said(present.label, lang) : t("setup.ownConventions")}</span></p>
    ${named.length > 0 ? html`<p class="note differs"><${Icon} name="warn" /><span>${t("notation.otherLoss", { form: named.join(", ") })}</span></p>` : null}
    <p class="note">${t("notation.lossHint")}</p>
    <p class="dlga"><button type="button" class="btn" onClick=${actions.openLossSetting}>${t("notation.changeLoss")}</button></p>`;
}
