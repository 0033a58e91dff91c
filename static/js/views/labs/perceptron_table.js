// @ts-check
/** The truth table with what the neuron says to each row; a class can be changed by its button. */
import { h } from "preact";
import htm from "htm";
import { formatGiven } from "../../lib/format.js";
import { htmlSymbol } from "../../lib/symbols.js";
import { Icon } from "../icons.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);

/** @param {Pick<LabProps, "reply" | "request" | "decimals" | "hiding" | "disabled" | "symbolOf" | "t" | "actions"> & {state: any}} props */
export function TruthTable({ reply, state, decimals, disabled, symbolOf, t, actions }) {
  const number = (/** @type {number | null} */ value) => (value === null ? "?" : formatGiven(value, decimals));
  const head = (/** @type {string} */ ref) => htmlSymbol(symbolOf(ref));
  /** @param {number} row */
  const flip = (row) => {
    const classes = reply.classes.map((/** @type {number} */ label, /** @type {number} */ at) => (at === row ? 1 - label : label));
    return actions.change({ data: { inputs: reply.inputs, classes } }, { index: -1 });
  };
  return html`<table class="outs pctable"><caption class="sr">${t("perceptron.table")}</caption>
    <thead><tr><th scope="col">${t("perceptron.sample")}</th><th scope="col">${head("x.0")}</th><th scope="col">${head("x.1")}</th><th scope="col">${t("perceptron.class")}</th><th scope="col">${head("z")}</th><th scope="col">${head("y")}</th><td></td></tr></thead>
    <tbody>${reply.inputs.map((/** @type {number[]} */ row, /** @type {number} */ at) => {
      const label = reply.classes[at];
      const right = state.right[at];
      return html`<tr key=${at} class=${at === reply.sample ? "cur" : ""} aria-current=${at === reply.sample ? "true" : undefined}>
        <th scope="row">${at + 1}</th>${row.map((value, column) => html`<td key=${column}>${number(value)}</td>`)}
        <td><button type="button" class="pcflip" disabled=${disabled} title=${t("perceptron.flip")} aria-label=${t("perceptron.flipRow", { n: at + 1, value: label })} onClick=${() => flip(at)}>${label}</button></td>
        <td>${number(state.net_inputs[at])}</td><td>${state.outputs[at] ?? "?"}</td>
        <td class="okm">${right === null || state.outputs[at] === null ? null : html`<span role="img" aria-label=${t(right ? "perceptron.right" : "perceptron.wrong")} title=${t(right ? "perceptron.right" : "perceptron.wrong")} class=${right ? "" : "pcbad"}><${Icon} name=${right ? "check" : "close"} /></span>`}</td></tr>`;
    })}</tbody></table>`;
}
