// @ts-check
/**
 * What both directions of the diagram share: the shapes of a layout, and the wires between its nodes.
 * @typedef {"full" | "side" | "pill" | "inside"} NodeStyle
 * @typedef {object} PlacedNode
 * @property {string} ref
 * @property {"input" | "neuron" | "bias" | "loss" | "total"} kind
 * @property {number} layer 0 for inputs; loss boxes have the number of layers + 1
 * @property {number} index
 * @property {number} x centre
 * @property {number} y centre
 * @property {number} r radius of the gauge; 0 for boxes
 * @property {number} w
 * @property {number} h
 * @property {NodeStyle} style
 * @property {{x: number, y: number, anchor: "start" | "middle" | "end"}} name relative to the centre
 * @property {{x: number, y: number, h: number} | null} chip the delta's place, relative to the centre
 * @typedef {{ref: string, layer: number, from: PlacedNode, to: PlacedNode, x1: number, y1: number, x2: number, y2: number}} PlacedWire
 * @typedef {object} PlacedLink
 * @property {string} ref the loss part it carries
 * @property {"part" | "total"} kind
 * @property {[number, number][]} points from the source of the forward direction
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {boolean} vertical
 * @property {PlacedNode[]} nodes in data order
 * @property {PlacedWire[]} wires in data order: receiving neuron by receiving neuron
 * @property {PlacedLink[]} links
 * @property {{layer: number, x: number, y: number, anchor: "start" | "middle"}[]} columns
 * @property {{x: number, y: number, count: number}[]} more the neurons that are not drawn
 * @property {number} clear length of the free part of a wire between two columns
 * @typedef {object} Shape
 * @property {number[]} sizes neurons per layer, inputs first
 * @property {("trained" | "fixed" | "absent")[]} biases per layer 1..L
 */

const SHOWN = 8;
/** Free space between a node and the end of its wire. */
export const EDGE = 3;

/**
 * The neurons of a layer that are drawn; null stands for those left out.
 * @param {number} count
 * @returns {(number | null)[]}
 */
export function shownUnits(count) {
  if (count <= SHOWN) return Array.from({ length: count }, (_, index) => index);
  return [0, 1, 2, null, count - 3, count - 2, count - 1];
}

/**
 * @param {number} layer the layer that receives it
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @returns {PlacedNode}
 */
export function biasNode(layer, x, y, r) {
  return { ref: `bias.${layer}`, kind: "bias", layer: layer - 1, index: -1, x, y, r, w: 2 * r, h: 2 * r, style: "full",
    name: { x: 0, y: 0, anchor: "middle" }, chip: null };
}

/**
 * The wires between drawn nodes, receiving neuron by receiving neuron, the bias last.
 * @param {PlacedNode[]} nodes
 * @param {number} layers
 * @returns {PlacedWire[]}
 */
export function connect(nodes, layers) {
  /** @type {PlacedWire[]} */
  const wires = [];
  for (let layer = 1; layer < layers; layer += 1) {
    const sources = nodes.filter((node) => node.layer === layer - 1 && node.kind !== "bias");
    const bias = nodes.find((node) => node.kind === "bias" && node.layer === layer - 1);
    for (const to of nodes.filter((node) => node.kind === "neuron" && node.layer === layer)) {
      for (const from of bias ? [...sources, bias] : sources) {
        const [x1, y1] = border(from, to);
        const [x2, y2] = border(to, from);
        wires.push({ ref: from === bias ? `b.${layer}.${to.index}` : `w.${layer}.${from.index}.${to.index}`, layer, from, to, x1, y1, x2, y2 });
      }
    }
  }
  return wires;
}

/**
 * Where a straight line from the centre of `node` towards `other` leaves the node.
 * @param {PlacedNode} node
 * @param {PlacedNode} other
 * @returns {[number, number]}
 */
function border(node, other) {
  if (node.style === "pill") return [node.x + Math.sign(other.x - node.x) * (node.w / 2 + 2), node.y];
  const dx = other.x - node.x;
  const dy = other.y - node.y;
  const distance = Math.hypot(dx, dy) || 1;
  const box = node.kind === "input" ? Math.min(node.w / 2 / (Math.abs(dx) || 1e-9), node.h / 2 / (Math.abs(dy) || 1e-9)) * distance : 0;
  const reach = (node.kind === "input" ? box : node.kind === "bias" ? node.r : node.w / 2) + EDGE;
  return [node.x + (dx / distance) * reach, node.y + (dy / distance) * reach];
}
