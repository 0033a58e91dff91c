// @ts-check
/** What is raced on, from where, and who runs. */
import { h } from "preact";
import htm from "htm";
import { looks } from "../../lib/descent.js";
import { FieldMessage, NumberField, ParameterRows, Select } from "../setup_fields.js";
import { Presets, TextField } from "../lab_parts.js";
import { Tex } from "../tex.js";
import { Mark } from "./descent_marks.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const RATE = { minimum: 0, maximum: 1e6, exclusive_minimum: true, exclusive_maximum: false, integer: false };
const PLACE = { minimum: -1e6, maximum: 1e6, exclusive_minimum: false, exclusive_maximum: false, integer: false };
const whole = (/** @type {number} */ minimum, /** @type {number} */ maximum) => ({ minimum, maximum, exclusive_minimum: false, exclusive_maximum: false, integer: true });
/** What a new surface decides by itself. */
export const FRESH = { expression: null, start: null, steps: null, runs: null, points: null, x_range: null, y_range: null, told: 0 };

/** @param {LabProps} props */
export function RaceSetup(props) {
  const { request, reply, presets, catalog, errors, disabled, lang, t, actions } = props;
  const loss = request.points !== null;
  const surfaces = catalog.surfaces.map((/** @type {any} */ one) => ({ value: one.name, label: one.label[lang] }));
  const known = catalog.surfaces.find((/** @type {any} */ one) => one.name === request.surface);
  const field = (/** @type {string} */ name, /** @type {any} */ range, /** @type {(value: number) => any} */ patch, /** @type {number} */ value = request[name]) => html`<${NumberField} id=${`field-${name.replaceAll(".", "-")}`} label=${t(`descent.${name}`)} value=${value} range=${range}
    error=${errors[name] ?? null} disabled=${disabled} t=${t} commit=${(/** @type {number} */ next) => actions.change(patch(next))} forgive=${() => actions.forgive(name)} />`;
  return html`<${Presets} ...${props} presets=${presets.filter((one) => one.mode === "race")} />
    <div class="blk"><h2>${t("descent.function")}</h2>
      <${Select} id="surface" label=${t("descent.surface")} value=${request.surface} options=${surfaces} disabled=${disabled} choose=${(/** @type {string} */ name) => actions.change({ ...FRESH, surface: name })} />
      ${loss ? html`<div class="dtex"><${Tex} tex=${`L=${reply.surface.tex}`} label=${known?.label[lang]} /></div>`
        : html`<${TextField} field="expression" label=${t("descent.function")} value=${request.expression ?? known?.expression ?? ""} errors=${errors} disabled=${disabled} t=${t} actions=${actions}
            patch=${(/** @type {string} */ text) => ({ surface: "typed", expression: text })} />`}
      <div class="fld pairs"><span>${t("descent.startShort")}</span><span class="pair">${[0, 1].map((k) => html`<${NumberField} key=${k} id=${`field-start-${k}`} label=${t("descent.startOf", { name: names(loss)[k] ?? "" })} value=${request.start[k]} range=${PLACE} error=${errors[`start.${k}`] ?? null} disabled=${disabled} t=${t}
        commit=${(/** @type {number} */ value) => actions.change({ start: k === 0 ? [value, request.start[1]] : [request.start[0], value] })} />`)}</span></div>
      <div class="fld long"><span>${t("descent.steps")}</span>${field("steps", whole(1, 1000), (steps) => ({ steps }))}</div>
      ${loss ? html`<div class="fld long"><span>${t("descent.count")}</span>${field("count", whole(2, 200), (count) => ({ count, points: null }), reply.points?.length ?? request.count)}</div>
        <div class="fld long"><span>${t("descent.noise")}</span>${field("noise", { ...PLACE, minimum: 0, maximum: 100 }, (noise) => ({ noise, points: null }))}</div>
        <div class="fld long"><span>${t("descent.seed")}</span>${field("seed", whole(0, Number.MAX_SAFE_INTEGER), (seed) => ({ seed, points: null }))}</div>
        <div class="fld long"><span>${t("descent.batch_size")}</span>${field("batch_size", whole(1, 200), (batch_size) => ({ batch_size }))}</div>` : null}
    </div>
    <${Runs} ...${props} />`;
}

