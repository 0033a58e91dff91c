// @ts-check
/**
 * Parts that the maps share: names, markers, the colour bar, the legend, the table for screen readers.
 */

import { h } from "preact";
import htm from "htm";
import { cssRgb, highEnd } from "../lib/colours.js";
import { formatGiven, formatNumber } from "../lib/format.js";
import { decimalsOf, linear, niceStep, tickText } from "../lib/scales.js";
import { htmlSymbol, plainSymbol, svgSymbol, symbolLookup } from "../lib/symbols.js";

const html = htm.bind(h);

/** @typedef {import("../lib/samples.js").SessionView} SessionView */
/** @typedef {import("../lib/symbols.js").Symbol} Symbol */
/** @typedef {import("../lib/samples.js").MarkerKind} MarkerKind */
/** @typedef {import("../lib/samples.js").Translate} Translate */
/** @typedef {import("../lib/colours.js").BandScale} BandScale */
/** @typedef {import("../lib/contours.js").Grid} Grid */

/**
 * A symbol at a place of a picture.
 * @param {{symbol: Symbol, x: number, y: number, anchor: "start"|"middle"|"end"}} props
 */
export function SvgName({ symbol, x, y, anchor }) {
  return html`<text class="axl" x=${x} y=${y} text-anchor=${anchor}>${svgSymbol(symbol)}</text>`;
}

/**
 * A sample's marker, `r` half its width.
 * @param {{kind: MarkerKind, x: number, y: number, r: number, text?: boolean, tint?: string}} props `tint`: the colour of a real-valued target
 */
