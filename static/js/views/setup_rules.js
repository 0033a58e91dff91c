// @ts-check
/** The fields of penalties, dropout, clipping and the learning rate's schedule; loaded when they are unfolded. */
import { h } from "preact";
import htm from "htm";
import { HIDDEN, formatGiven } from "../lib/format.js";
import { FieldMessage, NumberField, ParameterRows, Select } from "./setup_fields.js";
import { Term } from "./term.js";
import { Tex } from "./tex.js";

/** @typedef {import("./setup.js").Props} Props */

const html = htm.bind(h);
/** More digits of a rate than this are not read beside its field. */
const RATE_DIGITS = 6;

/** @param {Props} props */
export function RuleFields(props) {
  const { session, rate, catalog, errors, lang, disabled, t, actions } = props;
  const { training } = session;
  /** @param {string} name @param {number} value */
  const penalise = (name, value) => actions.editTraining({ regularization: { [name]: value } }, `regularization.${name}`);
  return html`${catalog.penalties.map(({ name, parameters }) => html`<div key=${name} class="fld"><span><${Term} name=${name} t=${t}>${t(`regularization.${name}.short`)}<//> <i class="m">λ<sub>${name.slice(1)}</sub></i></span>
      <${NumberField} id=${`regularization-${name}`} label=${label(parameters[0], lang)} value=${training.regularization[name] ?? 0} range=${parameters[0] ?? null} error=${errors[`regularization.${name}`] ?? null} disabled=${disabled} t=${t}
        commit=${(/** @type {number} */ value) => penalise(name, value)} forgive=${() => actions.setError(`regularization.${name}`, null)} /></div>`)}
    <div class="fld"><span><${Term} name="dropout" t=${t} /> <i class="m">p</i></span><${NumberField} id="dropout" label=${label(catalog.dropout, lang)} value=${training.dropout} range=${catalog.dropout} error=${errors.dropout ?? null} disabled=${disabled} t=${t}
      commit=${(/** @type {number} */ value) => actions.editTraining({ dropout: value }, "dropout")} forgive=${() => actions.setError("dropout", null)} /></div>
    ${training.dropout > 0 && session.network.layers.length < 2 ? html`<p class="note">${t("regularization.noHidden")}</p>` : null}
    <${Rule} ...${props} kind="clipping" entries=${catalog.clippings} chosen=${training.clipping} />
    <${Rule} ...${props} kind="schedule" entries=${catalog.schedules} chosen=${training.schedule} />
    ${training.schedule.name === "constant" ? null : html`<p class="note" id="effective-rate">${t("regularization.effective", { n: session.epoch })} <b class="num"><i class="m">${session.notation?.rate_symbol ?? "η"}</i> = ${rate === null ? HIDDEN : formatGiven(rate, RATE_DIGITS)}</b></p>`}`;
}

/**
 * A rule of the catalogue with its formula and its numbers.
 * @param {Props & {kind: "clipping" | "schedule", entries: import("../types.js").Rule[], chosen: import("../types.js").Choice}} props
 */
function Rule({ session, kind, entries, chosen, errors, lang, disabled, t, actions }) {
  const entry = entries.find((one) => one.name === chosen.name);
  const rate = session.notation?.rate_symbol === "α" ? "\\alpha" : "\\eta";
  return html`<div class="fld"><span><${Term} name=${kind} t=${t}>${t(`regularization.${kind}`)}<//></span><${Select} id=${kind} label=${t(`page.word.${kind}`)} value=${chosen.name} invalid=${Boolean(errors[kind])} disabled=${disabled}
      options=${entries.map((one) => ({ value: one.name, label: t(`regularization.${kind}.${one.name}`) }))} choose=${(/** @type {string} */ name) => actions.editTraining({ [kind]: { name } }, kind)} /></div>
    <${FieldMessage} id=${`${kind}-message`} message=${errors[kind]} />
    ${entry && entry.parameters.length > 0 ? html`<div class="formula"><${Tex} tex=${entry.tex.replaceAll("\\eta", rate)} /></div>
      <${ParameterRows} id=${kind} parameters=${entry.parameters} values=${chosen.parameters} errors=${errors} lang=${lang} disabled=${disabled} t=${t}
        commit=${(/** @type {string} */ name, /** @type {number} */ value) => actions.editTraining({ [kind]: { parameters: { [name]: value } } }, `${kind}.${name}`)} forgive=${(/** @type {string} */ field) => actions.setError(field, null)} />` : null}`;
}

/** @param {{label: {en: string, ko: string}} | undefined} parameter @param {string} lang */
const label = (parameter, lang) => (lang === "ko" ? parameter?.label.ko : parameter?.label.en) ?? "";
