// @ts-check
/** Equations in words, for people who listen: a small reader for the TeX of the micro-steps. */
import { expandMacros, group } from "./tex.js";

/** @typedef {(key: string) => string} Word looks up "equals", "times", "over", ... in the page's language */

/** @type {Record<string, string>} */
const LETTERS = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", varepsilon: "ε", eta: "η", theta: "θ", mu: "μ", nu: "ν", rho: "ρ",
  sigma: "σ", tau: "τ", infty: "∞", ln: "ln", log: "log", exp: "exp", tanh: "tanh", cos: "cos", kappa: "κ", Omega: "Ω", max: "max", min: "min", partial: "∂",
  Phi: "Φ", phi: "φ", varphi: "φ", lambda: "λ", Delta: "Δ", omega: "ω", pi: "π",
};
/** @type {Record<string, string>} */
const WORDS = {
  cdot: "times", times: "times", odot: "times", sum: "sum", leftarrow: "becomes", gets: "becomes", sqrt: "root", le: "at_most", leq: "at_most",
  ge: "at_least", geq: "at_least", approx: "about",
};
/** @type {Record<string, string>} */
const MARKS = { "=": "equals", "+": "plus", "-": "minus", "\u2212": "minus", "/": "over" };

/**
 * @param {string} tex
 * @param {(ref: string) => string} print
 * @param {Word} word
 * @returns {string}
 */
export function texInWords(tex, print, word) {
  return read(expandMacros(tex, (ref) => print(ref).replaceAll("\u2212", "\u2212")), word).replace(/\s+/g, " ").trim();
}

/**
 * @param {string} tex
 * @param {Word} word
 * @returns {string}
 */
function read(tex, word) {
  let out = "";
  for (let index = 0; index < tex.length;) {
    const character = tex[index] ?? "";
    if (character === "\\") {
      const name = /^\\([a-zA-Z]+|.)/.exec(tex.slice(index))?.[1] ?? "";
      index += name.length + 1;
      if (name === "frac" || name === "dfrac" || name === "tfrac") {
        const [top, afterTop] = group(tex, skip(tex, index));
        const [bottom, end] = group(tex, skip(tex, afterTop));
        out += ` ${read(top, word)} ${word("over")} ${read(bottom, word)} `;
        index = end;
      } else if (["text", "mathrm", "operatorname", "mathbf", "hat", "bar", "tilde"].includes(name)) {
        const [inner, end] = group(tex, skip(tex, index));
        out += read(inner, word);
        index = end;
      } else if (name === "lvert" || name === "rvert") out += "|";
      else if (name === "lVert" || name === "rVert") out += "‖";
      else if (name === "lfloor") out += ` ${word("floor")} (`;
      else if (name === "rfloor") out += ")";
      else if (WORDS[name]) out += ` ${word(WORDS[name] ?? "")} `;
      else if (LETTERS[name]) out += LETTERS[name];
      else if (name === "," || name === ";" || name === "quad" || name === " ") out += " ";
    } else if (character === "_" || character === "^") {
      const at = skip(tex, index + 1);
      const [inner, end] = tex[at] === "{" ? group(tex, at) : [tex[at] ?? "", at + 1];
      if (character === "_") out += read(inner, word);
      else if (inner === "2") out += ` ${word("squared")} `;
      else if (/^\(.*\)$/.test(inner)) out += read(inner, word);
      else if (inner === "\\prime" || inner === "'") out += ` ${word("prime")} `;
      else out += ` ${word("power")} ${read(inner, word)} `;
      index = end;
    } else if (character === "'") {
      out += ` ${word("prime")} `;
      index += 1;
    } else if (character === "{") {
      const [inner, end] = group(tex, index);
      out += read(inner, word);
      index = end;
    } else {
      out += MARKS[character] ? ` ${word(MARKS[character] ?? "")} ` : character === "~" || character === "&" ? " " : character;
      index += 1;
    }
  }
  return out;
}

/** @param {string} tex @param {number} index */
function skip(tex, index) {
  while (tex[index] === " ") index += 1;
  return index;
}
