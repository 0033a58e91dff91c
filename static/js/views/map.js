// @ts-check
/**
 * The output map: what the network answers over the plane of its two inputs, with the samples on it.
 *
 * Colours come from a float32 grid; every number shown (the probe's) is asked of the server in float64.
 */

import { h } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { computed } from "@preact/signals";
import htm from "htm";
import { bandScale, cssRgb, fixedRange, highEnd, innerLevels, readPalette } from "../lib/colours.js";
import { gridOf, isoPath, paintBands } from "../lib/contours.js";
import { useLate, useThemeVersion, useWidth } from "../lib/hooks.js";
import { layerName } from "../lib/layer_names.js";
import { classTints, decodeBytes, paintClasses } from "../lib/pictures.js";
import { classValues, columnNames, isOneOfMany, lastUnits, markerKinds } from "../lib/samples.js";
import { linear, tickText, ticks } from "../lib/scales.js";
import { htmlSymbol, plainSymbol, symbolLookup } from "../lib/symbols.js";
import { PictureMenu } from "./export_menu.js";
import { markerOf, useBrush } from "./brush.js";
import { Quiet, lazy } from "./lazy.js";
import { Coarse, ColourBar, Legend, Marker, SvgName } from "./map_parts.js";
import { useLiveMap } from "./map_live.js";
import { MapTools } from "./map_tools.js";
import { Call, useProbe, useProbing } from "./map_probe.js";

const html = htm.bind(h);

// Nobody sees these before choosing them.
const marks = () => import("./map_marks.js");
const bars = () => import("./brush_bar.js");
const BrushBar = lazy(async () => (await bars()).BrushBar);
const PlaneChoice = lazy(async () => (await bars()).PlaneChoice, Quiet);
const GraphView = lazy(async () => (await import("./graph.js")).GraphView);
const ZeroLines = lazy(async () => (await marks()).ZeroLines, Quiet);
const TestPoints = lazy(async () => (await marks()).TestPoints, Quiet);
const WrongMarks = lazy(async () => (await marks()).WrongMarks, Quiet);
const ViewKeys = lazy(async () => (await marks()).ViewKeys, Quiet);

/** @typedef {import("../lib/samples.js").SessionView} SessionView */
/** @typedef {import("../lib/samples.js").Boundary} Boundary */
/** @typedef {import("../lib/samples.js").Translate} Translate */
/** @typedef {import("../lib/colours.js").ScaleMode} ScaleMode */
/** @typedef {import("../lib/colours.js").BandScale} BandScale */
/** @typedef {import("../lib/contours.js").Grid} Grid */
/** @typedef {import("./map_probe.js").ProbeReply} ProbeReply */

/**
 * @typedef {object} MapActions
 * @property {(row: number) => unknown} setSample
 * @property {(element: string) => unknown} setMapElement
 * @property {(x: number, y: number) => Promise<ProbeReply|null|undefined>} probe
 */

/** @typedef {import("../types.js").PictureOptions} PictureOptions */
/** @typedef {Partial<Record<import("../types.js").PictureName, any>>} PictureData */

/** What the map shows where nobody chooses. */
const PLAIN = /** @type {PictureOptions} */ (/** @type {any} */ ({ view: "confidence", iso: true, zero: false, zeroLayer: 1 }));
/** Pixels around the plot: above, and below and right of it for the axis and the colour bar. */
const TOP = 6;
const BOTTOM = 22;
const RIGHT = 76;
const LARGEST = 264;
const FIRST_TWO = /** @type {[number, number]} */ ([0, 1]);

/**
 * @param {{boundary: Boundary|null, session: SessionView|null, sample: number, hidden?: Set<string>, t: Translate, actions: MapActions, theme?: string,
 *   live?: import("./map_live.js").Frames | null, pictures?: PictureOptions, pictureData?: PictureData, brush?: import("../lib/brush.js").Brush | null, plane?: readonly [number, number], graph?: import("./graph.js").Graph | null, errors?: Record<string, string>, disabled?: boolean}} props `hidden`: what Predict hides; `live`: the frames while training runs; `pictures`: what the map is to show
 */
