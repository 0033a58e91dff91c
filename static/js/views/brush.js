// @ts-check
/** Drawing on the map: the bar above it, and the pointer and keys that put points down or take them away. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { ERASED, SIZES } from "../lib/brush.js";
import { written } from "../lib/data_body.js";
import { classMarker, targetMarker } from "../lib/samples.js";
import { clean, niceStep, countText } from "../lib/scales.js";
import { Icon } from "./icons.js";
import { Marker } from "./map_parts.js";
import { FieldMessage, Select } from "./setup_fields.js";

const html = htm.bind(h);

/** @typedef {import("../lib/brush.js").Brush} Brush */
/** @typedef {import("../lib/scales.js").Linear} Linear */
/** @typedef {import("../types.js").Translate} Translate */

/**
 * How a class is drawn.
 * @param {number} k
 * @param {number} outputs columns of targets
 */
export const markerOf = (k, outputs) => (outputs === 1 ? targetMarker(k, [0, 1]) : outputs === 2 ? targetMarker(k === 0 ? 1 : 0, [0, 1]) : classMarker(k));

/**
 * @param {{brush: Brush, outputs: number, names: readonly string[], message?: string, disabled: boolean, t: Translate, actions: any}} props
 */
export function BrushBar({ brush, outputs, names, message, disabled, t, actions }) {
  const classes = outputs === 1 ? 2 : outputs;
  const { points, tool, size, past, full } = brush;
  return html`<div class="brushbar" role="toolbar" aria-label=${t("data.brush.bar")}>
    <span class="seg tools" role="group" aria-label=${t("data.brush.tool")}>${Array.from({ length: classes }, (_, k) => html`<button type="button" key=${k} data-class=${k} aria-pressed=${String(tool === k)} aria-label=${names[k] ? t("data.brush.named", { n: k + 1, name: names[k] ?? "" }) : t("data.brush.class", { n: k + 1 })} title=${names[k] ?? t("data.brush.class", { n: k + 1 })} onClick=${() => actions.setBrush({ tool: k })}>
      <svg width="16" height="16" aria-hidden="true"><${Marker} kind=${markerOf(k, outputs)} x=${8} y=${8} r=${outputs > 2 ? 6.5 : 4.5} /></svg>${outputs > 2 ? null : k + 1}</button>`)}
      <button type="button" data-class="erase" aria-pressed=${String(tool === "erase")} title=${`${t("data.brush.eraser")} (E)`} onClick=${() => actions.setBrush({ tool: "erase" })}>${t("data.brush.eraser")}</button></span>
    <span class="seg" role="group" aria-label=${t("data.brush.size")}>${SIZES.map((_, k) => html`<button type="button" key=${k} data-size=${k} aria-pressed=${String(size === k)} aria-label=${t(`data.brush.size.${k}`)} title=${t(`data.brush.size.${k}`)} onClick=${() => actions.setBrush({ size: k })}><span class=${`bdot d${k}`}></span></button>`)}</span>
    <span class="ends"><button type="button" class="btn" id="brush-undo" disabled=${past.length === 0} aria-label=${t("data.brush.undo")} title=${`${t("data.brush.undo")} (Ctrl+Z)`} onClick=${actions.undoStroke}><${Icon} name="undo" /></button>
      <button type="button" class="btn" id="brush-clear" disabled=${points.length === 0} onClick=${actions.clearPoints}>${t("data.brush.clear")}</button></span>
    <p class="brushn" aria-live="polite">${t(points.length === 0 ? "data.brush.empty" : full ? "data.brush.full" : "data.brush.count", { n: countText(points.length) })}</p>
    <span class="ends"><button type="button" class="btn" id="brush-cancel" onClick=${actions.cancelBrush}>${t("data.brush.cancel")}</button>
      <button type="button" class="btn primary" id="brush-use" disabled=${disabled || points.length === 0} onClick=${actions.usePoints}>${t("data.brush.use")}</button></span>
    <${FieldMessage} id="brush-message" message=${message} />
    <p class="sr" id="brush-keys">${t("data.brush.keys")}</p>
  </div>`;
}

/**
 * The pointer and keys while points are drawn; null while none are.
 * @param {object} plot
 * @param {Brush | null} plot.brush
 * @param {number} plot.outputs
 * @param {number} plot.left
 * @param {number} plot.top
 * @param {number} plot.size
 * @param {Linear} plot.sx
 * @param {Linear} plot.sy
 * @param {readonly [number, number]} plot.xRange
 * @param {readonly [number, number]} plot.yRange
 * @param {{place: {x: number, y: number} | null, handlers: Record<string, any>}} plot.probe
 * @param {any} plot.actions
 */
