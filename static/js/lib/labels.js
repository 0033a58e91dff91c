// @ts-check
/**
 * Places the labels of the wires: a weight at 0.34 of its wire, its gradient at 0.70. Boxes that would cover
 * each other or a node slide along their wire. Pure geometry, no numbers of the network.
 * @typedef {import("./layout_parts.js").Layout} Layout
 * @typedef {import("./layout_parts.js").PlacedWire} PlacedWire
 * @typedef {{x: number, y: number, w: number, h: number}} Box centre and size
 * @typedef {{id: string, wire: PlacedWire, at: number, w: number, h: number, lane: boolean}} Wish
 * @typedef {Box & {id: string, overlap: number}} Placed
 */

/** Distance of the return lane from its wire. */
export const LANE = 11;
const STEPS = 25;
const PASSES = 4;

/**
 * Area that two boxes share, with a gap of 1.5 px kept between them.
 * @param {Box} a
 * @param {Box} b
 * @returns {number}
 */
export function overlapArea(a, b) {
  const x = (a.w + b.w) / 2 + 1.5 - Math.abs(a.x - b.x);
  const y = (a.h + b.h) / 2 + 1.5 - Math.abs(a.y - b.y);
  return x > 0 && y > 0 ? x * y : 0;
}

/**
 * The space that nodes, their names and delta chips take.
 * @param {Layout} layout
 * @param {boolean} [chips] whether there are delta chips
 * @returns {Box[]}
 */
export function obstacles(layout, chips = true) {
  /** @type {Box[]} */
  const boxes = [];
  for (const node of layout.nodes) {
    boxes.push({ x: node.x, y: node.y, w: node.w, h: node.h });
    if (node.kind === "neuron" && node.style !== "pill" && node.style !== "inside") {
      const { x, y, anchor } = node.name;
      boxes.push({ x: node.x + x + (anchor === "middle" ? 0 : anchor === "end" ? -9 : 9), y: node.y + y - 4, w: 22, h: 18 });
    }
    if (node.kind === "input" && node.style === "full") boxes.push({ x: node.x, y: node.y + node.name.y - 4, w: 24, h: 18 });
    if (node.chip && chips) boxes.push({ x: node.x + node.chip.x, y: node.y + node.chip.y, w: 72, h: node.chip.h });
  }
  for (const column of layout.columns) {
    boxes.push({ x: column.x + (column.anchor === "start" ? 20 : 0), y: column.y - 4, w: column.anchor === "start" ? 44 : 120, h: 16 });
  }
  return boxes;
}

/**
 * The direction of a wire and the side its lane runs on: below a level wire, left of one that runs down.
 * @param {PlacedWire} wire
 */
export function wireFrame(wire) {
  const dx = wire.x2 - wire.x1;
  const dy = wire.y2 - wire.y1;
  const length = Math.hypot(dx, dy) || 1;
  return { dx, dy, length, nx: -dy / length, ny: dx / length };
}

/**
 * @param {Wish} wish
 * @param {number} t
 * @param {boolean} other the other side of the wire
 * @returns {Box}
 */
function boxAt(wish, t, other) {
  const { wire, w, h, lane } = wish;
  const { dx, dy, length, nx, ny } = wireFrame(wire);
  const x = wire.x1 + dx * t;
  const y = wire.y1 + dy * t;
  if (lane) return { x: x + nx * (LANE + 2), y: y + ny * (LANE + 2), w, h };
  const level = Math.abs(dy) / length < 0.2;
  const steep = Math.abs(dx) / length < 0.2;
  if (level) return { x, y: y + (other ? 16 : -16), w, h };
  if (steep) return { x: x + (other ? -1 : 1) * (w / 2 + 6), y, w, h };
  return other ? { x: x - nx * (h / 2 + 5), y: y - ny * (h / 2 + 5), w, h } : { x, y, w, h };
}

/**
 * Finds a place for each wish: a few rounds in which every box takes its best place among the others.
 * @param {Wish[]} wishes those first in the list choose first
 * @param {Box[]} fixed
 * @param {{width: number, height: number}} frame
 * @returns {Map<string, Placed>}
 */
export function placeLabels(wishes, fixed, frame) {
  /** @type {Map<string, Placed>} */
  const placed = new Map();
  for (let pass = 0; pass < PASSES; pass += 1) {
    let moved = false;
    for (const wish of wishes) {
      let best = /** @type {Placed | null} */ (null);
      let lowest = Infinity;
      for (let step = 0; step <= STEPS; step += 1) {
        const t = 0.08 + (0.84 * step) / STEPS;
        for (const other of wish.lane ? [false] : [false, true]) {
          const box = boxAt(wish, t, other);
          let overlap = outside(box, frame);
          for (const obstacle of fixed) overlap += overlapArea(box, obstacle);
          for (const [id, rival] of placed) if (id !== wish.id) overlap += overlapArea(box, rival);
          const cost = overlap + 60 * Math.abs(t - wish.at) + (other ? 25 : 0);
          if (cost < lowest - 1e-9) {
            lowest = cost;
            best = { ...box, id: wish.id, overlap };
          }
        }
      }
      const before = placed.get(wish.id);
      if (best && (!before || Math.abs(before.x - best.x) + Math.abs(before.y - best.y) > 0.5)) moved = true;
      if (best) placed.set(wish.id, best);
    }
    if (!moved) break;
  }
  return placed;
}

/** @param {Box} box @param {{width: number, height: number}} frame */
function outside(box, frame) {
  const x = Math.max(0, box.w / 2 - box.x, box.x + box.w / 2 - frame.width);
  const y = Math.max(0, box.h / 2 - box.y, box.y + box.h / 2 - frame.height);
  return x * box.h + y * box.w;
}

/**
 * Whether every box found a place of its own; a sliver may be shared.
 * @param {Map<string, Placed>} placed
 */
export function allFree(placed) {
  return [...placed.values()].every((box) => box.overlap < 0.04 * box.w * box.h);
}
