// @ts-check
/** XOR from NAND, OR and AND, weights set by hand: the network, both planes, and the way on to the Network lab. */
import { h } from "preact";
import htm from "htm";
import { formatGiven } from "../../lib/format.js";
import { resultsUpTo } from "../../lib/perceptron.js";
import { htmlSymbol } from "../../lib/symbols.js";
import { Icon } from "../icons.js";
import { Slide } from "../lab_parts.js";
import { NeuronPicture, RADII } from "./perceptron_neuron.js";
import { Key, Modes, useAside } from "./perceptron_parts.js";
import { Plane } from "./perceptron_plane.js";

/** @typedef {import("../lab.js").LabProps} LabProps */
/** @typedef {import("../../lib/perceptron.js").Point} Point */

const html = htm.bind(h);
/** The sliders reach the usual numbers, the fields all that are allowed. */
const LIMITS = /** @type {const} */ ([-1e6, 1e6]);
/** Gate, the layer and place of its neuron. @type {readonly [string, number, number][]} */
const GATES = [["nand", 1, 0], ["or", 1, 1], ["and", 2, 0]];

/** @typedef {{width: number, height: number, at: Record<string, Point>, ones: Record<string, Point>}} Places */
/** Where neurons, inputs, target and the biases' ones stand, by the room there is. @type {Record<"small" | "flat" | "tall", Places>} */
const PLACES = {
  small: { width: 350, height: 330, at: { "a.0.0": [24, 88], "a.0.1": [24, 246], "a.1.0": [140, 88], "a.1.1": [140, 246], "a.2.0": [268, 166], "t.0": [326, 166] }, ones: { "1.0": [248, 24], "1.1": [248, 312], "2.0": [288, 268] } },
  flat: { width: 640, height: 206, at: { "a.0.0": [24, 60], "a.0.1": [24, 158], "a.1.0": [210, 58], "a.1.1": [210, 166], "a.2.0": [450, 108], "t.0": [600, 108] }, ones: { "1.0": [366, 22], "1.1": [366, 188], "2.0": [546, 186] } },
  tall: { width: 404, height: 330, at: { "a.0.0": [24, 88], "a.0.1": [24, 246], "a.1.0": [168, 88], "a.1.1": [168, 246], "a.2.0": [304, 166], "t.0": [380, 166] }, ones: { "1.0": [276, 24], "1.1": [276, 312], "2.0": [338, 268] } },
};

/** @param {LabProps} props */
export function XorSetup(props) {
  const { request, reply, presets, lang, errors, disabled, symbolOf, t, actions } = props;
  const byHand = reply.link === "/#preset=xor-gates";
  const preset = presets.find((one) => one.mode === "xor");
  return html`<div class="blk"><h2>${preset ? (lang === "ko" ? preset.label.ko : preset.label.en) : ""}</h2><p class="desc">${t("perceptron.xor.setup")}</p>
      <p class="pcon"><button type="button" class="btn" disabled=${disabled || byHand} onClick=${() => actions.loadPreset("xor-gates")}>${t("perceptron.xor.reset")}</button></p></div>
    ${GATES.map(([gate, layer, place], index) => {
      const given = request[gate];
      const right = reply.gates[index].right;
      return html`<div class="blk" key=${gate}><h2>${reply.gates[index].label.en}<small class=${right ? "" : "pcbad"}>${t(right ? "perceptron.xor.gate" : "perceptron.xor.notGate", { gate: reply.gates[index].label.en })}</small></h2>
        ${[0, 1].map((at) => html`<${Slide} key=${at} field=${`${gate}.weights.${at}`} symbol=${symbolOf(`w.${layer}.${at}.${place}`)} value=${given.weights[at]} minimum=${-3} maximum=${3} step=${0.1} limits=${LIMITS}
          patch=${(/** @type {number} */ next) => ({ [gate]: { ...given, weights: given.weights.map((/** @type {number} */ weight, /** @type {number} */ one) => (one === at ? next : weight)) }, at: request.at })} ...${{ errors, disabled, t, actions }} />`)}
        <${Slide} field=${`${gate}.bias`} symbol=${symbolOf(`b.${layer}.${place}`)} value=${given.bias} minimum=${-3} maximum=${3} step=${0.1} limits=${LIMITS} patch=${(/** @type {number} */ next) => ({ [gate]: { ...given, bias: next }, at: request.at })} ...${{ errors, disabled, t, actions }} /></div>`;
    })}`;
}

