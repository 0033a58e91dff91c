// @ts-check
/** Smoothing for the eye; the readings themselves stay as they are. */

/**
 * A curve smoothed for the eye: an exponential mean that forgets `share` of itself a reading; the readings stay beside it.
 * @param {readonly (number | null)[]} values
 * @param {number} share 0: as they are
 * @returns {(number | null)[]}
 */
export function smoothed(values, share) {
  if (share <= 0) return [...values];
  let mean = 0;
  let weight = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return value;
    // Divided by what has come in so far, so that the beginning is not drawn towards 0.
    mean = share * mean + (1 - share) * value;
    weight = share * weight + (1 - share);
    return mean / weight;
  });
}
