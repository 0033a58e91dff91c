// @ts-check
/** How far a value moves with the pointer or a key: about a hundredth of it. */

/** @param {number} value */
export function stepOf(value) {
  const size = Math.max(Math.abs(value), 0.1);
  return 10 ** (Math.floor(Math.log10(size) + 1e-9) - 1);
}

/**
 * A multiple of `step`, without the digits that adding it up would leave.
 * @param {number} value
 * @param {number} step
 */
export function snapped(value, step) {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Number((Math.round(value / step) * step).toFixed(decimals));
}

/**
 * The ends of a slider that has room on both sides of a value.
 * @param {number} value
 * @returns {[number, number]}
 */
export function reachOf(value) {
  const size = Math.max(1, Math.abs(value));
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const reach = ([2, 5, 10].find((one) => one * power >= 2 * size) ?? 20) * power;
  return [-reach, reach];
}
