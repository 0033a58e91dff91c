// @ts-check
/**
 * Equations: typeset once by KaTeX, then only the numbers in their slots change.
 * The TeX uses two macros: \sym{ref}{tex} marks a symbol, \val{ref} is the slot of a number.
 */
import katex from "katex";
import { MINUS } from "./format.js";

/**
 * @typedef {object} Slot
 * @property {string} ref
 * @property {HTMLElement} element
 * @property {boolean} parenthesise a negative number needs parentheses here
 * @typedef {object} Typeset
 * @property {string} key
 * @property {HTMLElement} element
 * @property {Slot[]} slots
 * @property {{ref: string, element: HTMLElement}[]} symbols
 * @typedef {(ref: string) => string} Print
 */

const MACROS = {
  "\\sym": "\\htmlData{sym=#1}{#2}",
  "\\val": "\\htmlData{val=#1}{\\text{0}}",
};
/** Unused typeset equations kept for the next use of the same TeX. */
const POOL_LIMIT = 240;
/** @type {Map<string, Typeset[]>} */
const pool = new Map();
let pooled = 0;

/** @param {string} tex */
function slotContexts(tex) {
  /** @type {boolean[]} */
  const contexts = [];
  for (const match of tex.matchAll(/\\val\{([^}]*)\}/g)) {
    const before = tex.slice(0, match.index).replace(/(\\[,;:! ]|\s)+$/, "");
    const after = tex.slice((match.index ?? 0) + match[0].length).trimStart();
    const first = before === "" || /([=({[,|]|\\lvert|\\lfloor)$/.test(before);
    contexts.push(!first || after.startsWith("^"));
  }
  return contexts;
}

/**
 * Typesets `tex`, or takes the same equation out of the pool. Give it back with `release`.
 * @param {string} tex
 * @param {boolean} display display style: built-up fractions
 * @returns {Typeset}
 */
export function typeset(tex, display) {
  const key = (display ? "D" : "T") + tex;
  const ready = pool.get(key)?.pop();
  if (ready) {
    pooled -= 1;
    return ready;
  }
  const element = document.createElement("span");
  element.className = "tex";
  try {
    katex.render(display ? `\\displaystyle ${tex}` : tex, element, {
      output: "html",
      strict: false,
      throwOnError: true,
      macros: { ...MACROS },
      trust: (/** @type {{command: string}} */ context) => context.command === "\\htmlData",
    });
  } catch (error) {
    console.error(`TeX that cannot be typeset: ${tex}`, error);
    element.textContent = expandMacros(tex, () => "·");
  }
  const contexts = slotContexts(tex);
  const slots = [...element.querySelectorAll("[data-val]")].map((found, index) => {
    const holder = /** @type {HTMLElement} */ (found);
    // KaTeX keeps the space before an operator inside the marked span, so only the number itself is replaced.
    const text = /** @type {HTMLElement} */ (holder.querySelector(".text") ?? holder);
    return { ref: holder.dataset.val ?? "", element: text, parenthesise: contexts[index] ?? true };
  });
  const symbols = [...element.querySelectorAll("[data-sym]")].map((found) => {
    const holder = /** @type {HTMLElement} */ (found);
    return { ref: holder.dataset.sym ?? "", element: holder };
  });
  return { key, element, slots, symbols };
}

/**
 * Gives a typeset equation back to the pool.
 * @param {Typeset} equation
 */
export function release(equation) {
  equation.element.remove();
  if (pooled >= POOL_LIMIT) {
    pool.clear();
    pooled = 0;
  }
  const list = pool.get(equation.key) ?? [];
  list.push(equation);
  pool.set(equation.key, list);
  pooled += 1;
}

/**
 * Puts numbers into the slots; touches only the text that changed.
 * @param {Typeset} equation
 * @param {Print} print
 */
export function fill(equation, print) {
  for (const { ref, element, parenthesise } of equation.slots) {
    const text = parenthesised(print(ref), parenthesise);
    if (element.textContent !== text) element.textContent = text;
  }
}

/**
 * Marks the symbols and numbers of one reference.
 * @param {Typeset} equation
 * @param {(ref: string) => boolean} isLit
 */
export function light(equation, isLit) {
  for (const { ref, element } of [...equation.slots, ...equation.symbols]) {
    element.classList.toggle("lit", isLit(ref));
  }
}

/**
 * @param {string} text
 * @param {boolean} wanted
 */
function parenthesised(text, wanted) {
  return wanted && text.startsWith(MINUS) ? `(${text})` : text;
}

/**
 * Reads a braced group.
 * @param {string} tex
 * @param {number} start index of the opening brace
 * @returns {[string, number]} the content and the index after the closing brace
 */
export function group(tex, start) {
  let depth = 0;
  for (let index = start; index < tex.length; index += 1) {
    if (tex[index] === "\\") index += 1;
    else if (tex[index] === "{") depth += 1;
    else if (tex[index] === "}" && (depth -= 1) === 0) return [tex.slice(start + 1, index), index + 1];
  }
  return [tex.slice(start + 1), tex.length];
}

/**
 * Built-up fractions as a quotient on one line, for compact rows: (1)/(1+e^{-z}) instead of \\frac.
 * @param {string} tex
 * @returns {string}
 */
export function linear(tex) {
  let out = "";
  for (let index = 0; index < tex.length;) {
    const command = /^\\[dt]?frac(?![a-zA-Z])\s*(?=\{)/.exec(tex.slice(index));
    if (!command) {
      out += tex[index];
      index += 1;
      continue;
    }
    const [top, afterTop] = group(tex, index + command[0].length);
    const [bottom, end] = group(tex, afterTop);
    const rest = tex.slice(end).replace(/^(\\[,;: ]|\s)+/, "");
    // What follows without an operator would read as part of the denominator.
    const multiplied = rest !== "" && !/^([-+=,;)}&]|\\(cdot|times|quad|qquad|le|ge|approx|right|odot|leftarrow|gets)(?![a-zA-Z]))/.test(rest);
    const raised = /^[\s}]*\^/.test(tex.slice(end));
    const quotient = `{${bracketed(linear(top))}}/{${bracketed(linear(bottom))}}`;
    if (/^\d{1,2}$/.test(top) && /^\d{1,2}$/.test(bottom)) out += `\\tfrac{${top}}{${bottom}}`;
    else out += multiplied || raised ? `(${quotient})` : quotient;
    index = end;
  }
  return out;
}

