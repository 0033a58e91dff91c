// @ts-check
import { h } from "preact";
import htm from "htm";
import { parseRef } from "./refs.js";
/** @typedef {import("./refs.js").SessionRecord} SessionRecord */
/** @typedef {{weights: string, index_base: string, target: string, net_input: string, rate_symbol: string, loss: string, orientation: string, name: string | null}} NotationRecord how the server writes */
/** @typedef {SessionRecord & {notation?: NotationRecord}} NamedSession */

const html = htm.bind(h);

/**
 * A printed symbol: base letter, lower and upper index. `of` marks a derivative: the symbol it is taken for.
 * @typedef {{base: string, sub: string, sup: string, of?: Symbol, by?: Symbol}} Symbol
 * @typedef {((ref: string) => Symbol) & {named?: (ref: string) => boolean}} SymbolOf `named`: whether the reply itself names it
 */

/** @type {Record<string, string>} */
const DERIVED = { nw: "w", nb: "b", lw: "w", lb: "b", uw: "w", ub: "b", gw: "w", gb: "b", Gw: "w", Gb: "b" };

/** Quantities of the whole step: their letter and its index. @type {Record<string, string[]>} */
const WHOLE = {
  obj: ["J"], epoch: ["n"], drop: ["p"], "reg.l1": ["λ", "1"], "reg.l2": ["λ", "2"], "pen.l1": ["Ω", "1"], "pen.l2": ["Ω", "2"],
  "size.l1": ["Σ|w|"], "size.l2": ["Σw²"], "clip.norm": ["‖g‖"], "clip.factor": ["κ"], "clip.limit": ["c"],
};

/** @param {any} session */
const scheduled = (session) => (session?.training?.schedule?.name ?? "constant") !== "constant";

/**
 * The symbol of an element that the session does not list (large networks): as the notation counts.
 * @param {string} ref
 * @param {NamedSession | null} session
 * @returns {Symbol}
 */
function fallback(ref, session) {
  const notation = session?.notation;
  const { kind, at } = parseRef(ref);
  const [layer = 0, first = 0, second = 0] = at;
  const from = Number(notation?.index_base ?? 1);
  const numbered = notation?.weights === "numbered" && session !== null ? before(session, layer) : null;
  if (kind === "w" && numbered) return { base: "w", sub: String(numbered.weights + second * numbered.inputs + first + from), sup: "" };
  if (kind === "w") {
    const pair = [first + from, second + from];
    if (notation?.weights === "ji") pair.reverse();
    return { base: "w", sup: `(${layer})`, sub: pair.join(Math.max(...pair) > 9 ? "," : "") };
  }
  if (kind === "a" && layer === 0) return { base: "x", sub: String(first + from), sup: "" };
  if (kind === "t") return { base: notation?.target ?? "t", sub: String(layer + from), sup: "" };
  if (kind === "e") return { base: "E", sub: at.length ? String(layer + from) : "", sup: "" };
  if (kind === "eb") return { base: "E", sub: "", sup: "" };
  if (kind === "eta") return { base: notation?.rate_symbol ?? "η", sub: "", sup: "" };
  const base = kind === "d" ? "δ" : kind === "z" ? notation?.net_input ?? "z" : kind;
  if (numbered && kind !== "a") return { base, sub: String(numbered.neurons + first + from), sup: "" };
  return { base, sub: String(first + from), sup: `(${layer})` };
}

/**
 * How many weights and neurons come before a layer, and how many inputs its neurons have.
 * @param {SessionRecord} session
 * @param {number} layer
 */
function before(session, layer) {
  const sizes = [session.network.inputs, ...session.network.layers.map((one) => one.units)];
  let [weights, neurons] = [0, 0];
  for (let at = 1; at < layer; at += 1) {
    weights += (sizes[at - 1] ?? 0) * (sizes[at] ?? 0);
    neurons += sizes[at] ?? 0;
  }
  return { weights, neurons, inputs: sizes[layer - 1] ?? 0 };
}

