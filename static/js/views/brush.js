// @ts-check
/** Drawing on the map: the pointer and keys that put points down or take them away. */
import { useRef } from "preact/hooks";
import { ERASED, SIZES } from "../lib/brush.js";
import { classMarker, targetMarker } from "../lib/samples.js";
import { clean, niceStep } from "../lib/scales.js";

/** @typedef {import("../lib/brush.js").Brush} Brush */
/** @typedef {import("../lib/scales.js").Linear} Linear */

/**
 * How a class is drawn.
 * @param {number} k
 * @param {number} outputs columns of targets
 */
export const markerOf = (k, outputs) => (outputs === 1 ? targetMarker(k, [0, 1]) : outputs === 2 ? targetMarker(k === 0 ? 1 : 0, [0, 1]) : classMarker(k));

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