export function Marker({ kind, x, y, r, text = true, tint }) {
  if (tint) return html`<circle class="c1 cv" cx=${x} cy=${y} r=${r} style=${{ fill: tint }} />`;
  const cls = kind.solid ? "c1" : "c0";
  const shape = () => {
    switch (kind.shape) {
      case "open":
        return html`<circle class=${cls} cx=${x} cy=${y} r=${r} />`;
      case "filled":
        return html`<rect class=${cls} x=${x - r * 0.9} y=${y - r * 0.9} width=${r * 1.8} height=${r * 1.8} />`;
      case "triangle":
        return html`<path class=${cls} d=${polygon(x, y + r * 0.15, r * (kind.text && text ? 1.5 : 1.25), 3)} />`;
      case "pentagon":
        return html`<path class=${cls} d=${polygon(x, y, r * 1.1, 5)} />`;
      default:
        return html`<path class=${cls} d=${polygon(x, y, r * 1.3, 4)} />`;
    }
  };
  if (!kind.text || !text) return shape();
  return html`<g>${shape()}<text class=${`cn ${cls}n`} x=${x} y=${y + (kind.shape === "triangle" ? 5 : 4)} text-anchor="middle">${kind.text}</text></g>`;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {number} corners
 */
function polygon(x, y, r, corners) {
  const points = Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners;
    return `${(x + r * Math.sin(angle)).toFixed(1)} ${(y - r * Math.cos(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}

/**
 * The colour bar: every band, round values beside it, a bar across it at the decision level.
 * @param {{scale: BandScale, x: number, top: number, height: number}} props
 */
export function ColourBar({ scale, x, top, height }) {
  const high = highEnd(scale);
  const y = linear(scale.low, high, top + height, top);
  const bands = scale.colours.map((colour, k) => {
    const upper = y.to(scale.low + (k + 1) * scale.step);
    return html`<rect x=${x} y=${upper} width="12" height=${y.to(scale.low + k * scale.step) - upper + 0.3} fill=${cssRgb(colour)} />`;
  });
  const whole = scale.colours.length * scale.step;
  // Labels stand at band edges, at most one to 24 px; the middle, if there is one, is always among them.
  const room = Math.max(2, Math.floor(height / 24));
  const every = scale.middle === null
    ? Math.max(1, Math.ceil(niceStep(whole / room) / scale.step - 1e-9))
    : scale.colours.length <= room ? 1 : 5;
  const origin = scale.middle ?? Math.ceil(scale.low / (every * scale.step) - 1e-9) * every * scale.step;
  const labels = [];
  const gap = every * scale.step;
  for (let k = Math.ceil((scale.low - origin) / gap - 1e-9); origin + k * gap <= high + gap * 1e-6; k += 1) {
    labels.push(Number((origin + k * gap).toPrecision(12)));
  }
  return html`<g class="scale">
    ${bands}
    <rect class="frame" x=${x} y=${top} width="12" height=${height} />
    ${labels.map((value) => {
      const at = y.to(value);
      return html`<path class="axt" d=${`M${x + 12} ${at}h4`} /><text class="axn" x=${x + 19} y=${Math.min(top + height, Math.max(top + 8, at + 4))}>${scale.middle === null ? formatNumber(value, decimalsOf(gap)) : tickText(value, gap)}</text>`;
    })}
    ${scale.middle !== null && html`<path class="isok" d=${`M${x - 3} ${y.to(scale.middle)}h18`} />`}
  </g>`;
}

/**
 * What the markers and lines mean, only those that are on the map.
 * @param {{session: SessionView, kinds: MarkerKind[], values: readonly [number, number], sample: number, output: number,
 *   scale: BandScale|null, level: Symbol|null, t: Translate}} props
 */
export function Legend({ session, kinds, values, sample, output, scale, level, t }) {
  const targets = session.data.targets;
  const target = htmlSymbol(symbolLookup(session)(`t.${output}`));
  if (targets.length === 1) {
    const value = targets[0]?.[Math.min(output, targets[0].length - 1)] ?? 0;
    const beside = scale === null ? "" : value < scale.low ? "below" : value > highEnd(scale) ? "above" : "";
    return html`<p class="mapn">
      <${Key} kind=${kinds[0] ?? { shape: "diamond", solid: true }} /><span>${t("readings.sampleNumber", { n: 1 })}${" · "}${target} = ${formatGiven(value)}${beside && ` · ${t(`readings.${beside}Scale`)}`}</span>
    </p>`;
  }
  const regression = /** @type {any} */ (session.data).kind === "regression";
  const classes = kinds.some((kind) => kind.text);
  const has = (/** @type {string} */ shape) => kinds.some((kind) => kind.shape === shape);
  const entries = [];
  if (classes) {
    const seen = [...new Map(kinds.map((kind) => [kind.text, kind])).values()].sort((a, b) => Number(a.text) - Number(b.text));
    entries.push(html`<span class="ke">${seen.slice(0, 8).map((kind) => html`<${Key} kind=${kind} />`)}${t("readings.classes")}</span>`);
  } else {
    /** @param {MarkerKind} kind @param {number} value */
    const entry = (kind, value) =>
      html`<span class="ke"><${Key} kind=${kind} /><span>${target} = ${formatGiven(value)}</span></span>`;
    if (has("open")) entries.push(entry({ shape: "open", solid: false }, values[0]));
    if (has("filled")) entries.push(entry({ shape: "filled", solid: true }, values[1]));
    if (has("diamond") && regression) entries.push(html`<span class="ke"><svg width="14" height="14" aria-hidden="true"><circle class="c0 cv" cx="7" cy="7" r="4" /></svg>${t("data.targetPoint")}</span>`);
    else if (has("diamond")) entries.push(html`<span class="ke"><${Key} kind=${{ shape: "diamond", solid: true }} />${t("readings.otherTarget")}</span>`);
  }
  if (sample >= 0) {
    entries.push(html`<span class="ke"><svg width="16" height="16" aria-hidden="true"><circle class="cr" cx="8" cy="8" r="6.5" /></svg>${t("readings.current")}</span>`);
  }
  if (level && scale && scale.middle !== null) {
    entries.push(html`<span class="ke"><svg width="20" height="10" aria-hidden="true"><path class="isok" d="M1 5h18" /></svg><span>${htmlSymbol(level)} = ${formatGiven(scale.middle)}</span></span>`);
  }
  return html`<p class="mapn">${entries}</p>`;
}

/** @param {{kind: MarkerKind}} props */
function Key({ kind }) {
  const size = kind.text ? 16 : 14;
  return html`<svg width=${size} height=${size} aria-hidden="true"><${Marker} kind=${kind} x=${size / 2} y=${size / 2} r=${kind.text ? 7 : 4.5} /></svg>`;
}

/**
 * The map in words, for screen readers: the band of the output at five by five places.
 * @param {{grid: Grid, scale: BandScale, xRange: readonly [number, number], yRange: readonly [number, number], names: [Symbol, Symbol], t: Translate}} props
 */
export function Coarse({ grid, scale, xRange, yRange, names, t }) {
  const at = [0, 1, 2, 3, 4];
  /** @param {readonly [number, number]} range @param {number} k */
  const place = (range, k) => tickText(Number((range[0] + ((range[1] - range[0]) * k) / 4).toPrecision(3)), 0);
  /** @param {number} row @param {number} column */
  const band = (row, column) => {
    const index = (/** @type {number} */ k) => Math.round((k * (grid.size - 1)) / 4);
    const value = grid.values[index(row) * grid.size + index(column)] ?? NaN;
    if (!Number.isFinite(value)) return t("readings.noValue");
    const k = Math.max(0, Math.min(scale.colours.length - 1, Math.floor((value - scale.low) / scale.step)));
    const edge = (/** @type {number} */ n) => tickText(Number((scale.low + n * scale.step).toPrecision(12)), scale.step);
    return t("readings.band", { low: edge(k), high: edge(k + 1) });
  };
  const [x, y] = [plainSymbol(names[0]), plainSymbol(names[1])];
  // The hiding box is a div: a table in its place ignores its width and widens the page.
  return html`<div class="sr"><table>
    <caption>${t("readings.mapTable", { x, y })}</caption>
    <thead><tr><th>${y} \\ ${x}</th>${at.map((k) => html`<th scope="col">${place(xRange, k)}</th>`)}</tr></thead>
    <tbody>${[...at].reverse().map((row) => html`<tr><th scope="row">${place(yRange, row)}</th>${at.map((column) => html`<td>${band(row, column)}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}