/**
 * The session with its elements named as in a reply's notation, so that every view names them alike.
 * @template {SessionRecord} T
 * @param {T} session
 * @param {{elements?: SessionRecord["elements"], notation?: NotationRecord}} reply
 * @returns {T}
 */
export function named(session, { elements, notation }) {
  return elements && notation ? { ...session, elements, notation } : session;
}

/**
 * A lookup from reference to symbol for one session.
 * @param {NamedSession | null} session
 * @returns {SymbolOf}
 */
export function symbolLookup(session) {
  /** @type {Map<string, Symbol>} */
  const table = new Map();
  for (const { id, base, sub, sup } of session?.elements ?? []) {
    table.set(id, { base, sub: String(sub ?? ""), sup: String(sup ?? "") });
  }
  // In a lab derivatives are named by what is differentiated, and by what.
  for (const { id, of: what, by } of /** @type {{id: string, of?: string, by?: string}[]} */ (session?.elements ?? [])) {
    const [upper, lower] = [table.get(what ?? ""), table.get(by ?? "")];
    if (upper && lower) table.set(id, { ...upper, of: upper, by: lower });
  }
  /** @type {SymbolOf} */
  const lookup = (ref) => {
    const found = table.get(ref);
    if (found) return found;
    const { kind, name, at } = parseRef(ref);
    if (kind === "e" && table.has("e") && !table.has("e.0")) return /** @type {Symbol} */ (table.get("e"));
    if (kind === "es") return { base: "E", sub: String((at[0] ?? 0) + 1), sup: "" };
    if (kind === "hp" || kind === "ap") return { base: name, sub: "", sup: "" };
    const rate = () => fallback("eta", session).base;
    if (kind === "eta" && scheduled(session)) return { base: rate(), sub: "n", sup: "" };
    if (kind === "eta0") return { base: rate(), sub: "", sup: "" };
    const whole = WHOLE[ref];
    if (whole) return { base: whole[0] ?? "", sub: whole[1] ?? "", sup: "" };
    if (kind === "sched") return { base: name, sub: "", sup: "" };
    if (kind === "f") return { base: `f(${plainSymbol(lookup(`z.${at.join(".")}`))})`, sub: "", sup: "" };
    if (kind === "Cw" || kind === "Cb") return { base: "ĝ", sub: plainSymbol(lookup(`${kind[1]}.${at.join(".")}`)), sup: "" };
    if (kind === "Jw") {
      const objective = { base: "J", sub: "", sup: "" };
      return { ...objective, of: objective, by: lookup(`w.${at.join(".")}`) };
    }
    const loss = () => table.get("e") ?? fallback("e", session);
    if (kind === "s" || kind === "s0" || kind === "o") {
      const [state = "", parameter = "w"] = name.split(".");
      return { base: state, sub: plainSymbol(lookup(`${parameter}.${at.join(".")}`)), sup: "" };
    }
    if (kind === "gs") return { ...loss(), of: loss(), by: lookup(`${name}.${at.join(".")}`) };
    const parameter = DERIVED[kind];
    if (parameter) {
      const target = lookup(`${parameter}.${at.join(".")}`);
      return kind.length === 2 && "gG".includes(kind[0] ?? "") ? { ...loss(), of: loss(), by: target } : target;
    }
    if (kind === "up") return { ...loss(), of: loss(), by: lookup(`a.${at.join(".")}`) };
    if (kind === "loc") {
      const [layer = 0, first = 0, second = first] = at;
      const activation = lookup(`a.${layer}.${first}`);
      return { ...activation, of: activation, by: lookup(`z.${layer}.${second}`) };
    }
    return fallback(ref, session);
  };
  lookup.named = (ref) => table.has(ref);
  return lookup;
}

/**
 * A symbol as plain characters, for names that are read aloud: "w5", "w(1)12", "∂E/∂w5".
 * @param {Symbol} symbol
 * @returns {string}
 */