/** @param {LabProps} props */
export function XorStage(props) {
  const { reply, request, step, index, microsteps, variant, symbolOf, decimals, hover, t, actions } = props;
  const known = resultsUpTo(microsteps, index);
  const focus = new Set(step?.focus ?? []);
  const aside = useAside(variant);
  const told = (/** @type {string} */ ref) => (known.has(ref) ? known.get(ref) : undefined);
  const { width, height, at, ones } = PLACES[variant === "small" ? "small" : aside ? "flat" : "tall"];
  const spot = (/** @type {string} */ ref) => /** @type {Point} */ (at[ref]);
  const middle = spot("a.2.0")[1];
  const wires = GATES.flatMap(([gate, layer, place], order) => {
    const to = `a.${layer}.${place}`;
    const given = request[gate];
    return [
      ...[0, 1].map((source) => ({ ref: `w.${layer}.${source}.${place}`, from: spot(`a.${layer - 1}.${source}`), to: spot(to), fromRadius: layer === 1 ? RADII.input + 3 : RADII.neuron, toRadius: RADII.neuron, value: given.weights[source], share: layer === 2 ? 0.52 : source === place ? 0.46 : 0.3 })),
      { ref: `b.${layer}.${place}`, from: ones[`${layer}.${place}`] ?? spot(to), to: spot(to), fromRadius: RADII.bias + 2, toRadius: RADII.neuron, value: given.bias, share: order === 2 ? 0.4 : 0.42 },
    ];
  });
  const names = ["NAND", "OR", "AND"];
  const bodies = [
    { ref: "a.0.0", at: spot("a.0.0"), kind: "input", value: reply.rows[reply.at].inputs[0] },
    { ref: "a.0.1", at: spot("a.0.1"), kind: "input", value: reply.rows[reply.at].inputs[1] },
    ...GATES.map(([, layer, place], order) => ({ ref: `a.${layer}.${place}`, sum: `z.${layer}.${place}`, at: spot(`a.${layer}.${place}`), kind: "neuron", name: names[order], value: told(`a.${layer}.${place}`) })),
    ...Object.entries(ones).map(([key, place]) => ({ ref: `one.${key}`, at: place, kind: "bias", value: 1 })),
    { ref: "t.0", at: spot("t.0"), kind: "target", value: reply.rows[reply.at].target },
  ];
  const end = /** @type {Point} */ ([spot("a.2.0")[0] + RADII.neuron, middle]);
  return html`<div class="labh"><h2>${t("perceptron.mode.xor")}</h2><p class="pcwhere">${t("perceptron.xor.row", { x1: reply.rows[reply.at].inputs[0], x2: reply.rows[reply.at].inputs[1] })}</p><${Modes} ...${props} /></div>
    <div class="labbody pcstage ${aside ? "alone" : ""}">
      <div class="pcside-by"><${NeuronPicture} width=${width} height=${height} bodies=${bodies} wires=${wires} sums=${known} focus=${focus} label=${t("perceptron.xor.picture")}
        links=${[{ from: end, to: [spot("t.0")[0] - RADII.target, middle] }]} ...${{ hover, symbolOf, decimals, actions }} /></div>
      ${aside ? null : html`<${Planes} ...${props} />`}
    </div>`;
}

/**
 * Both layers as lines: what the hidden neurons cut out of the inputs, and what the output neuron sees of it.
 * @param {LabProps} props
 */
function Planes({ reply, symbolOf, t }) {
  const [nand, either, both] = reply.gates;
  return html`<div class="pcright pctwo">
        <figure><figcaption>${t("perceptron.xor.inputs")}</figcaption><${Plane} compact=${true} window=${reply.window} names=${[symbolOf("a.0.0"), symbolOf("a.0.1")]} sides=${[nand.line, either.line]} label=${t("perceptron.xor.inputs")}
          lines=${[{ line: nand.line, kind: "gate nand" }, { line: either.line, kind: "gate or" }]} dots=${reply.rows.map((/** @type {any} */ row, /** @type {number} */ place) => ({ place: row.inputs, solid: row.target === 1, current: place === reply.at }))} /></figure>
        <figure><figcaption>${t("perceptron.xor.hidden")}</figcaption><${Plane} compact=${true} window=${reply.window} names=${[symbolOf("a.1.0"), symbolOf("a.1.1")]} sides=${[both.line]} label=${t("perceptron.xor.hidden")}
          lines=${[{ line: both.line, kind: "gate and" }]} dots=${hiddenDots(reply)} /></figure>
        <p class="mapn">${["nand", "or", "and"].map((gate) => html`<span key=${gate} class="ke"><${LineKey} cls=${gate} />${gate.toUpperCase()}</span>`)}<span class="ke"><${Key} cls="pcside" />${t("perceptron.xor.key")}</span></p>
      </div>`;
}

