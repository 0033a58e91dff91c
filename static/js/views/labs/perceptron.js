// @ts-check
/** The perceptron lab: one neuron that learns (mode "learn"), and XOR from three neurons (mode "xor"). */
import { h } from "preact";
import htm from "htm";
import { formatGiven } from "../../lib/format.js";
import { between, neuronOf, resultsUpTo, updated } from "../../lib/perceptron.js";
import { plainSymbol } from "../../lib/symbols.js";
import { Presets, Slide } from "../lab_parts.js";
import { FieldMessage, NumberField, Segments, Select } from "../setup_fields.js";
import { Tex } from "../tex.js";
import { NeuronPicture, RADII } from "./perceptron_neuron.js";
import { Plane } from "./perceptron_plane.js";
import { Key, Modes, useAside } from "./perceptron_parts.js";
import { Epochs, Proof } from "./perceptron_proof.js";
import { TruthTable } from "./perceptron_table.js";
import { XorReadings, XorSetup, XorStage } from "./perceptron_xor.js";

/** @typedef {import("../lab.js").LabProps} LabProps */
/** @typedef {import("../../lib/perceptron.js").Point} Point */

const html = htm.bind(h);
/** The sliders reach the usual numbers, the fields all that are allowed. */
const LIMITS = /** @type {const} */ ([-1e6, 1e6]);
const RATE = { minimum: 0, maximum: 100, exclusive_minimum: true, exclusive_maximum: false, integer: false };
const EPOCHS = { minimum: 1, maximum: 200, exclusive_minimum: false, exclusive_maximum: false, integer: true };

/** @param {LabProps} props */
export const Setup = (props) => (props.mode === "xor" ? html`<${XorSetup} ...${props} />` : html`<${LearnSetup} ...${props} />`);
/** @param {LabProps} props */
export const Stage = (props) => (props.mode === "xor" ? html`<${XorStage} ...${props} />` : html`<${LearnStage} ...${props} />`);
/** @param {LabProps} props */
export const Readings = (props) => (props.mode === "xor" ? html`<${XorReadings} ...${props} />` : html`<${LearnReadings} ...${props} />`);

/** The state that is shown: that before the iteration until all its new values are told. @param {LabProps} props */
function shownState({ reply, microsteps, index }) {
  const isNew = updated(resultsUpTo(microsteps, index));
  const state = isNew ? reply.after : reply.before;
  return { ...state, isNew, neuron: neuronOf(microsteps, isNew, state.neuron) };
}

/** Whether a neuron's numbers are all there. @param {any} neuron */
const whole = (neuron) => neuron.bias !== null && neuron.weights.every((/** @type {number | null} */ weight) => weight !== null);

