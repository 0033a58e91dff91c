// @ts-check
/** The Regression lab's set-up: points, the loss's convention, where and how descent goes. */
import { h } from "preact";
import htm from "htm";
import { formatNumber } from "../../lib/format.js";
import { WEIGHTS } from "../../lib/regression.js";
import { htmlSymbol } from "../../lib/symbols.js";
import { Icon } from "../icons.js";
import { Presets, Slide } from "../lab_parts.js";
import { FieldMessage, NumberField, ParameterRows, Segments, Select } from "../setup_fields.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const COORDINATE = { minimum: -1e6, maximum: 1e6, exclusive_minimum: false, exclusive_maximum: false, integer: false };
const WEIGHT = { ...COORDINATE, minimum: -1e9, maximum: 1e9 };
const STEPS = { ...COORDINATE, minimum: 1, maximum: 1000, integer: true };
const SIZE = { ...STEPS, maximum: 200 };
const SEED = { ...STEPS, minimum: 0, maximum: 2 ** 53 - 1 };
/** More points than that are not listed as fields. */
const LISTED = 30;
const CONVENTIONS = /** @type {const} */ (["mean", "sum", "half_sum", "half_mean"]);
const MODES = /** @type {const} */ (["full", "mini", "one"]);

/** @param {LabProps} props */
export function Setup(props) {
  const { request, reply, errors, lang, disabled, t, actions } = props;
  const { convention, stability } = reply;
  const change = (/** @type {Record<string, any>} */ patch) => actions.change(patch);
  const limit = stability.limit;
  return html`<${Presets} ...${props} />
    <${Points} ...${props} />
    <div class="blk"><h2>${t("regression.loss")}</h2>
      <${Select} id="convention" label=${t("regression.loss")} value=${request.convention} disabled=${disabled} invalid=${Boolean(errors.convention)} choose=${(/** @type {string} */ name) => change({ convention: name })}
        options=${CONVENTIONS.map((name) => ({ value: name, label: t(`regression.convention.${name}`) }))} />
      <p class="desc" id="convention-note">${lang === "ko" ? convention.note.ko : convention.note.en}</p></div>
    <div class="blk"><h2>${t("regression.descent")}</h2>
      <div class="fld"><span>${t("regression.start")} ${htmlSymbol(WEIGHTS[0])}</span><${NumberField} id="start-w0" label=${t("regression.startOf", { name: "w₀" })} value=${request.start.w0} range=${WEIGHT} error=${errors["start.w0"] ?? null} disabled=${disabled} t=${t} commit=${(/** @type {number} */ w0) => change({ start: { ...request.start, w0 } })} forgive=${() => actions.forgive("start.w0")} /></div>
      <div class="fld"><span>${t("regression.start")} ${htmlSymbol(WEIGHTS[1])}</span><${NumberField} id="start-w1" label=${t("regression.startOf", { name: "w₁" })} value=${request.start.w1} range=${WEIGHT} error=${errors["start.w1"] ?? null} disabled=${disabled} t=${t} commit=${(/** @type {number} */ w1) => change({ start: { ...request.start, w1 } })} forgive=${() => actions.forgive("start.w1")} /></div>
      <${Slide} field="learning_rate" symbol=${{ base: "η", sub: "", sup: "" }} label=${t("regression.rate")} value=${request.learning_rate} minimum=${slider(limit).least} maximum=${slider(limit).most} step=${slider(limit).least} patch=${(/** @type {number} */ rate) => ({ learning_rate: rate })} errors=${errors} disabled=${disabled} t=${t} actions=${actions} />
      <p class="desc rlimit ${stability.verdict}" id="rate-verdict"><${Icon} name=${stability.verdict === "good" ? "check" : "warn"} />${t(`regression.verdict.${stability.verdict}`)} ${t("regression.limit", { limit: formatNumber(limit, 4) })}${request.batch.mode === "full" ? "" : ` ${t("regression.batchNote")}`}</p>
      <div class="fld"><span>${t("regression.steps")}</span><${NumberField} id="steps" label=${t("regression.steps")} value=${request.steps} range=${STEPS} error=${errors.steps ?? null} disabled=${disabled} t=${t} commit=${(/** @type {number} */ steps) => change({ steps })} forgive=${() => actions.forgive("steps")} /></div>
      <div class="fld"><span>${t("regression.batch")}</span><${Segments} label=${t("regression.batch")} value=${request.batch.mode} disabled=${disabled} choose=${(/** @type {string} */ mode) => change({ batch: { ...request.batch, mode } })} options=${MODES.map((mode) => ({ value: mode, label: t(`regression.batch.${mode}`), title: t(`regression.batch.${mode}Text`) }))} /></div>
      ${request.batch.mode === "mini" ? html`<div class="fld"><span>${t("regression.size")}</span><${NumberField} id="batch-size" label=${t("regression.size")} value=${request.batch.size} range=${SIZE} error=${errors["batch.size"] ?? null} disabled=${disabled} t=${t} commit=${(/** @type {number} */ size) => change({ batch: { ...request.batch, size } })} forgive=${() => actions.forgive("batch.size")} /></div>` : null}
      ${request.batch.mode === "full" ? null : html`<${Seed} id="batch-seed" value=${request.batch.seed} set=${(/** @type {number} */ seed) => change({ batch: { ...request.batch, seed } })} field="batch.seed" errors=${errors} disabled=${disabled} t=${t} actions=${actions} />`}
      <${FieldMessage} id="line-message" message=${errors.line} />
    </div>`;
}

