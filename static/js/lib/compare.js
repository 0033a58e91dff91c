// @ts-check
/**
 * Runs beside each other: how each is drawn, what it is called, and the curves on one axis. The server's record is
 * only read and put into words here.
 */

import { changeText, labeller, optimizerName, plain } from "./history.js";
import { nearestIndex } from "./scales.js";

/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {import("./history.js").Words} Words */
/** @typedef {import("./history.js").Setting} Setting */
/** @typedef {{steps: number[], epochs: number[], last: (number | null)[], minimum: (number | null)[], maximum: (number | null)[]}} RunCurve */
/**
 * @typedef {object} ComparedRun
 * @property {string} id
 * @property {string | null} label
 * @property {string | null} preset
 * @property {number[]} sizes
 * @property {import("../types.js").Training} training
 * @property {string} status
 * @property {number} step
 * @property {number} epoch
 * @property {number | null} loss
 * @property {number | null} to_epoch while it is being trained
 * @property {number | null} accuracy
 * @property {number | null} test_loss
 * @property {number | null} test_accuracy
 * @property {Setting[]} changes
 * @property {number} more
 * @property {boolean} same_start
 * @property {RunCurve} curve
 */
/** @typedef {{runs: ComparedRun[], gone: string[], nonfinite: Record<string, string>}} Comparison the present run first */
/** @typedef {{id: string, slot: number, auto: boolean, group: string | null}} Kept a run that is kept: its place among the colours, whether by itself, and the experiment it came from */
/** @typedef {{token: string, dash: number[], marker: string, open: boolean}} Style */

/** Runs that are kept by themselves, and runs in all: one request tells of 48. */
export const MOST_AUTO = 12;
export const MOST_KEPT = 36;

const TOKENS = ["--q-sgd", "--q-momentum", "--q-nag", "--q-adagrad", "--q-rmsprop", "--q-adam"];
const DASHES = [[8, 3], [2, 3], [9, 3, 2, 3], [4, 4], [12, 4], [6, 2, 2, 2]];
const MARKERS = ["circle", "square", "up", "diamond", "down", "plus"];
/** How the present run is drawn: the only line without a dash. @type {Style} */
export const PRESENT = { token: "--ink", dash: [], marker: "circle", open: false };

/**
 * Colour, dash and marker of a place: no two of the 36 are the same, and the first six are the optimizers'.
 * @param {number} slot
 * @returns {Style}
 */
export function styleOf(slot) {
  const hue = slot % TOKENS.length;
  const round = Math.floor(slot / TOKENS.length);
  return {
    token: TOKENS[hue] ?? "--ink",
    dash: DASHES[(hue + round) % DASHES.length] ?? [],
    marker: MARKERS[(hue + 2 * round) % MARKERS.length] ?? "circle",
    open: round % 2 === 1,
  };
}

/**
 * The first free place for a run, the wanted colour if it can be had.
 * @param {readonly Kept[]} kept
 * @param {number | null} [wanted] a place among the first six
 */
export function freeSlot(kept, wanted = null) {
  const taken = new Set(kept.map((one) => one.slot));
  const places = Array.from({ length: MOST_KEPT }, (_, slot) => slot).filter((slot) => !taken.has(slot));
  return places.find((slot) => wanted !== null && slot % TOKENS.length === wanted) ?? places[0] ?? 0;
}

/**
 * A marker's outline around a point, as the data of an SVG path.
 * @param {string} marker
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
export function markerPath(marker, x, y, r) {
  if (marker === "square") return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
  if (marker === "diamond") return `M${x} ${y - 1.3 * r}L${x + 1.3 * r} ${y}L${x} ${y + 1.3 * r}L${x - 1.3 * r} ${y}z`;
  if (marker === "up") return `M${x} ${y - 1.2 * r}L${x + 1.2 * r} ${y + r}H${x - 1.2 * r}z`;
  if (marker === "down") return `M${x} ${y + 1.2 * r}L${x + 1.2 * r} ${y - r}H${x - 1.2 * r}z`;
  if (marker === "plus") return `M${x - 1.3 * r} ${y}H${x + 1.3 * r}M${x} ${y - 1.3 * r}V${y + 1.3 * r}`;
  if (marker === "cross") return `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`;
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

/**
 * What a run is called: its given name, or its optimizer and learning rate.
 * @param {ComparedRun} run
 * @param {Words} words
 */
