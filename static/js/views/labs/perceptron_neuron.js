// @ts-check
/** Neurons as neurons: inputs, weights on their wires, bias, weighted sum and step, output beside its target. */
import { h } from "preact";
import htm from "htm";
import { formatGiven } from "../../lib/format.js";
import { between, outside, wireWidth } from "../../lib/perceptron.js";
import { litWith } from "../../lib/refs.js";
import { symbolWidth, svgSymbol } from "../../lib/symbols.js";

/**
 * @typedef {import("../../lib/perceptron.js").Point} Point
 * @typedef {{ref: string, at: Point, kind: "input" | "bias" | "neuron" | "target" | "error", name?: string, sum?: string, value: number | null | undefined}} Body
 *   `sum` is the reference of a neuron's net input; `value` undefined: not yet told, null: hidden
 * @typedef {{ref: string, from: Point, to: Point, fromRadius: number, toRadius: number, value: number | null, share?: number, product?: {ref: string, value: number | null | undefined}}} Wire
 */

const html = htm.bind(h);
const RADIUS = 34;
export const RADII = { input: 17, bias: 15, neuron: RADIUS, target: 20, error: 20 };
/** A step function as a small picture in the neuron. */
const STEP = "M-9 5H0V-5H9";

/**
 * @param {{width: number, height: number, bodies: Body[], wires: Wire[], links?: {from: Point, to: Point}[], sums: Map<string, number | null>, focus: Set<string>, updated?: boolean,
 *   label: string} & Pick<import("../lab.js").LabProps, "hover" | "symbolOf" | "decimals" | "actions">} props
 */
export function NeuronPicture({ width, height, bodies, wires, links = [], sums, focus, updated = false, label, hover, symbolOf, decimals, actions }) {
  const largest = Math.max(...wires.map(({ value }) => Math.abs(value ?? 0)));
  const text = (/** @type {number | null | undefined} */ value) => (value === undefined ? "·" : value === null ? "?" : formatGiven(value, decimals));
  const lit = (/** @type {string} */ ref) => `${focus.has(ref) ? "focus" : ""} ${litWith(ref, hover) ? "lit" : ""}`;
  /** @param {string} ref */
  const pointing = (ref) => ({ "data-ref": ref, onPointerEnter: () => actions.hover(ref), onPointerLeave: () => actions.hover(null), onClick: () => actions.goToRef(ref) });
  return html`<svg class="net pcnet" viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height} role="img" aria-label=${label}>
    ${links.map(({ from, to }, index) => html`<path key=${index} class="link" d=${`M${from.join(" ")}L${to.join(" ")}`} />`)}
    ${wires.map((wire) => {
      const [from, to] = outside(wire.from, wire.fromRadius, wire.to, wire.toRadius);
      const sign = (wire.value ?? 0) < 0 ? "neg" : (wire.value ?? 0) > 0 ? "pos" : "fixed";
      return html`<path key=${wire.ref} class="edge ${sign} ${focus.has(wire.ref) ? "focus" : ""}" d=${`M${from.join(" ")}L${to.join(" ")}`} stroke-width=${wireWidth(wire.value, largest)} stroke-dasharray=${sign === "neg" ? "7 4" : undefined} />`;
    })}
    ${wires.map((wire) => {
      const [x, y] = between(wire.from, wire.to, wire.share ?? 0.42);
      const symbol = symbolOf(wire.ref);
      const shown = ` = ${text(wire.value)}`;
      const room = symbolWidth(symbol, 13) + shown.length * 7 + 8;
      const sign = (wire.value ?? 0) < 0 ? "neg" : "pos";
      return html`<g key=${wire.ref} class="wl ${sign} ${lit(wire.ref)} ${updated ? "updated" : ""}" ...${pointing(wire.ref)}><rect x=${x - room / 2} y=${y - 11} width=${room} height="22" /><text x=${x} y=${y + 4.5}>${svgSymbol(symbol)}${shown}</text>
        ${wire.product && wire.product.value !== undefined ? html`<text class="pcproduct" x=${x} y=${y + 22}>${text(wire.product.value)}</text>` : null}</g>`;
    })}
    ${bodies.map((body) => html`<${OneBody} key=${body.ref} body=${body} text=${text} sums=${sums} cls=${lit(body.ref)} zLit=${body.sum ? lit(body.sum) : ""} symbolOf=${symbolOf} pointing=${pointing} />`)}
  </svg>`;
}

/** @param {{body: Body, text: (value: number | null | undefined) => string, sums: Map<string, number | null>, cls: string, zLit: string, symbolOf: any, pointing: (ref: string) => object}} props */
function OneBody({ body, text, sums, cls, zLit, symbolOf, pointing }) {
  const { ref, at: [x, y], kind, name, sum, value } = body;
  if (kind === "bias") {
    return html`<g class="node pcbias"><circle cx=${x} cy=${y} r=${RADII.bias} /><text x=${x} y=${y + 4.5}>1</text></g>`;
  }
  if (kind === "neuron") {
    return html`<g class="node pcneuron ${cls} ${zLit}">
      <circle cx=${x} cy=${y} r=${RADIUS} />
      ${name ? html`<text class="nm" x=${x} y=${y - RADIUS - 8}>${name}</text>` : null}
      <g class="pcz" ...${pointing(sum ?? ref)}><text class="zv" x=${x} y=${y - 12}>${svgSymbol(symbolOf(sum))} = ${text(sums.has(sum ?? "") ? sums.get(sum ?? "") : undefined)}</text></g>
      <path class="pcstep" d=${STEP} transform=${`translate(${x} ${y + 1})`} />
      <g ...${pointing(ref)}><text class="av" x=${x} y=${y + 24}>${text(value)}</text></g></g>`;
  }
  const half = kind === "input" ? RADII.input : RADII.target;
  return html`<g class="node input ${kind} ${cls}" ...${pointing(ref)}><rect x=${x - half} y=${y - half} width=${2 * half} height=${2 * half} />
    <text class="nm" x=${x} y=${y - half - 6}>${svgSymbol(symbolOf(ref))}</text><text class="av" x=${x} y=${y + 5}>${text(value)}</text></g>`;
}
