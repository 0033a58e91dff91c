// @ts-check
/**
 * What the diagram has to show at one micro-step: which quantities are known, which are in focus, and their text.
 * Reads records only; no number is computed here.
 */
import { formatGiven, formatNumber } from "../lib/format.js";
import { hostOf, parseRef, readValue } from "../lib/refs.js";
import { plainSymbol, symbolLookup } from "../lib/symbols.js";
import { lineResults, lossLink, soFar, termOf, wireTerm } from "./diagram_terms.js";
/**
 * @typedef {import("../lib/refs.js").TraceRecord} TraceRecord
 * @typedef {import("../lib/refs.js").SessionRecord} SessionRecord
 * @typedef {import("../lib/refs.js").MicroStepsRecord} MicroStepsRecord
 * @typedef {import("../lib/refs.js").MicroStep} MicroStep
 * @typedef {"focus" | "path" | "done" | "idle" | "rest"} State
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Translate
 * @typedef {object} Scene
 * @property {SessionRecord} session
 * @property {TraceRecord | null} trace
 * @property {MicroStep | null} current
 * @property {number} index
 * @property {number} decimals
 * @property {import("../lib/symbols.js").SymbolOf} symbolOf
 * @property {(ref: string) => boolean} known
 * @property {(ref: string) => number | null} producer index of the micro-step that makes it
 * @property {(ref: string) => {value: number | null | undefined, kind: string | null}} read
 * @property {(ref: string, decimals?: number) => string} text "·" while it is not known
 * @property {(ref: string | null) => string | null} host
 * @property {(host: string) => State} state
 * @property {(host: string) => boolean} frozen
 * @property {(host: string) => string} gradientRef
 * @property {number} largest largest magnitude among the drawn parameters
 * @property {import("./diagram_terms.js").Term | null} term what a single term is about; null at other granularities
 * @property {number} last the output layer
 * @property {(layer: number) => number} size neurons of a layer, 0 being the inputs
 * @property {number | null} lossLink the output whose link to the loss a single term uses
 * @property {Set<string> | null} lights elements of a path that is pointed at elsewhere; everything else is idle
 */

/** Quantities that are given before the first micro-step. */
const GIVEN = new Set(["w", "b", "t", "eta", "eta0", "epoch", "sched", "reg", "drop", "hp", "s0"]);

/**
 * @param {string} ref
 * @returns {string} the gradient of a parameter: `g` before its kind
 */
const gradientOf = (ref) => `g${ref}`;

/**
 * @param {{session: SessionRecord, trace: TraceRecord | null, microsteps: MicroStepsRecord | null, index: number, decimals: number, sample?: number,
 *   lights?: string[] | null}} input `lights`: references whose elements are lit instead of the micro-step's
 * @returns {Scene}
 */
