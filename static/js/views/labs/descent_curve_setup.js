// @ts-check
/** What is descended in one variable: function, start, learning rate, when to stop. */
import { h } from "preact";
import htm from "htm";
import { formatGiven } from "../../lib/format.js";
import { FieldMessage, NumberField } from "../setup_fields.js";
import { Presets, Slide, TextField } from "../lab_parts.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const RATE = { minimum: 0, maximum: 1e6, exclusive_minimum: true, exclusive_maximum: false, integer: false };
const TOLERANCE = { ...RATE, exclusive_minimum: false };
const STEPS = { minimum: 1, maximum: 1000, exclusive_minimum: false, exclusive_maximum: false, integer: true };

/** @param {LabProps} props */
export function CurveSetup(props) {
  const { request, reply, presets, errors, disabled, t, actions } = props;
  const common = { errors, disabled, t, actions };
  const number = (/** @type {string} */ field, /** @type {typeof RATE} */ range, /** @type {any} */ extra = {}) => html`<${NumberField} id=${`field-${field.replaceAll(".", "-")}`} label=${t(`descent.${field}`)} value=${request[field]} range=${range}
    error=${errors[field] ?? null} disabled=${disabled} t=${t} commit=${(/** @type {number} */ value) => actions.change({ [field]: value })} forgive=${() => actions.forgive(field)} ...${extra} />`;
  const reach = Math.max(10, Math.abs(request.start));
  const fastest = Math.max(1.2, request.learning_rate);
  return html`<${Presets} ...${props} presets=${presets.filter((one) => one.mode === "curve")} />
    <div class="blk"><h2>${t("descent.function")}</h2>
      <${TextField} ...${common} field="expression" label=${t("descent.function")} value=${request.expression} patch=${(/** @type {string} */ text) => ({ expression: text, x_range: null })} />
      <p class="desc">${t("descent.functionHint")}</p></div>
    <div class="blk"><h2>${t("descent.path")}</h2>
      <${Slide} ...${common} field="start" symbol=${{ base: "x", sub: "0", sup: "" }} label=${t("descent.start")} value=${request.start} minimum=${-reach} maximum=${reach} step=${0.1} patch=${(/** @type {number} */ value) => ({ start: value })} />
      <${Slide} ...${common} field="learning_rate" symbol=${{ base: "η", sub: "", sup: "" }} label=${t("descent.rate")} value=${request.learning_rate} minimum=${0.005} maximum=${fastest} step=${0.005} patch=${(/** @type {number} */ value) => ({ learning_rate: value })} />
      <div class="fld long"><span>${t("descent.steps")}</span>${number("steps", STEPS)}</div>
      <div class="fld long"><span>${t("descent.tolerance")}</span>${number("tolerance", TOLERANCE)}</div>
    </div>
    <div class="blk"><h2>${t("descent.rates")}</h2>
      <div class="rates3">${request.rates.map((/** @type {number} */ rate, /** @type {number} */ k) => html`<${NumberField} key=${k} id=${`field-rates-${k}`} label=${t("descent.rateNumber", { n: k + 1 })} value=${rate} range=${RATE} disabled=${disabled} t=${t}
        commit=${(/** @type {number} */ value) => actions.change({ rates: request.rates.map((/** @type {number} */ one, /** @type {number} */ place) => (place === k ? value : one)) }, { keepAt: true })} />`)}</div>
      <${FieldMessage} id="field-rates-message" message=${errors.rates} />
      ${reply.curve.minima.filter((/** @type {any} */ one) => one.largest_rate !== null).slice(0, 3).map((/** @type {any} */ one) => html`<p class="desc" key=${one.x}>${t("descent.converges", { x: formatGiven(one.x, 4), rate: formatGiven(one.largest_rate, 4) })}</p>`)}
    </div>`;
}