export function runName(run, words) {
  const { optimizer } = run.training;
  return run.label ?? `${optimizerName(optimizer.name, words)}, η ${plain(optimizer.parameters.learning_rate ?? 0)}`;
}

/**
 * What sets a run apart from the present one, in words; "" where nothing does.
 * @param {ComparedRun} run
 * @param {Words} words
 */
export function differenceText(run, words) {
  return run.changes.length === 0 ? "" : changeText({ node: 0, step: 0, kinds: [], settings: run.changes, more: run.more }, words, 6);
}

/**
 * Names for a few runs by what they differ in alone.
 * @param {readonly ComparedRun[]} runs
 * @param {Words} words
 * @returns {(run: ComparedRun) => string}
 */
export function shortNames(runs, words) {
  const label = labeller(runs.map(asBranch), words);
  return (run) => run.label ?? label(asBranch(run));
}

/** @param {ComparedRun} run @returns {import("./history.js").Branch} */
function asBranch({ training, step, loss, curve }) {
  const { optimizer, loss: form, batch } = training;
  return {
    name: "", parent: null, tip: 0, current: false, from_node: 0, from_step: 0, last_step: step, spans: [], changes: [], more_changes: 0, diverged: false, loss, curve,
    training: { optimizer: optimizer.name, learning_rate: optimizer.parameters.learning_rate ?? 0, loss: form.name, batch },
  };
}

/**
 * The curves on one ascending axis: a row of places, then a row for each curve with nothing where it has no reading.
 * @param {readonly {x: number[], y: (number | null)[]}[]} curves
 * @param {boolean} log a zero has no place on a logarithmic axis
 * @returns {[number[], ...(number | null | undefined)[][]]}
 */
export function aligned(curves, log) {
  const places = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const at = new Map(places.map((place, k) => [place, k]));
  const rows = curves.map(({ x, y }) => {
    const row = /** @type {(number | null | undefined)[]} */ (new Array(places.length).fill(undefined));
    x.forEach((place, k) => {
      const value = y[k] ?? null;
      row[at.get(place) ?? 0] = value !== null && log && value <= 0 ? null : value;
    });
    return row;
  });
  return [places, ...rows];
}

/**
 * A run's reading nearest to a place on the axis, null beyond its ends.
 * @param {RunCurve} curve
 * @param {"epochs" | "steps"} by
 * @param {number} place
 * @returns {{place: number, loss: number | null} | null}
 */
export function runReading(curve, by, place) {
  const places = curve[by];
  const first = places[0];
  const end = places.at(-1);
  if (first === undefined || end === undefined || place < first || place > end) return null;
  const near = nearestIndex(places, place);
  return { place: places[near] ?? place, loss: curve.last[near] ?? null };
}

/**
 * The runs of one sweep, from the lowest learning rate to the highest; the one with the lowest loss among those that did not diverge.
 * @param {readonly ComparedRun[]} runs
 * @returns {{points: {id: string, rate: number, loss: number | null, diverged: boolean}[], best: {rate: number, loss: number} | null}}
 */
export function sweepOf(runs) {
  const points = runs
    .map((run) => ({ id: run.id, rate: run.training.optimizer.parameters.learning_rate ?? 0, loss: run.loss, diverged: run.status === "diverged" }))
    .sort((a, b) => a.rate - b.rate);
  /** @type {{rate: number, loss: number} | null} */
  let best = null;
  for (const { rate, loss, diverged } of points) {
    if (!diverged && loss !== null && (best === null || loss < best.loss)) best = { rate, loss };
  }
  return { points, best };
}