/** @param {LabProps} props */
function LearnSetup(props) {
  const { request, reply, catalog, lang, errors, disabled, symbolOf, t, actions } = props;
  const choices = catalog.labs.perceptron.choices;
  const say = (/** @type {{en: string, ko: string}} */ label) => (lang === "ko" ? label.ko : label.en);
  const { neuron } = shownState(props);
  const free = whole(neuron) ? neuron : neuronOf(props.microsteps, false, reply.before.neuron);
  const tables = choices.data.map((/** @type {any} */ one) => ({ value: one.name, label: say(one.label) }));
  if (request.data.name === null) tables.unshift({ value: "", label: t("perceptron.own") });
  const slide = (/** @type {number} */ at) => {
    const bias = at === 2;
    const ref = bias ? "b" : `w.${at}`;
    const value = bias ? free.bias : free.weights[at];
    return html`<${Slide} key=${ref} field=${bias ? "bias" : `weights.${at}`} symbol=${symbolOf(ref)} value=${value ?? 0} hidden=${value === null} minimum=${-3} maximum=${3} step=${0.1} limits=${LIMITS}
      patch=${(/** @type {number} */ next) => ({ weights: free.weights.map((/** @type {number} */ weight, /** @type {number} */ place) => (place === at ? next : weight)), bias: bias ? next : free.bias, line: null })} ...${{ errors, disabled, t, actions }} />`;
  };
  return html`<${Presets} ...${props} presets=${props.presets.filter((one) => one.mode !== "xor")} />
    <div class="blk"><h2>${t("perceptron.data")}</h2>
      <${Select} id="field-data-name" label=${t("perceptron.data")} value=${request.data.name ?? ""} options=${tables} disabled=${disabled} choose=${(/** @type {string} */ name) => name && actions.change({ data: { name } }, { index: -1 })} />
      <p class="desc">${t("perceptron.dataNote")}</p><${FieldMessage} id="field-data-message" message=${errors.data} /></div>
    <div class="blk"><h2>${t("perceptron.rule")}</h2>
      <${Segments} label=${t("perceptron.rule")} value=${request.rule} disabled=${disabled} options=${choices.rule.map((/** @type {any} */ one) => ({ value: one.name, label: t(`perceptron.rule.${one.name}`), title: say(one.label) }))} choose=${(/** @type {string} */ rule) => rule !== request.rule && actions.change({ rule }, { index: -1 })} />
      <p class="pcrule">${reply.rule.tex.split(",\\quad ").map((/** @type {string} */ tex) => html`<${Tex} key=${tex} tex=${tex} label=${say(reply.rule.label)} />`)}</p>
      <p class="desc">${t(`perceptron.ruleNote.${request.rule}`)} <span class="pcsource">${reply.rule.source}</span></p>
      <div class="fld long"><span>${t("perceptron.rate")} <i class="m">η</i></span><${NumberField} id="field-learning_rate" label=${t("perceptron.rate")} value=${request.learning_rate} range=${RATE} error=${errors.learning_rate ?? null} disabled=${disabled} t=${t}
        commit=${(/** @type {number} */ value) => actions.change({ learning_rate: value })} forgive=${() => actions.forgive("learning_rate")} /></div>
      <div class="fld long"><span>${t("perceptron.epochs")}</span><${NumberField} id="field-epochs" label=${t("perceptron.epochs")} value=${request.epochs} range=${EPOCHS} error=${errors.epochs ?? null} disabled=${disabled} t=${t}
        commit=${(/** @type {number} */ value) => actions.change({ epochs: value }, { keepAt: true })} forgive=${() => actions.forgive("epochs")} /></div></div>
    <div class="blk"><h2>${t("perceptron.neuron")}</h2>${[0, 1, 2].map(slide)}
      <p class="desc">${t("perceptron.slidersNote")}</p></div>`;
}

/** @param {LabProps} props */
function LearnStage(props) {
  const { reply, view, step, index, microsteps, hiding, variant, symbolOf, decimals, hover, disabled, t, actions } = props;
  const aside = useAside(variant);
  const known = resultsUpTo(microsteps, index);
  const state = shownState(props);
  const { isNew, neuron } = state;
  const focus = new Set(step?.focus ?? []);
  const inputs = reply.inputs[reply.sample];
  const samples = reply.inputs.length;
  const { line } = state;
  const updating = step?.phase === "update" && !isNew && !hiding && reply.path.changed[reply.at];
  const street = view.street && reply.separability.widest;
  const lines = [
    { line, kind: "now" },
    ...(updating ? [{ line: reply.after.line, kind: "next" }] : isNew && reply.path.changed[reply.at] ? [{ line: reply.before.line, kind: "was" }] : []),
    ...(street ? [{ line: street.line, kind: "street", name: t("perceptron.widest") }] : []),
    ...(view.trail ? reply.epochs.slice(0, reply.epoch - 1).map((/** @type {any} */ epoch) => ({ line: epoch.line, kind: `trail t${epoch.number}` })) : []),
  ];
  const dots = reply.inputs.map((/** @type {Point} */ place, /** @type {number} */ at) => ({ place, solid: reply.classes[at] === 1, current: at === reply.sample, wrong: state.right[at] === false && state.outputs[at] !== null }));
  const names = [symbolOf("x.0"), symbolOf("x.1")];
  const numbers = ["w.0", "w.1", "b"].map((ref, at) => `${plainSymbol(symbolOf(ref))} = ${formatGiven(at === 2 ? neuron.bias : neuron.weights[at], decimals)}`).join(", ");
  const handles = whole(neuron) && !disabled ? {
    move: (/** @type {Point} */ by) => ({ weights: neuron.weights, bias: neuron.bias, line: { move: by } }),
    through: (/** @type {Point[]} */ points) => ({ weights: neuron.weights, bias: neuron.bias, line: { through: points } }),
    drag: actions.drag, drop: () => actions.drop("line"), change: (/** @type {any} */ patch) => actions.change(patch, { deed: "line" }),
    words: { move: t("perceptron.grip.move"), turn: t("perceptron.grip.turn"), value: numbers },
  } : null;
  return html`<div class="labh"><h2>${t("perceptron.mode.learn")}</h2><p class="pcwhere">${t("perceptron.where", { epoch: reply.epoch, n: reply.sample + 1, count: samples })}</p><${Modes} ...${props} /></div>
    <div class="labbody pcstage">
      <div class="pcside-by">
        <${OneNeuron} ...${{ reply, neuron, inputs, known, focus, isNew, variant, hover, symbolOf, decimals, t, actions }} />
        ${aside ? null : html`<div class="pctablebox"><${TruthTable} ...${props} state=${state} /></div>`}
      </div>
      <div class="pcright"><${Plane} window=${reply.window} dots=${dots} lines=${lines} sides=${[line]} names=${names} handles=${handles} label=${t("perceptron.plane", { numbers })} />
        <p class="mapn"><span class="ke"><${Key} cls="pcside" />${t("perceptron.key.one")}</span><span class="ke"><${Key} cls="pcback" />${t("perceptron.key.zero")}</span>
          ${line.ends ? null : html`<span class="pcnoline">${t(neuron.weights.every((/** @type {number} */ weight) => weight === 0) ? "perceptron.noLine" : "perceptron.lineOutside")}</span>`}
          <button type="button" class="tog" aria-pressed=${String(Boolean(view.trail))} title=${t("perceptron.trailHint")} onClick=${() => actions.setView({ trail: !view.trail })}>${t("perceptron.trail")}</button></p></div>
    </div>`;
}

