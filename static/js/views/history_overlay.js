// @ts-check
/** Other branches' curves in the loss chart, and the legend that says what they differ in. */
import { h } from "preact";
import htm from "htm";

/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {import("../lib/history.js").Overlay} Overlay */

const html = htm.bind(h);
/** Letters at the right edge stand at least so far apart. */
const APART = 12;

/**
 * A line as the chart draws it; without a dash the present branch's.
 * @param {{dash?: string}} props
 */
export function Swatch({ dash = "" }) {
  return html`<svg class="bsw ${dash ? "" : "now"}" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true"><path d="M1 5H25" stroke-dasharray=${dash || undefined} /></svg>`;
}

/**
 * @param {{current: {name: string, label: string}, overlays: Overlay[], hidden: number, t: Translate}} props
 */
export function BranchLegend({ current, overlays, hidden, t }) {
  const rows = [...overlays.map(({ name, label, dash }) => ({ name, label, dash })), { ...current, dash: "" }].sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
  return html`<ul class="bleg" aria-label=${t("history.legend")}>
    ${rows.map(({ name, label, dash }) => html`<li key=${name} class=${dash ? "" : "now"} data-branch=${name}><${Swatch} dash=${dash} /><b>${name}</b> ${label}</li>`)}
    ${hidden > 0 ? html`<li class="rest">${t("history.hidden", { n: hidden })}</li>` : null}
  </ul>`;
}

/**
 * @param {{overlays: Overlay[], toX: (step: number) => number, toY: (loss: number | null | undefined) => number | null, log: boolean,
 *   now: {name: string, x: number, y: number | null} | null}} props a zero has no place on a logarithmic axis; `now` is where the present branch's curve ends
 */
export function BranchLines({ overlays, toX, toY, log, now }) {
  const lines = overlays.map((overlay) => {
    /** @type {[number, number][][]} */
    const parts = [[]];
    overlay.steps.forEach((step, k) => {
      const loss = overlay.last[k] ?? null;
      const y = loss === null || (log && loss <= 0) ? null : toY(loss);
      if (y !== null) parts.at(-1)?.push([toX(step), y]);
      else if (parts.at(-1)?.length) parts.push([]);
    });
    const drawn = parts.filter((part) => part.length > 0);
    return { overlay, parts: drawn, end: drawn.at(-1)?.at(-1) };
  });
  const ends = lines.flatMap(({ overlay, end }) => (end ? [{ name: overlay.name, now: false, x: end[0], y: end[1] }] : []));
  const letters = spread(now && now.y !== null ? [...ends, { name: now.name, now: true, x: now.x, y: now.y }] : ends);
  return html`<g class="blines">
    ${lines.map(({ overlay, parts }) => html`<g key=${overlay.name} data-branch=${overlay.name}>
      ${parts.map((part) => (part.length > 1
        ? html`<path d=${`M${part.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`} stroke-dasharray=${overlay.dash} />`
        : html`<circle cx=${part[0]?.[0]} cy=${part[0]?.[1]} r="2" />`))}</g>`)}
    ${letters.map(({ name, now: present, x, y }) => html`<text key=${name} class=${present ? "now" : ""} x=${x + 4} y=${y + 4}>${name}</text>`)}
  </g>`;
}

/**
 * Moves letters that would cover each other apart, upwards.
 * @param {{name: string, now: boolean, x: number, y: number}[]} letters
 */
function spread(letters) {
  /** @type {typeof letters} */
  const placed = [];
  for (const letter of [...letters].sort((a, b) => b.y - a.y)) {
    let y = letter.y;
    for (const other of placed) if (Math.abs(other.x - letter.x) < APART && other.y - y < APART) y = other.y - APART;
    placed.push({ ...letter, y });
  }
  return placed;
}
