// @ts-check
/**
 * Where a computational graph's boxes and wires stand: layers from left to right, or from top to bottom on a phone.
 * It depends on the graph's shape alone: values that change move nothing, and the same expression looks the same.
 */
import { Graph, layout } from "@dagrejs/dagre";

/**
 * @typedef {{id: string, kind: "variable" | "constant" | "gate" | "copy" | "output", gate: string, base: string, sub: string, inputs: string[], outputs: string[], part_of: string}} Node
 * @typedef {{id: string, source: string, target: string, slot: number}} Wire
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x: number, y: number, w: number, h: number}} Box the middle and the size
 * @typedef {{path: string, label: Point, marks: {x: number, y: number, angle: number}[], end: Point}} Drawn
 * @typedef {{nodes: Map<string, Box>, wires: Map<string, Drawn>, groups: Map<string, Box>, width: number, height: number}} Layout
 */

export const RADIUS = 25;
export const COPY_RADIUS = 14;
const LABEL = { w: 70, h: 46 };
const NAME = 18;
const MARGIN = 14;
/** Between the marks that show which way a wire is read. */
const MARK_STEP = 26;

/** @param {string} text */
const textWidth = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u1100" ? 14 : 8), 0);

/** The room of a node, its name above included. @param {Node} node */
function room(node) {
  if (node.kind === "gate") return { width: Math.max(2 * RADIUS, textWidth(node.base) + node.sub.length * 6), height: 2 * RADIUS + 2 * NAME };
  if (node.kind === "copy") return { width: 2 * COPY_RADIUS + 8, height: 2 * COPY_RADIUS + 2 * NAME };
  if (node.kind === "constant") return { width: 62, height: 34 };
  if (node.kind === "output") return { width: Math.max(92, textWidth(node.base) + 24), height: 48 };
  return { width: Math.max(96, textWidth(node.base) + node.sub.length * 7 + 70), height: 38 };
}

/** @param {Node} node */
const size = (node) => {
  const { width, height } = room(node);
  if (node.kind === "gate") return { w: 2 * RADIUS, h: 2 * RADIUS };
  return node.kind === "copy" ? { w: 2 * COPY_RADIUS, h: 2 * COPY_RADIUS } : { w: width, h: height };
};

/**
 * @param {Node[]} nodes in the order of computation
 * @param {Wire[]} wires
 * @param {boolean} down from top to bottom
 * @returns {Layout}
 */
export function layoutGraph(nodes, wires, down) {
  // The order of the expression where no more wires cross for it.
  const plain = placeLayers(nodes, wires, down, true);
  const few = plain.crossings === 0 ? plain : placeLayers(nodes, wires, down, false);
  const { graph } = few.crossings < plain.crossings ? few : plain;
  const { width = 0, height = 0 } = /** @type {{width?: number, height?: number}} */ (graph.graph());
  const placed = new Map(nodes.map((node) => [node.id, /** @type {Point} */ (/** @type {unknown} */ (graph.node(node.id)))]));
  // Turned over it crosses as little: the way round that is nearer to the order of the expression.
  const turned = inversions(nodes.filter((node) => node.kind === "variable").map((node) => (down ? placed.get(node.id)?.x : placed.get(node.id)?.y) ?? 0)) > 0.5;
  const face = (/** @type {Point} */ { x, y }) => (turned ? (down ? { x: width - x, y } : { x, y: height - y }) : { x, y });
  /** @type {Map<string, Box>} */
  const boxes = new Map(nodes.map((node) => [node.id, { ...face(placed.get(node.id) ?? { x: 0, y: 0 }), ...size(node) }]));
  const ways = new Map(wires.map((wire) => {
    const { x, y, points } = /** @type {{x: number, y: number, points: Point[]}} */ (/** @type {unknown} */ (graph.edge(wire.source, wire.target, wire.id)));
    return [wire.id, { ...face({ x, y }), points: points.map(face) }];
  }));
  /** @type {Map<string, Drawn>} */
  const drawn = new Map();
  for (const node of nodes) {
    // Wires enter in the order in which they come in, so that they do not cross before the gate.
    const entering = node.inputs.map((id) => ({ id, way: ways.get(id) })).sort((a, b) => (down ? (a.way?.x ?? 0) - (b.way?.x ?? 0) : (a.way?.y ?? 0) - (b.way?.y ?? 0)));
    entering.forEach(({ id, way }, at) => {
      const wire = wires.find((one) => one.id === id);
      const source = wire && boxes.get(wire.source);
      const target = boxes.get(node.id);
      if (!wire || !way || !source || !target) return;
      drawn.set(id, draw(source, target, way, (at - (entering.length - 1) / 2) * 22, down));
    });
  }
  return { nodes: boxes, wires: drawn, groups: groupBoxes(nodes, boxes), width, height };
}

/**
 * @param {Node[]} nodes
 * @param {Wire[]} wires
 * @param {boolean} down
 * @param {boolean} asWritten
 */
function placeLayers(nodes, wires, down, asWritten) {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: down ? "TB" : "LR", nodesep: down ? 22 : 10, ranksep: down ? 14 : 18, edgesep: 8, marginx: MARGIN, marginy: MARGIN });
  for (const node of nodes) graph.setNode(node.id, room(node));
  for (const wire of wires) graph.setEdge(wire.source, wire.target, { width: LABEL.w, height: LABEL.h, labelpos: "c", minlen: 1 }, wire.id);
  layout(graph, { disableOptimalOrderHeuristic: asWritten });
  return { graph, crossings: crossingsOf(wires.map((wire) => /** @type {{points: Point[]}} */ (/** @type {unknown} */ (graph.edge(wire.source, wire.target, wire.id))).points)) };
}

