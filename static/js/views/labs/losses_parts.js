// @ts-check
/** What the topics share: numbers that lead to where they were made, the curve of −ln p. */
import { h } from "preact";
import htm from "htm";
import { HIDDEN, formatNumber } from "../../lib/format.js";
import { litWith } from "../../lib/refs.js";
import { Plot } from "./losses_plot.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);

/** Whether a quantity is what the micro-step is about, or what is pointed at. @param {Pick<LabProps, "step" | "hover">} props */
export function litBy({ step, hover }) {
  const focus = new Set(step?.focus ?? []);
  return (/** @type {string} */ ref) => focus.has(ref) || litWith(ref, hover);
}

/** The height of the stage's plots: at a middling width the stage is low. @param {LabProps["variant"]} variant */
export const tall = (variant) => (variant === "mid" ? 150 : 236);

/** Why a number of the reply is null. @param {any} reply @param {string} pointer */
export const why = (reply, pointer) => reply.nonfinite?.[pointer] ?? reply.explanation?.nonfinite?.[pointer] ?? "hidden";

/**
 * A number of the reply. Pointed at, it lights wherever it stands; clicked, it leads to the micro-step that made it.
 * @param {{of: string | null, at: string, value: number | null, decimals?: number} & Pick<LabProps, "reply" | "step" | "hover" | "decimals" | "actions">} props
 *   `of` is its reference, `at` its JSON pointer in the reply
 */
export function Value({ of: ref, at, value, reply, step, hover, decimals, actions }) {
  const text = formatNumber(value, decimals, value === null ? why(reply, at) : null);
  if (ref === null) return html`<span class="lv">${text}</span>`;
  return html`<button type="button" class="lv ${litBy({ step, hover })(ref) ? "lit" : ""} ${step?.phase ?? ""}" data-ref=${ref} onClick=${() => actions.goToRef(ref)}
    onPointerEnter=${() => actions.hover(ref)} onPointerLeave=${() => actions.hover(null)}>${text}</button>`;
}

/** A number that the reply has beside its lines; one that Predict hides is null. @param {number | null | undefined} value @param {number} decimals */
export const known = (value, decimals) => (value === null || value === undefined ? HIDDEN : formatNumber(value, decimals));

/** A symbol in italics with an index. @param {string} base @param {string | number} [sub] */
export const sym = (base, sub = "") => html`<i class="m">${base}</i>${sub === "" ? null : html`<sub>${sub}</sub>`}`;

/** The same within a picture's text. @param {string} base @param {string | number} sub */
export const svgSym = (base, sub) => html`${base}<tspan class="sub" dy="4">${sub}</tspan>`;

/**
 * −ln p with the probabilities that count on it.
 * @param {{marks: import("./losses_plot.js").Mark[]} & Pick<LabProps, "reply" | "decimals" | "step" | "hover" | "t">} props
 */
export function LogCurve({ marks, reply, decimals, step, hover, t }) {
  const { x, y } = reply.log_curve;
  const reading = (/** @type {number} */ k) => html`${sym("p")} = ${known(x[k], 3)}, −ln ${sym("p")} = ${known(y[k], decimals)}`;
  return html`<section class="rd"><h2>${t("losses.log.head")}</h2>
    <${Plot} id="log" height=${150} x=${[0, 1]} y=${[0, 5]} xName="p" yName="−ln p" lines=${[{ x, y, cls: "loss" }]} marks=${marks} label=${t("losses.log.label")} reading=${reading} lit=${litBy({ step, hover })} /></section>`;
}
