// @ts-check
/** Whether runs were kept before the page was loaded again: only then what compares them is loaded at the start. */

/** Where the runs' ids are, as long as the browser's tab lives. */
export const KEY = "deltaboard.runs";

/** Reads which runs were kept, if any were. */
export async function recallKept() {
  try {
    if (sessionStorage.getItem(KEY) === null) return;
  } catch {
    // Without storage nothing was kept.
    return;
  }
  (await import("./comparing.js")).recallRuns();
}
