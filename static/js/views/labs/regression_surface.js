// @ts-check
/** The loss over (w0, w1) as contours, with descent's path on it; a press sets where descent starts. */
import { h } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { readPalette } from "../../lib/colours.js";
import { isoPath } from "../../lib/contours.js";
import { formatNumber } from "../../lib/format.js";
import { useThemeVersion } from "../../lib/hooks.js";
import { blend, rgbToken } from "../../lib/pictures.js";
import { WEIGHTS, lossSymbol, rounded } from "../../lib/regression.js";
import { countText, nearestIndex } from "../../lib/scales.js";
import { htmlSymbol } from "../../lib/symbols.js";
import { PlanePlot, Readout, paintGrid, placed } from "../picture_parts.js";

/** @typedef {import("../lab.js").LabProps} LabProps */
/** Where the cursor is: a point of the grid, or an iteration of the path. @typedef {{column: number, row: number, visit: number | null}} Place */

const html = htm.bind(h);
/** As many bands as the server draws rings. */
const BANDS = 12;
/** Pixels within which the cursor takes a visited line. */
const NEAR = 8;
const LARGEST = 1e9;

/** @param {LabProps & {size: number}} props */
export function LossPlane({ reply, step, hidden, hover, size, theme, disabled, t, actions }) {
  const themed = useThemeVersion();
  const palette = useMemo(() => readPalette(), [theme, themed]);
  const tints = useMemo(() => bandTints(), [theme, themed]);
  const [place, setPlace] = useState(/** @type {Place | null} */ (null));
  const [spoken, setSpoken] = useState(false);
  const pressed = useRef(false);
  const { surface, path, iteration, closed_form: closed } = reply;
  // While the start is dragged the picture stands still under the pointer.
  const kept = useRef(surface);
  if (!pressed.current) kept.current = surface;
  const { w0_range: xRange, w1_range: yRange, w0: xs, w1: ys, resolution } = kept.current;
  const at = placed(size, xRange, yRange);
  const grid = useMemo(() => ringed(kept.current, resolution), [kept.current]);
  const scale = useMemo(() => ({ low: 0, step: 1 / BANDS, colours: tints, middle: null }), [tints]);
  const contours = useMemo(() => Array.from({ length: BANDS - 1 }, (_, k) => isoPath(grid, (k + 1) / BANDS, at.left, at.top, size, size)).join(""), [grid, size]);
  const visits = path.w0.map((/** @type {number | null} */ w0, /** @type {number} */ k) => {
    const w1 = path.w1[k];
    return w0 === null || w1 === null || w1 === undefined ? null : /** @type {[number, number]} */ ([at.sx.to(w0), at.sy.to(w1)]);
  });
  const now = reply.at;
  const here = visits[now];
  const last = visits.length - 1;
  const after = !["nw.0", "nw.1"].some((ref) => hidden.has(ref)) ? visits[now + 1] : null;
  const told = step?.phase === "update" || (step?.phase === "backward" && step.lines.some((line) => line.result_ref.startsWith("gw.")));
  const best = closed.line && closed.line.w0 !== null && closed.line.w1 !== null ? [at.sx.to(closed.line.w0), at.sy.to(closed.line.w1)] : null;

  /** @param {PointerEvent} event */
  const under = (event) => {
    const rect = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    return /** @type {[number, number]} */ ([at.left + event.clientX - rect.left, at.top + event.clientY - rect.top]);
  };
  /** @param {[number, number]} pixel @returns {Place} */
  const nearest = ([px, py]) => {
    let visit = /** @type {number | null} */ (null);
    let least = NEAR;
    visits.forEach((/** @type {[number, number] | null} */ one, /** @type {number} */ k) => {
      const away = one ? Math.hypot(one[0] - px, one[1] - py) : Infinity;
      if (away < least) [visit, least] = [k, away];
    });
    return { column: nearestIndex(xs, at.sx.from(px)), row: nearestIndex(ys, at.sy.from(py)), visit };
  };
  const startAt = (/** @type {[number, number]} */ [px, py]) => ({ start: { w0: rounded(at.sx.from(px), xRange, LARGEST), w1: rounded(at.sy.from(py), yRange, LARGEST) }, line: null, at: 0 });
  const choose = (/** @type {Place} */ chosen) => {
    if (chosen.visit !== null) return actions.moveTo(Math.min(chosen.visit, reply.last), -1);
    return actions.change({ start: { w0: xs[chosen.column], w1: ys[chosen.row] }, line: null, at: 0 });
  };
  const handlers = {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0 || disabled) return;
      const pixel = under(event);
      const found = nearest(pixel);
      // The start itself is taken hold of; other visited places are gone to.
      if (found.visit !== null && found.visit > 0) return;
      // A finger may be about to scroll the page: a tap sets the start when it ends.
      if (event.pointerType === "touch") return;
      /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
      pressed.current = true;
      void actions.drag(startAt(pixel));
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      const pixel = under(event);
      if (pressed.current) void actions.drag(startAt(pixel));
      setSpoken(false);
      setPlace(nearest(pixel));
    },
    onPointerUp: (/** @type {PointerEvent} */ event) => {
      if (pressed.current) {
        pressed.current = false;
        void actions.drop("parameter");
        return;
      }
      const found = nearest(under(event));
      if (disabled) return;
      if (found.visit !== null && found.visit > 0) void choose(found);
      else if (event.pointerType === "touch") void actions.change(startAt(under(event)), { deed: "parameter" });
    },
    onPointerCancel: () => {
      pressed.current = false;
      void actions.drop("parameter");
    },
    onPointerLeave: (/** @type {PointerEvent} */ event) => event.pointerType !== "touch" && setPlace(null),
    onBlur: () => setPlace(null),
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      const within = (/** @type {number} */ k) => Math.max(0, Math.min(resolution - 1, k));
      const from = place ?? { column: nearestIndex(xs, path.w0[now] ?? 0), row: nearestIndex(ys, path.w1[now] ?? 0), visit: null };
      if (event.key === "Escape" && place !== null) setPlace(null);
      else if (event.key === "Enter" && place !== null && !disabled) void choose(place);
      else if (by) {
        setSpoken(true);
        setPlace({ column: within(from.column + (by[0] ?? 0)), row: within(from.row + (by[1] ?? 0)), visit: null });
      } else if (event.key === "Home" || event.key === "End") {
        setSpoken(true);
        setPlace({ ...from, visit: event.key === "Home" ? 0 : last });
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  
  const mark = place && (place.visit === null ? [at.sx.to(xs[place.column] ?? 0), at.sy.to(ys[place.row] ?? 0)] : visits[place.visit]);
  const line = (/** @type {([number, number] | null)[]} */ some) => some.flatMap((one) => (one ? [`${one[0].toFixed(1)} ${one[1].toFixed(1)}`] : [])).join("L");
  const lit = step?.focus.some((ref) => ref === "w.0" || ref === "w.1") || hover === "w.0" || hover === "w.1";
  return html`<div class="rsurface">
    <${PlanePlot} id="regression-plane" label=${t("regression.surface.label")} keys=${t("regression.surface.keys")} at=${at} xRange=${xRange} yRange=${yRange} xName=${htmlSymbol(WEIGHTS[0])} yName=${htmlSymbol(WEIGHTS[1])}
      paint=${(/** @type {HTMLCanvasElement} */ canvas, /** @type {number} */ pixels) => paintGrid(canvas, pixels, grid, scale, palette)} paints=${[grid, palette, scale]} handlers=${handlers}>
      <clipPath id="rsurface-clip"><rect x=${at.left} y=${at.top} width=${size} height=${size} /></clipPath>
      <g clip-path="url(#rsurface-clip)"><path class="iso" d=${contours} />
        ${last > now ? html`<path class="rfuture" d=${`M${line(visits.slice(now))}`} />` : null}
        ${now > 0 ? html`<path class="trainpath" d=${`M${line(visits.slice(0, now + 1))}`} />` : null}
        ${visits.length <= 400 ? visits.map((/** @type {[number, number] | null} */ one, /** @type {number} */ k) => (one && k > 0 ? html`<circle key=${k} class="visit ${k > now ? "later" : ""}" cx=${one[0]} cy=${one[1]} r="1.8" />` : null)) : null}
        ${best ? html`<path class="rmin" d=${`M${best[0]} ${(best[1] ?? 0) - 7}v14M${(best[0] ?? 0) - 7} ${best[1]}h14`} />` : null}
        ${told && here && after ? html`<path class="rstep ${step?.phase === "update" ? "upd" : "back"}" d=${`M${line([here, after])}`} />` : null}
        ${visits[0] ? html`<circle class="visitstart" cx=${visits[0][0]} cy=${visits[0][1]} r="5" />` : null}
        ${here ? html`<path class="visitend ${lit ? "lit" : ""}" d=${`M${here[0]} ${here[1] - 6}l6 6-6 6-6-6z`} />` : null}</g>
      ${mark ? html`<circle class="cr" cx=${mark[0]} cy=${mark[1]} r="6" />` : null}
    <//>
    <${Readout} spoken=${spoken}><${Told} place=${place} surface=${kept.current} path=${path} iteration=${iteration} at=${now} secret=${hidden.has("L") && iteration.rows.length === reply.points.length} symbol=${lossSymbol(reply)} nonfinite=${reply.nonfinite} t=${t} /><//>
  </div>`;
}

