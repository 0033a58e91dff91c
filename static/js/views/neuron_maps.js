// @ts-check
/**
 * Small maps of every neuron and output side by side; a click puts one into the large map.
 */

import { h } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { bandScale, readPalette } from "../lib/colours.js";
import { gridOf, paintBands } from "../lib/contours.js";
import { useThemeVersion } from "../lib/hooks.js";
import { classValues } from "../lib/samples.js";
import { htmlSymbol, plainSymbol, symbolLookup } from "../lib/symbols.js";
import { PictureMenu } from "./export_menu.js";

const html = htm.bind(h);

/** @typedef {import("../lib/samples.js").SessionView} SessionView */
/** @typedef {import("../lib/samples.js").Boundary} Boundary */
/** @typedef {import("../lib/samples.js").Translate} Translate */

/** Pixels of a map's side; more of them than fit one row are drawn smaller. */
const SIZE = 58;
const SMALL = 42;
const ROW = 4;

/**
 * @param {{neuronMaps: Boundary[]|null, element: string, session: SessionView|null, t: Translate, theme?: string,
 *   actions: {setMapElement: (element: string) => unknown}}} props `element` is the one in the large map
 */
export function NeuronMaps({ neuronMaps, element, session, t, theme, actions }) {
  const themed = useThemeVersion();
  const palette = useMemo(() => readPalette(), [theme, themed]);
  const symbolOf = useMemo(() => symbolLookup(session), [session?.elements]);
  const mode = session && classValues(session.data.targets) ? "fixed" : "auto";
  if (!session || (/** @type {any} */ (session.data).columns?.length ?? 2) < 2 || !neuronMaps || neuronMaps.length === 0) return null;
  const size = neuronMaps.length > ROW ? SMALL : SIZE;
  return html`<section data-picture="neurons" class="rd neurons ${size === SMALL ? "dense" : ""}" aria-labelledby="neurons-title">
    <h2><span id="neurons-title">${t("readings.neurons")}</span><span class="hr"><${PictureMenu} name="neurons" t=${t} actions=${actions} /></span></h2>
    <ul class="mms">${neuronMaps.map((map) => html`<li key=${map.element}>
      <button type="button" class="mm" aria-pressed=${map.element === element} aria-label=${t("readings.showNeuron", { symbol: plainSymbol(symbolOf(map.element)) })} onClick=${() => actions.setMapElement(map.element)}>
        <${Small} map=${map} palette=${palette} mode=${mode} size=${size} />${htmlSymbol(symbolOf(map.element))}
      </button></li>`)}</ul>
  </section>`;
}

/** @param {{map: Boundary, palette: import("../lib/colours.js").Palette, mode: import("../lib/colours.js").ScaleMode, size: number}} props */
function Small({ map, palette, mode, size }) {
  const canvas = useRef(/** @type {HTMLCanvasElement|null} */ (null));
  useLayoutEffect(() => {
    const target = canvas.current;
    const grid = gridOf(map);
    const context = target?.getContext("2d");
    if (!target || !context || !grid) return;
    const pixels = Math.round(size * Math.min(2, globalThis.devicePixelRatio || 1));
    if (target.width !== pixels) target.width = target.height = pixels;
    const image = context.createImageData(pixels, pixels);
    paintBands(image.data, pixels, pixels, grid, bandScale(palette, mode, map.minimum ?? 0, map.maximum ?? 0, map.midpoint), palette);
    context.putImageData(image, 0, 0);
  }, [map, palette, mode, size]);
  return html`<canvas ref=${canvas} aria-hidden="true"></canvas>`;
}
