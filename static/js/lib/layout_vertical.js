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
    const ring = style === "side" ? 5 : 3;
    const half = layer === 0 ? 16 : r + ring;
    y += half + (layer > 0 && style === "side" ? 4 : 0);
    columns.push({ layer, x: 0, y: y + 4, anchor: "start" });
    const pitch = Math.min(share, layer === 0 || shown.length < 3 ? 152 : 130);
    const start = left + (right - left) / 2 - (pitch * (shown.length - 1)) / 2;
    shown.forEach((index, slot) => {
      const x = start + slot * pitch;
      if (index === null) more.push({ x, y, count: (sizes[layer] ?? 0) - 6 });
      else if (layer === 0) {
        const w = Math.min(78, share - 6);
        nodes.push({ ref: `a.0.${index}`, kind: "input", layer, index, x, y, r: 0, w, h: 32, style: w < 60 ? "inside" : "side",
          name: { x: 0, y: 0, anchor: "middle" }, chip: null });
      } else {
        nodes.push({ ref: `a.${layer}.${index}`, kind: "neuron", layer, index, x, y, r, w: 2 * (r + ring), h: 2 * (r + ring), style,
          name: { x: -r * 0.76 - 4, y: -r * 0.76 + 1, anchor: "end" }, chip: style === "side" ? { x: 0, y: r + 3, h: 18 } : null });
      }
    });
    if (biased) nodes.push(biasNode(layer + 1, width - 6 - BIAS, y + (layer === 0 ? 4 : 0), BIAS));
    y += half + (layer < last ? gap : 30);
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
