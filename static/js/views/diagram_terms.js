// @ts-check
/**
 * What the diagram adds where a micro-step is a single term: the product on its wire, the sum so far at its neuron,
 * the contribution that a path returns, and the factors of delta one by one. Reads records only.
 */
import { parseRef } from "../lib/refs.js";
/**
 * @typedef {import("../lib/refs.js").MicroStep} MicroStep
 * @typedef {import("../lib/refs.js").MicroStepsRecord} MicroStepsRecord
 * @typedef {import("./diagram_scene.js").Scene} Scene
 * @typedef {object} Term
 * @property {string} ref what the micro-step makes
 * @property {string} kind of that quantity
 * @property {number} layer
 * @property {number} neuron the neuron whose term it is
 * @typedef {{ref: string, text: string, symbols: string[], now: boolean, kind: "product" | "share" | "ahead"}} WireTerm
 * @typedef {{badge: number | null, sign: string, ref: string}} Piece
 */

/** Quantities that are in no trace: their numbers are the results of their own lines. */
const ONLY_IN_LINES = new Set(["p", "ps", "c", "cs"]);

/**
 * @param {MicroStepsRecord | null} microsteps
 * @param {MicroStep | null} current
 * @returns {Term | null} null at any other granularity
 */
export function termOf(microsteps, current) {
  const ref = current?.produces[0];
  if (microsteps?.granularity !== "term" || ref === undefined) return null;
  const { kind, at } = parseRef(ref);
  const last = at[at.length - 1] ?? 0;
  const neuron = kind === "p" || kind === "loc" || /^[gGlnu][wb]$/.test(kind) ? last : at[1] ?? 0;
  return { ref, kind, layer: at[0] ?? 0, neuron };
}

/**
 * The numbers of products and sums, which only the lines hold.
 * @param {MicroStepsRecord | null} microsteps
 * @returns {Map<string, {value: number | null, kind: string | null}>}
 */
export function lineResults(microsteps) {
  /** @type {Map<string, {value: number | null, kind: string | null}>} */
  const found = new Map();
  if (microsteps?.granularity !== "term") return found;
  microsteps.microsteps.forEach((step, index) => step.lines.forEach((line, place) => {
    if (!ONLY_IN_LINES.has(parseRef(line.result_ref).kind)) return;
    found.set(line.result_ref, { value: line.result, kind: microsteps.nonfinite?.[`/microsteps/${index}/lines/${place}/result`] ?? null });
  }));
  return found;
}

/**
 * The elements that a term uses beyond its references: what a factor comes through. The output's factor, used by
 * itself or in a gradient, comes over the link from its loss box.
 * @param {MicroStep} current
 * @param {number} last the output layer
 * @returns {number | null} the output whose link is in use
 */
export function lossLink(current, last) {
  if (current.phase !== "backward") return null;
  for (const ref of current.uses) {
    const { kind, at } = parseRef(ref);
    if (kind === "t") return at[0] ?? 0;
    if (kind === "up" && at[0] === last && /^g[wb]\./.test(current.produces[0] ?? "")) return at[1] ?? 0;
  }
  return null;
}

/**
 * The sum so far of the neuron that is being summed, null for any other.
 * @param {Scene} scene
 * @param {number} layer
 * @param {number} neuron
 * @returns {string | null}
 */
export function soFar(scene, layer, neuron) {
  const { term } = scene;
  if (!term || term.layer !== layer || term.neuron !== neuron) return null;
  const forward = term.kind === "p" || term.kind === "ps";
  if (!forward && term.kind !== "c" && term.kind !== "cs") return null;
  const sum = forward ? "ps" : "cs";
  const count = scene.size(forward ? layer - 1 : Math.min(layer + 1, scene.last));
  for (let k = count - 1; k > 0; k -= 1) if (scene.known(`${sum}.${layer}.${neuron}.${k}`)) return `${sum}.${layer}.${neuron}.${k}`;
  const first = forward ? `p.${layer}.0.${neuron}` : `c.${layer}.${neuron}.0`;
  return scene.known(first) ? first : null;
}

