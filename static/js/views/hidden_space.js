// @ts-check
/** Hidden space: the samples as a hidden layer sees them, and how the layers after it divide that space. */
import { h } from "preact";
import { useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { bandScale, readPalette } from "../lib/colours.js";
import { gridOf } from "../lib/contours.js";
import { formatGiven, formatNumber } from "../lib/format.js";
import { useThemeVersion, useWidth } from "../lib/hooks.js";
import { classTints, decodeBytes, linesPath, paintClasses } from "../lib/pictures.js";
import { classValues, markerKinds, nearestPoint } from "../lib/samples.js";
import { countText, tickText } from "../lib/scales.js";
import { htmlSymbol, plainSymbol } from "../lib/symbols.js";
import { Marker } from "./map_parts.js";
import { TestPoints } from "./map_marks.js";
import { KeyMarker, PlanePlot, Readout, paintGrid, placed, usePlaneCursor } from "./picture_parts.js";

const html = htm.bind(h);

/** Sides of the plane in pixels. */
const LARGE = 176;
const NARROW = 260;
const MOST_POINTS = 2000;
const MOST_ROWS = 30;

/**
 * @param {import("./pictures.js").PictureProps} props
 */
export function HiddenSpace({ reply, session, sample, options, narrow, symbolOf, t, theme, actions }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 600);
  const themed = useThemeVersion();
  const palette = useMemo(() => readPalette(), [theme, themed]);
  const grid = useMemo(() => gridOf(reply), [reply]);
  const { targets } = session.data;
  const values = classValues(targets) ?? /** @type {const} */ ([0, 1]);
  const several = reply.classes !== null;
  const kinds = useMemo(() => markerKinds(targets, options.output, values), [targets, options.output, values[0]]);
  const testKinds = useMemo(() => markerKinds(/** @type {any} */ (session.data).test_targets ?? [], options.output, values), [session.data, options.output, values[0]]);
  const [lowest, highest] = [reply.minimum ?? 0, reply.maximum ?? 1];
  const scale = useMemo(() => bandScale(palette, "fixed", lowest, highest, reply.midpoint), [palette, lowest, highest, reply.midpoint]);
  const side = narrow ? Math.min(NARROW, width - 60) : LARGE;
  const at = placed(side, reply.x_range, reply.y_range);
  const points = /** @type {[number | null, number | null][]} */ (reply.points);
  const places = useMemo(() => points.map(([x, y]) => /** @type {[number, number]} */ ([x === null ? NaN : at.sx.to(x), y === null ? NaN : at.sy.to(y)])), [reply, side]);
  const cursor = usePlaneCursor({
    at,
    nearest: (_x, _y, px, py) => {
      const row = nearestPoint(places, px, py, 14);
      return row < 0 ? null : row;
    },
    move: (/** @type {number | null} */ from, key) => {
      const last = points.length - 1;
      if (key === "Home" || key === "End") return key === "Home" ? 0 : last;
      if (from === null) return Math.max(0, sample);
      return Math.max(0, Math.min(last, from + (key === "ArrowRight" || key === "ArrowUp" ? 1 : -1)));
    },
    choose: actions.setSample,
  });
  const names = axisNames(reply, symbolOf, t);
  const every = Math.ceil(points.length / MOST_POINTS);
  const radius = points.length <= 24 ? 5.5 : points.length <= 120 ? 4 : 2.8;
  const size = points.length <= 60 && kinds[0]?.text ? 7.5 : radius;
  const misplaced = new Set(/** @type {number[]} */ (reply.misplaced));
  const shown = cursor.place ?? (sample < points.length ? sample : 0);
  const marked = places[shown];
  return html`<div class="pic hidden-space" ref=${box} data-picture="hidden">
    <figure class="picfig">
      <${PlanePlot} id="hidden-plane" label=${t("pictures.hidden.label")} keys=${t("pictures.hidden.keys")} at=${at} xRange=${reply.x_range} yRange=${reply.y_range} xName=${names[0].html} yName=${names[1].html}
        paint=${(/** @type {HTMLCanvasElement} */ canvas, /** @type {number} */ pixels) => {
          if (several) paintClasses(canvas, decodeBytes(reply.classes), reply.resolution, classTints(lastOf(session)), palette.missing);
          else if (grid) paintGrid(canvas, pixels, grid, scale, palette);
        }} paints=${[reply, palette, scale]} handlers=${cursor.handlers}>
        <path class="iso half" d=${linesPath(reply.lines, at.sx, at.sy)} />
        ${reply.test_points ? html`<${TestPoints} inputs=${reply.test_points} kinds=${testKinds} wrong=${[]} sx=${at.sx} sy=${at.sy} r=${2.6} />` : null}
        ${places.map(([x, y], k) => (k % every || !Number.isFinite(x) || !Number.isFinite(y) ? null : html`<g key=${k}><${Marker} kind=${kinds[k]} x=${x} y=${y} r=${size} text=${points.length <= 60} />${misplaced.has(k) ? html`<path class="misplaced" d=${`M${x - size - 3} ${y + size + 3}h${2 * size + 6}`} />` : null}</g>`))}
        ${marked && Number.isFinite(marked[0]) ? html`<circle class="cr" cx=${marked[0]} cy=${marked[1]} r=${size + 4.5} />` : null}
      <//>
    </figure>
    <div class="picside">
      <${Choices} reply=${reply} session=${session} options=${options} t=${t} actions=${actions} />
      <${Readout} spoken=${cursor.spoken}><${Sample} row=${shown} reply=${reply} session=${session} names=${names} symbolOf=${symbolOf} t=${t} /><//>
      <p class="pictext">${explain(reply, names, t)}</p>
      <p class="mapn">${legend(kinds, values, several, reply, symbolOf, t)}</p>
    </div>
    <${Places} reply=${reply} names=${names} t=${t} />
  </div>`;
}

