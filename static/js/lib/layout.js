// @ts-check
/**
 * Where everything in the network diagram stands: a pure function of the network's shape and the room for it.
 * Coordinates are CSS pixels; type is never scaled, so the styles of nodes change with the room instead.
 * @typedef {import("./layout_parts.js").Layout} Layout
 * @typedef {import("./layout_parts.js").NodeStyle} NodeStyle
 * @typedef {import("./layout_parts.js").PlacedNode} PlacedNode
 * @typedef {import("./layout_parts.js").PlacedLink} PlacedLink
 * @typedef {import("./layout_parts.js").Shape} Shape
 */

import { EDGE, biasNode, connect, shownUnits } from "./layout_parts.js";
import { verticalLayout } from "./layout_vertical.js";

/**
 * @param {Shape} shape
 * @param {number} width
 * @param {number} height ignored by the small variant, which is as tall as it needs
 * @param {"wide" | "mid" | "small"} variant
 * @returns {Layout}
 */
export function layoutNetwork(shape, width, height, variant) {
  return variant === "small" ? verticalLayout(shape, width) : horizontalLayout(shape, width, height);
}

/**
 * @typedef {{style: NodeStyle, r: number, half: number, up: number, down: number, pitch: number}} Column
 */

/**
 * The largest node that fits a column.
 * @param {number} slots
 * @param {number} room
 * @param {number} widest limit of the radius from the width
 * @param {number} largest
 * @returns {Column}
 */
function neuronColumn(slots, room, widest, largest) {
  const share = room / slots;
  // Where room is short, name and delta come closer before they move to the side of the neuron.
  for (const around of [60, 51]) {
    const full = Math.min((share - around) / 2, widest, largest);
    if (full >= 32) return { style: "full", r: full, half: full + 5, up: full + (around > 55 ? 25 : 22), down: full + around - 29, pitch: 2 * full + around };
  }
  const side = Math.min((share - 22) / 2, widest, largest, 36);
  if (side >= 21) return { style: "side", r: side, half: side + 5, up: side + 7, down: side + 13, pitch: 2 * side + 22 };
  if (widest >= 40) {
    const chip = share >= 40;
    return { style: "pill", r: 7, half: 41, up: 11, down: chip ? 29 : 11, pitch: chip ? 40 : 23 };
  }
  const r = Math.max(13, Math.min(20, (share - 6) / 2, widest));
  return { style: "inside", r, half: r + 3, up: r + 3, down: r + 3, pitch: 2 * r + 6 };
}

/**
 * @param {number} slots
 * @param {number} room
 * @param {boolean} narrow
 * @returns {Column}
 */
function inputColumn(slots, room, narrow) {
  const share = room / slots;
  if (share >= 72 && !narrow) return { style: "full", r: 0, half: 38, up: 44, down: 23, pitch: 72 };
  if (share >= 34) return { style: "side", r: 0, half: narrow ? 34 : 40, up: 15, down: 15, pitch: 34 };
  return { style: "pill", r: 0, half: narrow ? 34 : 40, up: 10, down: 10, pitch: 22 };
}

/**
 * @param {Shape} shape
 * @param {number} width
 * @param {number} height
 * @returns {Layout}
 */