/**
 * What stands on a wire as part of the sum that is being made.
 * @param {Scene} scene
 * @param {string} element
 * @returns {WireTerm | null}
 */
export function wireTerm(scene, element) {
  const { term } = scene;
  const { kind, at } = parseRef(element);
  if (!term || (kind !== "w" && kind !== "b")) return null;
  const [layer = 0, from = 0, to = 0] = at;
  /** @param {string} ref @param {string[]} symbols @param {WireTerm["kind"]} sort @returns {WireTerm | null} */
  const shown = (ref, symbols, sort) => (scene.known(ref) ? { ref, symbols, text: scene.text(ref), now: term.ref === ref, kind: sort } : null);
  if (term.ref === `l${element}`) return shown(term.ref, [], "ahead");
  if (kind === "b") return null;
  if (["p", "ps", "z"].includes(term.kind) && term.layer === layer && term.neuron === to) {
    return shown(`p.${layer}.${from}.${to}`, [element, `a.${layer - 1}.${from}`], "product");
  }
  if (["c", "cs", "up"].includes(term.kind) && term.layer === layer - 1 && term.neuron === from) {
    // A single path is no sum: what it returns is the whole factor.
    const ref = scene.size(layer) > 1 ? `c.${layer - 1}.${from}.${to}` : `up.${layer - 1}.${from}`;
    return shown(ref, [`d.${layer}.${to}`, element], "share");
  }
  return null;
}

/**
 * What stands under a neuron while its delta is being made: the sum so far, then the factors.
 * @param {Scene} scene
 * @param {number} layer
 * @param {number} neuron
 * @returns {Piece[] | null}
 */
export function deltaPieces(scene, layer, neuron) {
  const { term } = scene;
  if (!term || scene.current?.phase !== "backward" || term.layer !== layer || term.neuron !== neuron) return null;
  const upstream = `up.${layer}.${neuron}`;
  if (term.kind === "up") return [{ badge: 1, sign: "", ref: upstream }];
  if (term.kind === "loc") {
    const softmax = parseRef(term.ref).at.length === 3;
    const own = { badge: 2, sign: softmax ? "" : "×", ref: term.ref };
    return softmax || !scene.known(upstream) ? [{ ...own, sign: "" }] : [{ badge: 1, sign: "", ref: upstream }, own];
  }
  // Behind softmax a contribution has no wire: it stands here itself.
  if (term.kind === "c" && layer === scene.last) return [{ badge: null, sign: "+", ref: term.ref }];
  const sum = soFar(scene, layer, neuron);
  return sum ? [{ badge: null, sign: "Σ", ref: sum }] : null;
}

/**
 * Where the factors of a term live: badge number -> element, "link" for the way from the loss.
 * @param {Scene} scene
 * @returns {[number, string][]}
 */
export function termBadges(scene) {
  const { term, current } = scene;
  if (!term || !current || current.phase !== "backward") return [];
  const neuron = `a.${term.layer}.${term.neuron}`;
  const first = term.layer === scene.last ? "link" : neuron;
  if (term.kind === "up") return term.layer === scene.last ? [[1, "link"]] : [];
  if (term.kind === "loc") return [[2, neuron]];
  const factors = current.uses.some((ref) => ref.startsWith("up.")) && current.uses.some((ref) => ref.startsWith("loc."));
  if (term.kind === "d") return factors ? [[1, neuron], [2, neuron]] : [];
  if (term.kind !== "gw" && term.kind !== "gb") return [];
  const carrier = term.kind === "gw" ? `a.${term.layer - 1}.${parseRef(term.ref).at[1]}` : `bias.${term.layer}`;
  return factors ? [[1, first], [2, neuron], [3, carrier]] : [[3, carrier]];
}