/**
 * What the cursor is on, else where descent stands.
 * @param {{place: Place | null, surface: any, path: any, iteration: any, at: number, secret: boolean, symbol: import("../../lib/symbols.js").Symbol, nonfinite: Record<string, string>, t: import("../../types.js").Translate}} props
 */
function Told({ place, surface, path, iteration, at, secret, symbol, nonfinite, t }) {
  const numbers = (/** @type {string} */ head, /** @type {any} */ w0, /** @type {any} */ w1, /** @type {any} */ loss, /** @type {string} */ pointer) => html`<b>${head}</b><span class="rv">${htmlSymbol(WEIGHTS[0])} ${formatNumber(w0, 4)}</span><span class="rv">${htmlSymbol(WEIGHTS[1])} ${formatNumber(w1, 4)}</span><span class="rv">${htmlSymbol(symbol)} <b>${pointer === "" && loss === null ? "?" : formatNumber(loss, 4, nonfinite?.[pointer])}</b></span>`;
  if (place && place.visit !== null) return numbers(place.visit === 0 ? t("regression.surface.start") : t("regression.surface.after", { n: countText(place.visit) }), path.w0[place.visit], path.w1[place.visit], path.losses[place.visit], `/path/losses/${place.visit}`);
  if (place) return numbers(t("regression.surface.cursor"), surface.w0[place.column], surface.w1[place.row], surface.values[place.row]?.[place.column], "");
  return numbers(at === 0 ? t("regression.surface.start") : t("regression.surface.after", { n: countText(at) }), iteration.line.w0, iteration.line.w1, secret ? null : iteration.line.loss, secret ? "" : "/iteration/line/loss");
}

/**
 * The grid on the scale of its rings: 0 at the lowest loss, 1 at the highest, even steps from ring to ring.
 * @param {any} surface
 * @param {number} resolution
 */
function ringed(surface, resolution) {
  const flat = /** @type {(number | null)[]} */ (surface.values.flat());
  const finite = flat.filter((value) => value !== null);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  return { size: resolution, values: Float32Array.from(flat, (value) => (value === null ? NaN : Math.sqrt((value - low) / (high - low || 1)))) };
}

/** Tints of the loss, the lowest first, in the present theme. */
export function bandTints() {
  const [paper, loss] = [rgbToken("--paper"), rgbToken("--loss")];
  return Array.from({ length: BANDS }, (_, k) => blend(paper, loss, 0.03 + 0.045 * k));
}