function horizontalLayout(shape, width, height) {
  const { sizes, biases } = shape;
  const last = sizes.length - 1;
  const outputs = sizes[last] ?? 1;
  const scale = Math.max(1, Math.min(1.35, width / 832, height / 350));
  const top = 28;
  const bottom = height - 6;
  const margin = width >= 800 ? 26 : 14;
  const widest = (width - 190) / last / 2 * 0.62;
  const narrow = widest < 30;
  const biasRadius = height >= 300 ? 16 : 13;
  const units = sizes.map(shownUnits);
  // In a low diagram with room between its columns the bias of a hidden layer stands beside its column, not below it.
  const beside = height < 320 && last <= 2;
  const below = (/** @type {number} */ layer) => {
    if (beside && layer > 0 && layer < last) return 0;
    if (layer < last && (biases[layer] ?? "absent") !== "absent") return 2 * biasRadius + 8;
    return layer === last && outputs > 2 ? 36 : 0;
  };
  const columns = units.map((shown, layer) => {
    // Neuron columns with as many rows look alike: the one with the least room decides.
    const alike = units.flatMap((other, index) => (index > 0 && layer > 0 && other.length === shown.length ? [below(index)] : []));
    const room = bottom - top - Math.max(below(layer), ...alike);
    return layer === 0 ? inputColumn(shown.length, room, narrow) : neuronColumn(shown.length, room, widest, 41 * scale);
  });

  // Vertical positions: columns with the same count of rows share them, so that their wires run level.
  const spans = columns.map((column, layer) => ({ first: top + column.up, last: bottom - below(layer) - column.down }));
  const rows = units.map((shown, layer) => {
    const alike = spans.filter((_, other) => units[other]?.length === shown.length);
    let first = Math.max(...alike.map((span) => span.first));
    let end = Math.max(first, Math.min(...alike.map((span) => span.last)));
    const count = shown.length;
    if (layer === 0 && alike.length === 1 && below(0) > 0) {
      // Inputs and their bias node share the height evenly.
      const step = Math.min((bottom - biasRadius - first) / count, 150 * scale);
      const start = first + Math.max(0, (bottom - biasRadius - first - step * count) / 2);
      return shown.map((_, row) => start + row * step);
    }
    if (count === 1) return [(first + end) / 2];
    const longest = 205 * scale * (count - 1);
    if (end - first > longest) {
      const middle = (first + end) / 2;
      first = middle - longest / 2;
      end = middle + longest / 2;
    }
    return shown.map((_, row) => first + (row * (end - first)) / (count - 1));
  });

  const lossHalf = width >= 800 ? 56 : 50;
  const halves = columns.map((column) => column.half);
  const bodies = halves.slice(1).reduce((sum, half) => sum + 2 * half, 0);
  const left = margin + (halves[0] ?? 0);
  const right = width - margin - lossHalf;
  const span = right - lossHalf - (left + (halves[0] ?? 0)) - bodies;
  const clear = Math.max(16, span / (last + 0.55));
  /** @type {number[]} */
  const xs = [left];
  for (let layer = 1; layer <= last; layer += 1) {
    xs.push((xs[layer - 1] ?? 0) + (halves[layer - 1] ?? 0) + clear + (halves[layer] ?? 0));
  }

  /** @type {PlacedNode[]} */
  const nodes = [];
  /** @type {Layout["more"]} */
  const more = [];
  units.forEach((shown, layer) => {
    const column = /** @type {Column} */ (columns[layer]);
    const x = xs[layer] ?? 0;
    const ys = rows[layer] ?? [];
    shown.forEach((index, row) => {
      const y = ys[row] ?? 0;
      if (index === null) more.push({ x, y, count: (sizes[layer] ?? 0) - 6 });
      else nodes.push(layer === 0 ? inputNode(index, x, y, column) : neuronNode(layer, index, x, y, column));
    });
    if (beside && layer > 0 && layer < last && (biases[layer] ?? "absent") !== "absent") {
      nodes.push(biasNode(layer + 1, x + column.half + biasRadius + 14, bottom - biasRadius - 2, biasRadius));
    } else if (layer < last && below(layer) > 0) {
      const lowest = (ys[ys.length - 1] ?? 0) + column.down + biasRadius + 4;
      const near = layer === 0 ? (ys[ys.length - 1] ?? 0) + 150 * scale : lowest + 40;
      nodes.push(biasNode(layer + 1, x, Math.max(lowest, Math.min(bottom - biasRadius, near)), biasRadius));
    }
  });
  const { boxes, links } = lossColumn(nodes.filter((node) => node.kind === "neuron" && node.layer === last), {
    x: right, half: lossHalf, outputs, layer: last + 1, bottom, rows: rows[last] ?? [],
  });
  nodes.push(...boxes);
  return {
    width, height, vertical: false, nodes, wires: connect(nodes, sizes.length), links, more, clear,
    columns: [...xs, right].map((x, layer) => ({ layer, x, y: 16, anchor: "middle" })),
  };
}

