// @ts-check
/** Wires, return lanes, weight labels and gradient chips of the diagram. */
import { h } from "preact";
import htm from "htm";
import { LANE, wireFrame } from "../lib/labels.js";
import { svgSymbol, symbolWidth } from "../lib/symbols.js";
import { elementName, isCut, isFixedBias, wireValue } from "./diagram_scene.js";
/**
 * @typedef {import("./diagram_scene.js").Scene} Scene
 * @typedef {import("../lib/layout_parts.js").Layout} Layout
 * @typedef {import("../lib/layout_parts.js").PlacedWire} PlacedWire
 * @typedef {{lit: string | null, roving: string, handlers: (ref: string) => Record<string, any>, pointers: (ref: string) => Record<string, any>, t: import("./diagram_scene.js").Translate,
 *   flow?: import("./diagram_live.js").Flow | null}} Touch `flow`: while training runs
 */

const html = htm.bind(h);
/** What stands before a chip's number where its symbols have no room. */
const SIGNS = { gradient: "∂", new: "→", ahead: "→", product: "wa", share: "δw" };
const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;

/**
 * How a wire is drawn: the width by its share of the largest magnitude, dashed where it is negative.
 * @param {number} value
 * @param {number} largest
 * @param {boolean} thin
 * @returns {{width: number, dash: string | null}}
 */
export function wireStroke(value, largest, thin) {
  const width = (1.4 + 4.2 * Math.min(1, Math.abs(value) / largest)) * (thin ? 0.55 : 1);
  return { width: round(width), dash: value < 0 ? `${round(width * 1.5 + 3)} ${round(width + 2.5)}` : null };
}

/**
 * @param {Scene} scene
 * @param {Layout} layout
 * @param {Touch} touch
 */
export function edges(scene, layout, touch) {
  const thin = layout.wires.length > 60;
  return layout.wires.map((wire) => {
    const d = `M${round(wire.x1)} ${round(wire.y1)}L${round(wire.x2)} ${round(wire.y2)}`;
    const state = scene.state(wire.ref);
    const lit = `${touch.lit === wire.ref ? "lit" : ""} ${isCut(scene, wire.ref) ? "cut" : ""}`;
    if (isFixedBias(scene.session, wire.ref)) {
      return html`<g key=${wire.ref}><path class="edge fixed ${state} ${lit}" data-wire=${wire.ref} d=${d} /><path class="hit" d=${d} ...${touch.pointers(wire.ref)} /></g>`;
    }
    const value = wireValue(scene, wire.ref).value ?? 0;
    const { width, dash, cls } = touch.flow?.stroke(wire.ref, `edge ${state} ${lit}`) ?? { ...wireStroke(value, scene.largest, thin), cls: `edge ${value < 0 ? "neg" : "pos"} ${state} ${lit}` };
    return html`<g key=${wire.ref}><path class=${cls} data-wire=${wire.ref} stroke-width=${width} stroke-dasharray=${dash} d=${d} />
      <path class="hit" d=${d} ...${touch.pointers(wire.ref)} /></g>`;
  });
}

/**
 * Ticks every 20 px along a line of `length` px, pointing to its start.
 * @param {number} from
 * @param {number} length
 * @param {boolean} forward pointing to the end instead
 */
function ticks(from, length, forward) {
  const paths = [];
  const sign = forward ? 1 : -1;
  for (let x = from; x <= length - 8; x += 20) paths.push(`M${round(x)} -4l${4 * sign} 4l${-4 * sign} 4`);
  return paths.map((d) => html`<path d=${d} />`);
}

/**
 * The links from the outputs to the loss boxes, with return lanes while the loss sends its gradient back.
 * @param {Scene} scene
 * @param {Layout} layout
 */
export function links(scene, layout) {
  const phase = scene.current?.phase;
  const last = scene.session.network.layers.length;
  return layout.links.map((link, index) => {
    const output = link.ref === "e" ? 0 : Number(link.ref.slice(2));
    const focus = scene.lights ? scene.lights.has(link.ref) && (link.kind === "part" || link.ref === "e")
      : scene.term ? scene.lossLink === output && link.kind === "part"
        : scene.state(`a.${last}.${output}`) === "focus" && phase === "backward";
    const losing = phase === "loss" && !scene.lights && (link.kind === "part" ? scene.state(link.ref) === "focus" : scene.state("e") === "focus");
    const cls = focus ? "path" : losing ? "loss" : scene.current || scene.lights ? "idle" : "rest";
    const d = link.points.map(([x, y], at) => `${at ? "L" : "M"}${round(x)} ${round(y)}`).join("");
    const lanes = (focus || losing) && link.points.length === 2 ? link.points.slice(1).map(([x, y], at) => {
      const [x0, y0] = link.points[at] ?? [x, y];
      const length = Math.hypot(x - x0, y - y0);
      if (length < 14) return null;
      const angle = (Math.atan2(y - y0, x - x0) * 180) / Math.PI;
      const start = (length - Math.floor((length - 10) / 20) * 20) / 2 + (losing ? -2 : 2);
      return html`<g class="lane ${losing ? "loss" : ""}" transform="translate(${round(x0)} ${round(y0)}) rotate(${round(angle)})"><g class="flow ${losing ? "on" : ""}">${ticks(start, length + 4, losing)}</g></g>`;
    }) : null;
    return html`<g key=${link.ref + link.kind + index}><path class="link ${cls}" data-link=${link.ref} d=${d} />${lanes}</g>`;
  });
}