export function plainSymbol(symbol) {
  if (symbol.of && symbol.by) return `∂${plainSymbol(symbol.of)}/∂${plainSymbol(symbol.by)}`;
  return symbol.base + symbol.sup + symbol.sub;
}

/**
 * A symbol for HTML: serif italic with indices.
 * @param {Symbol} symbol
 * @returns {import("preact").VNode}
 */
export function htmlSymbol(symbol) {
  if (symbol.of && symbol.by) {
    return /** @type {any} */ (html`<span class="sym"><span class="pd">∂</span>${htmlSymbol(symbol.of)}/<span class="pd">∂</span>${htmlSymbol(symbol.by)}</span>`);
  }
  const indices = symbol.sup && symbol.sub
    ? html`<span class="both"><sup>${symbol.sup}</sup><sub>${symbol.sub}</sub></span>`
    : symbol.sup ? html`<sup>${symbol.sup}</sup>` : symbol.sub ? html`<sub>${symbol.sub}</sub>` : null;
  return /** @type {any} */ (html`<span class="sym"><i>${symbol.base}</i>${indices}</span>`);
}

/** @param {string} text */
const indexWidth = (text) => [...text].reduce((sum, character) => sum + ("(),".includes(character) ? 3.7 : 5.6), 0);

/**
 * A symbol for SVG text; ends on the base line, so that text may follow.
 * @param {Symbol} symbol
 * @returns {any}
 */
export function svgSymbol(symbol) {
  const parts = [html`<tspan class="sy">${symbol.base}</tspan>`];
  const { sup, sub } = symbol;
  if (sup && sub) {
    // Both indices start at the base letter's edge: the lower one steps back over the upper one.
    const back = indexWidth(sup);
    parts.push(html`<tspan class="sub" dy="-6">${sup}</tspan>`);
    parts.push(html`<tspan class="sub" dy="10" dx=${-back}>${sub}</tspan>`);
    parts.push(html`<tspan dy="-4" dx=${Math.max(0, back - indexWidth(sub))}>${"\u200b"}</tspan>`);
  } else if (sup) {
    parts.push(html`<tspan class="sub" dy="-5">${sup}</tspan>`, html`<tspan dy="5">${"\u200b"}</tspan>`);
  } else if (sub) {
    parts.push(html`<tspan class="sub" dy="3">${sub}</tspan>`, html`<tspan dy="-3">${"\u200b"}</tspan>`);
  }
  return parts;
}

/**
 * Estimated width of a symbol in SVG text of `size` px.
 * @param {Symbol} symbol
 * @param {number} size
 * @returns {number}
 */
export function symbolWidth(symbol, size) {
  return [...symbol.base].length * size * 0.62 + Math.max(indexWidth(symbol.sup), indexWidth(symbol.sub));
}

/**
 * A template with {placeholders} as nodes: references become symbols, anything else stays text.
 * @param {string} template
 * @param {Record<string, string>} refs
 * @param {SymbolOf} symbolOf
 * @returns {any[]}
 */
export function fillSentence(template, refs, symbolOf) {
  return template.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    if (name === undefined) return piece;
    const ref = refs[name];
    if (ref === undefined) return piece;
    return isRef(ref, symbolOf) ? html`<span class="symref" data-ref=${ref}>${htmlSymbol(symbolOf(ref))}</span>` : ref;
  });
}

/**
 * The same as plain text, for names that are read aloud.
 * @param {string} template
 * @param {Record<string, string>} refs
 * @param {SymbolOf} symbolOf
 * @returns {string}
 */
export function speakSentence(template, refs, symbolOf) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => {
    const ref = refs[name];
    return ref === undefined ? whole : isRef(ref, symbolOf) ? plainSymbol(symbolOf(ref)) : ref;
  });
}

/** @param {string} text @param {SymbolOf} symbolOf */
function isRef(text, symbolOf) {
  return symbolOf.named?.(text) || /^(e|eb|eta|eta0|epoch|obj|drop|[a-zA-Z]\w*(\.\w+)+)$/.test(text);
}
