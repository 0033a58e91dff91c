// @ts-check
/** What the pictures of the drawer share: a plane with axes, its cursor, the readout beside it, what stands where there is nothing to show. */
import { h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { paintBands } from "../lib/contours.js";
import { linear, tickText, ticks } from "../lib/scales.js";
import { Marker } from "./map_parts.js";

const html = htm.bind(h);

/** @typedef {import("../lib/scales.js").Linear} Linear */
/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {readonly [number, number]} Range */

/** Room below a plane for its axis, and above. */
const BOTTOM = 38;
const TOP = 6;
const LEFT = 46;

/**
 * Where a plane stands in its box.
 * @param {number} size of its side in pixels
 * @param {Range} xRange
 * @param {Range} yRange
 */
export function placed(size, xRange, yRange) {
  return { left: LEFT, top: TOP, size, sx: linear(xRange[0], xRange[1], LEFT, LEFT + size), sy: linear(yRange[0], yRange[1], TOP + size, TOP) };
}

/**
 * A square plane: a painted canvas, axes with their names, whatever stands in it, and a layer that pointer and keys move a cursor on.
 * @param {{id: string, label: string, keys: string, at: ReturnType<typeof placed>, xRange: Range, yRange: Range, xName: any, yName: any,
 *   paint: ((canvas: HTMLCanvasElement, pixels: number) => void) | null, paints: readonly unknown[], handlers: Record<string, any>, right?: number, children?: any}} props
 *   `paints`: what the painting depends on; `right`: room beside the plane
 */
export function PlanePlot({ id, label, keys, at, xRange, yRange, xName, yName, paint, paints, handlers, right = 8, children }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const { left, top, size, sx, sy } = at;
  useLayoutEffect(() => {
    if (canvas.current && paint) paint(canvas.current, Math.round(size * Math.min(2, globalThis.devicePixelRatio || 1)));
  }, [size, ...paints]);
  const xTicks = ticks(xRange[0], xRange[1], 4);
  const yTicks = ticks(yRange[0], yRange[1], 4);
  const square = { left: `${left}px`, top: `${top}px`, width: `${size}px`, height: `${size}px` };
  return html`<div class="plane" style=${{ width: `${left + size + right}px`, height: `${top + size + BOTTOM}px` }}>
    <canvas ref=${canvas} aria-hidden="true" style=${square}></canvas>
    <svg width=${left + size + right} height=${top + size + BOTTOM} aria-hidden="true">
      <rect class="frame" x=${left} y=${top} width=${size} height=${size} />
      ${xTicks.values.map((v) => html`<path class="axt" d=${`M${sx.to(v)} ${top + size}v4`} /><text class="axn" x=${sx.to(v)} y=${top + size + 16} text-anchor="middle">${tickText(v, xTicks.step)}</text>`)}
      ${yTicks.values.map((v) => html`<path class="axt" d=${`M${left} ${sy.to(v)}h-4`} /><text class="axn" x=${left - 7} y=${sy.to(v) + 4} text-anchor="end">${tickText(v, yTicks.step)}</text>`)}
      ${children}
    </svg>
    <span class="plx" style=${{ left: `${left}px`, width: `${size}px`, top: `${top + size + 20}px` }}>${xName}</span>
    <span class="ply" style=${{ top: `${top}px`, height: `${size}px` }}><span>${yName}</span></span>
    <div class="plhit" id=${id} tabindex="0" role="application" aria-label=${label} aria-describedby=${`${id}-keys`} style=${square} ...${handlers}></div>
    <p class="sr" id=${`${id}-keys`}>${keys}</p>
  </div>`;
}

/**
 * A cursor on a plane, in its own units; pointer and arrow keys move it, Enter and a click choose.
 * @template P
 * @param {{at: ReturnType<typeof placed>, move: (from: P | null, key: string) => P | null, nearest: (x: number, y: number, px: number, py: number) => P | null, choose?: (place: P) => unknown}} how
 *   `move` answers a key, `nearest` the pointer
 */
export function usePlaneCursor({ at, move, nearest, choose }) {
  const [place, setPlace] = useState(/** @type {P | null} */ (null));
  const [spoken, setSpoken] = useState(false);
  /** @param {PointerEvent} event */
  const under = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const [px, py] = [at.left + event.clientX - box.left, at.top + event.clientY - box.top];
    return nearest(at.sx.from(px), at.sy.from(py), px, py);
  };
  const handlers = {
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      setSpoken(false);
      setPlace(under(event));
    },
    onPointerLeave: (/** @type {PointerEvent} */ event) => event.pointerType !== "touch" && setPlace(null),
    onClick: (/** @type {PointerEvent} */ event) => {
      const found = under(event);
      setPlace(found);
      if (found !== null) choose?.(found);
    },
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape" && place !== null) setPlace(null);
      else if (event.key === "Enter" && place !== null) choose?.(place);
      else if (/^Arrow|^Home$|^End$/.test(event.key)) {
        setSpoken(true);
        setPlace(move(place, event.key));
      } else return;
      // The page's own keys must not act as well.
      event.preventDefault();
      event.stopPropagation();
    },
    onBlur: () => setPlace(null),
  };
  return { place, spoken, handlers };
}

/**
 * The exact numbers at the cursor; said aloud where the keys brought it there.
 * @param {{spoken: boolean, children: any}} props
 */
export function Readout({ spoken, children }) {
  return html`<p class="picread" role=${spoken ? "status" : "presentation"}>${children}</p>`;
}

/** @param {{title: string, text: string, button?: string, act?: () => unknown, disabled?: boolean}} props */
export function Nothing({ title, text, button, act, disabled = false }) {
  return html`<div class="picempty">
    <svg width="54" height="54" viewBox="0 0 54 54" aria-hidden="true"><rect class="frame" x="1" y="1" width="52" height="52" /><path class="ske" d="M1 14H53M1 27H53M1 40H53M14 1V53M27 1V53M40 1V53" /></svg>
    <p><b>${title}</b> ${text}</p>
    ${button ? html`<button type="button" class="btn" disabled=${disabled} onClick=${act}>${button}</button>` : null}
  </div>`;
}

/** @param {{kind: import("../lib/samples.js").MarkerKind, size?: number}} props */
export function KeyMarker({ kind, size = 14 }) {
  const box = kind.text ? 16 : size;
  return html`<svg width=${box} height=${box} aria-hidden="true"><${Marker} kind=${kind} x=${box / 2} y=${box / 2} r=${kind.text ? 7 : 4.5} /></svg>`;
}

/**
 * Paint a grid of values in bands, as fine as the display.
 * @param {HTMLCanvasElement} canvas
 * @param {number} pixels
 * @param {import("../lib/contours.js").Grid} grid
 * @param {import("../lib/colours.js").BandScale} scale
 * @param {import("../lib/colours.js").Palette} palette
 */
export function paintGrid(canvas, pixels, grid, scale, palette) {
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(pixels, pixels);
  paintBands(image.data, pixels, pixels, grid, scale, palette);
  context.putImageData(image, 0, 0);
}
