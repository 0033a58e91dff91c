// @ts-check
/**
 * What a micro-step lights in the matrices: entries made now, entries used, entries not computed yet, and the rows and
 * columns that the product of matrices behind it runs along.
 * @typedef {import("./refs.js").MicroStepsRecord} MicroStepsRecord
 * @typedef {object} MatrixRecord
 * @property {string} name
 * @property {string} variable
 * @property {string} symbol
 * @property {string} formula
 * @property {string} refs
 * @property {boolean} samples
 * @property {number[]} shape
 * @property {boolean} limited
 * @property {number} first_row
 * @property {any[]} values
 * @property {string} numpy
 * @typedef {{layer: number, activation_name: string, matrices: MatrixRecord[]}} LayerRecord
 * @typedef {object} MatricesRecord
 * @property {number} step
 * @property {number} sample
 * @property {number} position
 * @property {number[]} batch
 * @property {number} batch_factor
 * @property {boolean} looks_ahead
 * @property {LayerRecord[]} layers
 * @property {Record<string, string>} [nonfinite]
 * @typedef {{now: Set<string>, used: Set<string>, later: Set<string>, bands: Map<string, number>}} Lights
 *   bands: by "layer name axis" the row or column, where the micro-step runs along a single one
 */
import { ownName } from "./made.js";
import { parseRef } from "./refs.js";

/** @typedef {readonly [layer: number, name: string, axis: "row" | "column", at: number]} Band */

/**
 * The rows and columns behind one result. Rows of samples count from the batch's first.
 * @param {string} ref
 * @param {number} position of the sample in the batch
 * @param {number} last the output layer
 * @returns {Band[]}
 */
function bandsOf(ref, position, last) {
  const { kind, at } = parseRef(ref);
  const [layer = 0, first = 0, second = 0] = at;
  const j = kind === "p" ? second : first;
  switch (kind) {
    // z = x · w: the sample's row of X, the neuron's column of W.
    case "p": case "ps": case "z":
      return [[layer, "inputs", "row", position], [layer, "weights", "column", j]];
    // δ of the next layer back along the weights that leave the neuron: a row of W, a column of its transpose.
    case "c": case "cs": case "up":
      return layer === last ? [] : [[layer + 1, "delta", "row", position], [layer + 1, "weights", "row", first]];
    // What all samples' gradients are added from: a column of X, a column of δ.
    case "Gw":
      return [[layer, "inputs", "column", first], [layer, "delta", "column", second]];
    case "Gb":
      return [[layer, "delta", "column", first]];
    default:
      return [];
  }
}

/**
 * What the micro-step makes, what only later ones make, and what is made at all. A number that no micro-step makes
 * (it is given, or another neuron's in a network that is told neuron by neuron) is in none of these.
 * @param {MicroStepsRecord | null} reply
 * @param {number} index
 * @returns {{now: Set<string>, later: Set<string>, all: Set<string>}}
 */
export function progressOf(reply, index) {
  const steps = reply?.microsteps ?? [];
  const all = new Set(steps.flatMap((one) => one.produces));
  const later = new Set(all);
  for (const one of steps.slice(0, index + 1)) for (const ref of one.produces) later.delete(ref);
  return { now: new Set(steps[index]?.produces ?? []), later, all };
}

/**
 * @param {MicroStepsRecord | null} reply
 * @param {number} index
 * @param {MatricesRecord} data
 * @returns {Lights}
 */
export function lightsOf(reply, index, data) {
  const step = reply?.microsteps[index];
  const { now, later } = progressOf(reply, index);
  /** @type {Map<string, number>} */
  const bands = new Map();
  for (const ref of step?.produces ?? []) {
    for (const [layer, name, axis, at] of bandsOf(ref, data.position, data.layers.length)) {
      const key = `${layer} ${name} ${axis}`;
      const known = bands.get(key);
      // Several rows at once are none in particular.
      bands.set(key, known === undefined || known === at ? at : -1);
    }
  }
  return { now, used: new Set((step?.uses ?? []).map((ref) => ownName(ref, data.sample))), later, bands };
}

/**
 * The reference of an entry.
 * @param {MatrixRecord} matrix
 * @param {number} row of the whole array
 * @param {number} column
 */
export function refAt(matrix, row, column) {
  return matrix.refs.replace("{row}", String(row)).replace("{column}", String(column));
}

/**
 * Which of `count` places are shown, at most `most`: the first ones, and one that must be among them.
 * @param {number} count
 * @param {number} most
 * @param {number} wanted -1: none
 * @returns {number[]} ascending; a gap where neighbours are not neighbours in the array
 */
export function shownPlaces(count, most, wanted) {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  const places = Array.from({ length: most }, (_, at) => at);
  if (wanted >= most && wanted < count) places[most - 1] = wanted;
  return places;
}
