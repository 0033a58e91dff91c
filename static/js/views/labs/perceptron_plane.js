// @ts-check
/** The plane of the two inputs: samples, dividing lines with their positive sides, and handles that move a line. */
import { h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { svgSymbol } from "../../lib/symbols.js";
import { between, drawable, pathOf } from "../../lib/perceptron.js";
import { linear, tickText, ticks } from "../../lib/scales.js";

/**
 * @typedef {import("../../lib/perceptron.js").Point} Point
 * @typedef {import("../../lib/perceptron.js").DividingLine} DividingLine
 * @typedef {{line: DividingLine, kind: string, name?: string}} Drawn `kind` is its class; `name` stands at its end
 * @typedef {{place: Point, solid: boolean, wrong?: boolean, current?: boolean, label?: string}} Dot
 * @typedef {object} Handles what dragging does
 * @property {(by: Point) => Record<string, any>} move the change of the request for the line moved by a vector
 * @property {(points: Point[]) => Record<string, any>} through … for the line through two points
 * @property {(patch: Record<string, any>) => unknown} drag
 * @property {() => unknown} drop
 * @property {(patch: Record<string, any>) => unknown} change
 * @property {{move: string, turn: string, value: string}} words
 */

const html = htm.bind(h);
const EDGE = { left: 36, right: 14, top: 24, bottom: 32 };
/** An arrow key moves by this share of the window. */
const NUDGE = 0.02;
/** @type {Record<string, Point>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * The room of an element in whole pixels, followed as it changes.
 * @param {{current: HTMLElement | null}} box
 * @param {Point} first
 */
function useRoom(box, first) {
  const [room, setRoom] = useState(first);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const read = () => {
      const [width, height] = [Math.floor(element.clientWidth), Math.floor(element.clientHeight)];
      if (width > 0 && height > 0) setRoom((now) => (now[0] === width && now[1] === height ? now : [width, height]));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return room;
}

/**
 * @param {{window: {x1: Point, x2: Point}, dots: Dot[], lines: Drawn[], sides: DividingLine[], names: import("../../lib/symbols.js").Symbol[], label: string, handles?: Handles | null, compact?: boolean}} props
 *   `sides`: lines whose positive side is tinted; the first of `lines` is the one that `handles` move
 */
export function Plane({ window: shown, dots, lines, sides, names, label, handles = null, compact = false }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [width, height] = useRoom(box, [360, 360]);
  const size = Math.max(80, Math.min(width - EDGE.left - EDGE.right, height - EDGE.top - EDGE.bottom));
  const left = EDGE.left + Math.max(0, (width - EDGE.left - EDGE.right - size) / 2);
  const x = linear(shown.x1[0], shown.x1[1], left, left + size);
  const y = linear(shown.x2[0], shown.x2[1], EDGE.top + size, EDGE.top);
  /** @param {Point} point @returns {Point} */
  const place = ([first, second]) => [x.to(first), y.to(second)];
  const [first] = lines;
  const moved = first && handles && drawable(first.line.ends) ? /** @type {Point[]} */ (first.line.ends) : null;
  const count = compact ? 3 : 5;
  const across = ticks(shown.x1[0], shown.x1[1], count);
  const up = ticks(shown.x2[0], shown.x2[1], count);
  return html`<div class="pcbox" ref=${box}><svg class="labplot pcplane" width=${width} height=${EDGE.top + size + EDGE.bottom} role="group" aria-label=${label}>
    <rect class="pcback" x=${left} y=${EDGE.top} width=${size} height=${size} />
    ${sides.map((line, index) => drawable(line.positive) ? html`<path key=${`side${index}`} class="pcside" d=${pathOf(line.positive, place, true)} />` : null)}
    ${across.values.map((value) => html`<g key=${`x${value}`}><path class="pcgrid" d=${`M${x.to(value)} ${EDGE.top}v${size}`} /><text class="axn" x=${x.to(value)} y=${EDGE.top + size + 16} text-anchor="middle">${tickText(value, across.step)}</text></g>`)}
    ${up.values.map((value) => html`<g key=${`y${value}`}><path class="pcgrid" d=${`M${left} ${y.to(value)}h${size}`} /><text class="axn" x=${left - 7} y=${y.to(value) + 4} text-anchor="end">${tickText(value, up.step)}</text></g>`)}
    <rect class="frame" x=${left} y=${EDGE.top} width=${size} height=${size} />
    <text class="axl" x=${left + size} y=${EDGE.top + size + 30} text-anchor="end">${svgSymbol(/** @type {any} */ (names[0]))}</text>
    <text class="axl" x=${left - 2} y=${EDGE.top - 9} text-anchor="middle">${svgSymbol(/** @type {any} */ (names[1]))}</text>
    ${[...lines].reverse().map(({ line, kind, name }) => drawable(line.ends) ? html`<g key=${kind} class="pcline ${kind}"><path class="under" d=${pathOf(/** @type {Point[]} */ (line.ends), place, false)} /><path d=${pathOf(/** @type {Point[]} */ (line.ends), place, false)} />
      ${name ? html`<${LineName} ends=${/** @type {Point[]} */ (line.ends).map(place)} name=${name} frame=${[left, EDGE.top, size]} />` : null}</g>` : null)}
    ${first && !compact && drawable(first.line.arrow) ? html`<${Arrow} points=${/** @type {Point[]} */ (first.line.arrow).map(place)} named=${size > 180} />` : null}
    ${dots.map((dot, index) => html`<${SampleDot} key=${index} dot=${dot} at=${place(dot.place)} />`)}
    ${moved ? html`<${Grips} ends=${moved} place=${place} x=${x} y=${y} window=${shown} handles=${handles} />` : null}
  </svg></div>`;
}

/** The arrow of w with its side in words, where there is room for them. @param {{points: Point[], named: boolean}} props */
function Arrow({ points, named }) {
  const [[x0, y0], [x1, y1]] = /** @type {[Point, Point]} */ (points);
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  const head = `M${x1} ${y1}L${x1 - 9 * dx + 4.5 * dy} ${y1 - 9 * dy - 4.5 * dx}L${x1 - 9 * dx - 4.5 * dy} ${y1 - 9 * dy + 4.5 * dx}Z`;
  return html`<g class="pcarrow" aria-hidden="true"><path d=${`M${x0} ${y0}L${x1 - 6 * dx} ${y1 - 6 * dy}`} /><path class="head" d=${head} />
    ${named ? html`<text x=${x1 + 12 * dx} y=${y1 + 12 * dy + 4} text-anchor=${dx > 0.3 ? "start" : dx < -0.3 ? "end" : "middle"}><tspan class="sy">z</tspan> > 0</text>` : null}</g>`;
}

/** @param {{ends: Point[], name: string, frame: [number, number, number]}} props */
function LineName({ ends, name, frame: [left, top, size] }) {
  const [x, y] = between(/** @type {Point} */ (ends[0]), /** @type {Point} */ (ends[1]), 0.12);
  return html`<text class="pcname" x=${Math.max(left + 20, Math.min(left + size - 20, x))} y=${Math.max(top + 14, Math.min(top + size - 6, y))} text-anchor="middle">${name}</text>`;
}

/** @param {{dot: Dot, at: Point}} props */
function SampleDot({ dot: { solid, wrong, current, label }, at: [x, y] }) {
  return html`<g class="pcdot ${wrong ? "wrong" : ""} ${current ? "cur" : ""}">
    ${current ? html`<circle class="pccur" cx=${x} cy=${y} r="15" />` : null}
    ${wrong ? html`<path class="pcwrong" d=${`M${x + 7} ${y - 17}l8 8m0 -8l-8 8`} />` : null}
    <circle class=${solid ? "c1" : "c0"} cx=${x} cy=${y} r="9" /><text class=${solid ? "pct one" : "pct"} x=${x} y=${y + 4} text-anchor="middle">${label ?? (solid ? "1" : "0")}</text></g>`;
}

/**
 * The handles of a line: its middle moves it, its ends turn it. The request begins each time with the numbers that the line had when it was taken.
 * @param {{ends: Point[], place: (point: Point) => Point, x: import("../../lib/scales.js").Linear, y: import("../../lib/scales.js").Linear, window: {x1: Point, x2: Point}, handles: Handles}} props
 */
function Grips({ ends, place, x, y, window: shown, handles }) {
  const taken = useRef(/** @type {{handles: Handles, ends: Point[], from: Point, turn: number | null} | null} */ (null));
  const [active, setActive] = useState(/** @type {number | null} */ (null));
  const [begin, end] = /** @type {[Point, Point]} */ (ends);
  const middle = between(begin, end, 0.5);
  /** Where the pointer is in the plane. @param {PointerEvent} event @returns {Point} */
  const inPlane = (event) => {
    const rect = /** @type {SVGElement} */ (event.currentTarget).ownerSVGElement?.getBoundingClientRect();
    return [x.from(event.clientX - (rect?.left ?? 0)), y.from(event.clientY - (rect?.top ?? 0))];
  };
  /** @param {{ends: Point[], handles: Handles}} held @param {number | null} turn @param {Point} by */
  const patched = (held, turn, by) => {
    if (turn === null) return held.handles.move(by);
    const points = held.ends.map((point, index) => /** @type {Point} */ (index === turn ? [point[0] + by[0], point[1] + by[1]] : point));
    return held.handles.through(points);
  };
  const letGo = (/** @type {PointerEvent} */ event) => {
    if (!taken.current) return;
    taken.current = null;
    setActive(null);
    // The arrow keys are the page's again: who drags does not mean to steer by them.
    /** @type {SVGElement} */ (event.currentTarget).blur();
    void handles.drop();
  };
  /** @param {number | null} turn */
  const listeners = (turn) => ({
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      const target = /** @type {SVGElement} */ (event.currentTarget);
      target.setPointerCapture(event.pointerId);
      taken.current = { handles, ends, from: inPlane(event), turn };
      setActive(turn);
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      const held = taken.current;
      if (!held) return;
      const [x1, x2] = inPlane(event);
      void held.handles.drag(patched(held, held.turn, [x1 - held.from[0], x2 - held.from[1]]));
    },
    onPointerUp: letGo,
    onPointerCancel: letGo,
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const share = NUDGE * (event.shiftKey ? 5 : 1);
      const by = /** @type {Point} */ ([arrow[0] * share * (shown.x1[1] - shown.x1[0]), arrow[1] * share * (shown.x2[1] - shown.x2[0])]);
      void handles.change(patched({ ends, handles }, turn, by));
    },
  });
  /** @param {Point} at @param {number | null} turn @param {string} name */
  const grip = (at, turn, name) => {
    const [px, py] = place(at);
    return html`<g key=${name} class="pcgrip ${active !== null && active === turn ? "held" : ""}" role="slider" tabindex="0" aria-label=${turn === null ? handles.words.move : handles.words.turn} aria-valuetext=${handles.words.value} aria-valuenow="0" data-grip=${name} ...${listeners(turn)}>
      <circle class="reach" cx=${px} cy=${py} r="22" />${turn === null ? html`<circle class="knob" cx=${px} cy=${py} r="6.5" />` : html`<rect class="knob" x=${px - 5.5} y=${py - 5.5} width="11" height="11" />`}</g>`;
  };
  return html`<g><path class="pcreach" d=${pathOf(ends, place, false)} ...${listeners(null)} />
    ${grip(between(begin, end, 0.03), 0, "begin")}${grip(between(begin, end, 0.97), 1, "end")}${grip(middle, null, "move")}</g>`;
}