/** @param {import("../types.js").Session} session */
const lastOf = (session) => session.network.layers.at(-1)?.units ?? 1;

/**
 * The axes' names for the eye and for the ear.
 * @param {any} reply
 * @param {import("../lib/symbols.js").SymbolOf} symbolOf
 * @param {import("../types.js").Translate} t
 * @returns {[{html: any, text: string}, {html: any, text: string}]}
 */
function axisNames(reply, symbolOf, t) {
  if (reply.axes === "units") {
    const of = (/** @type {number} */ k) => ({ html: htmlSymbol(symbolOf(`a.${reply.layer}.${k}`)), text: plainSymbol(symbolOf(`a.${reply.layer}.${k}`)) });
    return [of(0), reply.units > 1 ? of(1) : { html: "", text: "" }];
  }
  const keys = reply.axes === "principal" ? ["first", "second"] : ["weights", "rest"];
  return /** @type {any} */ (keys.map((key, k) => {
    const text = t(`pictures.hidden.${key}`, { share: percent(reply.shares[k]) });
    return { html: text, text };
  }));
}

/** @param {number} share */
const percent = (share) => tickText(Number((100 * share).toPrecision(3)), 0);

/** @param {{reply: any, session: import("../types.js").Session, options: import("../types.js").PictureOptions, t: import("../types.js").Translate, actions: any}} props */
function Choices({ reply, session, options, t, actions }) {
  const hidden = session.network.layers.length - 1;
  const along = reply.units > 2 && reply.layer === hidden && lastOf(session) === 1;
  if (hidden < 2 && !along) return null;
  return html`<div class="picrow">
    ${hidden > 1 ? html`<span class="seg" role="group" aria-label=${t("pictures.layer")}>${Array.from({ length: hidden }, (_, k) => html`<button type="button" key=${k} aria-pressed=${String(k + 1 === reply.layer)} aria-label=${t("pictures.hiddenLayer", { n: k + 1 })} onClick=${() => actions.setPicture({ layer: k + 1 })}>${k + 1}</button>`)}</span>` : null}
    ${along ? html`<span class="seg" role="group" aria-label=${t("pictures.hidden.plane")}>${["principal", "output"].map((one) => html`<button type="button" key=${one} aria-pressed=${String(one === options.axes)} onClick=${() => actions.setPicture({ axes: one })}>${t(`pictures.hidden.axes.${one}`)}</button>`)}</span>` : null}
  </div>`;
}

