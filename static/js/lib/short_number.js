// @ts-check
import { formatNumber } from "./format.js";

/**
 * A number where there is little room: without the zeros at its end.
 * @param {number | null | undefined} value
 * @param {number} decimals
 * @param {string | null} [kind] of a number that is not finite, or hidden
 */
export function shortNumber(value, decimals, kind = null) {
  const text = formatNumber(value, decimals, kind);
  return /\.\d*0$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}
