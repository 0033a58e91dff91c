// @ts-check
/**
 * The colours of maps: ten flat bands read from the style sheet's tokens, and which value gets which band.
 *
 * The bands carry data only; the same boundaries are also drawn as lines and named on the colour bar.
 */

import { clean, niceStep } from "./scales.js";

/** @typedef {readonly [number, number, number]} Rgb */

/**
 * @typedef {object} Palette
 * @property {readonly Rgb[]} bands the ten tokens --map-0 (lowest) to --map-9 (highest)
 * @property {Rgb} missing where the grid has no finite value
 */

/**
 * @typedef {object} BandScale
 * @property {number} low lower end of the lowest band
 * @property {number} step width of every band
 * @property {readonly Rgb[]} colours of the bands, lowest first
 * @property {number|null} middle the decision level if it lies inside the scale
 */

/** @typedef {"fixed"|"auto"|"class"} ScaleMode */

const FALLBACK = /** @type {Rgb} */ ([128, 128, 128]);

/**
 * Read a token as red, green, blue of 0 to 255.
 * @param {CSSStyleDeclaration} style
 * @param {string} name
 * @returns {Rgb}
 */
function token(style, name) {
  const text = style.getPropertyValue(name).trim();
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (hex) return /** @type {any} */ (hex.slice(1).map((part) => parseInt(part, 16)));
  const parts = /^rgb\(\s*(\d+)[ ,]+(\d+)[ ,]+(\d+)/.exec(text);
  return parts ? /** @type {any} */ (parts.slice(1).map(Number)) : FALLBACK;
}

/**
 * The palette of the present theme.
 * @param {Element} [element]
 * @returns {Palette}
 */
export function readPalette(element = document.documentElement) {
  const style = getComputedStyle(element);
  return {
    bands: Array.from({ length: 10 }, (_, k) => token(style, `--map-${k}`)),
    missing: token(style, "--well"),
  };
}

/**
 * A token as CSS text, for canvases that cannot resolve var().
 * @param {string} name
 * @param {Element} [element]
 */
export function cssToken(name, element = document.documentElement) {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/**
 * Call back whenever the tokens may have changed: the theme attribute or the system's preference.
 * @param {() => void} changed
 * @returns {() => void} stops it
 */
export function onThemeChange(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", changed);
  };
}

/**
 * @param {Rgb} a
 * @param {Rgb} b
 * @param {number} share of b
 * @returns {Rgb}
 */
function mix(a, b, share) {
  /** @param {number} from @param {number} to */
  const channel = (from, to) => Math.round(from + (to - from) * share);
  return [channel(a[0], b[0]), channel(a[1], b[1]), channel(a[2], b[2])];
}

/**
 * `count` colours along one side of the palette, from its palest to its strongest.
 * @param {Palette} palette
 * @param {boolean} above the side above the decision level
 * @param {number} count
 */
function side(palette, above, count) {
  const five = above ? palette.bands.slice(5) : palette.bands.slice(0, 5).reverse();
  return Array.from({ length: count }, (_, k) => {
    const at = count === 1 ? 2 : (k / (count - 1)) * 4;
    const below = Math.min(3, Math.floor(at));
    return mix(five[below] ?? FALLBACK, five[below + 1] ?? FALLBACK, at - below);
  });
}

/**
 * The ends of the fixed scale, what the classes are: -1 and 1 around 0, 0 and 1 around a half; null around anything else.
 * @param {number|null} midpoint
 * @returns {readonly [number, number]|null}
 */
export function fixedRange(midpoint) {
  return midpoint === 0 ? [-1, 1] : midpoint === 0.5 ? [0, 1] : null;
}

/**
 * Which value gets which colour.
 *
 * "fixed" divides the span of the classes into the ten tokens. "auto" spans the values present: with values on
 * both sides of the midpoint the colours stay centred on it and equally strong at equal distance; with all values
 * on one side only that side's colours are used. "class" knows the two sides of the midpoint and nothing else.
 * @param {Palette} palette
 * @param {ScaleMode} mode
 * @param {number} minimum of the values
 * @param {number} maximum of the values
 * @param {number|null} midpoint
 * @returns {BandScale}
 */
export function bandScale(palette, mode, minimum, maximum, midpoint) {
  const fixed = fixedRange(midpoint);
  if (mode === "fixed" && fixed) {
    const [low, high] = fixed;
    return { low, step: (high - low) / 10, colours: palette.bands, middle: (low + high) / 2 };
  }
  if (mode === "class" && midpoint !== null) {
    const reach = Math.max(maximum - midpoint, midpoint - minimum, 1e-9);
    return { low: midpoint - reach, step: reach, colours: [palette.bands[2] ?? FALLBACK, palette.bands[7] ?? FALLBACK], middle: midpoint };
  }
  const span = maximum - minimum;
  const middle = midpoint ?? minimum;
  // A net that answers the same everywhere still needs a band to stand in.
  const least = Math.max(1e-9, Math.abs(maximum) * 1e-6);
  if (midpoint !== null && minimum < midpoint && maximum > midpoint) {
    const step = niceStep(Math.max(maximum - middle, middle - minimum, least) / 5);
    const first = Math.max(-5, Math.floor((minimum - middle) / step + 1e-9));
    const last = Math.min(5, Math.ceil((maximum - middle) / step - 1e-9));
    return { low: clean(middle + first * step), step, colours: palette.bands.slice(first + 5, last + 5), middle };
  }
  const above = minimum >= middle;
  const step = niceStep(Math.max(span, least) / 12);
  const first = Math.floor(minimum / step + 1e-9);
  const count = Math.max(1, Math.ceil(maximum / step - 1e-9) - first);
  const colours = side(palette, above, count);
  return { low: clean(first * step), step, colours: above ? colours : colours.reverse(), middle: null };
}

/**
 * The boundaries between the bands, without the two outer ends.
 * @param {BandScale} scale
 */
export function innerLevels(scale) {
  return Array.from({ length: scale.colours.length - 1 }, (_, k) => clean(scale.low + (k + 1) * scale.step));
}

/**
 * Upper end of the highest band.
 * @param {BandScale} scale
 */
export function highEnd(scale) {
  return clean(scale.low + scale.colours.length * scale.step);
}

/** @param {Rgb} rgb */
export function cssRgb(rgb) {
  return `rgb(${rgb[0]} ${rgb[1]} ${rgb[2]})`;
}
