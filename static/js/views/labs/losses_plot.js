// @ts-check
/** A plot of the losses lab: lines, marks, axes, a reading at the pointer, and a mark that can be dragged. */
import { h } from "preact";
import { useRef, useState } from "preact/hooks";
import htm from "htm";
import { useWidth } from "../../lib/hooks.js";
import { linePath, snapped, stepPath } from "../../lib/losses.js";
import { spreadEnds } from "../../lib/pictures.js";
import { decades, linear, nearestIndex, tickText, ticks } from "../../lib/scales.js";

const html = htm.bind(h);

/**
 * `cls` says how it is drawn (lab_losses.css), `end` is written at its right end.
 * @typedef {{x: readonly number[], y: readonly (number | null)[], cls: string, steps?: boolean, end?: any}} Line
 * @typedef {{x: number | null, y: number | null, cls: string, shape?: "circle" | "square" | "diamond" | "triangle", text?: string, ref?: string}} Mark
 * @typedef {{value: number | null, minimum: number, maximum: number, step: number, name: string, text: string, move: (value: number) => void, drop: () => void}} Drag
 */

/** @type {Record<string, (x: number, y: number) => string>} */
const SHAPES = {
  circle: (x, y) => `M${x - 5} ${y}a5 5 0 1 0 10 0a5 5 0 1 0-10 0z`,
  square: (x, y) => `M${x - 4.5} ${y - 4.5}h9v9h-9z`,
  diamond: (x, y) => `M${x} ${y - 6.5}l6.5 6.5-6.5 6.5-6.5-6.5z`,
  triangle: (x, y) => `M${x} ${y - 6}l6 10.5h-12z`,
};

/**
 * @param {{id: string, height: number, x: readonly [number, number], y: readonly [number, number], log?: boolean, xName: any, yName: any, lines: readonly Line[], marks?: readonly Mark[],
 *   rules?: readonly {x?: number, y?: number, cls?: string, text?: string}[], drag?: Drag | null, label: string, reading?: ((index: number) => any) | null, here?: number | null, inside?: boolean, first?: number, lit?: (ref: string) => boolean}} props
 *   `inside`: the name of x is a word and stands within the frame; `reading` tells the values at an index of the first line, `here` is the index told while nothing is pointed at
 */
