// @ts-check
/** One saturated neuron, three losses: whose gradient moves it, over the net input and step by step. */
import { h } from "preact";
import htm from "htm";
import { Value, known, litBy, sym, tall } from "./losses_parts.js";
import { Plot } from "./losses_plot.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
/** In the order of the reply: the letter of its references, its look, its mark. */
const KINDS = /** @type {const} */ ([{ letter: "h", cls: "k0", shape: "circle" }, { letter: "m", cls: "k1", shape: "triangle" }, { letter: "c", cls: "k2", shape: "square" }]);

/** @param {LabProps} props */
export function SaturatedStage({ request, reply, step, hover, variant, decimals, t, actions }) {
  const found = reply.saturated;
  const lit = litBy({ step, hover });
  const at = reply.at;
  const steps = found.paths[0].output.map((/** @type {any} */ _, /** @type {number} */ k) => k);
  const name = (/** @type {number} */ n) => t(`losses.loss.${KINDS[n]?.letter}`);
  const target = request.saturated.target;
  const told = (/** @type {any[]} */ rows, /** @type {string} */ field, /** @type {number} */ k) => rows.map((one, n) => html`${n ? ", " : ""}${name(n)} ${known(one[field][k], decimals)}`);
  return html`<p class="lskey">${KINDS.map(({ cls }, n) => html`<span><span class="k ${cls}"></span> ${name(n)}</span>`)}</p>
    <div class="lstwo"><section class="lssec"><h3>${t("losses.saturated.gradient")}</h3>
      <${Plot} id="satgrad" height=${tall(variant)} x=${[found.z[0], found.z.at(-1)]} y=${target ? [-1, 0.1] : [-0.1, 1]} xName="z" yName="∂L/∂z" first=${380} label=${t("losses.saturated.labelGradient")} lit=${lit} lines=${curvesOf(found, "gradient")} marks=${marksOf(reply, "gradient", "gz")}
        reading=${(/** @type {number} */ k) => html`${sym("z")} = ${known(found.z[k], 2)}: ${told(found.curves, "gradient", k)}`} /></section>
    <section class="lssec"><h3>${t("losses.saturated.outputs", { target })}</h3>
      <${Plot} id="satout" height=${tall(variant)} x=${[0, Math.max(1, steps.at(-1))]} y=${[0, 1]} xName=${html`<tspan class="word">${t("losses.step")}</tspan>`} yName="y" inside=${true} first=${380} label=${t("losses.saturated.labelOutputs")} lit=${lit} rules=${[{ x: at, cls: "now" }, { y: target, cls: "aim" }]}
        lines=${found.paths.map((/** @type {any} */ path, /** @type {number} */ n) => ({ x: steps, y: path.output, cls: KINDS[n]?.cls ?? "" }))}
        marks=${found.paths.map((/** @type {any} */ path, /** @type {number} */ n) => ({ x: at, y: path.output[at], cls: KINDS[n]?.cls ?? "", shape: KINDS[n]?.shape, ref: `y.${KINDS[n]?.letter}` }))} here=${at}
        drag=${steps.length > 1 ? { value: at, minimum: 0, maximum: steps.length - 1, step: 1, name: t("losses.step"), text: String(at + 1), move: (/** @type {number} */ to) => actions.drag({ at: to }), drop: () => actions.drop("seek") } : null}
        reading=${(/** @type {number} */ k) => html`${t("losses.atStep", { n: k + 1 })}: ${told(found.paths, "output", k)}`} /></section></div>`;
}

/** @param {any} found @param {string} field */
const curvesOf = (found, field) => found.curves.map((/** @type {any} */ one, /** @type {number} */ n) => ({ x: found.z, y: one[field], cls: KINDS[n]?.cls ?? "" }));

/** Where each neuron stands now. @param {any} reply @param {string} field @param {string} kind */
const marksOf = (reply, field, kind) => reply.saturated.paths.map((/** @type {any} */ path, /** @type {number} */ n) => ({ x: path.net_input[reply.at], y: path[field][reply.at], cls: KINDS[n]?.cls ?? "", shape: KINDS[n]?.shape, ref: `${kind}.${KINDS[n]?.letter}` }));

/** @param {LabProps} props */
export function SaturatedReadings(props) {
  const { reply, step, hover, decimals, t, actions } = props;
  const found = reply.saturated;
  const at = reply.at;
  const shared = { reply, step, hover, decimals, actions };
  const rows = /** @type {const} */ ([["w", "weight"], ["b", "bias"], ["z", "net_input"], ["y", "output"], ["L", "loss"], ["gz", "gradient"]]);
  const refs = (/** @type {string} */ kind, /** @type {string} */ letter) => (kind === "w" || kind === "b" ? null : `${kind}.${letter}`);
  const [first, last] = [found.paths[0].output[0], found.paths.map((/** @type {any} */ path) => path.output.at(-1))];
  return html`<section class="rd"><h2>${t("losses.numbers")}<span class="hr">${t("losses.atStep", { n: at + 1 })}</span></h2>
      <table class="labtable"><thead><tr><td></td>${KINDS.map((_, n) => html`<th scope="col">${t(`losses.loss.${KINDS[n]?.letter}`)}</th>`)}</tr></thead>
        <tbody>${rows.map(([kind, field]) => html`<tr key=${kind}><th scope="row">${kind === "gz" ? html`∂${sym("L")}/∂${sym("z")}` : sym(kind)}</th>${found.paths.map((/** @type {any} */ path, /** @type {number} */ n) => html`<td><${Value} of=${refs(kind, KINDS[n]?.letter ?? "")} at=${`/saturated/paths/${n}/${field}/${at}`} value=${path[field][at]} ...${shared} /></td>`)}</tr>`)}</tbody></table></section>
    <section class="rd"><h2>${t("losses.who")}</h2><table class="labtable"><thead><tr><td></td><th scope="col">${t("losses.who.first")}</th><th scope="col">${t("losses.who.last", { n: found.paths[0].output.length - 1 })}</th></tr></thead>
      <tbody>${KINDS.map(({ letter }, n) => html`<tr key=${letter}><th scope="row">${t(`losses.loss.${letter}`)}</th><td>${known(first, decimals)}</td><td>${known(last[n], decimals)}</td></tr>`)}</tbody></table>
      <p class="note">${t("losses.who.note")}</p></section>
    <section class="rd"><h2>${t("losses.saturated.loss")}</h2>
      <${Plot} id="satloss" height=${160} x=${[found.z[0], found.z.at(-1)]} y=${[0, 7]} xName="z" yName="L" label=${t("losses.saturated.labelLoss")} lit=${litBy({ step, hover })} lines=${curvesOf(found, "loss")} marks=${marksOf(reply, "loss", "L")} /></section>`;
}

