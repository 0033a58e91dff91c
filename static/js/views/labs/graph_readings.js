// @ts-check
/** The Graph lab's readings: the gate that is told, what each gate does, all gradients, and their difference quotients. */
import { h } from "preact";
import { useMemo } from "preact/hooks";
import htm from "htm";
import { HIDDEN, formatNumber } from "../../lib/format.js";
import { knownAt } from "../../lib/known.js";
import { litWith } from "../../lib/refs.js";
import { shortNumber } from "../../lib/short_number.js";
import { fillSentence, htmlSymbol } from "../../lib/symbols.js";
import { differenceText } from "../proof.js";
import { Icon } from "../icons.js";
import { GLYPHS, givenValue } from "./graph_picture.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const DECIMALS = 6;
/** The gate cards, each with the glyph that stands for it. */
const CARDS = [
  { role: "distributor", glyph: "+" }, { role: "swapper", glyph: "×" }, { role: "adder", glyph: "copy" }, { role: "router", glyph: "max" }, { role: "switch", glyph: "ReLU" }, { role: "slope", glyph: "σ" },
];

/** @param {LabProps} props */
export function GraphReadings(props) {
  const { reply, step, index, microsteps, t } = props;
  const known = useMemo(() => knownAt(microsteps, index), [microsteps, index]);
  const gate = reply.nodes.find((/** @type {any} */ node) => node.id === step?.group[0] && (node.kind === "gate" || node.kind === "copy")) ?? null;
  return html`<${Inspector} ...${props} gate=${gate} known=${known} />
    <section class="rd map"><h2>${t("graph.cards")}</h2><dl class="gcards">${CARDS.map(({ role, glyph }) => html`<div key=${role} class=${gate?.role === role ? "on" : ""}><dt>${gate?.role === role && gate.kind === "gate" ? GLYPHS[gate.gate] : glyph === "copy" ? t("graph.gate.copy") : glyph}</dt><dd><b>${t(`graph.role.${role}`)}</b> ${t(`graph.role.${role}.does`)}</dd></div>`)}</dl></section>
    <${Gradients} ...${props} known=${known} />
    <${Quotient} ...${props} known=${known} />`;
}

/** @param {LabProps & {gate: any, known: (ref: string) => string}} props */
function Inspector(props) {
  const { gate, reply, hover, symbolOf, hiding, hidden, t, actions, known } = props;
  if (!gate) return html`<section class="rd map"><h2>${t("graph.inspector")}</h2><p class="note">${t("graph.inspector.none")}</p></section>`;
  const nodes = new Map(reply.nodes.map((/** @type {any} */ node) => [node.id, node]));
  const copy = gate.kind === "copy";
  const ids = copy ? gate.outputs : gate.inputs;
  const rows = ids.map((/** @type {string} */ id) => reply.wires.findIndex((/** @type {any} */ wire) => wire.id === id)).filter((/** @type {number} */ at) => at >= 0);
  const cell = (/** @type {number} */ at, /** @type {string} */ field, /** @type {string} */ ref) => {
    const wire = reply.wires[at];
    if (field !== "value" && !wire.differentiated) return "–";
    if (known(ref) === "ahead") return "·";
    return hidden.has(ref) ? HIDDEN : shortNumber(wire[field], DECIMALS, reply.nonfinite[`/wires/${at}/${field}`] ?? (hiding ? "hidden" : null));
  };
  const number = (/** @type {number} */ at, /** @type {string} */ field, /** @type {string} */ ref, /** @type {string} */ kind) =>
    html`<td class="${kind} ${litWith(ref, hover) ? "lit" : ""} ${known(ref) === "now" ? "now" : ""}" data-ref=${ref} onPointerEnter=${() => actions.hover(ref)} onPointerLeave=${() => actions.hover(null)} onClick=${() => actions.goToRef(ref)}>${cell(at, field, ref)}</td>`;
  const input = gate.inputs[0];
  const whole = copy ? reply.wires.findIndex((/** @type {any} */ wire) => wire.id === input) : -1;
  return html`<section class="rd map ginsp"><h2>${t("graph.inspector")}<span class="hr"><span>${htmlSymbol(symbolOf(gate.id))}, ${t(`graph.gate.${gate.gate}`)}</span></span></h2>
    <table class="outs"><thead><tr><th scope="col">${t(copy ? "graph.branch" : "graph.input")}</th><th scope="col">${t("graph.value")}</th>${copy ? null : html`<th scope="col">${t("graph.local")}</th><th scope="col">${t("graph.upstream")}</th>`}<th scope="col">${t(copy ? "graph.sentback" : "graph.downstream")}</th></tr></thead>
      <tbody>${rows.map((/** @type {number} */ at) => {
        const wire = reply.wires[at];
        const source = nodes.get(wire.source);
        const made = copy ? gate.id : wire.source;
        const value = source && givenValue(source, props);
        const symbol = source?.kind === "constant" ? html`<span class="dim">${t("graph.constant.short")}</span>` : htmlSymbol(symbolOf(source?.kind === "copy" ? wire.id : wire.source));
        return html`<tr key=${wire.id}><th scope="row">${symbol}</th>${value ? html`<td>${value}</td>` : number(at, "value", made, "")}${copy ? null : html`${number(at, "local", `l${wire.id}`, "lo")}${number(at, "upstream", `g${gate.outputs[0]}`, "up")}`}${number(at, "gradient", `g${wire.id}`, "g")}</tr>`;
      })}
      ${whole >= 0 ? html`<tr class="sum"><th scope="row">${t("graph.sum")}</th><td></td>${number(whole, "gradient", `g${input}`, "g")}</tr>` : null}</tbody></table>
    <p class="note">${t(`graph.does.${gate.gate}`)}</p></section>`;
}