/** @param {{row: number, reply: any, session: import("../types.js").Session, names: ReturnType<typeof axisNames>, symbolOf: import("../lib/symbols.js").SymbolOf, t: import("../types.js").Translate}} props */
function Sample({ row, reply, session, names, symbolOf, t }) {
  const point = reply.points[row] ?? [null, null];
  const target = session.data.targets[row] ?? [];
  const wide = target.length > 1;
  return html`<b>${t("readings.sampleNumber", { n: row + 1 })}</b>
    <span class="rv">${reply.axes === "units" ? names[0].html : "x"} ${formatNumber(point[0], 6)}</span>
    ${reply.units > 1 ? html`<span class="rv">${reply.axes === "units" ? names[1].html : "y"} ${formatNumber(point[1], 6)}</span>` : null}
    <span class="rv">${wide ? t("readings.class") : htmlSymbol(symbolOf("t.0"))} ${wide ? target.indexOf(Math.max(...target)) + 1 : formatGiven(target[0] ?? NaN)}</span>`;
}

/**
 * What the plane is, and what it leaves out.
 * @param {any} reply
 * @param {ReturnType<typeof axisNames>} names
 * @param {import("../types.js").Translate} t
 */
function explain(reply, names, t) {
  const wrong = reply.misplaced.length;
  if (reply.axes === "units") return t(reply.units > 1 ? "pictures.hidden.units" : "pictures.hidden.unit", { x: names[0].text, y: names[1].text });
  const held = t(`pictures.hidden.${reply.axes}Text`, { units: reply.units, share: percent(reply.shares[0] + reply.shares[1]) });
  return wrong > 0 ? `${held} ${t("pictures.hidden.misplaced", { n: countText(wrong), all: countText(reply.points.length) })}` : held;
}

/**
 * @param {import("../lib/samples.js").MarkerKind[]} kinds
 * @param {readonly [number, number]} values
 * @param {boolean} several
 * @param {any} reply
 * @param {import("../lib/symbols.js").SymbolOf} symbolOf
 * @param {import("../types.js").Translate} t
 */
function legend(kinds, values, several, reply, symbolOf, t) {
  const target = htmlSymbol(symbolOf("t.0"));
  const entries = [];
  const has = (/** @type {string} */ shape) => kinds.some((kind) => kind.shape === shape && !kind.text);
  const numbered = [...new Map(kinds.filter((kind) => kind.text).map((kind) => [kind.text, kind])).values()].sort((a, b) => Number(a.text) - Number(b.text));
  if (numbered.length > 0) entries.push(html`<span class="ke">${numbered.slice(0, 6).map((kind) => html`<${KeyMarker} kind=${kind} />`)}${t("readings.classes")}</span>`);
  if (has("open")) entries.push(html`<span class="ke"><${KeyMarker} kind=${{ shape: "open", solid: false }} /><span>${target} = ${formatGiven(values[0])}</span></span>`);
  if (has("filled")) entries.push(html`<span class="ke"><${KeyMarker} kind=${{ shape: "filled", solid: true }} /><span>${target} = ${formatGiven(values[1])}</span></span>`);
  if (reply.lines.length > 0) entries.push(html`<span class="ke"><svg width="20" height="10" aria-hidden="true"><path class="isok" d="M1 5h18" /></svg><span>${several ? t("pictures.hidden.divide") : html`${htmlSymbol(symbolOf(reply.element))} = ${formatGiven(reply.midpoint)}`}</span></span>`);
  if (reply.test_points) entries.push(html`<span class="ke"><svg width="12" height="12" aria-hidden="true"><g class="testpts"><${Marker} kind=${{ shape: "open", solid: false }} x=${6} y=${6} r=${2.6} /></g></svg>${t("pictures.map.testSamples")}</span>`);
  if (reply.misplaced.length > 0) entries.push(html`<span class="ke"><svg width="16" height="14" aria-hidden="true"><path class="misplaced" d="M1 9h14" /></svg>${t("pictures.hidden.misplacedKey")}</span>`);
  return entries;
}

/** The samples' places as a table. @param {{reply: any, names: ReturnType<typeof axisNames>, t: import("../types.js").Translate}} props */
function Places({ reply, names, t }) {
  const rows = reply.points.slice(0, MOST_ROWS);
  return html`<div class="sr"><table><caption>${t("pictures.hidden.table", { n: rows.length, all: reply.points.length })}</caption>
    <thead><tr><th scope="col">${t("readings.sample")}</th><th scope="col">${names[0].text}</th><th scope="col">${names[1].text}</th></tr></thead>
    <tbody>${rows.map((/** @type {(number | null)[]} */ point, /** @type {number} */ k) => html`<tr><th scope="row">${k + 1}</th><td>${formatNumber(point[0], 6)}</td><td>${formatNumber(point[1], 6)}</td></tr>`)}</tbody></table></div>`;
}