/**
 * A slider up to a little beyond the largest stable rate, in round steps.
 * @param {number} limit
 */
function slider(limit) {
  const unit = 10 ** Math.floor(Math.log10(limit / 20));
  const least = [1, 2, 5, 10].map((k) => k * unit).find((k) => k >= limit / 50) ?? unit;
  return { least: Number(least.toPrecision(3)), most: Number((Math.ceil((1.25 * limit) / least) * least).toPrecision(6)) };
}

/** @param {{id: string, value: number, set: (seed: number) => unknown, field: string} & Pick<LabProps, "errors" | "disabled" | "t" | "actions">} props */
function Seed({ id, value, set, field, errors, disabled, t, actions }) {
  return html`<div class="fld"><span>${t("regression.seed")}</span><span class="seedf"><${NumberField} id=${id} label=${t("regression.seed")} value=${value} range=${SEED} error=${errors[field] ?? null} disabled=${disabled} t=${t} commit=${set} forgive=${() => actions.forgive(field)} />
    <button type="button" class="btn" aria-label=${t("regression.again")} title=${t("regression.again")} disabled=${disabled} onClick=${() => set(value + 1)}><${Icon} name="dice" /></button></span></div>`;
}

/** @param {LabProps} props */
function Points(props) {
  const { request, reply, catalog, errors, lang, disabled, t, actions } = props;
  const points = /** @type {[number, number][]} */ (request.points ?? reply.points);
  const generators = /** @type {any[]} */ (catalog.labs?.regression?.choices?.generator ?? []);
  const drawn = request.generator;
  const entry = generators.find((one) => one.name === drawn?.name);
  const options = [{ value: "", label: t("regression.points.own") }, ...generators.map((one) => ({ value: one.name, label: lang === "ko" ? one.label.ko : one.label.en }))];
  const change = (/** @type {Record<string, any>} */ patch) => actions.change(patch, { deed: "data" });
  const own = (/** @type {[number, number][]} */ next) => change({ points: next, generator: null });
  const choose = (/** @type {string} */ name) => (name === "" ? own(points) : change({ points: null, generator: { name, parameters: {}, seed: 0 } }));
  return html`<div class="blk" id="points"><h2>${t("regression.points")}<small>${t("regression.points.count", { n: points.length })}</small></h2>
    <${Select} id="generator" label=${t("regression.points")} value=${drawn?.name ?? ""} options=${options} disabled=${disabled} choose=${choose} />
    ${entry ? html`<${ParameterRows} id="generator.parameters" parameters=${entry.parameters} values=${drawn.parameters} errors=${errors} lang=${lang} disabled=${disabled} t=${t} commit=${(/** @type {string} */ name, /** @type {number} */ value) => change({ generator: { ...drawn, parameters: { ...drawn.parameters, [name]: value } } })} forgive=${actions.forgive} />
      <${Seed} id="generator-seed" value=${drawn.seed} set=${(/** @type {number} */ seed) => change({ generator: { ...drawn, seed } })} field="generator.seed" errors=${errors} disabled=${disabled} t=${t} actions=${actions} />` : null}
    ${!entry && points.length <= LISTED ? html`<table class="rpts"><thead><tr><th></th><th scope="col"><i class="m">x</i></th><th scope="col"><i class="m">y</i></th><th></th></tr></thead>
      <tbody>${points.map((point, k) => html`<tr key=${k}><th scope="row">${k + 1}</th>
        ${["x", "y"].map((name, c) => html`<td><${NumberField} id=${`point-${k + 1}-${name}`} label=${t("regression.points.of", { name, n: k + 1 })} value=${point[c]} range=${COORDINATE} error=${errors[`points.${k}.${c}`] ?? null} disabled=${disabled} t=${t}
          commit=${(/** @type {number} */ value) => own(points.map((one, j) => (j === k ? /** @type {[number, number]} */ (one.map((old, d) => (d === c ? value : old))) : one)))} forgive=${() => actions.forgive(`points.${k}.${c}`)} /></td>`)}
        <td class="rm"><button type="button" aria-label=${t("regression.points.remove", { n: k + 1 })} title=${t("regression.points.remove", { n: k + 1 })} disabled=${disabled || points.length < 2} onClick=${() => own(points.filter((_, j) => j !== k))}><${Icon} name="close" /></button></td></tr>`)}</tbody></table>` : null}
    ${entry ? null : html`<button type="button" class="addrow" id="add-point" disabled=${disabled || points.length >= 200} onClick=${() => own([...points, added(points)])}><${Icon} name="plus" />${t("regression.points.add")}</button>`}
    <${FieldMessage} id="points-message" message=${errors.points ?? errors.generator} /></div>`;
}

/** A new point, a step right of the last one. @param {[number, number][]} points @returns {[number, number]} */
function added(points) {
  const [x, y] = points.at(-1) ?? [0, 0];
  return [Math.min(1e6, x + 1), y];
}
