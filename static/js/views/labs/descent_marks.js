// @ts-check
/** The mark of a run: colour, dash and shape together. */
import { h } from "preact";
import htm from "htm";
import { DASHES, MARKS } from "../../lib/descent.js";

const html = htm.bind(h);

/** @param {{look: string}} props */
export function Mark({ look }) {
  return html`<svg class="qmark" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><path class=${`qm ${look}`} d=${MARKS[look]} /></svg>`;
}

/** A stretch of the line with its mark. @param {{look: string}} props */
export function LineMark({ look }) {
  return html`<svg class="qmark" width="34" height="14" viewBox="-17 -7 34 14" aria-hidden="true"><path class=${`qt ${look}`} stroke-dasharray=${(DASHES[look] ?? []).join(" ")} d="M-17 0H17" /><path class=${`qm ${look}`} d=${MARKS[look]} /></svg>`;
}

/**
 * What a run is called: its optimizer, and its batch where that tells runs apart.
 * @param {{optimizer: string, batch: string}} run
 * @param {import("../../types.js").Translate} t
 */
export function runName(run, t) {
  const name = t(`descent.name.${run.optimizer}`);
  return run.batch === "full" ? name : `${name}, ${t(`descent.batch.${run.batch}`)}`;
}