export function Plot({ id, height, x, y, log = false, xName, yName, lines, marks = [], rules = [], drag = null, label, reading = null, here = null, inside = false, first = 296, lit = () => false }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, first);
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const [held, setHeld] = useState(false);
  const place = (/** @type {number} */ value) => (log ? Math.log10(value) : value);
  const named = lines.some((line) => line.end);
  const yTicks = ticks(y[0], y[1], Math.max(2, Math.floor(height / 44)));
  const gutter = 14 + 6.6 * Math.max(...yTicks.values.map((value) => tickText(value, yTicks.step).length));
  const frame = { left: Math.max(30, gutter), right: width - (named ? 30 : inside ? 12 : 22), top: 20, bottom: height - 24 };
  const across = linear(place(x[0]), place(x[1]), frame.left, frame.right);
  const down = linear(y[0], y[1], frame.bottom, frame.top);
  const xOf = { to: (/** @type {number} */ value) => across.to(place(value)), from: across.from };
  const xTicks = log ? { values: decades(x[0], x[1], 5), step: 0 } : ticks(x[0], x[1], Math.max(2, Math.floor((frame.right - frame.left) / 70)));
  const from = (/** @type {PointerEvent} */ event) => {
    const pixel = event.clientX - /** @type {Element} */ (event.currentTarget).getBoundingClientRect().left;
    return log ? 10 ** across.from(pixel) : across.from(pixel);
  };
  const follow = (/** @type {number} */ value) => drag?.move(snapped(value, drag.minimum, drag.maximum, drag.step));
  const handlers = {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (!drag || drag.value === null || event.button !== 0) return;
      /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
      setHeld(true);
      follow(from(event));
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      if (held) follow(from(event));
      else if (reading) setAt(nearestIndex(/** @type {number[]} */ (lines[0]?.x ?? []), from(event)));
    },
    onPointerUp: () => {
      if (held) drag?.drop();
      setHeld(false);
    },
    onPointerCancel: () => {
      if (held) drag?.drop();
      setHeld(false);
    },
    onPointerLeave: () => setAt(null),
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (!drag || drag.value === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const many = 10 * drag.step;
    /** @type {Record<string, number>} */
    const targets = { ArrowLeft: drag.value - drag.step, ArrowDown: drag.value - drag.step, ArrowRight: drag.value + drag.step, ArrowUp: drag.value + drag.step, PageDown: drag.value - many, PageUp: drag.value + many, Home: drag.minimum, End: drag.maximum };
    const target = targets[event.key];
    if (target === undefined) return;
    follow(target);
    drag.drop();
    event.preventDefault();
    event.stopPropagation();
  };
  const ends = spreadEnds(lines.map((line) => (line.end && line.y.at(-1) !== null ? down.to(line.y.at(-1) ?? 0) : null)), 13, frame.top, frame.bottom);
  const told = at ?? here;
  const seen = /** @type {(Mark & {x: number, y: number})[]} */ (marks.filter((mark) => mark.x !== null && mark.y !== null));
  const within = (/** @type {Mark & {x: number, y: number}} */ mark) => ({ px: Math.max(frame.left, Math.min(frame.right, xOf.to(mark.x))), py: Math.max(frame.top, Math.min(frame.bottom, down.to(mark.y))) });
  return html`<div ref=${box} class="lsplot"><svg width=${width} height=${height} role="group" aria-label=${label} class=${drag ? "drags" : ""} ...${handlers}>
      <clipPath id=${`${id}-clip`}><rect x=${frame.left} y=${frame.top - 2} width=${frame.right - frame.left} height=${frame.bottom - frame.top + 4} /></clipPath>
      ${yTicks.values.map((value) => html`<path class=${value === 0 ? "zero" : "grid"} d=${`M${frame.left} ${down.to(value)}H${frame.right}`} /><text class="axn" x=${frame.left - 6} y=${down.to(value) + 4} text-anchor="end">${tickText(value, yTicks.step)}</text>`)}
      ${xTicks.values.map((value) => html`<path class="tickm" d=${`M${xOf.to(value)} ${frame.bottom}v4`} /><text class="axn" x=${xOf.to(value)} y=${frame.bottom + 17} text-anchor="middle">${tickText(value, xTicks.step)}</text>`)}
      <path class="axis" d=${`M${frame.left} ${frame.top}V${frame.bottom}H${frame.right}`} />
      <text class="axl" x=${named || inside ? frame.right : frame.right + 6} y=${named || inside ? frame.bottom - 6 : frame.bottom + 4} text-anchor=${named || inside ? "end" : "start"}>${xName}</text><text class="axl" x=${frame.left - 4} y=${frame.top - 8}>${yName}</text>
      <g clip-path=${`url(#${id}-clip)`}>
        ${rules.map((rule) => html`<path class=${`rule ${rule.cls ?? ""}`} d=${rule.x !== undefined ? `M${xOf.to(rule.x)} ${frame.top}V${frame.bottom}` : `M${frame.left} ${down.to(rule.y ?? 0)}H${frame.right}`} />`)}
        ${lines.map((line) => html`<path class=${`ln ${line.cls}`} d=${(line.steps ? stepPath : linePath)(/** @type {any} */ (line.x), line.y, /** @type {any} */ (xOf), down)} />`)}
        ${at !== null && reading ? html`<path class="hv" d=${`M${xOf.to(lines[0]?.x[at] ?? 0)} ${frame.top}V${frame.bottom}`} />` : null}
      </g>
      ${lines.map((line, k) => (ends[k] === null || ends[k] === undefined ? null : html`<text class=${`lend ${line.cls}`} x=${frame.right + 4} y=${(ends[k] ?? 0) + 4}>${line.end}</text>`))}
      ${seen.map((mark) => {
        const { px, py } = within(mark);
        return html`<g class=${`mk ${mark.cls} ${mark.ref && lit(mark.ref) ? "lit" : ""}`} data-ref=${mark.ref}><path d=${SHAPES[mark.shape ?? "circle"]?.(px, py)} />
          ${mark.text ? html`<text x=${px + (px > frame.right - 90 ? -10 : 10)} y=${py + (py < frame.top + 24 ? 16 : -8)} text-anchor=${px > frame.right - 90 ? "end" : "start"}>${mark.text}</text>` : null}</g>`;
      })}
      ${drag && drag.value !== null ? html`<g class=${`handle ${held ? "held" : ""}`} role="slider" tabindex="0" aria-label=${drag.name} aria-valuemin=${drag.minimum} aria-valuemax=${drag.maximum} aria-valuenow=${drag.value} aria-valuetext=${drag.text} onKeyDown=${onKeyDown}>
        <path class="grip" d=${`M${xOf.to(Math.max(x[0], Math.min(x[1], drag.value)))} ${frame.bottom}l6 9h-12z`} /><path class="stem" d=${`M${xOf.to(Math.max(x[0], Math.min(x[1], drag.value)))} ${frame.bottom}V${frame.top}`} /></g>` : null}
    </svg>${reading ? html`<p class="lsread" aria-live="off">${told === null ? "\u00a0" : reading(told)}</p>` : null}</div>`;
}
