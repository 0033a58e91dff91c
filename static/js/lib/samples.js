// @ts-check
/**
 * Samples as the readings show them: which marker a target gets, whether an output is on its target's side.
 *
 * Targets are classes when all are 0 or 1, or all -1 or 1; the boundary between them is their middle. With several
 * outputs of which exactly one is asked for, the largest output is the answer (the first of equals).
 */

/**
 * The part of a session that the readings need beyond what the diagram needs.
 * @typedef {object} ReadingsRecord
 * @property {(number|null)[][]|null} outputs
 * @property {(number|null)[][]|null} differences outputs minus targets
 * @property {(number|null)[]|null} sample_losses
 * @property {number|null} loss
 * @property {number|null} accuracy
 * @property {number} epoch
 * @property {number} steps_per_epoch
 * @property {number} epoch_position
 * @property {{node: number}} timeline
 * @property {Record<string, string>} [nonfinite] why a number is null, by its pointer
 */

/** @typedef {import("./refs.js").SessionRecord & ReadingsRecord} SessionView */

/**
 * @typedef {object} Boundary
 * @property {[number, number]} x_range
 * @property {[number, number]} y_range
 * @property {number} resolution
 * @property {string} element
 * @property {number|null} minimum
 * @property {number|null} maximum
 * @property {number|null} midpoint
 * @property {string} encoding
 * @property {string | (number|null)[] | (number|null)[][]} values
 */

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Translate */

/**
 * How a sample is drawn: its shape, and a number inside where the shape alone would not tell its class.
 * @typedef {object} MarkerKind
 * @property {"open"|"filled"|"diamond"|"triangle"|"pentagon"} shape
 * @property {boolean} solid
 * @property {string} [text]
 */

/**
 * The two class values of the targets; null where the targets are no classes.
 * @param {readonly (readonly number[])[]} targets
 * @returns {readonly [number, number]|null}
 */
export function classValues(targets) {
  const flat = targets.flat();
  if (flat.every((t) => t === 0 || t === 1)) return [0, 1];
  return flat.every((t) => t === -1 || t === 1) ? [-1, 1] : null;
}

/**
 * Whether each sample asks for exactly one of several outputs.
 * @param {readonly (readonly number[])[]} targets
 */
export function isOneOfMany(targets) {
  const values = classValues(targets);
  return values !== null && targets.every((row) => row.length > 1 && row.filter((t) => t === values[1]).length === 1);
}

/**
 * Index of the largest entry, the first of equals.
 * @param {readonly number[]} row
 */
export function largest(row) {
  return row.reduce((best, value, k) => (value > (row[best] ?? -Infinity) ? k : best), 0);
}

/**
 * Whether outputs name the class of their targets; null where the targets are no classes.
 * @param {readonly number[]} outputs
 * @param {readonly number[]} targets
 * @param {readonly [number, number]|null} values of the classes
 * @param {boolean} oneOfMany
 */
export function isCorrect(outputs, targets, values, oneOfMany) {
  if (!values || outputs.length === 0) return null;
  if (oneOfMany) return largest(outputs) === largest(targets);
  const middle = (values[0] + values[1]) / 2;
  return outputs.every((o, k) => o >= middle === (targets[k] ?? middle) >= middle);
}

/** @type {readonly MarkerKind["shape"][]} */
const SHAPES = ["open", "filled", "triangle", "diamond", "pentagon"];

/**
 * The marker of class k of several: shapes first, then the same shapes filled the other way; always numbered.
 * @param {number} k
 * @returns {MarkerKind}
 */
export function classMarker(k) {
  const round = Math.floor(k / SHAPES.length);
  return { shape: SHAPES[k % SHAPES.length] ?? "open", solid: (k % 2 === 1) !== (round % 2 === 1), text: String(k + 1) };
}

/**
 * The marker of each sample. `output` is the one that the map shows (0 for a hidden neuron's).
 * @param {readonly (readonly number[])[]} targets
 * @param {number} output
 * @param {readonly [number, number]} values the low and the high class value
 * @returns {MarkerKind[]}
 */
export function markerKinds(targets, output, values) {
  if ((targets[0]?.length ?? 0) > 2 && isOneOfMany(targets)) {
    return targets.map((row) => classMarker(largest(row)));
  }
  return targets.map((row) => targetMarker(row[Math.min(output, row.length - 1)] ?? NaN, values));
}

/**
 * The marker of a single target: an open circle is low, a filled square high, a diamond anything else.
 * @param {number} target
 * @param {readonly [number, number]} values
 * @returns {MarkerKind}
 */
export function targetMarker(target, values) {
  if (target === values[0]) return { shape: "open", solid: false };
  if (target === values[1]) return { shape: "filled", solid: true };
  return { shape: "diamond", solid: true };
}

/**
 * The point nearest to (x, y) of those within `reach`; -1 if there is none.
 * @param {readonly (readonly [number, number])[]} points
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
export function nearestPoint(points, x, y, reach) {
  let best = -1;
  let least = reach * reach;
  points.forEach(([px, py], k) => {
    const distance = (px - x) ** 2 + (py - y) ** 2;
    if (distance <= least) {
      least = distance;
      best = k;
    }
  });
  return best;
}

/** @param {SessionView} session */
export function lastUnits(session) {
  return session.network.layers.at(-1)?.units ?? 0;
}

/** @typedef {Partial<import("../types.js").DataRecord>} NamedData */
/** @typedef {import("./symbols.js").SymbolOf} SymbolOf */

/**
 * The names of the table's columns: the network's own symbols where its inputs are these columns.
 * @param {SessionView} session
 * @param {SymbolOf} symbolOf
 */
export function columnNames(session, symbolOf) {
  const data = /** @type {NamedData} */ (session.data);
  const columns = data.columns ?? (session.data.inputs[0] ?? []).map((_, k) => `x${k + 1}`);
  const plain = !data.features || (data.features.length === columns.length && data.features.every((name, k) => name === `x${k + 1}`));
  return columns.map((name, k) => {
    const digits = /^x(\d+)$/.exec(name)?.[1];
    if (!digits) return { base: name, sub: "", sup: "" };
    return plain && Number(digits) === k + 1 ? symbolOf(`a.0.${k}`) : { base: "x", sub: digits, sup: "" };
  });
}

/**
 * The name of a column of targets: a class of several, the column's own name, or the target's symbol.
 * @param {SessionView} session
 * @param {SymbolOf} symbolOf
 * @param {number} k
 */
export function targetName(session, symbolOf, k) {
  const data = /** @type {NamedData} */ (session.data);
  const several = session.data.targets[0] && session.data.targets[0].length > 1;
  const name = (several ? data.classes?.[k] : undefined) ?? data.target_columns?.[k];
  return name === undefined || /^t\d*$/.test(name) ? symbolOf(`t.${k}`) : { base: name, sub: "", sup: "" };
}
