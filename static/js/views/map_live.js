// @ts-check
/** The output map while training runs: each frame's bytes become pixels and one line; nothing else is drawn anew. */
import { computed, effect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { bandScale } from "../lib/colours.js";
import { gridOfBytes, isoPath, paintBands } from "../lib/contours.js";

/** @typedef {import("../lib/colours.js").BandScale} BandScale */
/** @typedef {import("./diagram_live.js").Frames} Frames */

/**
 * @typedef {object} Placing
 * @property {string} element whose map is shown
 * @property {import("../lib/colours.js").Palette} palette
 * @property {import("../lib/colours.js").ScaleMode} mode
 * @property {number} left
 * @property {number} top
 * @property {number} size
 */

/**
 * Keeps the canvas at the latest frame.
 * @param {Frames | null} live null: no training runs
 * @param {{current: HTMLCanvasElement | null}} canvas
 * @param {Placing} placing
 */
export function useLiveMap(live, canvas, { element, palette, mode, left, top, size }) {
  const shown = useMemo(() => {
    if (!live) return null;
    const map = computed(() => {
      const boundary = live.value?.boundary;
      const grid = boundary?.element === element ? gridOfBytes(boundary) : null;
      return grid && boundary ? { grid, boundary } : null;
    });
    /** @type {BandScale | null} */
    let last = null;
    // The same scale stays the same object: its bar is drawn again only when it changes.
    const scale = computed(() => {
      const { minimum = null, maximum = null, midpoint = null } = map.value?.boundary ?? {};
      if (minimum === null || maximum === null) return last;
      const next = bandScale(palette, mode, minimum, maximum, midpoint);
      if (!last || last.low !== next.low || last.step !== next.step || last.colours.length !== next.colours.length) last = next;
      return last;
    });
    const middle = computed(() => {
      const grid = map.value?.grid;
      const level = scale.value?.middle ?? null;
      return grid && level !== null ? isoPath(grid, level, left, top, size, size) : "";
    });
    return { map, scale, middle };
  }, [live, element, palette, mode, left, top, size]);

  useEffect(() => {
    if (!shown) return undefined;
    const { map, scale } = shown;
    return effect(() => {
      const grid = map.value?.grid;
      const bands = scale.value;
      const target = canvas.current;
      const context = target?.getContext("2d");
      if (!grid || !bands || !target || !context) return;
      // One pixel a CSS pixel is enough for what changes all the time.
      if (target.width !== size) target.width = target.height = size;
      const image = context.createImageData(size, size);
      paintBands(image.data, size, size, grid, bands, palette);
      context.putImageData(image, 0, 0);
    });
  }, [shown]);
  return shown;
}
