// @ts-check
/** Geometry of the Descent lab's pictures: paths of points, tinted contours, marks of the optimizers, sizes. */
import { contours } from "d3-contour";
import { useLayoutEffect, useState } from "preact/hooks";
import { textWidth } from "./format.js";

/** @typedef {readonly (number | null)[]} Numbers */

/**
 * The size of an element in whole pixels, followed as it changes.
 * @param {{current: HTMLElement | null}} box
 * @param {{width: number, height: number}} first
 */
export function useSize(box, first) {
  const [size, setSize] = useState(first);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const read = () => {
      const [width, height] = [Math.floor(element.clientWidth), Math.floor(element.clientHeight)];
      // A hidden tab has no size: what was drawn before stays as it is.
      if (width > 0 && height > 0) setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return size;
}

/**
 * Points as a path; what has no number, or is hidden, breaks it. Far outside the picture a place is cut off, because
 * drawings do not bear every number.
 * @param {Numbers} xs
 * @param {Numbers} ys
 * @param {(value: number) => number} toX
 * @param {(value: number) => number} toY
 */
export function linePath(xs, ys, toX, toY) {
  let path = "";
  let pen = false;
  xs.forEach((x, k) => {
    const y = ys[k];
    if (x === null || y === null || y === undefined) {
      pen = false;
      return;
    }
    path += `${pen ? "L" : "M"}${within(toX(x)).toFixed(1)} ${within(toY(y)).toFixed(1)}`;
    pen = true;
  });
  return path;
}

/**
 * The width of a label; Hangul is twice as wide as digits.
 * @param {string} text
 * @param {number} size in px
 */
export function labelWidth(text, size) {
  return textWidth(text, size) + [...text].filter((character) => character > "\u1100").length * 0.45 * size;
}

/**
 * A place in the picture or far beside it: drawings do not bear every number.
 * @param {number} pixel
 */
export function within(pixel) {
  return Math.max(-20000, Math.min(20000, pixel));
}

/**
 * Where a grid is at least as high as each level, as closed SVG paths from the lowest level up.
 * @param {Float32Array} values row by row from the lowest y
 * @param {number} size
 * @param {readonly number[]} levels
 * @param {{left: number, top: number, width: number, height: number}} place
 * @returns {string[]}
 */
export function heights(values, size, levels, { left, top, width, height }) {
  const make = contours().size([size, size]);
  // What has no value is as high as anything.
  const known = /** @type {number[]} */ (Array.from(values, (value) => (Number.isNaN(value) ? 3e38 : Math.min(value, 3e38))));
  const toX = (/** @type {number} */ x) => (left + ((x - 0.5) / (size - 1)) * width).toFixed(1);
  const toY = (/** @type {number} */ y) => (top + height - ((y - 0.5) / (size - 1)) * height).toFixed(1);
  return levels.map((level) => make.contour(known, level).coordinates.map((polygon) => polygon.map((ring) => `M${ring.map(([x = 0, y = 0]) => `${toX(x)} ${toY(y)}`).join("L")}Z`).join("")).join(""));
}

/** Colour, dash and mark of each series; three cues, so that none stands on colour alone. */
export const SERIES = /** @type {const} */ (["sgd", "momentum", "nag", "adagrad", "rmsprop", "adam"]);
/** @type {Record<string, readonly number[]>} */
export const DASHES = { sgd: [], momentum: [7, 3], nag: [2, 3], adagrad: [9, 3, 2, 3], rmsprop: [4, 3], adam: [] };
/** Marks of about ten pixels around the origin. @type {Record<string, string>} */
export const MARKS = {
  sgd: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
  momentum: "M-4.6 -4.6h9.2v9.2h-9.2z",
  nag: "M0 -5.6L5.6 4.6H-5.6z",
  adagrad: "M0 -6L6 0L0 6L-6 0z",
  rmsprop: "M-6 -3.6L-3.6 -6L0 -2.4L3.6 -6L6 -3.6L2.4 0L6 3.6L3.6 6L0 2.4L-3.6 6L-6 3.6L-2.4 0z",
  adam: "M-1.7 -6h3.4v4.3h4.3v3.4h-4.3v4.3h-3.4v-4.3h-4.3v-3.4h4.3z",
};

/**
 * The look of each run: an optimizer's own where no two are alike, else one after the other.
 * @param {readonly {optimizer: string}[]} runs
 * @returns {string[]}
 */
export function looks(runs) {
  const alike = new Set(runs.map((run) => run.optimizer)).size < runs.length;
  return runs.map((run, k) => (!alike && SERIES.includes(/** @type {any} */ (run.optimizer)) ? run.optimizer : /** @type {string} */ (SERIES[k % SERIES.length])));
}

/**
 * The numbers of an explanation's lines by what they make; null where one is hidden or not finite.
 * @param {any} microsteps
 * @returns {Map<string, number | null>}
 */
export function results(microsteps) {
  return new Map((microsteps?.microsteps ?? []).flatMap((/** @type {any} */ step) => step.lines.map((/** @type {any} */ line) => [line.result_ref, line.result])));
}

/**
 * Which rows of a long table are shown around the present one: a stretch, and the last row.
 * @param {number} count of all rows
 * @param {number} at
 * @param {number} room
 * @returns {{first: number, last: number, end: boolean}} `end`: the last row stands apart
 */
export function stretch(count, at, room) {
  if (count <= room) return { first: 0, last: count - 1, end: false };
  const length = Math.max(3, room - 2);
  const first = Math.max(0, Math.min(at - Math.floor(length / 3), count - 1 - length));
  const last = first + length - 1;
  return last >= count - 2 ? { first: count - room, last: count - 1, end: false } : { first, last, end: true };
}
