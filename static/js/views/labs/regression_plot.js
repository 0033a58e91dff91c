// @ts-check
/** The points, the line and the residuals as squares. Points and line are dragged, or moved by the arrow keys. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { formatNumber } from "../../lib/format.js";
import { litWith } from "../../lib/refs.js";
import { clipped, grain, handles, rounded, squareOn, toldLine } from "../../lib/regression.js";
import { linear, tickText, ticks } from "../../lib/scales.js";

/** @typedef {import("../lab.js").LabProps} LabProps */
/** @typedef {import("../../lib/regression.js").Pixel} Pixel */
/** What is dragged: a point, an end of the line, or the whole line. @typedef {{kind: "point" | "end" | "line", index: number, from: Pixel, data: [number, number][]}} Held */

const html = htm.bind(h);
const LEFT = 40;
const BOTTOM = 34;
const TOP = 8;
const RIGHT = 10;
/** How far a pointer may be from what it takes hold of. */
const REACH = 16;
/** More squares than that only cover each other. */
const SQUARES = 60;
const LARGEST = 1e6;

/** @param {LabProps & {width: number, height: number}} props */
export function DataPlot({ request, reply, view, step, hidden, hover, width, height, disabled, t, actions }) {
  const svg = useRef(/** @type {SVGSVGElement | null} */ (null));
  const held = useRef(/** @type {Held | null} */ (null));
  const [holding, setHolding] = useState(false);
  const points = /** @type {[number, number][]} */ (request.points ?? reply.points);
  const { iteration, closed_form: closed } = reply;
  const told = toldLine(request, reply);
  const secret = told.closed && (hidden.has("w.0") || hidden.has("w.1"));
  // A frame that followed the pointer would run away under it.
  const frame = useRef({ x: reply.x_range, y: reply.y_range });
  if (!holding) frame.current = { x: reply.x_range, y: reply.y_range };
  const { x: xRange, y: yRange } = frame.current;
  const box = { left: LEFT, top: TOP, right: width - RIGHT, bottom: height - BOTTOM };
  const sx = linear(xRange[0], xRange[1], box.left, box.right);
  const sy = linear(yRange[0], yRange[1], box.bottom, box.top);
  const segment = (/** @type {any} */ line) => {
    const ends = line?.ends;
    if (!ends || ends.flat().some((/** @type {number | null} */ value) => value === null)) return null;
    return clipped([sx.to(ends[0][0]), sy.to(ends[0][1])], [sx.to(ends[1][0]), sy.to(ends[1][1])], box);
  };
  const now = secret ? null : segment(told.line);
  const grips = now && handles(now);
  const next = step?.phase === "update" && !["nw.0", "nw.1"].some((ref) => hidden.has(ref)) ? segment(iteration.after) : null;
  const best = view.best === false || told.closed ? null : segment(closed.line);
  const focus = new Set(step?.focus ?? []);
  const lit = (/** @type {string} */ ref) => (focus.has(ref) || (hover !== null && litWith(ref, hover)) ? "lit" : "");
  const { rows } = told;
  const shows = view.squares !== false && points.length <= SQUARES;

  /** @param {{clientX: number, clientY: number}} event @returns {Pixel} */
  const place = (event) => {
    const rect = /** @type {SVGSVGElement} */ (svg.current).getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  };
  const toData = (/** @type {Pixel} */ [px, py]) => /** @type {[number, number]} */ ([rounded(sx.from(px), xRange, LARGEST), rounded(sy.from(py), yRange, LARGEST)]);
  const movedPoint = (/** @type {number} */ index, /** @type {[number, number]} */ to) => ({ points: points.map((point, k) => (k === index ? to : point)), generator: null, line: null, at: 0 });
  const movedLine = (/** @type {[number, number][]} */ through) => ({ line: through, at: 0 });
  const gripData = () => (grips ?? []).map(([px, py]) => /** @type {[number, number]} */ ([sx.from(px), sy.from(py)]));

  /** What lies under a place: an end of the line before a point, a point before the line. @param {Pixel} at @returns {Omit<Held, "from" | "data"> | null} */
  const under = ([px, py]) => {
    const near = (/** @type {Pixel[]} */ places) => {
      let found = -1;
      let least = REACH;
      places.forEach(([x, y], k) => {
        const away = Math.hypot(x - px, y - py);
        if (away <= least) [found, least] = [k, away];
      });
      return found;
    };
    const point = near(points.map(([x, y]) => [sx.to(x), sy.to(y)]));
    if (point >= 0) return { kind: "point", index: point };
    const end = near(grips ?? []);
    if (end >= 0) return { kind: "end", index: end };
    if (!now) return null;
    const [[ax, ay], [bx, by]] = now;
    const along = Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1)));
    return Math.hypot(ax + along * (bx - ax) - px, ay + along * (by - ay) - py) <= REACH / 2 ? { kind: "line", index: 0 } : null;
  };
  const holds = useRef(/** @type {(touch: Touch) => boolean} */ (() => false));
  holds.current = (touch) => !disabled && under(place(touch)) !== null;
  useEffect(() => {
    const element = svg.current;
    // A finger on something that moves moves it; anywhere else it scrolls the page.
    const keep = (/** @type {TouchEvent} */ event) => event.touches[0] && holds.current(event.touches[0]) && event.preventDefault();
    element?.addEventListener("touchstart", keep, { passive: false });
    return () => element?.removeEventListener("touchstart", keep);
  }, []);
  const follow = (/** @type {Held} */ what, /** @type {Pixel} */ to) => {
    if (what.kind === "point") return movedPoint(what.index, toData(to));
    if (what.kind === "end") return movedLine(what.data.map((one, k) => (k === what.index ? toData(to) : one)));
    const rise = sy.from(to[1]) - sy.from(what.from[1]);
    return movedLine(what.data.map(([x, y]) => [x, y + rise]));
  };
  const handlers = {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0 || disabled) return;
      const at = place(event);
      const found = under(at);
      if (!found) return;
      held.current = { ...found, from: at, data: gripData() };
      svg.current?.setPointerCapture(event.pointerId);
      setHolding(true);
      const target = svg.current?.querySelector(`[data-handle="${found.kind}.${found.index}"]`);
      if (target instanceof SVGElement) target.focus();
      event.preventDefault();
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      const at = place(event);
      if (held.current) void actions.drag(follow(held.current, at));
      else if (svg.current) svg.current.dataset.over = under(at)?.kind ?? "";
    },
    onPointerUp: () => {
      if (!held.current) return;
      const deed = held.current.kind === "point" ? "data" : "parameter";
      held.current = null;
      setHolding(false);
      void actions.drop(deed);
    },
    onPointerCancel: () => {
      held.current = null;
      setHolding(false);
      void actions.drop("setting");
    },
    onDblClick: (/** @type {MouseEvent} */ event) => {
      const at = place(event);
      if (disabled || under(at) || points.length >= 200) return;
      void actions.change({ points: [...points, toData(at)], generator: null }, { deed: "data" });
    },
  };
  /** @param {KeyboardEvent} event @param {[number, number]} from @param {(to: [number, number]) => Record<string, any>} patch @param {string} deed */
  const key = (event, from, patch, deed) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
    if (dx === undefined || dy === undefined || disabled || event.altKey || event.ctrlKey || event.metaKey) return false;
    const by = event.shiftKey ? 20 : 4;
    event.preventDefault();
    event.stopPropagation();
    void actions.change(patch([rounded(from[0] + dx * by * grain(xRange), xRange, LARGEST), rounded(from[1] + dy * by * grain(yRange), yRange, LARGEST)]), { deed });
    return true;
  };
  const said = (/** @type {readonly [number, number]} */ [x, y]) => `x ${formatNumber(x, 2)}, y ${formatNumber(y, 2)}`;
  const xTicks = ticks(xRange[0], xRange[1], Math.max(3, Math.floor(width / 70)));
  const yTicks = ticks(yRange[0], yRange[1], Math.max(3, Math.floor(height / 50)));
  const footOf = (/** @type {number} */ k) => {
    const value = told.numbers.predictions[k];
    return value === null || value === undefined || hidden.has(`h.${k + 1}`) ? null : sy.to(value);
  };

  return html`<svg ref=${svg} class="rplot ${holding ? "holding" : ""} ${points.length > 12 ? "many" : ""}" width=${width} height=${height} role="group" aria-label=${t("regression.plot.label")} ...${handlers}>
    <clipPath id="rplot-clip"><rect x=${box.left} y=${box.top} width=${Math.max(0, box.right - box.left)} height=${Math.max(0, box.bottom - box.top)} /></clipPath>
    ${xTicks.values.map((v) => html`<path class="grid" d=${`M${sx.to(v)} ${box.top}V${box.bottom}`} /><text class="axn" x=${sx.to(v)} y=${box.bottom + 16} text-anchor="middle">${tickText(v, xTicks.step)}</text>`)}
    ${yTicks.values.map((v) => html`<path class="grid" d=${`M${box.left} ${sy.to(v)}H${box.right}`} /><text class="axn" x=${box.left - 6} y=${sy.to(v) + 4} text-anchor="end">${tickText(v, yTicks.step)}</text>`)}
    <text class="axl" x=${box.right - 4} y=${box.bottom - 6} text-anchor="end"><tspan class="sy">x</tspan></text><text class="axl" x=${box.left + 6} y=${box.top + 14}><tspan class="sy">y</tspan></text>
    <g clip-path="url(#rplot-clip)">
      ${shows ? points.map(([x, y], k) => {
        const foot = footOf(k);
        if (foot === null || hidden.has(`e.${k + 1}`) || !rows.has(k)) return null;
        const square = squareOn([sx.to(x), sy.to(y)], foot, box);
        return html`<rect key=${`q${k}`} class="rsq ${lit(`q.${k + 1}`)}" data-ref=${`q.${k + 1}`} x=${square.x} y=${square.y} width=${square.side} height=${square.side} />`;
      }) : null}
      ${best ? html`<path class="rbest" d=${path(best)} />` : null}
      ${next ? html`<path class="rnext" d=${path(next)} />` : null}
      ${now ? html`<path class="rline ${told.closed ? "closed" : ""} ${lit("w.0") || lit("w.1")}" d=${path(now)} />` : null}
      ${points.map(([x, y], k) => {
        const foot = footOf(k);
        if (foot === null || hidden.has(`e.${k + 1}`)) return null;
        return html`<path key=${`e${k}`} class="rres ${lit(`e.${k + 1}`)} ${rows.has(k) ? "" : "out"}" data-ref=${`e.${k + 1}`} d=${`M${sx.to(x)} ${sy.to(y)}V${foot}`} />`;
      })}
      ${points.map(([x], k) => {
        const foot = footOf(k);
        return foot !== null && lit(`h.${k + 1}`) ? html`<circle key=${`h${k}`} class="rfoot" data-ref=${`h.${k + 1}`} cx=${sx.to(x)} cy=${foot} r="5" />` : null;
      })}
    </g>
    <rect class="frame" x=${box.left} y=${box.top} width=${Math.max(0, box.right - box.left)} height=${Math.max(0, box.bottom - box.top)} />
    ${grips?.map(([x, y], k) => {
      const data = gripData();
      return html`<rect key=${`g${k}`} class="rgrip" data-handle=${`end.${k}`} x=${x - 5} y=${y - 5} width="10" height="10" tabindex="0" role="slider" aria-label=${t(`regression.plot.end${k}`)} aria-valuemin=${yRange[0]} aria-valuemax=${yRange[1]} aria-valuenow=${data[k]?.[1] ?? 0} aria-valuetext=${said(data[k] ?? [0, 0])}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => key(event, data[k] ?? [0, 0], (to) => movedLine(data.map((one, j) => (j === k ? to : one))), "parameter")} />`;
    })}
    ${points.map(([x, y], k) => html`<circle key=${`p${k}`} class="rpoint ${lit(`y.${k + 1}`)} ${focus.has(`h.${k + 1}`) || focus.has(`e.${k + 1}`) || focus.has(`q.${k + 1}`) ? "now" : ""} ${rows.has(k) ? "" : "out"}" data-handle=${`point.${k}`} data-ref=${`y.${k + 1}`} cx=${sx.to(x)} cy=${sy.to(y)} r=${points.length > 60 ? 3.5 : 5} tabindex=${points.length > 30 && k > 0 ? -1 : 0} role="slider" aria-label=${t("regression.plot.point", { n: k + 1 })} aria-valuemin=${yRange[0]} aria-valuemax=${yRange[1]} aria-valuenow=${y} aria-valuetext=${said([x, y])}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Delete" && points.length > 1 && !disabled) {
          event.stopPropagation();
          void actions.change({ points: points.filter((_, j) => j !== k), generator: null }, { deed: "data" });
        } else key(event, [x, y], (to) => movedPoint(k, to), "data");
      }}
      onMouseEnter=${() => actions.hover(`e.${k + 1}`)} onMouseLeave=${() => actions.hover(null)} />`)}
    ${points.length <= 12 ? points.map(([x, y], k) => html`<text key=${`n${k}`} class="rnum" x=${sx.to(x) + (sx.to(x) > box.right - 24 ? -9 : 9)} y=${sy.to(y) - 7} text-anchor=${sx.to(x) > box.right - 24 ? "end" : "start"}>${k + 1}</text>`) : null}
    <desc>${t("regression.plot.keys")}</desc>
  </svg>`;
}

/** @param {[Pixel, Pixel]} segment */
function path([[ax, ay], [bx, by]]) {
  return `M${ax.toFixed(1)} ${ay.toFixed(1)}L${bx.toFixed(1)} ${by.toFixed(1)}`;
}