/** @param {{cls: string}} props */
const LineKey = ({ cls }) => html`<svg width="22" height="12" aria-hidden="true" class="pcline ${cls}"><path d="M1 6H21" /></svg>`;

/** The four rows where the hidden layer puts them; rows at the same place are one dot. @param {any} reply */
function hiddenDots(reply) {
  /** @type {Map<string, any>} */
  const places = new Map();
  reply.rows.forEach((/** @type {any} */ row, /** @type {number} */ at) => {
    const [first, second] = row.outputs;
    if (first === null || second === null) return;
    const key = `${first},${second}`;
    const dot = places.get(key) ?? { place: [first, second], solid: row.target === 1, current: false, mixed: false };
    places.set(key, { ...dot, current: dot.current || at === reply.at, mixed: dot.mixed || dot.solid !== (row.target === 1) });
  });
  return [...places.values()].map(({ mixed, ...dot }) => ({ ...dot, wrong: mixed, label: mixed ? "!" : undefined }));
}

/** @param {LabProps} props */
export function XorReadings(props) {
  const { reply, decimals, variant, disabled, symbolOf, t, actions } = props;
  const aside = useAside(variant);
  const number = (/** @type {number | null} */ value) => (value === null ? "?" : formatGiven(value, decimals));
  const head = (/** @type {string} */ ref) => htmlSymbol(symbolOf(ref));
  return html`<section class="rd map"><h2>${t("perceptron.xor.table")}</h2>
      <table class="outs all pctable"><thead><tr><th scope="col">${head("a.0.0")}</th><th scope="col">${head("a.0.1")}</th><th scope="col">${head("a.1.0")}<small> NAND</small></th><th scope="col">${head("a.1.1")}<small> OR</small></th><th scope="col">${head("a.2.0")}<small> AND</small></th><th scope="col">${head("t.0")}</th><td></td></tr></thead>
      <tbody>${reply.rows.map((/** @type {any} */ row, /** @type {number} */ at) => {
        const right = row.outputs[2] === row.target;
        return html`<tr key=${at} class=${at === reply.at ? "cur" : ""}><th scope="row"><button type="button" disabled=${disabled} aria-label=${t("perceptron.xor.toRow", { x1: row.inputs[0], x2: row.inputs[1] })} aria-current=${at === reply.at ? "true" : undefined} onClick=${() => actions.moveTo(at, -1)}>${row.inputs[0]}</button></th><td>${row.inputs[1]}</td>
          ${row.outputs.map((/** @type {number | null} */ value, /** @type {number} */ place) => html`<td key=${place}>${number(value)}</td>`)}<td>${row.target}</td>
          <td class="okm">${row.outputs[2] === null ? null : html`<span role="img" aria-label=${t(right ? "perceptron.right" : "perceptron.wrong")} class=${right ? "" : "pcbad"}><${Icon} name=${right ? "check" : "close"} /></span>`}</td></tr>`;
      })}</tbody></table>
      <p class="pcoutcome ${reply.solved ? "good" : "bad"}" role="status"><${Icon} name=${reply.solved ? "check" : "warn"} /><span>${t(reply.solved ? "perceptron.xor.solved" : "perceptron.xor.notSolved")}</span></p>
      <p class="note">${t("perceptron.xor.why")}</p>${aside ? html`<${Planes} ...${props} />` : null}</section>
    <section class="rd outputs"><h2>${t("perceptron.xor.onward")}</h2>
      <p class="note pcfirst">${t("perceptron.xor.noGradient")}</p>
      <p class="pcon"><a class="btn primary" href=${reply.link}>${t("perceptron.xor.open")}</a></p></section>`;
}