/**
 * @param {number} index
 * @param {number} x
 * @param {number} y
 * @param {Column} column
 * @returns {PlacedNode}
 */
function inputNode(index, x, y, column) {
  const h = column.style === "full" ? 44 : column.style === "side" ? 28 : 20;
  return { ref: `a.0.${index}`, kind: "input", layer: 0, index, x, y, r: 0, w: 2 * column.half, h, style: column.style,
    name: { x: 0, y: -30, anchor: "middle" }, chip: null };
}

/**
 * @param {number} layer
 * @param {number} index
 * @param {number} x
 * @param {number} y
 * @param {Column} column
 * @returns {PlacedNode}
 */
function neuronNode(layer, index, x, y, column) {
  const { style, r, half } = column;
  /** @type {PlacedNode["name"]} */
  const name = style === "full" ? { x: 0, y: -r - 11, anchor: "middle" } : { x: -r * 0.72 - 5, y: -r * 0.72 - 5, anchor: "end" };
  const chip = style === "full" ? { x: 0, y: column.down - (column.down - r > 26 ? 11 : 9), h: column.down - r > 26 ? 22 : 18 } : style === "side" ? { x: 0, y: r + 3, h: 18 }
    : style === "pill" && column.down > 20 ? { x: 0, y: 20, h: 17 } : null;
  return { ref: `a.${layer}.${index}`, kind: "neuron", layer, index, x, y, r, w: 2 * half, h: style === "pill" ? 21 : 2 * half, style, name, chip };
}

/**
 * The loss boxes of a horizontal layout and the links to them.
 * @param {PlacedNode[]} neurons the drawn output neurons
 * @param {{x: number, half: number, outputs: number, layer: number, bottom: number, rows: number[]}} place
 * @returns {{boxes: PlacedNode[], links: PlacedLink[]}}
 */
function lossColumn(neurons, { x, half, outputs, layer, bottom, rows }) {
  /** @type {PlacedNode[]} */
  const boxes = [];
  /** @type {PlacedLink[]} */
  const links = [];
  const pitch = rows.length > 1 ? (rows[1] ?? 0) - (rows[0] ?? 0) : 200;
  const h = pitch >= 60 ? 46 : Math.min(26, pitch - 4);
  /** @param {string} ref @param {"loss" | "total"} kind @param {number} index @param {number} y @param {number} tall */
  const box = (ref, kind, index, y, tall) => {
    boxes.push({ ref, kind, layer, index, x, y, r: 0, w: 2 * half, h: tall, style: tall >= 40 ? "full" : "side",
      name: { x: 0, y: 0, anchor: "middle" }, chip: null });
  };
  for (const neuron of neurons) {
    const single = outputs === 1;
    box(single ? "e" : `e.${neuron.index}`, "loss", neuron.index, neuron.y, h);
    links.push({ ref: single ? "e" : `e.${neuron.index}`, kind: "part", points: [[neuron.x + neuron.w / 2 + EDGE, neuron.y], [x - half - EDGE, neuron.y]] });
  }
  if (outputs === 1) return { boxes, links };
  const lowest = neurons[neurons.length - 1]?.y ?? 0;
  const between = outputs === 2 && pitch >= h + 46;
  const y = between ? (rows[0] ?? 0) + pitch / 2 : Math.min(bottom - 15, lowest + h / 2 + 24);
  for (const neuron of neurons) {
    if (between) {
      const sign = neuron.y < y ? 1 : -1;
      links.push({ ref: `e.${neuron.index}`, kind: "total", points: [[x, neuron.y + sign * (h / 2 + EDGE)], [x, y - sign * (15 + EDGE)]] });
    } else {
      const rail = x + half + 8;
      links.push({ ref: `e.${neuron.index}`, kind: "total", points: [[x + half, neuron.y], [rail, neuron.y], [rail, y], [x + half + EDGE, y]] });
    }
  }
  box("e", "total", -1, y, Math.min(30, 2 * (bottom - y)));
  return { boxes, links };
}
