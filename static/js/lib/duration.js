// @ts-check
/** How long something still takes, in words. */

/** Shorter than this it is nearly over; up to this seconds are counted one by one. */
const SOON = 1.5;
const FINE = 20;

/**
 * @param {number} seconds
 * @param {(key: string, values?: Record<string, string | number>) => string} t
 * @returns {string}
 */
export function timeLeft(seconds, t) {
  if (seconds < SOON) return t("live.left.soon");
  if (seconds < FINE) return t("live.left.seconds", { n: Math.round(seconds) });
  if (seconds < 90) return t("live.left.seconds", { n: 5 * Math.round(seconds / 5) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return t("live.left.minutes", { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 36 ? t("live.left.hours", { n: hours }) : t("live.left.days", { n: Math.round(hours / 24) });
}