/** @param {string} tex */
function bracketed(tex) {
  let depth = 0;
  for (const character of tex.replace(/\\./g, "")) {
    if ("{(".includes(character)) depth += 1;
    else if (")}".includes(character)) depth -= 1;
    else if (depth === 0 && "+-".includes(character)) return `(${tex})`;
  }
  return tex;
}

/**
 * Plain TeX without the page's macros: symbols as they are, numbers in place of the slots.
 * @param {string} tex
 * @param {Print} print
 * @returns {string}
 */
export function expandMacros(tex, print) {
  const contexts = slotContexts(tex);
  let slot = 0;
  /** @param {string} text @returns {string} */
  const expand = (text) => {
    let out = "";
    for (let index = 0; index < text.length;) {
      if (text.startsWith("\\sym{", index)) {
        const [, afterRef] = group(text, index + 4);
        const [inner, end] = group(text, afterRef);
        out += expand(inner);
        index = end;
      } else if (text.startsWith("\\val{", index)) {
        const [ref, end] = group(text, index + 4);
        out += parenthesised(print(ref), contexts[slot] ?? true);
        slot += 1;
        index = end;
      } else {
        out += text[index];
        index += 1;
      }
    }
    return out;
  };
  return expand(tex);
}

/**
 * A display number as TeX: "3.2×10⁻⁷" becomes 3.2\times 10^{-7}.
 * @param {string} text
 * @returns {string}
 */
export function texNumber(text) {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  return text
    .replace(/×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (_, exponent) =>
      `\\times 10^{${[...exponent].map((c) => (c === "⁻" ? "-" : String(digits.indexOf(c)))).join("")}}`)
    .replaceAll(MINUS, "-")
    .replace("∞", "\\infty ")
    .replace("NaN", "\\text{NaN}");
}
