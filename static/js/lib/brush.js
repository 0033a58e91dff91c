// @ts-check
/**
 * Points that are drawn on the plane: a list that strokes add to and the eraser takes from, each stroke undone whole.
 * @typedef {{x: number, y: number, k: number}} Dab a point of class k
 * @typedef {{points: Dab[], past: Dab[][], tool: number | "erase", size: number, full: boolean}} Brush
 */

/** Radius in pixels, points a dab, and pixels between two dabs, by the brush's size. */
export const SIZES = /** @type {const} */ ([{ radius: 0, points: 1, apart: 9 }, { radius: 11, points: 2, apart: 9 }, { radius: 24, points: 4, apart: 14 }]);
/** Pixels around the pointer that the eraser takes, by the brush's size. */
export const ERASED = /** @type {const} */ ([7, 13, 26]);
/** Undone strokes that are kept. */
const PAST = 200;

/** @param {Dab[]} points @returns {Brush} */
export const begun = (points) => ({ points, past: [], tool: 0, size: 1, full: false });

/**
 * The brush at the start of a stroke, which undo returns to.
 * @param {Brush} brush
 * @returns {Brush}
 */
export const stroke = (brush) => ({ ...brush, past: [...brush.past, brush.points].slice(-PAST) });

/**
 * @param {Brush} brush
 * @param {Dab[]} dabs
 * @param {number} most points that a set may have
 * @returns {Brush}
 */
export function painted(brush, dabs, most) {
  const points = [...brush.points, ...dabs].slice(0, most);
  return { ...brush, points, full: points.length >= most };
}

/**
 * @param {Brush} brush
 * @param {(dab: Dab) => boolean} under whether the eraser takes it
 * @returns {Brush}
 */
export function erased(brush, under) {
  const points = brush.points.filter((dab) => !under(dab));
  return points.length === brush.points.length ? brush : { ...brush, points, full: false };
}

/** @param {Brush} brush @returns {Brush} */
export function undone(brush) {
  const points = brush.past.at(-1);
  return points ? { ...brush, points, past: brush.past.slice(0, -1), full: false } : brush;
}

/**
 * Rows of a data set as points; null where a target is no class.
 * @param {{inputs: number[][], targets: number[][]}} rows
 * @param {readonly [number, number]} values that mean no and yes
 * @returns {Dab[] | null}
 */
export function pointsOf({ inputs, targets }, values) {
  const several = (targets[0]?.length ?? 0) > 1;
  const points = inputs.map(([x = 0, y = 0], row) => {
    const target = targets[row] ?? [];
    const k = several ? target.indexOf(values[1]) : values.indexOf(target[0] ?? NaN);
    return { x, y, k };
  });
  return points.every(({ k }) => k >= 0) ? points : null;
}

/**
 * @param {readonly Dab[]} points
 * @param {number} outputs columns of targets
 * @param {readonly [number, number]} values
 */
export function rowsOf(points, outputs, values) {
  return {
    inputs: points.map(({ x, y }) => [x, y]),
    targets: points.map(({ k }) => (outputs === 1 ? [values[k] ?? values[0]] : Array.from({ length: outputs }, (_, j) => values[j === k ? 1 : 0]))),
  };
}