/** @param {LabProps & {known: (ref: string) => string}} props */
function Gradients({ reply, request, view, hover, symbolOf, hiding, hidden, t, actions, known }) {
  const variables = reply.nodes.filter((/** @type {any} */ node) => node.kind === "variable");
  if (variables.length === 0) return null;
  const chosen = chosenVariable(reply, view);
  return html`<section class="rd outputs ggrads"><h2><span>${fillSentence(t("graph.gradients"), { out: "out" }, symbolOf)}</span></h2>
    <div class="outsbox"><table class="outs all"><thead><tr><th scope="col">${t("graph.variable")}</th><th scope="col">${t("graph.value")}</th><th scope="col"><span class="pd">∂</span>${htmlSymbol(symbolOf("out"))}</th></tr></thead>
      <tbody>${variables.map((/** @type {any} */ node) => {
        const at = reply.wires.findIndex((/** @type {any} */ wire) => wire.id === node.outputs[0]);
        const ref = `g${node.outputs[0]}`;
        const ahead = known(ref) === "ahead";
        return html`<tr key=${node.id} class="${chosen?.id === node.id ? "cur" : ""}" onClick=${() => actions.setView({ by: node.name })}><th scope="row"><button type="button" aria-pressed=${String(chosen?.id === node.id)}>${htmlSymbol(symbolOf(node.id))}</button></th><td>${shortNumber(request.values[node.name], DECIMALS)}</td>
          <td class="g ${litWith(ref, hover) ? "lit" : ""} ${known(ref) === "now" ? "now" : ""}" data-ref=${ref} onPointerEnter=${() => actions.hover(ref)} onPointerLeave=${() => actions.hover(null)}>${ahead ? "·" : hidden.has(ref) ? HIDDEN : shortNumber(reply.wires[at]?.gradient, DECIMALS, reply.nonfinite[`/wires/${at}/gradient`] ?? (hiding ? "hidden" : null))}</td></tr>`;
      })}</tbody></table></div>
    ${chosen && known(`g${chosen.outputs[0]}`) !== "ahead" && !hiding ? html`<p class="note">${fillSentence(t("graph.meaning", { times: shortNumber(reply.wires.find((/** @type {any} */ wire) => wire.id === chosen.outputs[0])?.gradient, 4) }), { x: chosen.id, out: "out" }, symbolOf)}</p>` : null}</section>`;
}

/** @param {any} reply @param {Record<string, any>} view */
function chosenVariable(reply, view) {
  const variables = reply.nodes.filter((/** @type {any} */ node) => node.kind === "variable");
  return variables.find((/** @type {any} */ node) => node.name === view.by) ?? variables[0] ?? null;
}

/** @param {LabProps & {known: (ref: string) => string}} props */
function Quotient({ reply, view, request, symbolOf, hiding, t, actions, known, microsteps }) {
  const chosen = chosenVariable(reply, view);
  const checked = microsteps?.verification;
  if (!chosen || !checked) return null;
  const at = reply.quotients.findIndex((/** @type {any} */ one) => one.element === chosen.id);
  const quotient = reply.quotients[at];
  const row = checked.rows.find((/** @type {any} */ one) => one.element === chosen.id);
  const ahead = known(`g${chosen.outputs[0]}`) === "ahead";
  const half = quotient.gap / 2;
  const x = request.values[chosen.name];
  const out = htmlSymbol(symbolOf("out"));
  const near = (/** @type {number} */ value) => String(Number(value.toPrecision(12))).replace("-", "−");
  const value = (/** @type {string} */ field) => formatNumber(quotient[field], 8, reply.nonfinite[`/quotients/${at}/${field}`] ?? (hiding ? "hidden" : null));
  return html`<section class="rd outputs gquot"><h2>${t("graph.check")}<span class="hr">${htmlSymbol(symbolOf(chosen.id))}</span></h2>
    <table class="outs"><tbody>
      <tr><th scope="row">${out}(${near(x + half)})</th><td>${value("high")}</td></tr>
      <tr><th scope="row">${out}(${near(x - half)})</th><td>${value("low")}</td></tr>
      <tr class="sum"><th scope="row">${t("graph.check.quotient")}</th><td class="g">${ahead || hiding ? "·" : formatNumber(row?.central, 8)}</td></tr></tbody></table>
    ${ahead ? html`<p class="note">${t("graph.check.later")}</p>` : html`<p class="note gok ${row?.verdict}"><${Icon} name=${row?.verdict === "agree" ? "check" : "warn"} /><span>${t(`graph.check.${row?.verdict}`)}${row?.verdict === "agree" ? html` <span class="dim">${t("graph.check.apart", { difference: differenceText(row.difference) })}</span>` : null}</span></p>`}
    ${ahead ? null : html`<button type="button" class="btn quiet" onClick=${() => actions.toggleDrawer("proof")}>${t("graph.check.all")}</button>`}</section>`;
}