export function OutputMap({ boundary, session, sample, hidden, live = null, pictures = PLAIN, pictureData = {}, brush = null, plane = FIRST_TWO, graph = null, errors = {}, disabled = false, t, actions, theme }) {
  if (!session) return html`<section class="rd map"><h2>${t("readings.outputMap")}</h2></section>`;
  const { columns } = /** @type {import("../types.js").DataRecord} */ (/** @type {any} */ (session.data));
  if (columns.length === 1) return html`<${GraphView} graph=${graph} session=${session} sample=${sample} veiled=${hidden?.has(`a.${session.network.layers.length}.0`) ?? false} t=${t} actions=${actions} />`;
  return html`<${Plane} pictures=${pictures} pictureData=${pictureData} brush=${brush} plane=${plane} errors=${errors} disabled=${disabled} live=${live} boundary=${boundary} session=${session} sample=${sample} hidden=${hidden} t=${t} actions=${actions} theme=${theme} />`;
}

/** @param {{boundary: Boundary|null, session: SessionView, sample: number, hidden?: Set<string>, live: import("./map_live.js").Frames | null, pictures: PictureOptions, pictureData: PictureData, brush: import("../lib/brush.js").Brush | null, plane: readonly [number, number], errors: Record<string, string>, disabled: boolean, t: Translate, actions: any, theme?: string}} props */
function Plane({ boundary, session, sample, hidden, live, pictures, pictureData, brush, plane, errors, disabled, t, actions, theme }) {
  const data = /** @type {import("../types.js").DataRecord} */ (/** @type {any} */ (session.data));
  const layers = session.network.layers.length;
  const outputs = lastUnits(session);
  const [chosen, setChosen] = useState(/** @type {ScaleMode|null} */ (null));
  const themed = useThemeVersion();

  const element = boundary?.element ?? `a.${layers}.0`;
  const output = Number(element.split(".")[1]) === layers ? Number(element.split(".")[2]) : 0;
  const isOutput = Number(element.split(".")[1]) === layers;
  const classes = useMemo(() => classValues(session.data.targets), [session.data.targets]);
  // Real-valued targets have no line between them, but for zero where it lies among them.
  const midpoint = boundary ? (isOutput && data.kind === "regression" && boundary.midpoint !== 0 ? null : boundary.midpoint) : 0.5;
  // While this neuron's answer is to be predicted, neither the probe nor a scale fitted to the values may tell it.
  const veiled = hidden?.has(element) ?? false;
  // Only an output that tells classes apart has regions and errors.
  const sorted = isOutput && classes !== null && midpoint !== null;
  const view = sorted ? pictures.view : "confidence";
  const several = view !== "confidence" && isOneOfMany(session.data.targets);
  const mode = view !== "confidence" ? "class" : fixedRange(midpoint) ? (veiled ? "fixed" : chosen ?? (classes || !isOutput ? "fixed" : "auto")) : "auto";
  const symbolOf = useMemo(() => symbolLookup(session), [session.elements]);
  const palette = useMemo(() => readPalette(), [theme, themed]);
  const grid = useMemo(() => (boundary ? gridOf(boundary) : null), [boundary]);
  const scale = useMemo(
    () => (boundary && grid && boundary.minimum !== null && boundary.maximum !== null ? bandScale(palette, mode, boundary.minimum, boundary.maximum, midpoint) : null),
    [boundary, grid, palette, mode],
  );
  const fixed = fixedRange(midpoint);
  const title = isOutput ? t(classes ? "readings.decisionBoundary" : "readings.outputMap") : t("readings.neuronMap");

  return html`<section class="rd map" data-picture="map" aria-labelledby="map-title">
    <h2 id="map-title">${title}${!isOutput && htmlSymbol(symbolOf(element))}
      <span class="hr">
        ${outputs > 1 && !several && html`<${OutputSwitch} count=${outputs} layers=${layers} element=${element} symbolOf=${symbolOf} t=${t} choose=${actions.setMapElement} />`}
        ${view === "confidence" && html`<span class="seg" role="group" aria-label=${t("readings.colourScale")}>
          ${fixed && html`<button type="button" aria-pressed=${mode === "fixed"} onClick=${() => setChosen("fixed")}>${tickText(fixed[0], 1)}${fixed[0] < 0 ? " … " : "–"}${tickText(fixed[1], 1)}</button>`}
          <button type="button" aria-pressed=${mode === "auto"} disabled=${veiled} onClick=${() => setChosen("auto")}>${t("readings.auto")}</button>
        </span>`}
        <${PictureMenu} name="map" csv=${{ what: "boundary", about: { element, resolution: boundary?.resolution ?? 64 } }} t=${t} actions=${actions} />
      </span>
    </h2>
    ${data.columns.length < 3 ? null : html`<${PlaneChoice} columns=${data.columns} plane=${plane} t=${t} choose=${actions.setPlane} />`}
    ${brush ? html`<${BrushBar} brush=${brush} outputs=${data.target_columns.length} names=${data.classes} message=${errors.brush} disabled=${disabled} t=${t} actions=${actions} />` : html`<${MapTools} options=${pictures} sorted=${sorted} hidden=${layers - 1} layerNames=${Array.from({ length: layers - 1 }, (_, k) => layerName(session.network, k + 1, t))} t=${t} actions=${actions} />`}
    <${Figure} ...${{ brush, plane, boundary, grid, scale, mode, live, view, several, pictures, pictureData, palette, session, sample, element, output, symbolOf, title, t, actions, isOutput, veiled }} />
  </section>`;
}