/** @param {any} props */
function OneNeuron({ reply, neuron, inputs, known, focus, isNew, variant, hover, symbolOf, decimals, t, actions }) {
  const small = variant === "small";
  const width = small ? 340 : 392;
  const height = 196;
  /** @type {Record<string, Point>} */
  const at = { x0: [24, 46], x1: [24, 146], one: [small ? 116 : 130, 176], y: [small ? 196 : 228, 92], t: [width - 24, 46], e: [width - 24, 148] };
  const spot = (/** @type {string} */ name) => /** @type {Point} */ (at[name]);
  const told = (/** @type {string} */ ref) => (known.has(ref) ? known.get(ref) : undefined);
  const wires = [0, 1].map((place) => ({ ref: `w.${place}`, from: spot(`x${place}`), to: spot("y"), fromRadius: RADII.input + 3, toRadius: RADII.neuron, value: neuron.weights[place], share: 0.43, product: { ref: `p.${place}`, value: isNew ? undefined : told(`p.${place}`) } }));
  const error = reply.rule.name === "adaline" ? "loss" : "e";
  const bodies = [
    { ref: "x.0", at: spot("x0"), kind: "input", value: inputs[0] },
    { ref: "x.1", at: spot("x1"), kind: "input", value: inputs[1] },
    { ref: "bias", at: spot("one"), kind: "bias", value: 1 },
    { ref: "y", sum: "z", at: spot("y"), kind: "neuron", value: told("y") },
    { ref: "t", at: spot("t"), kind: "target", value: reply.rule.targets[reply.classes[reply.sample]] },
    { ref: error, at: spot("e"), kind: "error", value: told(error) },
  ];
  const out = /** @type {Point} */ ([spot("y")[0] + RADII.neuron, spot("y")[1]]);
  return html`<${NeuronPicture} width=${width} height=${height} bodies=${bodies} sums=${known} focus=${focus} updated=${isNew} label=${t("perceptron.picture")}
    wires=${[...wires, { ref: "b", from: spot("one"), to: spot("y"), fromRadius: RADII.bias + 2, toRadius: RADII.neuron, value: neuron.bias, share: 0.36 }]}
    links=${["t", "e"].map((name) => ({ from: out, to: between(out, spot(name), 0.82) }))} ...${{ hover, symbolOf, decimals, actions }} />`;
}

/** @param {LabProps} props */
function LearnReadings(props) {
  return html`${useAside(props.variant) ? html`<section class="rd outputs"><h2>${props.t("perceptron.data")}</h2><${TruthTable} ...${props} state=${shownState(props)} /></section>` : null}<${Epochs} ...${props} /><${Proof} ...${props} isNew=${shownState(props).isNew} />`;
}
