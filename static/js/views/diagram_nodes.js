// @ts-check
/** Inputs, neurons, bias nodes, loss boxes and the badges of the chain rule. */
import { h } from "preact";
import htm from "htm";
import { fitNumber, textWidth } from "../lib/format.js";
import { obstacles, overlapArea } from "../lib/labels.js";
import { parseRef } from "../lib/refs.js";
import { svgSymbol, symbolWidth } from "../lib/symbols.js";
import { biasUnit, elementName, isDropped } from "./diagram_scene.js";
import { deltaPieces, soFar, termBadges } from "./diagram_terms.js";
/**
 * @typedef {import("./diagram_scene.js").Scene} Scene
 * @typedef {import("../lib/layout_parts.js").Layout} Layout
 * @typedef {import("../lib/layout_parts.js").PlacedNode} PlacedNode
 * @typedef {import("./diagram_wires.js").Touch} Touch
 */

const html = htm.bind(h);
const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
/** @type {Record<string, [number, number]>} */
const RANGES = { sigmoid: [0, 1], softmax: [0, 1], step: [0, 1], hard_sigmoid: [0, 1], tanh: [-1, 1], softsign: [-1, 1] };
/** @type {Record<string, string>} */
const PHASE_CLASS = { forward: "fwdf", loss: "lossf", backward: "path", update: "updf" };

/**
 * The scale of a layer's gauges. Unbounded activations are drawn against the layer's largest magnitude.
 * @param {Scene} scene
 * @param {number} layer
 * @returns {{range: [number, number], printed: number | null}}
 */
export function gaugeScale(scene, layer) {
  const shape = scene.session.network.layers[layer - 1];
  const fixed = RANGES[shape?.activation ?? ""];
  if (fixed) return { range: fixed, printed: null };
  let largest = 0;
  let known = false;
  for (let unit = 0; unit < (shape?.units ?? 0); unit += 1) {
    const ref = `a.${layer}.${unit}`;
    if (!scene.known(ref)) continue;
    known = true;
    largest = Math.max(largest, Math.abs(scene.read(ref).value ?? 0));
  }
  return { range: [-(largest || 1), largest || 1], printed: known && largest > 0 ? largest : null };
}

/** @param {number} r @param {number} fraction of the 270 degrees, clockwise from the lower left */
function gaugePoint(r, fraction) {
  const angle = ((135 + 270 * fraction) * Math.PI) / 180;
  return `${round(r * Math.cos(angle))} ${round(r * Math.sin(angle))}`;
}

/** @param {number} r @param {number} from @param {number} to */
function gaugeArc(r, from, to) {
  const [low, high] = from <= to ? [from, to] : [to, from];
  if (high - low < 0.002) return "";
  return `M${gaugePoint(r, low)}A${r} ${r} 0 ${(high - low) * 270 > 180 ? 1 : 0} 1 ${gaugePoint(r, high)}`;
}

/**
 * @param {Scene} scene
 * @param {Layout} layout
 * @param {Touch} touch
 */
export function nodes(scene, layout, touch) {
  return layout.nodes.map((node) => {
    const state = scene.state(node.ref);
    const phase = scene.current?.phase;
    const ring = state !== "focus" && state !== "path" ? (state === "rest" ? "rest" : "idle") : scene.lights ? "path" : phase ? PHASE_CLASS[phase] : "idle";
    const name = elementName(scene, node.ref, touch.t);
    const attributes = {
      role: "img", tabindex: touch.roving === node.ref ? 0 : -1, "aria-label": name, "data-ref": node.ref,
      transform: `translate(${round(node.x)} ${round(node.y)})`, ...touch.handlers(node.ref),
    };
    const cls = `node ${node.kind} ${node.style} ${ring} ${state === "focus" ? "now" : ""} ${touch.lit === node.ref ? "lit" : ""}`;
    const body = node.kind === "input" ? input(scene, node) : node.kind === "neuron" ? neuron(scene, node)
      : node.kind === "bias" ? bias(scene, node) : lossBox(scene, node);
    const dropped = node.kind === "neuron" && isDropped(scene, node.ref);
    const bad = node.kind === "neuron" && scene.known(node.ref) && scene.read(node.ref).value === null && scene.read(node.ref).kind !== "hidden" ? "bad" : "";
    return html`<g key=${node.ref} class="${cls} ${bad} ${dropped ? "dropped" : ""} ${node.kind === "neuron" ? slopeClass(scene, node) : ""}" ...${attributes}>${body}${dropped ? cross(node, touch) : null}</g>`;
  });
}

