// @ts-check
/** What is set in each topic of the Losses lab. */
import { h } from "preact";
import htm from "htm";
import { Presets, Slide } from "../lab_parts.js";
import { NumberField, Segments, Stepper } from "../setup_fields.js";
import { sym } from "./losses_parts.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const bounds = (/** @type {number} */ minimum, /** @type {number} */ maximum) => ({ minimum, maximum, exclusive_minimum: false, exclusive_maximum: false, integer: false });
const symbol = (/** @type {string} */ base, /** @type {string | number} */ sub = "") => ({ base, sub: String(sub), sup: "" });
/** @template T @param {T[]} list @param {number} at @param {T} value */
const put = (list, at, value) => list.map((old, k) => (k === at ? value : old));

/** @param {LabProps} props */
export function LossesSetup(props) {
  const { request } = props;
  const Topic = { softmax: SoftmaxSetup, binary: BinarySetup, likelihood: LikelihoodSetup, saturated: SaturatedSetup }[/** @type {"softmax"} */ (request.topic)];
  return html`<${Presets} ...${props} /><${Topic} ...${props} set=${(/** @type {Record<string, any>} */ more) => ({ [request.topic]: { ...request[request.topic], ...more } })} />`;
}

/** @typedef {LabProps & {set: (more: Record<string, any>) => Record<string, any>}} Props */

/** @param {Props} props */
function SoftmaxSetup(props) {
  const { request, set, errors, disabled, t, actions } = props;
  const own = request.softmax;
  const layer = own.source === "layer";
  const classes = layer ? own.weights[0].length : own.scores.length;
  /** A class more or fewer: new weights and scores are 0. */
  const setClasses = (/** @type {number} */ count) => {
    const fit = (/** @type {number[]} */ row) => Array.from({ length: count }, (_, k) => row[k] ?? 0);
    return actions.change(set({ weights: own.weights.map(fit), scores: fit(own.scores), target: Math.min(own.target, count - 1), vary: own.vary === null ? null : Math.min(own.vary, count - 1) }), { index: -1 });
  };
  return html`<div class="blk"><h2>${t("losses.scores")}</h2>
      <${Segments} label=${t("losses.source")} value=${own.source} disabled=${disabled} options=${["layer", "scores"].map((value) => ({ value, label: t(`losses.source.${value}`) }))}
        choose=${(/** @type {string} */ source) => actions.change(set({ source, ...(source === "layer" && own.weights[0].length <= own.target ? { target: 0, vary: null } : {}), ...(source === "scores" && own.scores.length <= own.target ? { target: 0, vary: null } : {}) }), { index: -1 })} />
      ${layer ? html`<${Layer} ...${props} />` : own.scores.map((/** @type {number} */ score, /** @type {number} */ k) => html`<${Slide} key=${k} field=${`softmax.scores.${k}`} symbol=${symbol("z", k + 1)} value=${score} minimum=${-6} maximum=${6} step=${0.01} limits=${[-1000, 1000]} ...${{ errors, disabled, t, actions }}
        patch=${(/** @type {number} */ value) => set({ scores: put(own.scores, k, value) })} />`)}
      <div class="fld"><span>${t("losses.classes")}</span><${Stepper} label=${t("losses.classes")} value=${classes} minimum=${2} maximum=${6} disabled=${disabled} fewer=${t("losses.fewer")} more=${t("losses.more")} change=${setClasses} /></div>
    </div>
    <div class="blk"><h2>${t("losses.temperature")}</h2>
      <${Slide} field="softmax.temperature" symbol=${symbol("T")} label=${t("losses.temperature")} value=${own.temperature} minimum=${0.1} maximum=${10} step=${0.1} limits=${[0.01, 100]} ...${{ errors, disabled, t, actions }} patch=${(/** @type {number} */ temperature) => set({ temperature })} /></div>
    <div class="blk"><h2>${t("losses.target")}</h2>
      <${Segments} label=${t("losses.target")} value=${String(own.target)} disabled=${disabled} options=${Array.from({ length: classes }, (_, k) => ({ value: String(k), label: t("losses.class", { n: k + 1 }) }))}
        choose=${(/** @type {string} */ value) => actions.change(set({ target: Number(value) }))} /></div>`;
}