export function useBrush({ brush, outputs, left, top, size, sx, sy, xRange, yRange, probe, actions }) {
  const last = useRef(/** @type {[number, number] | null} */ (null));
  if (!brush) return null;
  const round = (/** @type {number} */ value, /** @type {readonly [number, number]} */ range) => {
    const step = niceStep((range[1] - range[0]) / 1000);
    return clean(Math.round(Math.max(range[0], Math.min(range[1], value)) / step) * step);
  };
  /** @param {PointerEvent} event @returns {[number, number]} */
  const pixels = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    return [left + event.clientX - box.left, top + event.clientY - box.top];
  };
  /** @param {number} px @param {number} py */
  const dab = (px, py) => {
    const { tool, size: which } = brush;
    if (tool === "erase") {
      const reach = ERASED[which] ?? ERASED[1];
      actions.erase((/** @type {import("../lib/brush.js").Dab} */ point) => Math.hypot(sx.to(point.x) - px, sy.to(point.y) - py) <= reach);
      return;
    }
    const { radius, points } = SIZES[which] ?? SIZES[0];
    actions.paint(Array.from({ length: points }, () => {
      const angle = Math.random() * 2 * Math.PI;
      const away = radius * Math.sqrt(Math.random());
      return { x: round(sx.from(Math.max(left, Math.min(left + size, px + away * Math.cos(angle)))), xRange), y: round(sy.from(Math.max(top, Math.min(top + size, py + away * Math.sin(angle)))), yRange), k: tool };
    }));
  };
  const classes = outputs === 1 ? 2 : outputs;
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "z") actions.undoStroke();
    else if (event.altKey || event.ctrlKey || event.metaKey) return;
    else if (/^[1-9]$/.test(key)) {
      if (Number(key) <= classes) actions.setBrush({ tool: Number(key) - 1 });
    } else if (key === "e" || key === "0") actions.setBrush({ tool: "erase" });
    else if (key === "backspace") actions.undoStroke();
    else if (key === "escape") actions.cancelBrush();
    else if (key === " " || key === "enter") {
      const at = probe.place ?? { x: (xRange[0] + xRange[1]) / 2, y: (yRange[0] + yRange[1]) / 2 };
      actions.beginStroke();
      dab(sx.to(at.x), sy.to(at.y));
    } else {
      probe.handlers.onKeyDown(event);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    ...probe.handlers,
    onClick: undefined,
    onKeyDown: keys,
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
      last.current = pixels(event);
      actions.beginStroke();
      dab(...last.current);
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      const from = last.current;
      if (!from) return;
      const to = pixels(event);
      const apart = brush.tool === "erase" ? 3 : SIZES[brush.size]?.apart ?? 9;
      const way = Math.hypot(to[0] - from[0], to[1] - from[1]);
      if (way < apart) return;
      // A fast pointer skips places; the stroke does not.
      for (let gone = apart; gone <= way; gone += apart) dab(from[0] + ((to[0] - from[0]) * gone) / way, from[1] + ((to[1] - from[1]) * gone) / way);
      last.current = to;
    },
    onPointerUp: () => (last.current = null),
    onPointerCancel: () => (last.current = null),
  };
}

/**
 * The two columns that make the plane, where there are more.
 * @param {{columns: readonly string[], plane: readonly [number, number], t: Translate, choose: (axis: number, column: number) => unknown}} props
 */
export function PlaneChoice({ columns, plane, t, choose }) {
  if (columns.length < 3) return null;
  const options = columns.map((name, k) => ({ value: String(k), label: name === `x${k + 1}` ? written(name) : `${written(`x${k + 1}`)} ${name}` }));
  return html`<div class="planes"><span>${t("data.plane")}</span>
    <${Select} id="plane-x" label=${t("data.planeX")} value=${String(plane[0])} options=${options} choose=${(/** @type {string} */ value) => choose(0, Number(value))} />
    <span aria-hidden="true">×</span>
    <${Select} id="plane-y" label=${t("data.planeY")} value=${String(plane[1])} options=${options} choose=${(/** @type {string} */ value) => choose(1, Number(value))} /></div>`;
}