/**
 * A neuron that dropout leaves out is crossed out, and where there is room it says so.
 * @param {PlacedNode} node
 * @param {Touch} touch
 */
function cross(node, touch) {
  // A pill has room for the cross beside its name only: where its gauge is.
  const [x, size] = node.style === "pill" ? [round(-node.w / 2 + 11), 6] : [0, round(node.r * 0.72)];
  return [html`<path class="xo" d="M${x - size} ${-size}L${x + size} ${size}M${x - size} ${size}L${x + size} ${-size}" />`,
    node.style !== "pill" && node.style !== "inside" && node.r >= 26 ? html`<text class="xt" y=${round(node.r * -0.5)}>${touch.t("regularization.dropped")}</text>` : null];
}

/** @param {Scene} scene @param {PlacedNode} node @returns {string} "sat" where the known slope is next to nothing */
function slopeClass(scene, node) {
  const ref = `loc.${node.layer}.${node.index}`;
  const value = scene.known(ref) ? scene.read(ref).value : null;
  return typeof value === "number" && Math.abs(value) < 0.001 ? "sat" : "";
}

/** @param {Scene} scene @param {PlacedNode} node */
function input(scene, node) {
  const symbol = scene.symbolOf(node.ref);
  const room = node.w - 12 - (node.style === "full" ? 0 : symbolWidth(symbol, 14) + 4);
  const size = node.style === "full" ? 16 : 14;
  const written = scene.text(node.ref);
  const text = textWidth(written, size) <= room ? written : fit(scene, node.ref, room, size);
  const rect = html`<rect x=${-node.w / 2} y=${-node.h / 2} width=${node.w} height=${node.h} rx="3" />`;
  if (node.style === "full") return [rect, html`<text class="nm" y=${node.name.y}>${svgSymbol(symbol)}</text>`, html`<text class="av t16" y="5.5">${text}</text>`];
  if (node.style === "inside") return [rect, html`<text class="nm small" y="-2">${svgSymbol(symbol)}</text>`, html`<text class="av t12" y="12">${fit(scene, node.ref, node.w - 6, 12)}</text>`];
  return [rect, html`<text class="av t14" y="5">${svgSymbol(symbol)}<tspan dx="4">${text}</tspan></text>`];
}

/** @param {Scene} scene @param {string} ref @param {number} width @param {number} size */
function fit(scene, ref, width, size) {
  if (!scene.known(ref)) return "·";
  const { value, kind } = scene.read(ref);
  return value === undefined ? "·" : fitNumber(value, scene.decimals, width, size, kind);
}