/** Inputs as sliders, weights as a table. @param {Props} props */
function Layer({ request, set, errors, disabled, t, actions }) {
  const own = request.softmax;
  return html`${own.inputs.map((/** @type {number} */ input, /** @type {number} */ i) => html`<${Slide} key=${i} field=${`softmax.inputs.${i}`} symbol=${symbol("x", i + 1)} value=${input} minimum=${-3} maximum=${3} step=${0.1} limits=${[-10, 10]} ...${{ errors, disabled, t, actions }}
      patch=${(/** @type {number} */ value) => set({ inputs: put(own.inputs, i, value) })} />`)}
    <table class="lsw"><caption>${t("losses.weights")}</caption><thead><tr><th scope="col"><span class="sr">${t("losses.weights")}</span></th>${own.weights[0].map((/** @type {number} */ _, /** @type {number} */ k) => html`<th scope="col">${sym("z", k + 1)}</th>`)}</tr></thead>
      <tbody>${own.weights.map((/** @type {number[]} */ row, /** @type {number} */ i) => html`<tr key=${i}><th scope="row">${sym("x", i + 1)}</th>${row.map((weight, k) => {
        const field = `softmax.weights.${i}.${k}`;
        return html`<td><${NumberField} id=${`field-${field.replaceAll(".", "-")}`} label=${`w${i + 1}${k + 1}`} value=${weight} range=${bounds(-50, 50)} error=${errors[field] ?? null} disabled=${disabled} t=${t}
          commit=${(/** @type {number} */ value) => actions.change(set({ weights: put(own.weights, i, put(row, k, value)) }))} forgive=${() => actions.forgive(field)} /></td>`;
      })}</tr>`)}</tbody></table>`;
}

/** @param {Props} props */
function BinarySetup({ request, set, errors, disabled, t, actions }) {
  const own = request.binary;
  const shared = { errors, disabled, t, actions };
  return html`<div class="blk"><h2>${t("losses.prediction")}</h2>
      <${Segments} label=${t("losses.source")} value=${own.source} disabled=${disabled} options=${["net_input", "probability"].map((value) => ({ value, label: t(`losses.source.${value}`) }))}
        choose=${(/** @type {string} */ source) => actions.change(set({ source }), { index: -1 })} />
      ${own.source === "net_input"
        ? html`<${Slide} field="binary.net_input" symbol=${symbol("z")} value=${own.net_input} minimum=${-8} maximum=${8} step=${0.1} limits=${[-700, 700]} ...${shared} patch=${(/** @type {number} */ net_input) => set({ net_input })} />`
        : html`<${Slide} field="binary.probability" symbol=${symbol("y")} value=${own.probability} minimum=${0} maximum=${1} step=${0.01} ...${shared} patch=${(/** @type {number} */ probability) => set({ probability })} />`}</div>
    <div class="blk"><h2>${t("losses.target")}</h2><${Bit} label=${t("losses.target")} value=${own.target} disabled=${disabled} choose=${(/** @type {number} */ target) => actions.change(set({ target }))} /></div>`;
}

/** @param {{label: string, value: number, disabled: boolean, choose: (value: number) => unknown}} props */
function Bit({ label, value, disabled, choose }) {
  return html`<${Segments} label=${label} value=${String(value)} disabled=${disabled} options=${["0", "1"].map((one) => ({ value: one, label: one }))} choose=${(/** @type {string} */ one) => choose(Number(one))} />`;
}

