// @ts-check
/**
 * The probe of the map: follows the pointer or the arrow keys and asks the server for the output there.
 */

import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { HIDDEN, formatGiven, formatNumber } from "../lib/format.js";
import { nearestPoint } from "../lib/samples.js";
import { clean, niceStep } from "../lib/scales.js";
import { htmlSymbol } from "../lib/symbols.js";

const html = htm.bind(h);

/** @typedef {import("../lib/scales.js").Linear} Linear */
/** @typedef {import("../lib/symbols.js").Symbol} Symbol */
/** @typedef {import("../lib/samples.js").Translate} Translate */

/** What `probe` resolves to: the outputs, or the whole reply of predict. */
/** @typedef {number[] | number[][] | {outputs: number[][], layers?: {activation: number[][]}[]}} ProbeReply */

/**
 * @typedef {object} Answer
 * @property {number} x
 * @property {number} y
 * @property {ProbeReply} reply
 */

/**
 * Where the probe is, in data coordinates; `row` is the sample it stands on.
 * @typedef {{x: number, y: number, row: number, spoken: boolean}} Place
 */

/** Milliseconds between two questions: a fast pointer asks at most 20 times a second. */
const PAUSE = 50;
/** Pixels within which the probe takes the place of a sample, and within which a click means it. */
const SNAP = 6;
const REACH = 14;

/**
 * The place of the probe and the handlers that move it.
 * @param {object} plot
 * @param {(readonly [number, number])[]} plot.places of the samples in pixels
 * @param {readonly (readonly number[])[]} plot.inputs
 * @param {number} plot.left
 * @param {number} plot.top
 * @param {number} plot.size
 * @param {Linear} plot.sx
 * @param {Linear} plot.sy
 * @param {readonly [number, number]} plot.xRange
 * @param {readonly [number, number]} plot.yRange
 * @param {number} plot.sample
 * @param {(row: number) => unknown} plot.choose
 */
export function useProbing({ places, inputs, left, top, size, sx, sy, xRange, yRange, sample, choose }) {
  const [place, setPlace] = useState(/** @type {Place|null} */ (null));
  // One step is about a pixel or two, and round, so that the coordinates shown are exactly those asked for.
  const stepX = niceStep(((xRange[1] - xRange[0]) / size) * 1.01);
  const stepY = niceStep(((yRange[1] - yRange[0]) / size) * 1.01);
  /** @param {number} value @param {number} step @param {readonly [number, number]} range */
  const rounded = (value, step, range) => clean(Math.round(Math.max(range[0], Math.min(range[1], value)) / step) * step);
  /** @param {number} row @param {boolean} spoken @returns {Place} */
  const onSample = (row, spoken) => ({ x: inputs[row]?.[0] ?? 0, y: inputs[row]?.[1] ?? 0, row, spoken });

  /** @param {PointerEvent} event */
  const pixels = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    return [left + event.clientX - box.left, top + event.clientY - box.top];
  };
  /** @param {PointerEvent} event */
  const follow = (event) => {
    const [px = 0, py = 0] = pixels(event);
    const row = nearestPoint(places, px, py, SNAP);
    if (row >= 0) setPlace(onSample(row, false));
    else setPlace({ x: rounded(sx.from(px), stepX, xRange), y: rounded(sy.from(py), stepY, yRange), row, spoken: false });
  };
  /** @param {PointerEvent} event */
  const click = (event) => {
    const [px = 0, py = 0] = pixels(event);
    const row = nearestPoint(places, px, py, REACH);
    if (row >= 0) choose(row);
  };
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const from = place ?? onSample(Math.max(0, sample), true);
    // A fine step with Shift, else a fortieth of the width.
    const coarse = event.shiftKey ? 1 : Math.max(1, Math.round(size / 40));
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const move = moves[event.key];
    if (move) {
      const x = rounded(from.x + move[0] * coarse * stepX, stepX, xRange);
      const y = rounded(from.y + move[1] * coarse * stepY, stepY, yRange);
      setPlace({ x: move[0] ? x : from.x, y: move[1] ? y : from.y, row: -1, spoken: true });
    } else if (event.key === "Enter") {
      const row = nearestPoint(places, sx.to(from.x), sy.to(from.y), Infinity);
      if (row >= 0) {
        choose(row);
        setPlace(onSample(row, true));
      }
    } else if (event.key === "Escape" && place) {
      setPlace(null);
    } else {
      return;
    }
    // The page's own keys (step with the arrows) must not act as well.
    event.preventDefault();
    event.stopPropagation();
  };
  const handlers = {
    onPointerMove: follow,
    onPointerDown: follow,
    onPointerLeave: (/** @type {PointerEvent} */ event) => event.pointerType !== "touch" && setPlace(null),
    onClick: click,
    onKeyDown: keys,
    onFocus: (/** @type {FocusEvent} */ event) => {
      if (/** @type {HTMLElement} */ (event.currentTarget).matches(":focus-visible")) setPlace(onSample(Math.max(0, sample), true));
    },
    onBlur: () => setPlace(null),
  };
  return { place, handlers, near: place ? nearestPoint(places, sx.to(place.x), sy.to(place.y), SNAP) : -1 };
}