/** @param {Scene} scene @param {PlacedNode} node */
function neuron(scene, node) {
  const { r, style } = node;
  const { value } = scene.known(node.ref) ? scene.read(node.ref) : { value: undefined };
  const { range: [low, high] } = gaugeScale(scene, node.layer);
  const at = (/** @type {number} */ number) => Math.max(0, Math.min(1, (number - low) / (high - low)));
  const arc = typeof value === "number" ? gaugeArc(r, at(Math.max(low, 0)), at(value)) : "";
  const gauge = [
    html`<path class="mt" d=${gaugeArc(r, 0, 1)} />`,
    low < 0 ? html`<path class="zero" d="M${gaugePoint(r - 4, at(0))}L${gaugePoint(r + 3, at(0))}" />` : null,
    arc ? html`<path class="mv" d=${arc} />` : null,
  ];
  const symbol = scene.symbolOf(node.ref);
  const sum = scene.current?.phase === "forward" ? soFar(scene, node.layer, node.index) : null;
  // Where the net input has no place of its own, it stands in the activation's until that is known.
  const total = sum ?? (scene.term?.ref === `z.${node.layer}.${node.index}` ? scene.term.ref : null);
  /** @param {number} width @param {number} size */
  const inner = (width, size) => (total ? html`<tspan class="part">Σ ${fit(scene, total, width - 10, Math.min(size, 12))}</tspan>` : fit(scene, node.ref, width, size));
  if (style === "pill") {
    return [
      html`<rect class="sel" x=${-node.w / 2} y=${-node.h / 2} width=${node.w} height=${node.h} rx=${node.h / 2} />`,
      html`<g class="mini" transform="translate(${-node.w / 2 + 11} 0)">${gauge}</g>`,
      html`<text class="pv" x=${-node.w / 2 + 21} y="4.5">${svgSymbol(symbol)}<tspan class="av pn" dx="3">${inner(node.w - 27 - symbolWidth(symbol, 13), 12)}</tspan></text>`,
    ];
  }
  const circle = [html`<circle class="sel" r=${round(r + (style === "inside" ? 3 : 5))} />`, html`<circle class="face" r=${round(r)} />`, ...gauge];
  if (style === "inside") {
    return [...circle, html`<text class="nm small" y=${r >= 16 ? -3 : -2}>${svgSymbol({ ...symbol, sup: "" })}</text>`,
      html`<text class="av t12" y=${r >= 16 ? 11 : 10}>${inner(2 * r - 7, 12)}</text>`];
  }
  const z = `z.${node.layer}.${node.index}`;
  const zSymbol = scene.symbolOf(z);
  const net = r >= (zSymbol.sup ? 36 : 30);
  const size = r >= 50 ? 18 : r >= 38 ? 16 : r >= 26 ? 15 : 13;
  return [
    ...circle,
    html`<text class="nm" x=${round(node.name.x)} y=${round(node.name.y)} text-anchor=${node.name.anchor} data-anchor=${node.name.anchor}>${svgSymbol(symbol)}</text>`,
    html`<text class="av t${size}" y=${net ? 1 : 4}>${net ? fit(scene, node.ref, 2 * r - 12, size) : inner(2 * r - 12, size)}</text>`,
    net && sum ? html`<text class="zv part" y="17">Σ<tspan dx="3">${fit(scene, sum, 2 * r - 30, 12)}</tspan></text>`
      : net ? html`<text class="zv" y="17">${svgSymbol(zSymbol)}${scene.known(z) ? html`<tspan dx="3">${fit(scene, z, 2 * r - 18 - symbolWidth(zSymbol, 12), 12)}</tspan>` : null}</text>` : null,
  ];
}

/** @param {Scene} scene @param {PlacedNode} node */
function bias(scene, node) {
  return [html`<circle r=${node.r} />`, html`<text class="av t14" y="5">${biasUnit(scene.session, parseRef(node.ref).at[0] ?? 1)}</text>`];
}

/** @param {Scene} scene @param {PlacedNode} node */
function lossBox(scene, node) {
  const single = node.ref === "e";
  const symbol = scene.symbolOf(node.ref);
  const width = node.w - 16 - symbolWidth(symbol, 14);
  // Until the loss is known its name stands alone: a waiting dot beside an index would look like a prime.
  const valueIn = (/** @type {number} */ room) => (scene.known(node.ref) ? html`<tspan dx="4">${fit(scene, node.ref, room, 13)}</tspan>` : null);
  const value = valueIn(width);
  const rect = html`<rect x=${-node.w / 2} y=${-node.h / 2} width=${node.w} height=${node.h} rx="3" />`;
  const target = `t.${single ? 0 : node.index}`;
  if (node.kind === "total" || node.style === "inside") {
    return [rect, html`<text class="ev" y="5">${svgSymbol(symbol)}${value}</text>`];
  }
  if (node.style === "full") {
    return [rect, html`<text class="ev" y="-2">${svgSymbol(symbol)}${value}</text>`,
      html`<text class="tv" y="16">${svgSymbol(scene.symbolOf(target))}<tspan dx="4">${scene.text(target)}</tspan></text>`];
  }
  const targetWidth = symbolWidth(scene.symbolOf(target), 12) + 24;
  const both = node.w >= 120;
  return [rect, html`<text class="ev" x=${both ? -24 : 0} y="5">${svgSymbol(symbol)}${valueIn(both ? width - targetWidth : width)}</text>`,
    both ? html`<text class="tv" x=${node.w / 2 - 24} y="5">${svgSymbol(scene.symbolOf(target))}<tspan dx="4">${scene.text(target)}</tspan></text>` : null];
}

