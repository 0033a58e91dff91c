// @ts-check
/**
 * Axes: linear scales, round tick values and their text.
 *
 * Numbers on an axis follow the page's format: U+2212 as minus, a thin space between thousands.
 */

import { MINUS, superscript } from "./format.js";

const THIN_SPACE = "\u2009";

/**
 * @typedef {object} Linear
 * @property {(value: number) => number} to data to pixels
 * @property {(pixel: number) => number} from pixels to data
 */

/**
 * A linear scale from a data interval to a pixel interval; a domain without extent maps to its middle.
 * @param {number} d0
 * @param {number} d1
 * @param {number} r0
 * @param {number} r1
 * @returns {Linear}
 */
export function linear(d0, d1, r0, r1) {
  const span = d1 - d0;
  return {
    to: (value) => (span === 0 ? (r0 + r1) / 2 : r0 + ((value - d0) / span) * (r1 - r0)),
    from: (pixel) => (r1 === r0 ? d0 : d0 + ((pixel - r0) / (r1 - r0)) * span),
  };
}

/**
 * The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `rough`.
 * @param {number} rough positive
 */
export function niceStep(rough) {
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((f) => f * power >= rough * (1 - 1e-9)) ?? 10;
  return clean(factor * power);
}

/**
 * A multiple of a step without the rounding noise of binary fractions (0.1 * 3 is 0.3 on an axis).
 * @param {number} value
 */
export function clean(value) {
  return Number(value.toPrecision(12));
}

/**
 * Round values inside [low, high], at most about `count` of them.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @returns {{values: number[], step: number}}
 */
export function ticks(low, high, count) {
  const step = niceStep((high - low) / Math.max(1, count));
  const values = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) values.push(clean(k * step));
  return { values, step };
}

/**
 * Powers of ten inside [low, high], thinned to about `count`; both positive.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function decades(low, high, count) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  const values = [];
  for (let e = first; e <= last; e += every) values.push(Number(`1e${e}`));
  return values;
}

/**
 * How many decimals a value that is a multiple of `step` needs.
 * @param {number} step
 */
export function decimalsOf(step) {
  let decimals = 0;
  while (decimals < 12 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6) decimals += 1;
  return decimals;
}

/**
 * Integer digits in groups of three.
 * @param {string} digits
 */
function group(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/**
 * A round number not below `value` whose half is round as well.
 * @param {number} value positive
 */
export function roundTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8].find((f) => f * power >= value * (1 - 1e-9)) ?? 10;
  return clean(factor * power);
}

/**
 * Text of a tick: as many decimals as the step needs; powers of ten where those would be too long.
 * @param {number} value
 * @param {number} step the distance between ticks; 0 means: as short as the value allows
 */
export function tickText(value, step) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = size.toExponential().split("e");
    const short = Number(Number(mantissa).toPrecision(3));
    return `${sign}${short === 1 ? "" : `${short}×`}10${superscript(Number(exponent))}`;
  }
  const places = step > 0 ? decimalsOf(step) : decimalsOf(clean(size));
  const [whole = "", fraction = ""] = size.toFixed(places).split(".");
  // 0.500 beside 0.25 would only be longer: trailing zeros carry nothing on an axis.
  const rest = fraction.replace(/0+$/, "");
  return `${sign}${group(whole)}${rest ? `.${rest}` : ""}`;
}

/**
 * An integer with its thousands apart.
 * @param {number} value
 */
export function countText(value) {
  return `${value < 0 ? MINUS : ""}${group(String(Math.abs(Math.trunc(value))))}`;
}

/**
 * Index of the entry of an ascending list that is nearest to `value`; -1 if the list is empty.
 * @param {readonly number[]} ascending
 * @param {number} value
 */
export function nearestIndex(ascending, value) {
  const at = (/** @type {number} */ k) => ascending[k] ?? NaN;
  let low = 0;
  let high = ascending.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(middle) <= value) low = middle;
    else high = middle;
  }
  return high < 0 ? -1 : value - at(low) <= at(high) - value ? low : high;
}