/** @param {{count: number, layers: number, element: string, symbolOf: import("../lib/symbols.js").SymbolOf, t: Translate, choose: (element: string) => unknown}} props */
function OutputSwitch({ count, layers, element, symbolOf, t, choose }) {
  const ids = Array.from({ length: count }, (_, k) => `a.${layers}.${k}`);
  if (count <= 2) {
    return html`<span class="seg" role="group" aria-label=${t("readings.output")}>
      ${ids.map((id) => html`<button type="button" key=${id} aria-pressed=${id === element} onClick=${() => choose(id)}>${htmlSymbol(symbolOf(id))}</button>`)}
    </span>`;
  }
  return html`<select class="mapsel" aria-label=${t("readings.output")} value=${element} onChange=${(/** @type {any} */ event) => choose(event.currentTarget.value)}>
    ${!ids.includes(element) && html`<option value=${element}>${plainSymbol(symbolOf(element))}</option>`}
    ${ids.map((id) => html`<option key=${id} value=${id}>${plainSymbol(symbolOf(id))}</option>`)}
  </select>`;
}

/**
 * The picture itself.
 * @param {{brush: import("../lib/brush.js").Brush | null, plane: readonly [number, number], boundary: Boundary|null, grid: Grid|null, scale: BandScale|null, palette: import("../lib/colours.js").Palette,
 *   mode: ScaleMode, view: PictureOptions["view"], several: boolean, pictures: PictureOptions, pictureData: PictureData, live: import("./map_live.js").Frames | null, session: SessionView, sample: number, element: string, output: number, isOutput: boolean, veiled: boolean,
 *   symbolOf: import("../lib/symbols.js").SymbolOf, title: string, t: Translate, actions: MapActions}} props
 */