/** How often ways cross. @param {Point[][]} ways */
function crossingsOf(ways) {
  const parts = ways.flatMap((points, way) => points.slice(1).map((end, at) => ({ way, a: /** @type {Point} */ (points[at]), b: end })));
  const side = (/** @type {Point} */ a, /** @type {Point} */ b, /** @type {Point} */ c) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  let count = 0;
  parts.forEach((one, at) => {
    for (const other of parts.slice(at + 1)) {
      if (one.way === other.way || Math.max(one.a.x, one.b.x) < Math.min(other.a.x, other.b.x) || Math.max(other.a.x, other.b.x) < Math.min(one.a.x, one.b.x)) continue;
      if (side(one.a, one.b, other.a) * side(one.a, one.b, other.b) < 0 && side(other.a, other.b, one.a) * side(other.a, other.b, one.b) < 0) count += 1;
    }
  });
  return count;
}

/** The share of pairs that stand in reverse. @param {number[]} places */
function inversions(places) {
  let [wrong, pairs] = [0, 0];
  places.forEach((place, at) => places.slice(at + 1).forEach((later) => {
    pairs += 1;
    if (later < place) wrong += 1;
  }));
  return pairs ? wrong / pairs : 0;
}

/**
 * The frame around the parts of an unfolded gate.
 * @param {Node[]} nodes
 * @param {Map<string, Box>} boxes
 */
function groupBoxes(nodes, boxes) {
  /** @type {Map<string, Box>} */
  const groups = new Map();
  for (const whole of new Set(nodes.map((node) => node.part_of).filter(Boolean))) {
    const inside = nodes.filter((node) => node.part_of === whole).map((node) => boxes.get(node.id)).filter((box) => box !== undefined);
    const left = Math.min(...inside.map((box) => box.x - box.w / 2)) - 12;
    const right = Math.max(...inside.map((box) => box.x + box.w / 2)) + 12;
    const top = Math.min(...inside.map((box) => box.y - box.h / 2)) - NAME - 14;
    const bottom = Math.max(...inside.map((box) => box.y + box.h / 2)) + 12;
    groups.set(whole, { x: (left + right) / 2, y: (top + bottom) / 2, w: right - left, h: bottom - top });
  }
  return groups;
}

/**
 * A wire from the side of one box to that of the next, level where its label is.
 * @param {Box} source
 * @param {Box} target
 * @param {{x: number, y: number, points: Point[]}} way
 * @param {number} offset of the place where it enters
 * @param {boolean} down
 * @returns {Drawn}
 */
function draw(source, target, way, offset, down) {
  const round = target.w === target.h;
  const inset = round ? target.w / 2 - Math.sqrt(Math.max(0, (target.w / 2) ** 2 - offset ** 2)) : 0;
  const start = down ? { x: source.x, y: source.y + source.h / 2 } : { x: source.x + source.w / 2, y: source.y };
  const end = down ? { x: target.x + offset, y: target.y - target.h / 2 + inset } : { x: target.x - target.w / 2 + inset, y: target.y + offset };
  const label = { x: way.x, y: way.y };
  const half = down ? 4 : LABEL.w / 2 - 4;
  const around = down ? [{ x: label.x, y: label.y - LABEL.h / 2 }, { x: label.x, y: label.y + LABEL.h / 2 }] : [{ x: label.x - half, y: label.y }, { x: label.x + half, y: label.y }];
  const bends = way.points.slice(1, -1).flatMap((point) => (Math.hypot(point.x - label.x, point.y - label.y) < 1 ? around : [point]));
  // What lies beside a box already would bend backwards.
  const along = (/** @type {Point} */ point) => (down ? point.y : point.x);
  const points = [start, ...(bends.length > 0 ? bends : around).filter((point) => along(point) > along(start) && along(point) < along(end)), end];
  let path = `M${start.x.toFixed(1)} ${start.y.toFixed(1)}`;
  /** @type {Point[]} */
  const samples = [];
  for (let at = 1; at < points.length; at += 1) {
    const [a, b] = [/** @type {Point} */ (points[at - 1]), /** @type {Point} */ (points[at])];
    const reach = (along(b) - along(a)) / 2;
    const [c, d] = down ? [{ x: a.x, y: a.y + reach }, { x: b.x, y: b.y - reach }] : [{ x: a.x + reach, y: a.y }, { x: b.x - reach, y: b.y }];
    path += `C${[c, d, b].map((point) => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join(" ")}`;
    for (let part = 0; part < 16; part += 1) samples.push(bezier(a, c, d, b, part / 16));
  }
  samples.push(end);
  return { path, label, marks: marksOf(samples), end };
}

/** @param {Point} a @param {Point} b @param {Point} c @param {Point} d @param {number} t @returns {Point} */
function bezier(a, b, c, d, t) {
  const s = 1 - t;
  const mix = (/** @type {"x" | "y"} */ axis) => s * s * s * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t * t * t * d[axis];
  return { x: mix("x"), y: mix("y") };
}

/** Places at even steps along a wire, with its direction there. @param {Point[]} samples */
function marksOf(samples) {
  /** @type {{x: number, y: number, angle: number}[]} */
  const marks = [];
  let gone = MARK_STEP / 2;
  for (let at = 1; at < samples.length; at += 1) {
    const [a, b] = [/** @type {Point} */ (samples[at - 1]), /** @type {Point} */ (samples[at])];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    gone += length;
    if (gone >= MARK_STEP && at < samples.length - 1) {
      marks.push({ x: b.x, y: b.y, angle: (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI });
      gone -= MARK_STEP;
    }
  }
  return marks;
}