/**
 * Ticks on wires: the forward signal on the wire itself, the gradient on a lane beside it.
 * @param {Scene} scene
 * @param {Layout} layout
 */
export function lanes(scene, layout) {
  const phase = scene.lights ? "backward" : scene.current?.phase;
  // A look-ahead moves parameters: nothing flows.
  if ((phase !== "forward" && phase !== "backward") || scene.term?.kind.startsWith("l") === true && phase === "forward") return null;
  const focused = layout.wires.filter((wire) => ["focus", "path"].includes(scene.state(wire.ref)) && !isFixedBias(scene.session, wire.ref));
  // A whole layer in focus would turn into hatching.
  if (focused.length > 9) return null;
  return focused.map((wire) => {
    const { dx, dy, length, nx, ny } = wireFrame(wire);
    const angle = round((Math.atan2(dy, dx) * 180) / Math.PI);
    if (phase === "forward") {
      return html`<g key=${`l${wire.ref}`} class="lane fwd" transform="translate(${round(wire.x1)} ${round(wire.y1)}) rotate(${angle})"><path class="head" d="M${round(length - 10)} -5L${round(length - 1)} 0L${round(length - 10)} 5z" /><g class="flow on">${ticks(14, length - 12, true)}</g></g>`;
    }
    if (scene.state(wire.ref) !== "focus" && length < 40) return null;
    const x = wire.x1 + nx * LANE;
    const y = wire.y1 + ny * LANE;
    return html`<g key=${`l${wire.ref}`} class="lane" transform="translate(${round(x)} ${round(y)}) rotate(${angle})">
      <path class="rail" d="M2 0H${round(length)}" /><path class="head" d="M9 -5L1 0L9 5z" /><g class="flow">${ticks(26, length, false)}</g></g>`;
  });
}

/**
 * Weight labels as focusable buttons; wires without a visible label stay focusable and show their outline.
 * @param {Scene} scene
 * @param {Layout} layout
 * @param {import("./diagram_labels.js").WeightLabel[]} shown
 * @param {Touch} touch
 */
export function weightLabels(scene, layout, shown, touch) {
  const byRef = new Map(shown.map((label) => [label.ref, label]));
  return layout.wires.map((wire) => {
    const label = byRef.get(wire.ref);
    const name = elementName(scene, wire.ref, touch.t, touch.flow !== null);
    // While training runs no weight is edited: it is looked at, as a neuron is.
    const common = { role: touch.flow ? "img" : "button", tabindex: touch.roving === wire.ref ? 0 : -1, "aria-label": name, "data-ref": wire.ref, ...touch.handlers(wire.ref) };
    const lit = touch.lit === wire.ref ? "lit" : "";
    if (!label) {
      return html`<g key=${`w${wire.ref}`} class="wl bare ${lit}" ...${common}><path class="aim" d="M${round(wire.x1)} ${round(wire.y1)}L${round(wire.x2)} ${round(wire.y2)}" /></g>`;
    }
    const { box, value, symbol } = label;
    const frozen = scene.frozen(wire.ref);
    const rest = `wl ${scene.state(wire.ref)} ${label.updated ? "updated" : ""} ${lit} ${frozen ? "frozen" : ""}`;
    const room = box.w - 8 - (symbol ? symbolWidth(scene.symbolOf(wire.ref), 14) + 4 : 0) - (frozen ? 13 : 0);
    const text = touch.flow?.text(wire.ref, scene.decimals, room) ?? label.text;
    return html`<g key=${`w${wire.ref}`} class=${touch.flow?.sign(wire.ref, rest) ?? `${rest} ${(value ?? 0) < 0 ? "neg" : "pos"}`} ...${common} transform="translate(${round(box.x)} ${round(box.y)})">
      <rect x=${round(-box.w / 2)} y=${-box.h / 2} width=${round(box.w)} height=${box.h} rx="2" />
      ${frozen ? html`<path class="lock" d="M${round(-box.w / 2 + 3)} -1h8v6h-8zM${round(-box.w / 2 + 4.7)} -1v-2a2.3 2.3 0 0 1 4.6 0v2" />` : null}
      <text x=${frozen ? 6 : 0} y="4.5">${symbol ? [svgSymbol(scene.symbolOf(wire.ref)), html`<tspan dx="3">${text}</tspan>`] : text}</text></g>`;
  });
}

/**
 * Chips on wires: gradients, products and contributions, filled while they are made, outlined afterwards; a gradient
 * is grey at exactly zero.
 * @param {import("./diagram_labels.js").Chip[]} chips
 * @param {Touch} touch
 * @param {(ref: string) => void} go travels to the micro-step that made the value
 */
export function gradientChips(chips, touch, go) {
  return chips.map(({ ref, gradient, box, text, state, kind, symbols }) => {
    const cls = kind !== "gradient" ? kind : text === "0" ? "zero" : "";
    const sign = symbols.length > 0 ? symbols.map((symbol) => svgSymbol(symbol)) : html`<tspan class="pa">${SIGNS[kind]}</tspan>`;
    return html`<g key=${`g${ref}`} class="gc ${state} ${cls} ${touch.lit === ref ? "lit" : ""}" transform="translate(${round(box.x)} ${round(box.y)})" data-ref=${gradient} data-wire=${ref}
      ...${touch.pointers(gradient)} onClick=${() => go(gradient)}>
      <rect x=${round(-box.w / 2)} y=${-box.h / 2} width=${round(box.w)} height=${box.h} rx="2" />
      <text y="4.5">${sign}<tspan dx="3">${text}</tspan></text></g>`;
  });
}
