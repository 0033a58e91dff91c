// @ts-check
/** Binary cross-entropy: the loss over the probability, and over the net input with its gradient y − t. */
import { h } from "preact";
import htm from "htm";
import { tickText } from "../../lib/scales.js";
import { Value, known, litBy, sym, tall } from "./losses_parts.js";
import { Plot } from "./losses_plot.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const TOP = 6;

/** @param {LabProps} props */
export function BinaryStage({ request, reply, step, hover, variant, decimals, disabled, t, actions }) {
  const own = request.binary;
  const found = reply.binary;
  const lit = litBy({ step, hover });
  const one = own.target === 1;
  const shown = (/** @type {number | null} */ value) => (value === null ? "" : known(value, decimals));
  const over = (/** @type {string} */ source) => (/** @type {number} */ value) => actions.drag({ binary: { ...own, source, [source]: value } });
  const drop = () => actions.drop();
  return html`<div class="lstwo"><section class="lssec"><h3>${t("losses.binary.overP")}</h3>
      <${Plot} id="overp" height=${tall(variant)} x=${[0, 1]} y=${[0, 5]} xName="y" yName="L" first=${380} label=${t("losses.binary.labelP")} lit=${lit}
        lines=${[{ x: found.p, y: found.loss_if_one, cls: `one ${one ? "on" : "off"}` }, { x: found.p, y: found.loss_if_zero, cls: `nil ${one ? "off" : "on"}` }]}
        marks=${[{ x: found.probability, y: found.loss ?? (found.probability === null ? null : TOP), cls: "loss", ref: "L", text: shown(found.loss) }]}
        drag=${disabled ? null : { value: found.probability, minimum: 0, maximum: 1, step: 0.01, name: t("losses.probability"), text: shown(found.probability), move: over("probability"), drop }}
        reading=${(/** @type {number} */ k) => html`${sym("y")} = ${known(found.p[k], 3)}: ${sym("t")} = 1 → ${known(found.loss_if_one[k], decimals)}, ${sym("t")} = 0 → ${known(found.loss_if_zero[k], decimals)}`} />
      <p class="lskey"><span><span class="k one ${one ? "on" : "off"}"></span> −ln ${sym("y")} (${sym("t")} = 1)</span><span><span class="k nil ${one ? "off" : "on"}"></span> −ln(1 − ${sym("y")}) (${sym("t")} = 0)</span></p></section>
    <section class="lssec"><h3>${t("losses.binary.overZ")}</h3>
      <${Plot} id="overz" height=${tall(variant)} x=${[found.z[0], found.z.at(-1)]} y=${[-1, TOP]} xName="z" yName="L, y − t" first=${380} label=${t("losses.binary.labelZ")} lit=${lit}
        lines=${[{ x: found.z, y: one ? found.loss_of_net_input_if_one : found.loss_of_net_input_if_zero, cls: "loss" }, { x: found.z, y: one ? found.gradient_if_one : found.gradient_if_zero, cls: "back" }]}
        marks=${[{ x: found.net_input, y: found.loss, cls: "loss", ref: "L" }, { x: found.net_input, y: found.gradient, cls: "back", shape: "square", ref: "gz", text: shown(found.gradient) }]}
        drag=${disabled || found.net_input === null ? null : { value: found.net_input, minimum: found.z[0], maximum: found.z.at(-1), step: 0.1, name: t("losses.netInput"), text: tickText(found.net_input, 0.01), move: over("net_input"), drop }}
        reading=${(/** @type {number} */ k) => html`${sym("z")} = ${known(found.z[k], 2)}: ${sym("L")} = ${known((one ? found.loss_of_net_input_if_one : found.loss_of_net_input_if_zero)[k], decimals)}, ${sym("y")} − ${sym("t")} = ${known((one ? found.gradient_if_one : found.gradient_if_zero)[k], decimals)}`} />
      <p class="lskey"><span><span class="k loss"></span> ${sym("L")}</span><span><span class="k back"></span> ∂${sym("L")}/∂${sym("z")} = ${sym("y")} − ${sym("t")}</span></p></section></div>`;
}

/** @param {LabProps} props */
export function BinaryReadings(props) {
  const { request, reply, step, hover, decimals, t, actions } = props;
  const found = reply.binary;
  const own = request.binary;
  const set = own.source === "net_input";
  const shared = { reply, step, hover, decimals, actions };
  const rows = /** @type {[any, string | null, string][]} */ ([
    [sym("z"), null, "net_input"], [html`${sym("y")} = σ(${sym("z")})`, set ? "y" : null, "probability"], [sym("L"), "L", "loss"], [html`∂${sym("L")}/∂${sym("y")}`, "gy", "loss_gradient"],
    [html`∂${sym("y")}/∂${sym("z")}`, set ? "j" : null, "slope"], [html`∂${sym("L")}/∂${sym("z")}`, set ? "gz" : null, "gradient"],
  ]);
  return html`<section class="rd"><h2>${t("losses.numbers")}<span class="hr"><span>${sym("t")} = ${own.target}</span></span></h2><table class="labtable"><tbody>
      ${rows.map(([name, ref, field]) => html`<tr key=${field}><th scope="row">${name}</th><td><${Value} of=${ref} at=${`/binary/${field}`} value=${found[field]} ...${shared} /></td></tr>`)}</tbody></table></section>
    <section class="rd"><h2>${t("losses.corners")}</h2><table class="labtable"><thead><tr><th scope="col">${sym("t")}</th><th scope="col">${sym("y")}</th><th scope="col">${sym("L")}</th><td></td></tr></thead>
      <tbody>${found.corners.map((/** @type {any} */ corner, /** @type {number} */ k) => html`<tr key=${k}><th scope="row">${corner.target}</th><td>${known(corner.probability, 2)}</td><td>${known(corner.loss, decimals)}</td><td>${t(corner.target === (corner.probability > 0.5 ? 1 : 0) ? "losses.corner.right" : "losses.corner.wrong")}</td></tr>`)}</tbody></table></section>`;
}