/** @param {Props} props */
function LikelihoodSetup({ request, set, errors, disabled, t, actions }) {
  const own = request.likelihood;
  const points = own.targets.length;
  const setPoints = (/** @type {number} */ count) => actions.change(set({ targets: Array.from({ length: count }, (_, i) => own.targets[i] ?? i % 2), models: own.models.map((/** @type {number[]} */ row) => Array.from({ length: count }, (_, i) => row[i] ?? 0.5)) }), { index: -1 });
  const setModels = (/** @type {number} */ count) => actions.change(set({ models: Array.from({ length: count }, (_, m) => own.models[m] ?? own.targets.map(() => 0.5)) }), { index: -1 });
  return html`<div class="blk"><h2>${t("losses.points.head")}</h2>
      <table class="lsw"><caption>${t("losses.points.caption")}</caption><thead><tr><th scope="col">${t("losses.point")}</th><th scope="col">${sym("t")}</th>${own.models.map((/** @type {number[]} */ _, /** @type {number} */ m) => html`<th scope="col">${sym("p", "ABCD"[m])}</th>`)}</tr></thead>
        <tbody>${own.targets.map((/** @type {number} */ target, /** @type {number} */ i) => html`<tr key=${i}><th scope="row">${i + 1}</th>
          <td><button type="button" class="btn lsbit" aria-label=${t("losses.flip", { n: i + 1, target })} disabled=${disabled} onClick=${() => actions.change(set({ targets: put(own.targets, i, 1 - target) }))}>${target}</button></td>
          ${own.models.map((/** @type {number[]} */ row, /** @type {number} */ m) => {
            const field = `likelihood.models.${m}.${i}`;
            return html`<td><${NumberField} id=${`field-${field.replaceAll(".", "-")}`} label=${`p${i + 1} ${"ABCD"[m]}`} value=${row[i]} range=${bounds(0, 1)} error=${errors[field] ?? null} disabled=${disabled} t=${t}
              commit=${(/** @type {number} */ value) => actions.change(set({ models: put(own.models, m, put(row, i, value)) }))} forgive=${() => actions.forgive(field)} /></td>`;
          })}</tr>`)}</tbody></table>
      <div class="fld"><span>${t("losses.points.head")}</span><${Stepper} label=${t("losses.points")} value=${points} minimum=${1} maximum=${12} disabled=${disabled} fewer=${t("losses.fewer")} more=${t("losses.more")} change=${setPoints} /></div>
      <div class="fld"><span>${t("losses.models.head")}</span><${Stepper} label=${t("losses.models")} value=${own.models.length} minimum=${1} maximum=${3} disabled=${disabled} fewer=${t("losses.fewer")} more=${t("losses.more")} change=${setModels} /></div></div>`;
}

/** @param {Props} props */
function SaturatedSetup({ request, set, errors, disabled, t, actions }) {
  const own = request.saturated;
  const shared = { errors, disabled, t, actions };
  return html`<div class="blk"><h2>${t("losses.neuron")}</h2>
      <${Slide} field="saturated.weight" symbol=${symbol("w")} value=${own.weight} minimum=${-10} maximum=${10} step=${0.1} limits=${[-50, 50]} ...${shared} patch=${(/** @type {number} */ weight) => set({ weight })} />
      <${Slide} field="saturated.bias" symbol=${symbol("b")} value=${own.bias} minimum=${-10} maximum=${10} step=${0.1} limits=${[-50, 50]} ...${shared} patch=${(/** @type {number} */ bias) => set({ bias })} />
      <${Slide} field="saturated.input" symbol=${symbol("x")} value=${own.input} minimum=${-5} maximum=${5} step=${0.1} ...${shared} patch=${(/** @type {number} */ input) => set({ input })} /></div>
    <div class="blk"><h2>${t("losses.target")}</h2><${Bit} label=${t("losses.target")} value=${own.target} disabled=${disabled} choose=${(/** @type {number} */ target) => actions.change(set({ target }))} /></div>
    <div class="blk"><h2>${t("losses.training")}</h2>
      <${Slide} field="saturated.learning_rate" symbol=${symbol("η")} label=${t("losses.rate")} value=${own.learning_rate} minimum=${0.1} maximum=${10} step=${0.1} ...${shared} patch=${(/** @type {number} */ learning_rate) => set({ learning_rate })} />
      <div class="fld"><span>${t("losses.steps")}</span><${NumberField} id="field-saturated-steps" label=${t("losses.steps")} value=${own.steps} range=${{ ...bounds(0, 300), integer: true }} error=${errors["saturated.steps"] ?? null} disabled=${disabled} t=${t}
        commit=${(/** @type {number} */ steps) => actions.change(set({ steps }))} forgive=${() => actions.forgive("saturated.steps")} /></div></div>`;
}
