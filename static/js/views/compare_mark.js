// @ts-check
/** How a run is drawn: its line with its marker, beside its name. */
import { h } from "preact";
import htm from "htm";
import { markerPath } from "../lib/compare.js";

const html = htm.bind(h);

/** @param {{style: import("../lib/compare.js").Style}} props */
export function RunMark({ style }) {
  const { token, dash, marker, open } = style;
  const present = dash.length === 0;
  return html`<svg class="rmark ${present ? "now" : ""}" width="34" height="12" viewBox="0 0 34 12" aria-hidden="true" style=${{ color: `var(${token})` }}>
    <path d="M1 6H33" stroke-dasharray=${dash.join(" ") || undefined} />${present ? null : html`<path class="mk ${open || marker === "plus" ? "open" : ""}" d=${markerPath(marker, 17, 6, 3.2)} />`}</svg>`;
}