/**
 * The delta chips; where a layer is too dense for them, only neurons in focus or lit carry one.
 * @param {Scene} scene
 * @param {Layout} layout
 * @param {Touch} touch
 * @param {(ref: string) => void} go
 * @param {import("../lib/labels.js").Box[]} labels what is on the wires
 */
export function deltaChips(scene, layout, touch, go, labels) {
  return layout.nodes.map((node) => {
    const ref = `d.${node.layer}.${node.index}`;
    if (node.kind !== "neuron") return null;
    const pieces = deltaPieces(scene, node.layer, node.index);
    if (!pieces && !scene.known(ref)) return null;
    const stressed = scene.state(node.ref) === "focus" && scene.current?.phase === "backward";
    if (!node.chip && !stressed && touch.lit !== node.ref) return null;
    const place = node.chip ?? (layout.vertical ? { x: 0, y: node.r + 16, h: 18 } : { x: node.w / 2 + 42, y: node.style === "pill" ? 0 : -node.r, h: 18 });
    if (pieces) return piecesChip(scene, node, place, pieces, [...labels, ...obstacles(layout, false)], touch, go);
    const text = scene.text(ref);
    // Where columns stand close together the indices are left out: the chip hangs on its neuron anyway.
    const full = scene.symbolOf(ref);
    const symbol = layout.clear < 40 && !layout.vertical ? { base: full.base, sub: "", sup: "" } : full;
    const width = symbolWidth(symbol, 13) + text.length * 6.2 + 14;
    return html`<g key=${ref} class="dc ${stressed ? "focus" : ""}" transform="translate(${round(node.x + place.x)} ${round(node.y + place.y)})"
      ...${touch.pointers(ref)} onClick=${() => go(ref)}>
      <rect x=${round(-width / 2)} y=${-place.h / 2} width=${round(width)} height=${place.h} rx="2" />
      <text class=${place.h < 20 ? "t12" : ""} y="4.5">${svgSymbol(symbol)}<tspan dx="3">${text}</tspan></text></g>`;
  });
}

/**
 * The chip of a delta that is being made: the sum so far, or its factors with their badges.
 * @param {Scene} scene
 * @param {PlacedNode} node
 * @param {{x: number, y: number, h: number}} place
 * @param {import("./diagram_terms.js").Piece[]} pieces
 * @param {import("../lib/labels.js").Box[]} around what it must not cover
 * @param {Touch} touch
 * @param {(ref: string) => void} go
 */
function piecesChip(scene, node, place, pieces, around, touch, go) {
  const all = sized(scene, pieces);
  const box = { x: node.x + place.x, y: node.y + place.y, w: all.reduce((sum, piece) => sum + piece.width, 7), h: place.h };
  // The newest alone where the others have no room; the neuron itself may stand closer.
  const free = around.every((other) => (other.x === node.x && other.y === node.y) || overlapArea(box, other) === 0);
  const shown = free ? all : sized(scene, pieces.slice(-1));
  const width = shown.reduce((sum, piece) => sum + piece.width, 7);
  const newest = pieces[pieces.length - 1]?.ref ?? "";
  let x = -width / 2 + 6;
  return html`<g key=${`d${node.ref}`} class="dc parts focus" data-ref=${newest} transform="translate(${round(box.x)} ${round(box.y)})"
    ...${touch.pointers(newest)} onClick=${() => go(newest)}>
    <rect x=${round(-width / 2)} y=${-place.h / 2} width=${round(width)} height=${place.h} rx="2" />
    ${shown.map(({ badge, sign, text, lead, width: wide }) => {
      const start = x;
      x += wide;
      return html`${sign ? html`<text x=${round(start + 4)} y="4.5">${sign}</text>` : null}
        ${badge ? html`<circle class="no" cx=${round(start + lead - 10)} r="7" /><text class="no" x=${round(start + lead - 10)} y="4">${badge}</text>` : null}
        <text class="pt" x=${round(start + lead)} y="4.5">${text}</text>`;
    })}</g>`;
}

