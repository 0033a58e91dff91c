// @ts-check
/** Which wires carry a label or a gradient chip at this micro-step, what they say, and where they stand. */
import { formatNumber, textWidth } from "../lib/format.js";
import { allFree, obstacles, overlapArea, placeLabels } from "../lib/labels.js";
import { symbolWidth } from "../lib/symbols.js";
import { isFixedBias, wireValue } from "./diagram_scene.js";
import { wireTerm } from "./diagram_terms.js";
/**
 * @typedef {import("./diagram_scene.js").Scene} Scene
 * @typedef {import("../lib/layout_parts.js").Layout} Layout
 * @typedef {import("../lib/layout_parts.js").PlacedWire} PlacedWire
 * @typedef {import("../lib/labels.js").Box} Box
 * @typedef {import("../lib/labels.js").Wish} Wish
 * @typedef {{ref: string, box: Box, value: number | null | undefined, text: string, symbol: boolean, updated: boolean}} WeightLabel
 * @typedef {"gradient" | "new" | "product" | "share" | "ahead"} ChipKind
 * @typedef {{gradient: string, text: string, kind: ChipKind, symbols: import("../lib/symbols.js").Symbol[], now: boolean | null}} ChipText
 *   `now`: whether the micro-step makes it; null: as its wire
 * @typedef {{ref: string, gradient: string, box: Box, text: string, state: string, kind: ChipKind, symbols: import("../lib/symbols.js").Symbol[]}} Chip
 * @typedef {"all" | "values" | "short" | "none"} Density what fits on every wire at once
 * @typedef {{density: Density, boxes: Map<string, Box>}} Plan
 */

/** Beyond this many wires only focused and hovered ones are labelled. */
export const MANY = 24;
const SHORT_DECIMALS = 2;

/** Whether one box hides a part of another that a reader would miss. @param {Box} a @param {Box} b */
const covers = (a, b) => (a.w + b.w) / 2 - Math.abs(a.x - b.x) > 2 && (a.h + b.h) / 2 - Math.abs(a.y - b.y) > 2;

/** @param {Scene} scene @param {PlacedWire} wire @param {number} decimals @param {boolean} symbol */
function labelWidth(scene, wire, decimals, symbol) {
  const { value, kind } = wireValue(scene, wire.ref);
  const lock = scene.frozen(wire.ref) ? 13 : 0;
  return textWidth(formatNumber(value, decimals, kind), 13) + (symbol ? symbolWidth(scene.symbolOf(wire.ref), 14) + 4 : 0) + 8 + lock;
}

/**
 * @param {string} text
 * @param {import("../lib/symbols.js").Symbol[]} [symbols] stand for the sign before the number
 * @param {ChipKind} [kind] of a product or share the sign is two letters
 */
const chipWidth = (text, symbols = [], kind = "gradient") => textWidth(text, 13) + (text.includes("×") ? 6 : 0)
  + (symbols.length > 0 ? symbols.reduce((sum, symbol) => sum + symbolWidth(symbol, 15), 14) : kind === "product" || kind === "share" ? 31 : 21);

/**
 * Decides once per layout how much fits. Chips are planned at their usual width before their numbers are known, so
 * that labels stay where they are while the numbers arrive.
 * @param {Scene} scene
 * @param {Layout} layout
 * @param {boolean} gradients
 * @returns {Plan}
 */
export function planLabels(scene, layout, gradients) {
  const wires = layout.wires.filter((wire) => !isFixedBias(scene.session, wire.ref));
  const fixed = obstacles(layout);
  /** @param {number} decimals @param {boolean} symbol @returns {Wish[]} */
  const weights = (decimals, symbol) => wires.map((wire) => ({
    id: wire.ref, wire, at: 0.34, w: labelWidth(scene, wire, decimals, symbol), h: symbol ? 20 : 18, lane: false,
  }));
  const usual = chipWidth(`−${(0).toFixed(scene.decimals)}`);
  const chips = wires.map((wire) => ({ id: `g${wire.ref}`, wire, at: 0.7, w: usual, h: 20, lane: true }));
  if (layout.wires.length <= MANY) {
    /** @type {[Density, Wish[]][]} */
    const attempts = [["values", weights(scene.decimals, true)], ["short", weights(SHORT_DECIMALS, false)]];
    if (gradients && !layout.vertical) attempts.unshift(["all", [...weights(scene.decimals, true), ...chips]]);
    for (const [density, wishes] of attempts) {
      const boxes = placeLabels(wishes, fixed, layout);
      if (allFree(boxes)) return { density, boxes };
    }
  }
  return { density: "none", boxes: new Map() };
}

