// @ts-check
/** The small variant of the diagram: inputs at the top, loss at the bottom, as tall as it needs. */
import { EDGE, biasNode, connect, shownUnits } from "./layout_parts.js";
/**
 * @typedef {import("./layout_parts.js").Layout} Layout
 * @typedef {import("./layout_parts.js").PlacedNode} PlacedNode
 * @typedef {import("./layout_parts.js").PlacedLink} PlacedLink
 * @typedef {import("./layout_parts.js").Shape} Shape
 */

const LEGEND = 46;
const BIAS = 13;
/** Ring around a neuron in focus. */
const RING = 5;
/** Room that a delta chip takes beside its neuron, and what it and the neuron take from its centre on. */
const CHIP = 70;
const SIDE = 31 + RING + CHIP - 2;

/**
 * @param {number} slots
 * @param {number} share width of one slot
 */
function rowStyle(slots, share) {
  const side = Math.min(31, (share - 14) / 2);
  if (side >= 23) return { style: /** @type {const} */ ("side"), r: side };
  return { style: /** @type {const} */ ("inside"), r: Math.max(12, Math.min(24, (share - 6) / 2)) };
}

/**
 * Where a neuron's name and delta stand, clear of its ring.
 * @param {"side" | "inside"} style
 * @param {number} r
 * @param {-1 | 0 | 1} side the side that is free: left, none, right
 * @returns {Pick<PlacedNode, "name" | "chip">}
 */
function labelsOf(style, r, side) {
  if (side !== 0) {
    return { name: { x: side * (r + RING + 5), y: -r * 0.4, anchor: side < 0 ? "end" : "start" }, chip: { x: side * (r + RING + CHIP / 2), y: r * 0.8, h: 18 } };
  }
  return { name: { x: -r * 0.76 - 6, y: -r * 0.76 - 3, anchor: "end" }, chip: style === "side" ? { x: 0, y: r + RING + 11, h: 18 } : null };
}

/**
 * @param {Shape} shape
 * @param {number} width
 * @returns {Layout}
 */
export function verticalLayout({ sizes, biases }, width) {
  const last = sizes.length - 1;
  const outputs = sizes[last] ?? 1;
  const left = LEGEND + 4;
  const units = sizes.map(shownUnits);
  const wireCount = sizes.slice(1).reduce((sum, size, layer) => sum + size * (sizes[layer] ?? 0), 0);
  const gap = wireCount > 24 ? 46 : 58;
  /** @type {PlacedNode[]} */
  const nodes = [];
  /** @type {Layout["more"]} */
  const more = [];
  /** @type {Layout["columns"]} */
  const columns = [];
  let y = 12;
  units.forEach((shown, layer) => {
    const biased = layer < last && (biases[layer] ?? "absent") !== "absent";
    const right = width - 6 - (biased ? 2 * BIAS + 10 : 0);
    const share = (right - left) / shown.length;
    const { style, r } = rowStyle(shown.length, share);
    const ring = style === "side" ? RING : 3;
    // One or two neurons carry name and delta on their outer side, where no wire runs; more of them below.
    const outside = style === "side" && shown.length < 3;
    const half = layer === 0 ? 16 : r + ring;
    y += half + (layer > 0 && style === "side" ? 4 : 0);
    columns.push({ layer, x: 0, y: y + 4, anchor: "start" });
    const pitch = Math.min(share, shown.length < 3 ? 148 : 130);
    const wide = pitch * (shown.length - 1);
    // Two neurons leave room for their chips on both sides, the row's name being above the left one.
    const start = shown.length === 2 ? Math.max(SIDE, Math.min(left + (right - left - wide) / 2, width - SIDE - wide)) : left + (right - left - wide) / 2;
    shown.forEach((index, slot) => {
      const x = start + slot * pitch;
      if (index === null) more.push({ x, y, count: (sizes[layer] ?? 0) - 6 });
      else if (layer === 0) {
        const w = Math.min(78, share - 6);
        nodes.push({ ref: `a.0.${index}`, kind: "input", layer, index, x, y, r: 0, w, h: 32, style: w < 60 ? "inside" : "side",
          name: { x: 0, y: 0, anchor: "middle" }, chip: null });
      } else {
        nodes.push({ ref: `a.${layer}.${index}`, kind: "neuron", layer, index, x, y, r, w: 2 * (r + ring), h: 2 * (r + ring), style,
          ...labelsOf(style, r, outside ? (slot > 0 ? 1 : -1) : 0) });
      }
    });
    if (biased) nodes.push(biasNode(layer + 1, width - 6 - BIAS, y + (layer === 0 ? 4 : 0), BIAS));
    y += half + (layer < last ? gap : 25);
  });

  const neurons = nodes.filter((node) => node.kind === "neuron" && node.layer === last);
  const { boxes, links, bottom } = lossRow(neurons, y, width, last + 1, outputs);
  columns.push({ layer: last + 1, x: 0, y: y + 19, anchor: "start" });
  nodes.push(...boxes);
  return { width, height: bottom + 6, vertical: true, nodes, wires: connect(nodes, sizes.length), links, columns, more, clear: gap };
}

/**
 * @param {PlacedNode[]} neurons
 * @param {number} top
 * @param {number} width
 * @param {number} layer
 * @param {number} outputs
 * @returns {{boxes: PlacedNode[], links: PlacedLink[], bottom: number}}
 */
function lossRow(neurons, top, width, layer, outputs) {
  const y = top + 15;
  const pitch = neurons.length > 1 ? (neurons[1]?.x ?? 0) - (neurons[0]?.x ?? 0) : width;
  const w = outputs === 1 ? 132 : Math.min(outputs === 2 ? 72 : 84, pitch - 4);
  /** @type {PlacedNode[]} */
  const boxes = [];
  /** @type {PlacedLink[]} */
  const links = [];
  /** @param {string} ref @param {"loss" | "total"} kind @param {number} index @param {number} x @param {number} at @param {number} wide */
  const box = (ref, kind, index, x, at, wide) => {
    boxes.push({ ref, kind, layer, index, x, y: at, r: 0, w: wide, h: 30, style: wide < 60 ? "inside" : "side", name: { x: 0, y: 0, anchor: "middle" }, chip: null });
  };
  for (const neuron of neurons) {
    const ref = outputs === 1 ? "e" : `e.${neuron.index}`;
    box(ref, "loss", neuron.index, neuron.x, y, w);
    links.push({ ref, kind: "part", points: [[neuron.x, neuron.y + neuron.w / 2 + EDGE], [neuron.x, y - 15 - EDGE]] });
  }
  if (outputs === 1) return { boxes, links, bottom: y + 15 };
  const centre = ((neurons[0]?.x ?? 0) + (neurons[neurons.length - 1]?.x ?? 0)) / 2;
  const between = outputs === 2 && pitch - w >= 74;
  const totalY = between ? y : y + 48;
  for (const neuron of neurons) {
    const sign = neuron.x < centre ? 1 : -1;
    links.push({ ref: `e.${neuron.index}`, kind: "total", points: between
      ? [[neuron.x + sign * (w / 2), y], [centre - sign * 33, y]]
      : [[neuron.x, y + 15 + EDGE], [neuron.x, y + 24], [centre, y + 24], [centre, totalY - 15 - EDGE]] });
  }
  box("e", "total", -1, centre, totalY, between ? 66 : 108);
  return { boxes, links, bottom: totalY + 15 };
}