/** @param {Scene} scene @param {import("./diagram_terms.js").Piece[]} pieces */
function sized(scene, pieces) {
  return pieces.map((piece, index) => {
    const text = scene.text(piece.ref);
    const sign = index > 0 || piece.badge === null ? piece.sign : "";
    const lead = (sign ? 13 : 0) + (piece.badge ? 18 : 0);
    return { ...piece, sign, text, lead, width: lead + textWidth(text, 13) + 5 };
  });
}

/**
 * The badges of the factors, where the equation's factors live in the diagram.
 * @param {Scene} scene
 * @param {Layout} layout
 */
export function badges(scene, layout) {
  if (scene.lights) return null;
  const lines = !scene.term && scene.current?.phase === "backward" ? scene.current.lines : [];
  const neurons = new Set(lines.map((line) => line.result_ref).filter((ref) => ref.startsWith("d.")));
  if (neurons.size !== 1 && !scene.term) return null;
  /** @type {Map<string, {x: number, y: number, number: number}>} */
  const marks = new Map();
  const carried = lines.filter((line) => line.badge === 3).length;
  const find = (/** @type {string} */ ref) => layout.nodes.find((node) => node.ref === ref);
  /** @param {PlacedNode | undefined} node @param {number} number @param {number} side */
  const corner = (node, number, side) => {
    const key = `${node?.ref}${side}`;
    if (!node || marks.has(key)) return;
    const round_ = node.kind === "neuron" && node.style !== "pill";
    const dx = round_ ? (node.r + 5) * 0.74 : node.w / 2 - 1;
    const dy = round_ ? (node.r + 5) * 0.74 : node.h / 2 - 1;
    // The name of a neuron in side style stands at its upper left.
    if (side < 0 && node.style === "side" && Math.abs(node.name.x) < node.r) marks.set(key, { x: node.x, y: node.y - node.r - 5, number });
    else marks.set(key, { x: node.x + side * dx, y: node.y - dy, number });
  };
  /** On the way from the loss to an output. @param {number} layer @param {number} output */
  const onLink = (layer, output) => {
    const place = layout.nodes.filter((node) => node.kind === "neuron" && node.layer === layer).findIndex((node) => node.index === output);
    const [start, end] = layout.links.filter((one) => one.kind === "part")[place]?.points ?? [];
    if (start && end) marks.set("link", layout.vertical ? { x: start[0] + 16, y: (start[1] + end[1]) / 2, number: 1 } : { x: (start[0] + end[0]) / 2, y: start[1] - 17, number: 1 });
  };
  for (const [number, place] of termBadges(scene)) {
    if (place === "link") onLink(scene.term?.layer ?? 0, scene.term?.neuron ?? 0);
    else corner(find(place), number, number === 1 ? -1 : 1);
  }
  for (const { badge, result_ref: ref } of lines) {
    const { at } = parseRef(ref);
    const [layer = 0, first = 0] = at;
    if (badge === 2) corner(find(`a.${layer}.${at[2] ?? first}`), 2, 1);
    if (badge === 3 && carried <= 4) corner(ref.startsWith("gw") || ref.startsWith("Gw") ? find(`a.${layer - 1}.${first}`) : find(`bias.${layer}`), 3, 1);
    if (badge !== 1) continue;
    const next = layout.nodes.filter((node) => node.kind === "neuron" && node.layer === layer + 1);
    if (next.length > 0) next.slice(0, next.length <= 4 ? 4 : 0).forEach((node) => corner(node, 1, -1));
    else onLink(layer, first);
  }
  return [...marks.values()].map(({ x, y, number }) => html`<g class="bdg" aria-hidden="true" transform="translate(${round(x)} ${round(y)})"><circle r="9" /><text y="4.3">${number}</text></g>`);
}
