// @ts-check
/** What the output map shows beyond its bands: errors, the lines where hidden neurons turn over, test samples, and what they mean. */
import { h } from "preact";
import htm from "htm";
import { cssRgb } from "../lib/colours.js";
import { formatGiven } from "../lib/format.js";
import { linesPath } from "../lib/pictures.js";
import { countText } from "../lib/scales.js";
import { htmlSymbol, svgSymbol } from "../lib/symbols.js";
import { Marker } from "./map_parts.js";

const html = htm.bind(h);

/** @typedef {import("../types.js").PictureOptions} PictureOptions */
/** @typedef {import("../lib/samples.js").Translate} Translate */
/** @typedef {import("../lib/scales.js").Linear} Linear */

const MOST_TEST = 1000;
/** Names of more lines would only cover each other. */
const MOST_NAMED = 8;

/**
 * Each neuron's zero line with its name where the line is longest inside the frame.
 * @param {{reply: any, sx: Linear, sy: Linear, left: number, top: number, size: number, symbolOf: import("../lib/symbols.js").SymbolOf}} props
 */
export function ZeroLines({ reply, sx, sy, left, top, size, symbolOf }) {
  /** @type {[number, number][]} */
  const taken = [];
  const neurons = /** @type {{element: string, lines: [number, number][][]}[]} */ (reply.neurons);
  return html`<g class="zlines">${neurons.map(({ element, lines }) => {
    const longest = [...lines].sort((a, b) => b.length - a.length)[0];
    // Names stand a little inside the frame, where no other name is.
    const spots = (longest ?? []).map(([x, y]) => /** @type {[number, number]} */ ([sx.to(x), sy.to(y)]))
      .filter(([x, y]) => x > left + 12 && x < left + size - 12 && y > top + 12 && y < top + size - 8);
    const spot = spots.find(([x, y]) => taken.every(([ox, oy]) => Math.abs(ox - x) > 18 || Math.abs(oy - y) > 15)) ?? null;
    const named = spot && neurons.length <= MOST_NAMED;
    if (spot) taken.push(spot);
    return html`<g key=${element} data-neuron=${element}><path d=${linesPath(lines, sx, sy)} />${named ? html`<text x=${spot[0]} y=${spot[1] + 4} text-anchor="middle">${svgSymbol(symbolOf(element))}</text>` : null}</g>`;
  })}</g>`;
}

/** Where the misclassified samples stand: a cross over each. @param {{places: readonly (readonly [number, number])[], rows: readonly number[], reach: number}} props */
export function WrongMarks({ places, rows, reach }) {
  const path = rows.map((row) => {
    const [x, y] = places[row] ?? [NaN, NaN];
    return Number.isFinite(x) ? `M${(x - reach).toFixed(1)} ${(y - reach).toFixed(1)}l${2 * reach} ${2 * reach}m0 ${-2 * reach}l${-2 * reach} ${2 * reach}` : "";
  }).join("");
  return html`<path class="wrongm under" d=${path} /><path class="wrongm" d=${path} />`;
}

/**
 * Test samples: the markers of the training samples, smaller and pale.
 * @param {{inputs: readonly (readonly number[])[], kinds: readonly import("../lib/samples.js").MarkerKind[], wrong: readonly number[], sx: Linear, sy: Linear, r: number}} props
 */
export function TestPoints({ inputs, kinds, wrong, sx, sy, r }) {
  const places = inputs.slice(0, MOST_TEST).map((row) => /** @type {[number, number]} */ ([sx.to(row[0] ?? 0), sy.to(row[1] ?? 0)]));
  return html`<g class="testpts">${places.map(([x, y], k) => html`<${Marker} key=${k} kind=${kinds[k] ?? { shape: "diamond", solid: false }} x=${x} y=${y} r=${r} text=${false} />`)}</g>
    ${wrong.length > 0 ? html`<${WrongMarks} places=${places} rows=${wrong} reach=${r + 1} />` : null}`;
}

/**
 * What the regions and marks mean.
 * @param {{options: PictureOptions, counts: any, scale: import("../lib/colours.js").BandScale | null, several: boolean, symbol: import("../lib/symbols.js").Symbol, test: boolean, t: Translate}} props `counts`: the reply of confusion
 */
export function ViewKeys({ options, counts, scale, several, symbol, test, t }) {
  const plain = options.view === "confidence";
  const sides = !plain && !several && scale && scale.middle !== null ? /** @type {const} */ ([["<", 0], ["≥", 1]]) : [];
  return html`<p class="mapn viewkeys">
    ${sides.map(([sign, k]) => html`<span class="ke"><svg width="14" height="12" aria-hidden="true"><rect class="frame" x="0.5" y="0.5" width="13" height="11" style=${{ fill: cssRgb(scale?.colours[k] ?? [0, 0, 0]) }} /></svg><span>${htmlSymbol(symbol)} ${sign} ${formatGiven(scale?.middle ?? 0)}</span></span>`)}
    ${!plain && counts?.train ? html`<span class="ke" role="status"><svg width="12" height="12" aria-hidden="true"><path class="wrongm" d="M2 2l8 8m0-8l-8 8" /></svg>${t("pictures.map.wrong", { n: countText(counts.train.wrong.length), all: countText(counts.train.rows) })}</span>` : null}
    ${!plain && counts?.test ? html`<span class="ke">${t("pictures.map.wrongTest", { n: countText(counts.test.wrong.length), all: countText(counts.test.rows) })}</span>` : null}
    ${test ? html`<span class="ke"><svg width="12" height="12" aria-hidden="true"><g class="testpts"><${Marker} kind=${{ shape: "open", solid: false }} x=${6} y=${6} r=${2.6} /></g></svg>${t("pictures.map.testSamples")}</span>` : null}
  </p>`;
}