/** @param {boolean} loss */
const names = (loss) => (loss ? ["w₀", "w₁"] : ["x", "y"]);

/** @param {LabProps} props */
function Runs({ request, catalog, errors, disabled, lang, t, actions }) {
  const { runs } = request;
  const loss = request.points !== null;
  const styles = looks(runs);
  const told = runs[request.told];
  const entry = catalog.optimizers.find((/** @type {any} */ one) => one.name === told?.optimizer);
  const absent = catalog.optimizers.filter((/** @type {any} */ one) => !runs.some((/** @type {any} */ run) => run.optimizer === one.name));
  const put = (/** @type {number} */ k, /** @type {any} */ patch) => actions.change({ runs: runs.map((/** @type {any} */ run, /** @type {number} */ place) => (place === k ? { ...run, ...patch } : run)) }, { keepAt: true });
  return html`<div class="blk druns"><h2>${t("descent.runs")}</h2>
    <table class="druntable"><thead><tr><th scope="col">${t("descent.optimizer")}</th>${loss ? html`<th scope="col">${t("descent.batch")}</th>` : null}<th scope="col"><i>η</i></th></tr></thead>
      <tbody>${runs.map((/** @type {any} */ run, /** @type {number} */ k) => html`<tr key=${`${k}${run.optimizer}`}>
        <th scope="row"><label><input type="checkbox" checked disabled=${disabled || runs.length === 1} onChange=${() => actions.change({ runs: runs.filter((/** @type {any} */ _, /** @type {number} */ place) => place !== k), told: 0 }, { keepAt: true })} /><${Mark} look=${styles[k] ?? "sgd"} />${t(`descent.name.${run.optimizer}`)}</label></th>
        ${loss ? html`<td><${Select} label=${t("descent.batchOf", { name: t(`descent.name.${run.optimizer}`) })} value=${run.batch} disabled=${disabled} choose=${(/** @type {string} */ batch) => put(k, { batch })}
          options=${["full", "mini", "one"].map((value) => ({ value, label: t(`descent.batch.${value}`) }))} /></td>` : null}
        <td><${NumberField} id=${`field-runs-${k}-rate`} label=${t("descent.rateOf", { name: t(`descent.name.${run.optimizer}`) })} value=${run.parameters.learning_rate} range=${RATE} disabled=${disabled} t=${t}
          commit=${(/** @type {number} */ value) => put(k, { parameters: { ...run.parameters, learning_rate: value } })} /></td></tr>`)}
      ${absent.map((/** @type {any} */ one) => html`<tr key=${one.name} class="off"><th scope="row"><label><input type="checkbox" disabled=${disabled || runs.length >= 8} onChange=${() => actions.change({ runs: [...runs, { optimizer: one.name }] }, { keepAt: true })} />${t(`descent.name.${one.name}`)}</label></th>${loss ? html`<td></td>` : null}<td></td></tr>`)}</tbody></table>
    <${FieldMessage} id="field-runs-message" message=${Object.entries(errors).find(([key]) => key.startsWith("runs"))?.[1]} />
    ${entry && entry.parameters.length > 1 ? html`<details class="more"><summary>${t("descent.parametersOf", { name: t(`descent.name.${told.optimizer}`) })}</summary>
      <${ParameterRows} id=${`runs.${request.told}.parameters`} parameters=${entry.parameters.filter((/** @type {any} */ one) => one.name !== "learning_rate")} values=${told.parameters} errors=${errors} lang=${lang} disabled=${disabled} t=${t}
        commit=${(/** @type {string} */ name, /** @type {number} */ value) => put(request.told, { parameters: { ...told.parameters, [name]: value } })} forgive=${actions.forgive} /></details>` : null}</div>`;
}
