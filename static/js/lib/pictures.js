// @ts-check
/** What several pictures share: colours of classes and layers, lines as paths, scales of colours for a loss. Presentation only. */
import { cssToken } from "./colours.js";
import { formatNumber } from "./format.js";
import { tickText } from "./scales.js";

/** @typedef {import("./colours.js").Rgb} Rgb */
/** @typedef {import("./scales.js").Linear} Linear */

/**
 * What a layer's line looks like: colour, dash and width together; the first layers are what a deep network is watched for.
 * @type {readonly {token: string, dash: number[], width: number}[]}
 */
export const LAYER_STYLES = [
  { token: "--q-adam", dash: [], width: 2 },
  { token: "--q-momentum", dash: [7, 3], width: 1.6 },
  { token: "--q-adagrad", dash: [2, 2], width: 1.8 },
  { token: "--q-rmsprop", dash: [9, 3, 2, 3], width: 1.6 },
  { token: "--q-nag", dash: [4, 3], width: 1.6 },
  { token: "--ink-3", dash: [1, 3], width: 2 },
  { token: "--q-sgd", dash: [12, 3], width: 1.6 },
];

/** Hues of classes, each beside its number: never by colour alone. */
const CLASS_TOKENS = ["--neg", "--pos", "--upd", "--back", "--loss", "--fwd"];
/** How much of its hue a class's region has. */
const SHARE = 0.34;

/**
 * @param {string} token
 * @param {Element} [element]
 * @returns {Rgb}
 */
export function rgbToken(token, element = document.documentElement) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(cssToken(token, element));
  return hex ? /** @type {any} */ (hex.slice(1).map((part) => parseInt(part, 16))) : [128, 128, 128];
}

/**
 * @param {Rgb} a
 * @param {Rgb} b
 * @param {number} share of b
 * @returns {Rgb}
 */
export function blend(a, b, share) {
  return /** @type {any} */ (a.map((channel, k) => Math.round(channel + ((b[k] ?? 0) - channel) * share)));
}

/** The tint of each class's region in the present theme. @param {number} count @returns {Rgb[]} */
export function classTints(count) {
  const paper = rgbToken("--paper");
  return Array.from({ length: count }, (_, k) => {
    const tint = blend(paper, rgbToken(CLASS_TOKENS[k % CLASS_TOKENS.length] ?? "--ink"), SHARE);
    return k < CLASS_TOKENS.length ? tint : blend(tint, rgbToken("--ink"), 0.16);
  });
}

/** Nine tints of the loss, from the lowest, in the present theme. @returns {Rgb[]} */
export function lossTints() {
  const [paper, loss] = [rgbToken("--paper"), rgbToken("--loss")];
  return Array.from({ length: 9 }, (_, k) => blend(paper, loss, 0.05 + 0.07 * k));
}

/**
 * A measured number with four digits that count, whatever its size.
 * @param {number | null | undefined} value
 * @param {string | null} [kind]
 */
export function significant(value, kind = null) {
  return value === null || value === undefined || !Number.isFinite(value) ? formatNumber(value, 0, kind) : tickText(Number(value.toPrecision(4)), 0);
}

/**
 * Bytes of base64.
 * @param {string} base64
 */
export function decodeBytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * Paint each place of a grid in the tint of its class; the picture is as large as the grid and is stretched by the canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array | readonly number[]} classes row by row from the lowest y
 * @param {number} size
 * @param {readonly Rgb[]} tints
 * @param {Rgb} missing
 */
export function paintClasses(canvas, classes, size, tints, missing) {
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(size, size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const colour = tints[classes[row * size + column] ?? -1] ?? missing;
      image.data.set([...colour, 255], 4 * ((size - 1 - row) * size + column));
    }
  }
  context.putImageData(image, 0, 0);
}

/**
 * Lines of the plane as SVG path data.
 * @param {readonly (readonly (readonly [number, number])[])[]} lines
 * @param {Linear} sx
 * @param {Linear} sy
 */
export function linesPath(lines, sx, sy) {
  return lines.map((line) => `M${line.map(([x, y]) => `${sx.to(x).toFixed(1)} ${sy.to(y).toFixed(1)}`).join("L")}`).join("");
}

/**
 * How a loss is coloured: by its logarithm where it spans much, and with which ends.
 * @param {number | null} minimum
 * @param {number | null} maximum
 * @returns {{log: boolean, low: number, high: number}}
 */
export function lossSpan(minimum, maximum) {
  const [low, high] = [minimum ?? 0, maximum ?? 1];
  const log = low > 0 && high / low > 20;
  const [from, to] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
  return { log, low: from, high: to > from ? to : from + Math.max(1e-12, Math.abs(from) * 1e-6) };
}

/**
 * The stroke of one bar's path in a histogram.
 * @param {readonly number[]} counts
 * @param {Linear} sx over places 0 .. counts.length
 * @param {Linear} sy
 */
export function stepPath(counts, sx, sy) {
  let path = "";
  counts.forEach((count, k) => {
    const y = sy.to(count).toFixed(1);
    path += `${k === 0 ? `M${sx.to(0).toFixed(1)} ${sy.to(0).toFixed(1)}` : ""}L${sx.to(k).toFixed(1)} ${y}L${sx.to(k + 1).toFixed(1)} ${y}`;
  });
  return `${path}L${sx.to(counts.length).toFixed(1)} ${sy.to(0).toFixed(1)}`;
}

/**
 * Ends of lines at the right edge, moved apart where their names would cover each other; in the order given.
 * @param {readonly (number | null)[]} ys
 * @param {number} apart
 * @param {number} low
 * @param {number} high
 * @returns {(number | null)[]}
 */
export function spreadEnds(ys, apart, low, high) {
  const order = ys.flatMap((y, k) => (y === null ? [] : [{ k, y }])).sort((a, b) => a.y - b.y);
  let last = low - apart;
  for (const one of order) last = one.y = Math.max(one.y, last + apart);
  let next = high + apart;
  for (const one of order.reverse()) next = one.y = Math.min(one.y, next - apart);
  /** @type {(number | null)[]} */
  const placed = ys.map(() => null);
  for (const { k, y } of order) placed[k] = y;
  return placed;
}