export function makeScene({ session, trace, microsteps, index, decimals, sample = 0, lights = null }) {
  const steps = microsteps?.microsteps ?? [];
  const current = steps[index] ?? null;
  /** @type {Map<string, number>} */
  const producers = new Map();
  steps.forEach((step, position) => step.produces.forEach((ref) => producers.has(ref) || producers.set(ref, position)));
  const last = session.network.layers.length;
  const single = session.network.layers[last - 1]?.units === 1;
  const term = termOf(microsteps, current);
  const results = lineResults(microsteps);
  const batch = trace?.batch.length ?? 1;

  /** @type {Scene["known"]} */
  const known = (ref) => {
    const { kind, at } = parseRef(ref);
    if (GIVEN.has(kind) || (kind === "a" && at[0] === 0)) return true;
    const position = producers.get(ref);
    if (position !== undefined) return position <= index;
    return false;
  };
  /** @type {Scene["host"]} */
  const host = (ref) => {
    const { kind, at } = parseRef(ref ?? "");
    const found = kind === "c" && at[0] === last ? `a.${last}.${at[1]}` : hostOf(ref);
    return single && found === "e.0" ? "e" : found;
  };
  // A softmax slope belongs to two neurons; the step is about the one whose delta it makes.
  const focus = new Set((current?.produces ?? []).filter((ref) => !ref.startsWith("loc.")).map(host));
  const path = new Set([...(current?.focus ?? []), ...(current?.uses ?? [])].map(host));
  if (current?.phase === "loss") for (const ref of current.produces) if (ref.startsWith("e.")) path.add(`a.${last}.${ref.slice(2)}`);
  const link = term && current ? lossLink(current, last) : null;
  if (term && current) {
    // One term: what it makes is in focus, and so is a wire that its signal runs along.
    for (const ref of current.focus) focus.add(host(ref));
    for (const ref of current.uses) {
      const used = host(ref);
      if (used !== null && /^[wb]\./.test(used) && !/^g/.test(ref)) focus.add(used);
    }
    if (link !== null) path.add(host(`e.${link}`));
  }
  const lit = lights ? new Set(lights.map(host)) : null;

  /** @type {Scene["gradientRef"]} */
  const gradientRef = (parameter) => {
    const combined = `G${parameter}`;
    return batch > 1 && known(combined) ? combined : gradientOf(parameter);
  };
  /** @type {Scene["state"]} */
  const state = (element) => {
    if (lit) return lit.has(element) ? "path" : "idle";
    if (!current) return "rest";
    const wire = element.startsWith("w.") || element.startsWith("b.");
    if (focus.has(element)) return "focus";
    if (path.has(element)) return wire && current.phase === "forward" ? "focus" : "path";
    // What one term does not use is not lit, whatever is known about it.
    if (!wire || term) return "idle";
    const { at } = parseRef(element);
    if (current.phase === "backward") return known(gradientOf(element)) ? "done" : "idle";
    if (current.phase === "update") return known(`n${element}`) ? "done" : "idle";
    return known(`z.${at[0]}.${at[at.length - 1]}`) ? "done" : "idle";
  };
  /** @type {Scene["read"]} */
  const read = (ref) => results.get(ref) ?? readValue(ref, trace, session, sample);
  /** @type {Scene["text"]} */
  const text = (ref, count = decimals) => {
    if (!known(ref)) return "·";
    const { value, kind } = read(ref);
    if (value === undefined) return "·";
    const { kind: quantity, at } = parseRef(ref);
    const given = quantity === "t" || (quantity === "a" && at[0] === 0);
    return given ? formatGiven(value, count, kind) : formatNumber(value, count, kind);
  };
  let largest = 0;
  session.network.layers.forEach((layer, position) => {
    const weights = (trace?.before ?? session.parameters)?.weights[position] ?? [];
    for (const row of weights) for (const value of row) largest = Math.max(largest, Math.abs(value ?? 0));
    if (layer.bias.mode !== "trained") return;
    for (const value of (trace?.before ?? session.parameters)?.biases[position] ?? []) largest = Math.max(largest, Math.abs(value ?? 0));
  });
  /** @type {Scene["frozen"]} */
  const frozen = (element) => {
    const { kind, at } = parseRef(element);
    const layer = (at[0] ?? 0) - 1;
    if (kind === "w") return session.frozen?.weights?.[layer]?.[at[1] ?? 0]?.[at[2] ?? 0] ?? false;
    return session.frozen?.biases?.[layer]?.[at[1] ?? 0] ?? false;
  };
  return {
    session, trace, current, index, decimals, symbolOf: symbolLookup(session), known, read, text, host, state, frozen, gradientRef,
    largest: largest || 1, term: lit ? null : term, last, lossLink: lit ? null : link, lights: /** @type {Set<string> | null} */ (lit),
    size: (layer) => (layer === 0 ? session.network.inputs : session.network.layers[layer - 1]?.units ?? 0),
    producer: (ref) => producers.get(ref) ?? null,
  };
}

/**
 * Whether a bias is a constant that no update moves.
 * @param {SessionRecord} session
 * @param {string} element
 */
export function isFixedBias(session, element) {
  const { kind, at } = parseRef(element);
  return kind === "b" && session.network.layers[(at[0] ?? 1) - 1]?.bias.mode === "fixed";
}

/**
 * The value a wire carries now: the new one as soon as the update has made it.
 * @param {Scene} scene
 * @param {string} element
 */
export function wireValue(scene, element) {
  const updated = `n${element}`;
  const { value, kind } = scene.read(updated);
  // A new value that is to be predicted does not show in the wire's width.
  return scene.known(updated) && value !== undefined && kind !== "hidden" ? { value, kind } : scene.read(element);
}

/**
 * The full accessible name of an element: what it is, its symbol, and the numbers known so far.
 * @param {Scene} scene
 * @param {string} element
 * @param {Translate} t
 * @param {boolean} [moving] its number changes all the time and is left out
 * @returns {string}
 */