function Figure({ brush, plane, boundary, grid, scale: still, mode, view, several, pictures, pictureData, live, palette, session, sample, element, output, isOutput, veiled, symbolOf, title, t, actions }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement|null} */ (null));
  const width = useWidth(box);
  const waiting = useLate(boundary === null, 300);
  // Two of the table's columns; while points are drawn, those.
  const rows = session.data.inputs;
  const drawn = useMemo(() => brush?.points.map(({ x, y }) => [x, y]) ?? null, [brush?.points]);
  const inputs = useMemo(() => drawn ?? rows.map((row) => [row[plane[0]] ?? 0, row[plane[1]] ?? 0]), [drawn, rows, plane]);
  const { targets } = session.data;
  const outputs = targets[0]?.length ?? 1;
  const [xRange, yRange] = useRanges(boundary, brush ? rows.map((row) => [row[plane[0]] ?? 0, row[plane[1]] ?? 0]) : inputs);
  const xTicks = ticks(xRange[0], xRange[1], 4);
  const yTicks = ticks(yRange[0], yRange[1], 4);
  const left = Math.max(30, ...yTicks.values.map((v) => 10 + 6.2 * tickText(v, yTicks.step).length));
  const plot = Math.max(120, Math.min(LARGEST, Math.floor(width - left - RIGHT)));
  const sx = linear(xRange[0], xRange[1], left, left + plot);
  const sy = linear(yRange[0], yRange[1], TOP + plot, TOP);

  // Regions of several classes are looked at now and then; frames have one neuron only.
  const regions = several ? pictureData.classes ?? null : null;
  const moving = useLiveMap(several ? null : live, canvas, { element, palette, mode, left, top: TOP, size: plot });
  const scale = moving?.scale.value ?? still;
  const step = useMemo(() => computed(() => live?.value?.step ?? session.step), [live, session.step]);

  useLayoutEffect(() => {
    if (live?.peek() && !several) return;
    const target = canvas.current;
    if (several) {
      if (target && typeof regions?.classes === "string") paintClasses(target, decodeBytes(regions.classes), regions.resolution, classTints(lastUnits(session)), palette.missing);
      return;
    }
    // Without a finite answer anywhere there is nothing to colour.
    if (target && boundary && !scale) target.getContext("2d")?.clearRect(0, 0, target.width, target.height);
    if (!target || !grid || !scale) return;
    const pixels = Math.round(plot * Math.min(2, globalThis.devicePixelRatio || 1));
    if (target.width !== pixels) target.width = target.height = pixels;
    const context = target.getContext("2d");
    if (!context) return;
    const image = context.createImageData(pixels, pixels);
    paintBands(image.data, pixels, pixels, grid, scale, palette);
    context.putImageData(image, 0, 0);
  }, [grid, scale, palette, plot, live, several, regions]);

  const lines = useMemo(() => {
    // While training runs only the line in the middle follows.
    if (moving) return { thin: "", bold: moving.middle };
    if (!grid || !scale || several) return null;
    const at = (/** @type {number} */ level) => isoPath(grid, level, left, TOP, plot, plot);
    const thin = !pictures.iso || view !== "confidence" ? "" : innerLevels(scale).filter((level) => level !== scale.middle).map(at).join("");
    return { thin, bold: scale.middle === null ? "" : at(scale.middle) };
  }, [grid, scale, left, plot, moving, several, view, pictures.iso]);

  const values = classValues(targets) ?? fixedRange(boundary?.midpoint ?? 0.5) ?? [0, 1];
  const kinds = useMemo(() => (brush ? brush.points.map(({ k }) => markerOf(k, outputs)) : markerKinds(targets, output, values)), [brush?.points, targets, output, values[0]]);
  const radius = inputs.length <= 24 ? 5.5 : inputs.length <= 120 ? 4 : 2.8;
  const size = inputs.length <= 60 && kinds[0]?.text ? 7.5 : radius;
  // A real-valued target has the colour that the map would have where it is met; a single one is told in words.
  const tints = useMemo(() => {
    if (!still || !isOutput || brush || targets.length < 2 || /** @type {any} */ (session.data).kind !== "regression") return null;
    return targets.map((row) => cssRgb(still.colours[Math.max(0, Math.min(still.colours.length - 1, Math.floor(((row[output] ?? 0) - still.low) / still.step)))] ?? [0, 0, 0]));
  }, [still, isOutput, brush, targets, output]);
  const points = useMemo(() => {
    const every = Math.ceil(inputs.length / 2000);
    return inputs.flatMap((row, k) =>
      k % every ? [] : [html`<${Marker} key=${k} tint=${tints?.[k]} kind=${kinds[k]} x=${sx.to(row[0] ?? 0)} y=${sy.to(row[1] ?? 0)} r=${size} text=${inputs.length <= 60} />`],
    );
  }, [inputs, kinds, tints, plot, left, xRange[0], xRange[1], yRange[0], yRange[1]]);

  const counts = view === "confidence" ? null : pictureData.confusion ?? null;
  const wrong = /** @type {number[]} */ (counts?.train?.wrong ?? []);
  const zero = pictures.zero && pictureData.zero?.neurons ? pictureData.zero : null;
  const testInputs = /** @type {number[][]} */ (/** @type {any} */ (session.data).test_inputs ?? []).map((row) => [row[plane[0]] ?? 0, row[plane[1]] ?? 0]);
  const testKinds = useMemo(() => markerKinds(/** @type {any} */ (session.data).test_targets ?? [], output, values), [session.data, output, values[0]]);
  const places = useMemo(() => inputs.map((row) => /** @type {[number, number]} */ ([sx.to(row[0] ?? 0), sy.to(row[1] ?? 0)])), [inputs, plot, left, xRange, yRange]);
  const probe = useProbing({ places, inputs, left, top: TOP, size: plot, sx, sy, xRange, yRange, sample, choose: actions.setSample });
  const answer = useProbe(probe.place, `${session.timeline.node} ${element}`, actions.probe);
  const painting = useBrush({ brush, outputs, left, top: TOP, size: plot, sx, sy, xRange, yRange, probe, actions });
  const current = brush ? undefined : places[sample];
  const cross = probe.place && [sx.to(probe.place.x), sy.to(probe.place.y)];
  // The scale's numbers, where they are those of the values present.
  const told = veiled && !fixedRange(boundary?.midpoint ?? 0.5) ? null : scale;
  const columns = columnNames(session, symbolOf);
  const names = /** @type {[any, any]} */ (plane.map((axis) => (columns[axis]?.sub ? columns[axis] : { base: "x", sub: String(axis + 1), sup: "" })));

  return html`<figure ref=${box} class=${`bmap${waiting ? " waiting" : ""}`} data-element=${element}
      data-x-min=${xRange[0]} data-x-max=${xRange[1]} data-y-min=${yRange[0]} data-y-max=${yRange[1]}
      data-low=${told?.low} data-high=${told ? highEnd(told) : undefined} data-bands=${scale?.colours.length} data-step=${step}>
    <div class="bmapbox" style=${{ width: `${left + plot + RIGHT}px`, height: `${TOP + plot + BOTTOM}px` }}>
      <canvas ref=${canvas} id="output-map" aria-hidden="true" style=${{ left: `${left}px`, top: `${TOP}px`, width: `${plot}px`, height: `${plot}px` }}></canvas>
      <svg class="bmaps" width=${left + plot + RIGHT} height=${TOP + plot + BOTTOM} aria-hidden="true">
        ${lines && html`<path class="iso" d=${lines.thin} /><path class="iso half" d=${lines.bold} />`}
        <rect class="frame" x=${left} y=${TOP} width=${plot} height=${plot} />
        ${xTicks.values.map((v) => html`<path class="axt" d=${`M${sx.to(v)} ${TOP + plot}v4`} />${sx.to(v) < left + plot - 16 && html`<text class="axn" x=${sx.to(v)} y=${TOP + plot + 17} text-anchor="middle">${tickText(v, xTicks.step)}</text>`}`)}
        ${yTicks.values.map((v) => html`<path class="axt" d=${`M${left} ${sy.to(v)}h-4`} />${sy.to(v) > TOP + 26 && html`<text class="axn" x=${left - 7} y=${sy.to(v) + 4} text-anchor="end">${tickText(v, yTicks.step)}</text>`}`)}
        <${SvgName} symbol=${names[0]} x=${left + plot} y=${TOP + plot + 17} anchor="end" />
        <${SvgName} symbol=${names[1]} x=${left - 8} y=${TOP + 12} anchor="end" />
        ${zero && html`<${ZeroLines} reply=${zero} sx=${sx} sy=${sy} left=${left} top=${TOP} size=${plot} symbolOf=${symbolOf} />`}
        ${testInputs.length > 0 && !brush && html`<${TestPoints} inputs=${testInputs} kinds=${testKinds} wrong=${counts?.test?.wrong ?? []} sx=${sx} sy=${sy} r=${Math.min(2.6, radius * 0.7)} />`}
        ${cross && html`<path class="xh" d=${`M${cross[0]} ${TOP}V${TOP + plot}M${left} ${cross[1]}H${left + plot}`} />`}
        ${view === "errors" ? html`<g class="faint">${points}</g>` : points}
        ${wrong.length > 0 && !brush && html`<${WrongMarks} places=${places} rows=${wrong} reach=${size + 2} />`}
        ${current && kinds[sample] && inputs.length > 1 && html`<circle class="cr" cx=${current[0]} cy=${current[1]} r=${size + 5} /><${Marker} kind=${kinds[sample]} x=${current[0]} y=${current[1]} r=${size} text=${inputs.length <= 60} />`}
        ${told && view === "confidence" && html`<${ColourBar} scale=${told} x=${left + plot + 16} top=${TOP} height=${plot} />`}
      </svg>
      <div class=${`bmaphit${painting ? " brushing" : ""}`} tabindex="0" role="application" aria-label=${t("readings.mapLabel", { title })} aria-describedby=${painting ? "brush-keys" : "map-keys"}
        style=${{ left: `${left}px`, top: `${TOP}px`, width: `${plot}px`, height: `${plot}px` }} ...${painting ?? probe.handlers}></div>
      ${cross && html`<${Call} place=${probe.place} answer=${answer} px=${cross[0]} py=${cross[1]} middleX=${left + plot * 0.5} top=${TOP}
        names=${names} symbol=${symbolOf(element)} element=${element} layers=${session.network.layers.length} veiled=${veiled} t=${t} />`}
    </div>
    <p class="sr" id="map-keys">${t("readings.mapKeys")}</p>
    ${grid && scale && !veiled && !live && html`<${Coarse} grid=${grid} scale=${scale} xRange=${xRange} yRange=${yRange} names=${names} t=${t} />`}
    <${Legend} session=${session} kinds=${kinds} values=${values} sample=${sample} output=${output} scale=${isOutput ? scale : null} level=${lines?.bold ? symbolOf(element) : null} t=${t} />
    ${view === "confidence" && testInputs.length === 0 ? null : html`<${ViewKeys} options=${{ ...pictures, view }} counts=${counts} scale=${scale} several=${several} symbol=${symbolOf(element)} test=${testInputs.length > 0} t=${t} />`}
  </figure>`;
}

/**
 * The ranges of the picture: the grid's; before there is one, the data's widened as the grid's will be.
 * @param {Boundary|null} boundary
 * @param {number[][]} inputs
 * @returns {[[number, number], [number, number]]}
 */
function useRanges(boundary, inputs) {
  return useMemo(() => {
    if (boundary) return [boundary.x_range, boundary.y_range];
    /** @param {number} k @returns {[number, number]} */
    const widened = (k) => {
      const column = inputs.map((row) => row[k] ?? 0);
      const low = Math.min(...column);
      const high = Math.max(...column);
      const margin = Math.max(0.25, 0.25 * (high - low));
      return [low - margin, high + margin];
    };
    return [widened(0), widened(1)];
  }, [boundary?.x_range.join(), boundary?.y_range.join(), inputs]);
}