/**
 * The answer that belongs to the newest finished question. `key` names the parameters: when it changes, the same
 * point is asked again.
 * @param {{x: number, y: number}|null} point
 * @param {string} key
 * @param {(x: number, y: number) => Promise<ProbeReply|null|undefined>} ask
 * @returns {Answer|null}
 */
export function useProbe(point, key, ask) {
  const [answer, setAnswer] = useState(/** @type {Answer|null} */ (null));
  const state = useRef({ busy: false, next: /** @type {{x: number, y: number}|null} */ (null), alive: true, ask });
  state.current.ask = ask;
  useEffect(() => {
    state.current.alive = true;
    return () => {
      state.current.alive = false;
    };
  }, []);
  useEffect(() => {
    const now = state.current;
    now.next = point;
    if (!point) setAnswer(null);
    if (!now.busy) void run();

    async function run() {
      now.busy = true;
      while (now.next && now.alive) {
        const { x, y } = now.next;
        now.next = null;
        try {
          const reply = await now.ask(x, y);
          if (reply && now.alive) setAnswer({ x, y, reply });
        } catch {
          // The page's banner says that the server is away; the probe keeps its last answer.
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
      now.busy = false;
    }
  }, [point?.x, point?.y, point === null, key]);
  return point ? answer : null;
}

/**
 * The value of element `a.l.j` in a reply; null if the reply does not hold it.
 * @param {ProbeReply} reply
 * @param {string} element
 * @param {number} layers number of layers, so that the last one is the outputs
 * @returns {number|null}
 */
export function valueIn(reply, element, layers) {
  const [, layer = 0, unit = 0] = element.split(".").map(Number);
  if (layer === layers) {
    const outputs = Array.isArray(reply) ? reply : reply.outputs;
    const row = Array.isArray(outputs[0]) ? outputs[0] : /** @type {number[]} */ (outputs);
    return row[unit] ?? null;
  }
  return Array.isArray(reply) ? null : (reply.layers?.[layer - 1]?.activation[0]?.[unit] ?? null);
}

/**
 * What the probe reads, beside the place it reads; the coordinates are those of the answer, never of a newer place.
 * @param {{place: Place, answer: Answer|null, px: number, py: number, middleX: number, top: number, names: [Symbol, Symbol],
 *   symbol: Symbol, element: string, layers: number, veiled?: boolean, t: Translate}} props `veiled`: the value is to be predicted
 */
export function Call({ place, answer, px, py, middleX, top, names, symbol, element, layers, veiled = false, t }) {
  const { x, y } = answer ?? place;
  const value = answer ? valueIn(answer.reply, element, layers) : null;
  const right = px <= middleX;
  const low = py < top + 62;
  // Beside the crosshair on the side with more room, above it unless the frame is near.
  const style = {
    left: right ? `${px + 12}px` : "auto",
    right: right ? "auto" : `calc(100% - ${px - 12}px)`,
    top: `${low ? py + 12 : py - 54}px`,
  };
  return html`<div class="bcall" style=${style} role=${place.spoken ? "status" : "presentation"}>
    <div>${htmlSymbol(names[0])} ${formatGiven(x, 6)}<span class="bcall2">${htmlSymbol(names[1])} ${formatGiven(y, 6)}</span></div>
    <div>${htmlSymbol(symbol)} <b>${veiled ? HIDDEN : value === null ? (answer ? t("readings.noValue") : "…") : formatNumber(value, 6)}</b></div>
  </div>`;
}
