// @ts-check
/**
 * Numbers as text. One rule everywhere: U+2212 as the minus sign, fixed decimals, and a number that is not
 * zero never prints as zero (scientific notation takes over).
 */

export const MINUS = "\u2212";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** At and above this many digits before the point a number is written in scientific notation. */
const LARGEST_DIGITS = 6;

/**
 * An exponent in superscript digits.
 * @param {number} exponent
 * @returns {string}
 */
export function superscript(exponent) {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return (exponent < 0 ? "⁻" : "") + digits;
}

/** What stands in place of a number that the reader is to predict. */
export const HIDDEN = "?";

/**
 * The word for a number that is not finite; the API sends such a number as null with its kind beside it. A number
 * that the reader is to predict is null as well, of the kind "hidden".
 * @param {string | null | undefined} kind "inf", "-inf", "nan" or "hidden"
 * @returns {string}
 */
export function nonfinite(kind) {
  if (kind === "hidden") return HIDDEN;
  if (kind === "inf" || kind === "+inf" || kind === "infinity") return "∞";
  if (kind === "-inf" || kind === "-infinity") return `${MINUS}∞`;
  return "NaN";
}

/**
 * @param {number} magnitude positive
 * @param {number} digits after the point
 * @returns {string}
 */
function scientific(magnitude, digits) {
  const [mantissa, exponent] = magnitude.toExponential(digits).split("e");
  return `${mantissa}×10${superscript(Number(exponent))}`;
}

/**
 * A number with a fixed count of decimals; very small and very large ones in scientific notation.
 * @param {number | null | undefined} value null or undefined: not finite, named by `kind`
 * @param {number} [decimals]
 * @param {string | null} [kind]
 * @returns {string}
 */
export function formatNumber(value, decimals = 4, kind = null) {
  if (value === null || value === undefined) return nonfinite(kind);
  if (!Number.isFinite(value)) return nonfinite(value > 0 ? "inf" : value < 0 ? "-inf" : "nan");
  const magnitude = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (magnitude === 0) return (0).toFixed(decimals);
  const digits = Math.floor(Math.log10(magnitude)) + 1;
  if (digits > Math.max(LARGEST_DIGITS, decimals)) return sign + scientific(magnitude, Math.min(4, Math.max(1, decimals)));
  const room = Math.max(0, Math.min(decimals, decimals + 2 - digits));
  const text = magnitude.toFixed(digits > 2 ? room : decimals);
  if (Number(text) === 0) return sign + scientific(magnitude, 1);
  return sign + text;
}

/**
 * A number with every digit that tells it from its neighbours.
 * @param {number | null | undefined} value
 * @param {string | null} [kind]
 * @returns {string}
 */
export function formatFull(value, kind = null) {
  if (value === null || value === undefined || !Number.isFinite(value)) return formatNumber(value, 0, kind);
  const [mantissa = "", exponent] = String(Math.abs(value)).split("e");
  return (value < 0 ? MINUS : "") + mantissa + (exponent === undefined ? "" : `×10${superscript(Number(exponent))}`);
}

/**
 * A number that a person wrote (data, targets, hyperparameters): as written where that is short.
 * @param {number | null | undefined} value
 * @param {number} [decimals] the most decimals that still count as short
 * @param {string | null} [kind]
 * @returns {string}
 */
export function formatGiven(value, decimals = 4, kind = null) {
  if (value === null || value === undefined || !Number.isFinite(value)) return formatNumber(value, decimals, kind);
  const text = String(Math.abs(value));
  const point = text.indexOf(".");
  const short = !text.includes("e") && (point < 0 ? text.length <= LARGEST_DIGITS + 2 : text.length - point - 1 <= decimals);
  if (!short) return formatNumber(value, decimals, kind);
  return (value < 0 ? MINUS : "") + text;
}

/**
 * The widest form with at most `decimals` decimals that fits into `width` px at `size` px type; the narrowest where none does.
 * @param {number | null | undefined} value
 * @param {number} decimals
 * @param {number} width
 * @param {number} size
 * @param {string | null} [kind]
 * @returns {string}
 */
export function fitNumber(value, decimals, width, size, kind = null) {
  let narrowest = formatNumber(value, decimals, kind);
  for (let count = decimals; count > 0; count -= 1) {
    const text = formatNumber(value, count, kind);
    if (textWidth(text, size) <= width) return text;
    if (textWidth(text, size) < textWidth(narrowest, size)) narrowest = text;
  }
  return narrowest;
}

/**
 * Estimated width of a number or short label in the interface type with tabular figures.
 * @param {string} text
 * @param {number} size in px
 * @returns {number}
 */
export function textWidth(text, size) {
  let em = 0;
  for (const character of text) {
    if (".,·:".includes(character)) em += 0.25;
    else if ("⁰¹²³⁴⁵⁶⁷⁸⁹⁻".includes(character)) em += 0.34;
    else if (character === " ") em += 0.2;
    else em += 0.5;
  }
  return em * size;
}

/**
 * Reads what a person typed as a number; accepts the minus sign of the display.
 * @param {string} text
 * @returns {{value: number, problem: null} | {value: null, problem: "comma" | "empty" | "number"}}
 */
export function parseNumber(text) {
  const plain = text.trim().replaceAll(MINUS, "-");
  if (plain === "") return { value: null, problem: "empty" };
  if (/^[+-]?\d*,\d+$/.test(plain)) return { value: null, problem: "comma" };
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return { value: null, problem: "number" };
  const value = Number(plain);
  return Number.isFinite(value) ? { value, problem: null } : { value: null, problem: "number" };
}