/**
 * The labels and chips of this micro-step.
 * @param {Scene} scene
 * @param {Layout} layout
 * @param {Plan} plan
 * @param {boolean} gradients
 * @param {string | null} lit host of the hovered reference
 * @returns {{labels: WeightLabel[], chips: Chip[]}}
 */
export function wireLabels(scene, layout, plan, gradients, lit) {
  const wires = layout.wires.filter((wire) => !isFixedBias(scene.session, wire.ref));
  const phase = scene.current?.phase ?? null;
  const full = plan.density === "all" || plan.density === "values";
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  /** @type {Wish[]} */
  const wishes = [];
  /** @param {PlacedWire} wire */
  const stressed = (wire) => scene.state(wire.ref) === "focus" || wire.ref === lit;
  // Where a whole fan of a dense network is in focus, numbers go without their symbols and sit on their wires.
  const dense = plan.density === "none" && wires.filter((wire) => scene.state(wire.ref) === "focus").length > 4;
  /** @param {PlacedWire} wire */
  const bare = (wire) => dense && wire.ref !== lit;
  /** @param {PlacedWire} wire @returns {Wish} */
  const labelWish = (wire) => ({ id: wire.ref, wire, at: dense ? 0.38 : 0.34, w: labelWidth(scene, wire, scene.decimals, !bare(wire)), h: bare(wire) ? 18 : 20, lane: false });
  // In a dense network the summands made before stand in the equation, not on their wires.
  const chipOf = new Map(wires.map((wire) => {
    const chip = chipText(scene, wire.ref, gradients);
    return [wire.ref, chip?.now === false && plan.density === "none" && !stressed(wire) ? null : chip];
  }));
  // What belongs to the sum that is being made is never left out for its neighbours.
  const summed = (/** @type {PlacedWire} */ wire) => chipOf.get(wire.ref)?.now !== null && chipOf.get(wire.ref) !== null;
  /** @type {Wish[]} */
  const parts = [];
  const late = phase === "backward" || phase === "update";
  /** The weight that a term reads keeps its label beside the term's own chip. @param {string} id */
  const firm = (id) => wires.some((wire) => id === wire.ref && scene.state(id) === "focus");
  for (const wire of wires) {
    const planned = plan.boxes.get(wire.ref);
    if (planned && (full || !stressed(wire))) boxes.set(wire.ref, planned);
    else if (stressed(wire) && !(bare(wire) && late && chipOf.get(wire.ref))) wishes.push(labelWish(wire));
  }
  for (const wire of wires) {
    const chip = chipOf.get(wire.ref);
    if (!chip) continue;
    const planned = plan.boxes.get(`g${wire.ref}`);
    if (plan.density === "all" && planned) boxes.set(`g${wire.ref}`, { ...planned, w: chipWidth(chip.text, [], chip.kind) });
    else if (summed(wire)) parts.push({ id: `g${wire.ref}`, wire, at: 0.7, w: chipWidth(chip.text, [], chip.kind), h: 20, lane: !layout.vertical });
    else if (stressed(wire)) wishes.push({ id: `g${wire.ref}`, wire, at: dense ? 0.42 : 0.7, w: chipWidth(chip.text, [], chip.kind), h: dense ? 18 : 20, lane: !dense });
  }
  if (wishes.length > 0) {
    const fixed = [...obstacles(layout), ...boxes.values()];
    // While gradients are made their chips come first, otherwise the weights.
    if (late && plan.density === "none") wishes.sort((a, b) => Number(b.id.startsWith("g")) - Number(a.id.startsWith("g")));
    wishes.sort((a, b) => Number(b.wire.ref === lit) - Number(a.wire.ref === lit));
    for (const box of placeLabels(wishes, fixed, layout).values()) {
      const wish = wishes.find((one) => one.id === box.id);
      const rivals = [...boxes].some(([, other]) => overlapArea(box, other) > 0.1 * box.w * box.h);
      const crowded = rivals || box.overlap > (plan.density === "none" ? 0.05 : 0.15) * box.w * box.h;
      if (crowded && wish?.wire.ref === lit) for (const [id, other] of boxes) if (overlapArea(box, other) > 0) boxes.delete(id);
      if (!crowded || wish?.wire.ref === lit) boxes.set(box.id, box);
    }
  }
  if (parts.length > 0) {
    parts.sort((a, b) => Number(chipOf.get(b.wire.ref)?.now) - Number(chipOf.get(a.wire.ref)?.now));
    const around = [...obstacles(layout, phase !== "forward"), ...[...boxes].flatMap(([id, box]) => (firm(id) ? [box] : []))];
    for (const [id, box] of placeLabels(parts, around, layout)) {
      // Two that still meet: what was summed before gives way to what is made now.
      if (parts.some((one) => one.id !== id && boxes.has(one.id) && covers(box, /** @type {Box} */ (boxes.get(one.id))))) continue;
      for (const [rival, other] of boxes) if (!parts.some((one) => one.id === rival) && covers(box, other)) boxes.delete(rival);
      boxes.set(id, box);
    }
  }
  // A stressed wire whose full label found no place keeps its short one.
  /** @type {Set<string>} */
  const short = new Set();
  for (const wire of wires) {
    const planned = plan.boxes.get(wire.ref);
    if (!planned || boxes.has(wire.ref)) continue;
    if ([...boxes.values()].some((other) => overlapArea(planned, other) > 0.1 * planned.w * planned.h || (parts.length > 0 && covers(planned, other)))) continue;
    boxes.set(wire.ref, planned);
    if (!full) short.add(wire.ref);
  }
  /** @type {WeightLabel[]} */
  const labels = [];
  /** @type {Chip[]} */
  const chips = [];
  for (const wire of wires) {
    const box = boxes.get(wire.ref);
    if (box) {
      const symbol = full || (stressed(wire) && !bare(wire) && !short.has(wire.ref));
      // Old -> new reads along the wire; where the new value found no place of its own, the label shows it.
      const { value, kind } = boxes.has(`g${wire.ref}`) && chipOf.get(wire.ref)?.kind === "new" ? scene.read(wire.ref) : wireValue(scene, wire.ref);
      labels.push({ ref: wire.ref, box, value, symbol, updated: scene.known(`n${wire.ref}`) && !(boxes.has(`g${wire.ref}`) && chipOf.get(wire.ref)?.kind === "new"), text: formatNumber(value, symbol || bare(wire) ? scene.decimals : SHORT_DECIMALS, kind) });
    }
    const place = boxes.get(`g${wire.ref}`);
    const chip = chipOf.get(wire.ref);
    if (!place || !chip) continue;
    const state = chip.now === null ? scene.state(wire.ref) : chip.now ? "focus" : "done";
    // Named by its factors where these have room.
    const own = `g${wire.ref}`;
    const others = [...obstacles(layout, phase !== "forward"), ...[...boxes].flatMap(([id, box]) => (id === own ? [] : [box]))];
    const wide = chip.symbols.length > 0 ? placeLabels([{ id: own, wire, at: 0.7, w: chipWidth(chip.text, chip.symbols), h: place.h, lane: !layout.vertical }], others, layout).get(own) : undefined;
    const named = wide !== undefined && wide.overlap === 0;
    const { gradient, text, kind } = chip;
    chips.push({ ref: wire.ref, gradient, text, kind, state, box: named ? wide : place, symbols: named ? chip.symbols : [] });
    if (named) boxes.set(own, wide);
  }
  return { labels, chips };
}

/**
 * What stands beside a wire: what a term makes or adds up there, in its update the new value, else its gradient.
 * @param {Scene} scene
 * @param {string} element
 * @param {boolean} gradients
 * @returns {ChipText | null}
 */
function chipText(scene, element, gradients) {
  const updated = `n${element}`;
  if (!scene.lights && scene.current?.phase === "update" && scene.state(element) === "focus" && scene.known(updated)) {
    return { gradient: updated, text: scene.text(updated), kind: "new", symbols: [], now: scene.term?.ref === updated || null };
  }
  const part = wireTerm(scene, element);
  if (part) return { gradient: part.ref, text: part.text, kind: part.kind, symbols: part.symbols.map(scene.symbolOf), now: part.now };
  const gradient = scene.gradientRef(element);
  if (!gradients || !scene.known(gradient)) return null;
  const { value } = scene.read(gradient);
  return { gradient, text: value === 0 ? "0" : scene.text(gradient), kind: "gradient", symbols: [], now: scene.term?.ref === gradient || null };
}