export function elementName(scene, element, t, moving = false) {
  const { kind, at } = parseRef(element);
  if (kind === "bias") return t("diagram.name.unit", { value: biasUnit(scene.session, at[0] ?? 1) });
  const symbol = plainSymbol(scene.symbolOf(element));
  if (kind === "w" || kind === "b") {
    if (moving) return t(kind === "w" ? "diagram.name.weight" : "diagram.name.bias", { symbol });
    const { value, kind: reason } = wireValue(scene, element);
    const fixed = isFixedBias(scene.session, element);
    const parts = [t(kind === "w" ? "diagram.name.weight" : "diagram.name.bias", { symbol }), formatNumber(value, scene.decimals, reason)];
    const gradient = scene.gradientRef(element);
    const part = wireTerm(scene, element);
    if (part && part.kind !== "ahead") parts.push(t(`diagram.name.${part.kind}`, { value: part.text }));
    if (fixed) parts.push(t("diagram.name.fixed"));
    else if (scene.known(gradient)) parts.push(t("diagram.name.gradient", { value: scene.text(gradient) }));
    if (scene.frozen(element)) parts.push(t("diagram.name.frozen"));
    return parts.join(", ");
  }
  // A name holds what is written in the shape, in its order, so that it can be called by what is seen.
  const shown = (/** @type {string} */ ref) => [plainSymbol(scene.symbolOf(ref)), scene.known(ref) ? scene.text(ref) : ""].join(" ").trim();
  const waiting = scene.known(element) ? [] : [t("diagram.name.waiting")];
  if (kind === "e") {
    const target = at.length > 0 ? [shown(`t.${at[0]}`)] : scene.session.network.layers.at(-1)?.units === 1 ? [shown("t.0")] : [];
    return [t("diagram.name.loss", { symbol: shown(element) }), ...target, ...waiting].join(", ");
  }
  if (at[0] === 0) return `${t("diagram.name.input", { symbol })}, ${scene.text(element)}`;
  const rest = at.join(".");
  const delta = scene.known(`d.${rest}`) ? [t("diagram.name.delta", { value: scene.text(`d.${rest}`) })] : [];
  const sum = soFar(scene, at[0] ?? 0, at[1] ?? 0);
  const summing = sum ? [t("diagram.name.sum", { value: scene.text(sum) })] : [];
  const dropped = isDropped(scene, element) ? [t("regularization.droppedName")] : [];
  return [t("diagram.name.neuron", { symbol: shown(element) }), shown(`z.${rest}`), ...dropped, ...summing, ...delta, ...waiting].join(", ");
}

/**
 * Whether dropout leaves a neuron out of this step, for the sample shown.
 * @param {Pick<Scene, "trace">} scene
 * @param {string} element
 * @returns {boolean}
 */
export function isDropped({ trace }, element) {
  const { kind, at } = parseRef(element);
  return kind === "a" && trace?.layers[(at[0] ?? 0) - 1]?.mask?.[at[1] ?? 0] === 0;
}

/**
 * Whether nothing runs along a wire since the neuron at one of its ends is left out.
 * @param {Pick<Scene, "trace">} scene
 * @param {string} wire
 * @returns {boolean}
 */
export function isCut(scene, wire) {
  const { kind, at } = parseRef(wire);
  const [layer = 0, first = 0, second = 0] = at;
  if (kind === "b") return isDropped(scene, `a.${layer}.${first}`);
  return isDropped(scene, `a.${layer - 1}.${first}`) || isDropped(scene, `a.${layer}.${second}`);
}

/**
 * The constant a bias node feeds: 1; a fixed bias shows its value there.
 * @param {SessionRecord} session
 * @param {number} layer
 * @returns {string}
 */
export function biasUnit(session, layer) {
  const bias = session.network.layers[layer - 1]?.bias;
  return bias?.mode === "fixed" ? formatGiven(bias.value, 4) : "1";
}

/**
 * The micro-step that made an element's latest number.
 * @param {Scene} scene
 * @param {string} ref an element or one of its quantities
 * @returns {number | null}
 */
export function producerOf(scene, ref) {
  const { kind, at } = parseRef(ref);
  const place = at.join(".");
  const candidates = kind === "w" || kind === "b" ? [`n${ref}`, scene.gradientRef(ref)]
    : kind === "a" && at[0] !== 0 ? [`d.${place}`, `a.${place}`] : [ref];
  for (const candidate of candidates) if (scene.known(candidate) && scene.producer(candidate) !== null) return scene.producer(candidate);
  return scene.producer(candidates[candidates.length - 1] ?? ref);
}
