// @ts-check
/**
 * A grid of values as a picture: flat bands painted per pixel, iso-lines as SVG paths.
 *
 * Grid values stand at the corners of a regular mesh, row by row from the lowest y: column 0 at the left edge of
 * the picture, the last column at its right edge. They only colour; numbers shown to a reader come from elsewhere.
 */

import { contours } from "d3-contour";

/** @typedef {import("./colours.js").BandScale} BandScale */
/** @typedef {import("./colours.js").Palette} Palette */

/**
 * @typedef {object} Grid
 * @property {Float32Array} values row-major, first row lowest y
 * @property {number} size values per side
 */

/**
 * Decode the little-endian float32 values of a boundary reply.
 * @param {string} base64
 * @returns {Float32Array}
 */
export function decodeFloat32(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) bytes[k] = text.charCodeAt(k);
  const view = new DataView(bytes.buffer);
  const values = new Float32Array(bytes.length >> 2);
  for (let k = 0; k < values.length; k += 1) values[k] = view.getFloat32(4 * k, true);
  return values;
}

/**
 * The grid of a boundary reply, whichever encoding it came in; null if it is incomplete.
 * @param {{resolution: number, encoding?: string, values: string | readonly (number|null)[] | readonly (readonly (number|null)[])[]}} reply
 * @returns {Grid|null}
 */
export function gridOf(reply) {
  const size = reply.resolution;
  const values =
    typeof reply.values === "string"
      ? decodeFloat32(reply.values)
      : Float32Array.from(/** @type {(number|null)[]} */ (reply.values.flat()), (v) => (v === null ? NaN : v));
  return size >= 2 && values.length === size * size ? { values, size } : null;
}

/**
 * The grid of a frame's bytes, which span its minimum to its maximum; null where nothing is finite.
 * @param {import("../types.js").ByteMap} map
 * @returns {Grid|null}
 */
export function gridOfBytes({ values, resolution: size, minimum, maximum }) {
  const text = atob(values);
  if (minimum === null || maximum === null || size < 2 || text.length !== size * size) return null;
  const scale = (maximum - minimum) / 255;
  const grid = new Float32Array(text.length);
  for (let k = 0; k < grid.length; k += 1) grid[k] = minimum + scale * text.charCodeAt(k);
  return { values: grid, size };
}

/**
 * A frame's map as the readings keep one: a picture until the server's own is there.
 * @param {import("../types.js").ByteMap} map
 * @returns {import("./samples.js").Boundary}
 */
export function bytesAsBoundary(map) {
  const grid = gridOfBytes(map);
  return { ...map, encoding: "list", values: grid ? Array.from(grid.values) : new Array(map.resolution ** 2).fill(null) };
}

/**
 * Paint the bands into RGBA pixels, the highest y at the top.
 *
 * Values are interpolated bilinearly between the mesh's corners. Where two bands meet, a pixel takes a share of both
 * by its distance from the line between them (the value's distance over the length of its gradient): edges stay
 * smooth, the inside of a band keeps exactly its colour.
 * @param {Uint8ClampedArray} pixels width * height * 4
 * @param {number} width
 * @param {number} height
 * @param {Grid} grid
 * @param {BandScale} scale
 * @param {Palette} palette
 */
export function paintBands(pixels, width, height, grid, scale, palette) {
  const { values, size } = grid;
  const { low, step, colours } = scale;
  const last = colours.length - 1;
  // A pixel inside a band is one write of four bytes.
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const packed = Uint32Array.from(colours, pack);
  const missing = pack(palette.missing);
  const perX = (size - 1) / width;
  const perY = (size - 1) / height;
  let at = 0;
  for (let py = 0; py < height; py += 1) {
    const gy = (height - py - 0.5) * perY;
    const row = Math.min(size - 2, Math.floor(gy));
    const fy = gy - row;
    for (let px = 0; px < width; px += 1, at += 1) {
      const gx = (px + 0.5) * perX;
      const column = Math.min(size - 2, Math.floor(gx));
      const fx = gx - column;
      const k = row * size + column;
      // Inside the mesh by construction; the casts cost nothing, a fallback per corner and pixel would.
      const a = /** @type {number} */ (values[k]);
      const b = /** @type {number} */ (values[k + 1]);
      const c = /** @type {number} */ (values[k + size]);
      const d = /** @type {number} */ (values[k + size + 1]);
      const lower = a + (b - a) * fx;
      const upper = c + (d - c) * fx;
      const position = (lower + (upper - lower) * fy - low) / step;
      if (position !== position) {
        words[at] = missing;
        continue;
      }
      words[at] = packed[position <= 0 ? 0 : position >= last ? last : Math.floor(position)] ?? missing;
      const edge = Math.round(position);
      if (edge <= 0 || edge > last) continue;
      const slopeX = ((b - a) * (1 - fy) + (d - c) * fy) * perX;
      const slopeY = (upper - lower) * perY;
      const gap = (position - edge) * step;
      const reach = (slopeX * slopeX + slopeY * slopeY) / 4;
      if (gap * gap >= reach) continue;
      const share = gap / (2 * Math.sqrt(reach)) + 0.5;
      const first = colours[edge - 1] ?? palette.missing;
      const second = colours[edge] ?? first;
      pixels[4 * at] = first[0] + (second[0] - first[0]) * share;
      pixels[4 * at + 1] = first[1] + (second[1] - first[1]) * share;
      pixels[4 * at + 2] = first[2] + (second[2] - first[2]) * share;
    }
  }
}

/**
 * A colour as the four bytes of an opaque pixel, in the machine's own order.
 * @param {import("./colours.js").Rgb} rgb
 */
function pack(rgb) {
  return new Uint32Array(Uint8Array.of(rgb[0], rgb[1], rgb[2], 255).buffer)[0] ?? 0;
}

/**
 * The line where the grid takes a value, as SVG path data inside the rectangle (left, top, width, height).
 *
 * d3-contour closes its rings half a cell outside the outermost values; those stretches are left out, so that the
 * line ends at the frame.
 * @param {Grid} grid
 * @param {number} level
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 * @returns {string} empty if the level is nowhere
 */
export function isoPath(grid, level, left, top, width, height) {
  const { values, size } = grid;
  const shape = contours().size([size, size]).contour(/** @type {any} */ (values), level);
  const scaleX = width / (size - 1);
  const scaleY = height / (size - 1);
  let path = "";
  for (const polygon of shape.coordinates) {
    for (const ring of polygon) {
      let pen = false;
      for (const [gx, gy] of rotated(/** @type {[number, number][]} */ (ring), size)) {
        if (outside(gx, size) || outside(gy, size)) {
          pen = false;
        } else {
          const x = left + (gx - 0.5) * scaleX;
          const y = top + height - (gy - 0.5) * scaleY;
          path += `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
          pen = true;
        }
      }
    }
  }
  return path;
}

/**
 * @param {number} coordinate in d3-contour's cells, where value k stands at k + 0.5
 * @param {number} size
 */
function outside(coordinate, size) {
  return coordinate < 0.5 - 1e-6 || coordinate > size - 0.5 + 1e-6;
}

/**
 * The ring begun on the border if it touches it, so that no line is cut in two where the ring happened to start.
 * @param {[number, number][]} ring closed: the last point repeats the first
 * @param {number} size
 */
function rotated(ring, size) {
  const start = ring.findIndex(([x, y]) => outside(x, size) || outside(y, size));
  return start <= 0 ? ring : [...ring.slice(start), ...ring.slice(1, start + 1)];
}
