// @ts-check
/** A surface as tinted contours with the paths of all runs; the start can be dragged. */
import { h } from "preact";
import { useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { decodeFloat32 } from "../../lib/contours.js";
import { DASHES, MARKS, heights, linePath, looks, useSize, within } from "../../lib/descent.js";
import { formatGiven } from "../../lib/format.js";
import { clean, linear, niceStep, tickText, ticks } from "../../lib/scales.js";
import { runName } from "./descent_marks.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const MARGIN = { left: 40, right: 12, top: 10, bottom: 28 };
/** Steps that carry a small mark. */
const EVERY = 5;

/** @param {LabProps} props */
export function RacePlot(props) {
  const { request, reply, step, t, disabled, actions } = props;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width, height } = useSize(box, { width: 480, height: 380 });
  const { relief, paths, standings } = reply;
  // Ranges and levels as asked for: a number that Predict hides may be one of these.
  const [x0, x1] = request.x_range;
  const [y0, y1] = request.y_range;
  const place = { left: MARGIN.left, top: MARGIN.top, width: Math.max(20, width - MARGIN.left - MARGIN.right), height: Math.max(20, height - MARGIN.top - MARGIN.bottom) };
  const sx = linear(x0, x1, place.left, place.left + place.width);
  const sy = linear(y0, y1, place.top + place.height, place.top);
  const bands = useMemo(() => heights(decodeFloat32(relief.values), relief.resolution, relief.levels.filter((/** @type {number | null} */ level) => level !== null), place), [relief.values, relief.levels.length, width, height]);
  const styles = looks(request.runs);
  const { at, told } = request;
  const xTicks = ticks(x0, x1, Math.max(3, Math.floor(width / 80)));
  const yTicks = ticks(y0, y1, Math.max(3, Math.floor(height / 60)));
  // The one that is told is drawn last, over the others.
  const order = paths.map((/** @type {any} */ _, /** @type {number} */ k) => k).sort((/** @type {number} */ a, /** @type {number} */ b) => Number(a === told) - Number(b === told));
  const ahead = step?.phase === "update";
  return html`<div class="dplot" ref=${box}><svg class="labplot" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="group" aria-label=${t("descent.raceLabel", { name: reply.surface.label[props.lang], n: at })}>
    <clipPath id="drace-clip"><rect x=${place.left} y=${place.top} width=${place.width} height=${place.height} /></clipPath>
    <g clip-path="url(#drace-clip)"><rect class="dband b0" x=${place.left} y=${place.top} width=${place.width} height=${place.height} />
      ${bands.map((path, k) => html`<path key=${k} class=${`dband b${Math.min(11, k + 1)}`} fill-rule="evenodd" d=${path} />`)}
      ${x0 < 0 && x1 > 0 ? html`<path class="daxis" d=${`M${sx.to(0)} ${place.top}V${place.top + place.height}`} />` : null}${y0 < 0 && y1 > 0 ? html`<path class="daxis" d=${`M${place.left} ${sy.to(0)}H${place.left + place.width}`} />` : null}
      ${reply.surface.minima.map((/** @type {any} */ point, /** @type {number} */ k) => (point[0] === null || point[1] === null ? null : html`<path key=${k} class="dmin" d=${`M${sx.to(point[0]) - 6} ${sy.to(point[1])}h12m-6-6v12`} />`))}
      ${order.map((/** @type {number} */ k) => html`<${Run} key=${k} path=${paths[k]} standing=${standings[k]} look=${styles[k] ?? "sgd"} at=${at} told=${k === told} ahead=${ahead && k === told} sx=${sx} sy=${sy} />`)}
    </g>
    <rect class="dframe" x=${place.left} y=${place.top} width=${place.width} height=${place.height} />
    ${xTicks.values.map((value) => html`<g key=${value}><path class="axt" d=${`M${sx.to(value)} ${place.top + place.height}v4`} /><text class="axn" x=${sx.to(value)} y=${place.top + place.height + 18} text-anchor="middle">${tickText(value, xTicks.step)}</text></g>`)}
    ${yTicks.values.map((value) => html`<text key=${value} class="axn" x=${place.left - 7} y=${sy.to(value) + 4} text-anchor="end">${tickText(value, yTicks.step)}</text>`)}
    <text class="axv halo" x=${place.left + place.width - 8} y=${place.top + place.height - 8} text-anchor="end">${request.points === null ? "x" : html`w<tspan class="sb" dy="3">0</tspan>`}</text><text class="axv halo" x=${place.left + 8} y=${place.top + 16}>${request.points === null ? "y" : html`w<tspan class="sb" dy="3">1</tspan>`}</text>
    <${Start} start=${request.start} sx=${sx} sy=${sy} spans=${[x1 - x0, y1 - y0]} disabled=${disabled} t=${t} actions=${actions} ranges=${[request.x_range, request.y_range]} />
    <g class="sr">${paths.map((/** @type {any} */ path, /** @type {number} */ k) => html`<text key=${k}>${runName(path, t)}: ${standings[k].point.map((/** @type {number | null} */ one) => formatGiven(one, 4)).join(", ")}</text>`)}</g>
  </svg></div>`;
}

/**
 * @param {{path: any, standing: any, look: string, at: number, told: boolean, ahead: boolean, sx: import("../../lib/scales.js").Linear, sy: import("../../lib/scales.js").Linear}} props
 */
function Run({ path, standing, look, at, told, ahead, sx, sy }) {
  const here = Math.min(at, path.steps);
  const past = linePath(path.x.slice(0, here + 1), path.y.slice(0, here + 1), sx.to, sy.to);
  const [x, y] = [path.x[here], path.y[here]];
  const known = x !== null && y !== null && x !== undefined && y !== undefined;
  const [nx, ny] = [path.x[here + 1], path.y[here + 1]];
  const seen = (/** @type {number} */ k) => k % EVERY === 0 && path.x[k] !== null && path.y[k] !== null;
  const [ax, ay] = standing.taken_at;
  return html`<g class=${`drun ${told ? "told" : ""}`}>
    <path class="dfut" d=${linePath(path.x.slice(here), path.y.slice(here), sx.to, sy.to)} />
    <path class="dhalo" d=${past} /><path class=${`qt ${look}`} stroke-dasharray=${(DASHES[look] ?? []).join(" ")} d=${past} />
    ${Array.from({ length: here }, (_, k) => k).filter((k) => k > 0 && seen(k)).map((k) => html`<path key=${k} class=${`qm ${look}`} transform=${`translate(${within(sx.to(path.x[k])).toFixed(1)} ${within(sy.to(path.y[k])).toFixed(1)}) scale(.55)`} d=${MARKS[look]} />`)}
    ${told && known && nx !== null && nx !== undefined && ny !== null && ny !== undefined ? html`<path class="dmove ${ahead ? "now" : ""}" d=${linePath([x, nx], [y, ny], sx.to, sy.to)} data-ref="nx" /><circle class="dmoveto" cx=${within(sx.to(nx)).toFixed(1)} cy=${within(sy.to(ny)).toFixed(1)} r="4" />` : null}
    ${told && known && ax !== null && ay !== null && (ax !== x || ay !== y) ? html`<path class="dlook" d=${linePath([x, ax], [y, ay], sx.to, sy.to)} /><circle class="dlookat" cx=${within(sx.to(ax)).toFixed(1)} cy=${within(sy.to(ay)).toFixed(1)} r="4" />` : null}
    ${known ? html`<g transform=${`translate(${within(sx.to(x)).toFixed(1)} ${within(sy.to(y)).toFixed(1)}) scale(${told ? 1.35 : 1.15})`}><path class="dmhalo" d=${MARKS[look]} /><path class=${`qm ${look}`} d=${MARKS[look]} /></g>` : null}</g>`;
}

/**
 * The start of all runs, to be dragged or moved by the arrow keys.
 * @param {{start: number[], sx: import("../../lib/scales.js").Linear, sy: import("../../lib/scales.js").Linear, spans: number[], ranges: number[][], disabled: boolean, t: any, actions: any}} props
 */
function Start({ start, sx, sy, spans, ranges, disabled, t, actions }) {
  const held = useRef(false);
  const nudges = spans.map((span) => niceStep(span / 100));
  const snap = (/** @type {number} */ value, /** @type {number} */ k) => {
    const [low = 0, high = 1] = ranges[k] ?? [];
    const nudge = nudges[k] ?? 1;
    return clean(Math.round(Math.max(low, Math.min(high, value)) / nudge) * nudge);
  };
  const [x = 0, y = 0] = start;
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const by = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] })[event.key];
    if (!by || disabled) return;
    event.preventDefault();
    event.stopPropagation();
    void actions.change({ start: [clean(x + by[0] * (nudges[0] ?? 1)), clean(y + by[1] * (nudges[1] ?? 1))] });
  };
  const [px, py] = [sx.to(x), sy.to(y)];
  return html`<g class="dstart" role="slider" tabindex="0" aria-label=${t("descent.startHandle")} aria-valuenow=${x} aria-valuetext=${`${formatGiven(x, 4)}, ${formatGiven(y, 4)}`} aria-disabled=${String(disabled)} onKeyDown=${press}
    onPointerDown=${(/** @type {PointerEvent} */ event) => {
      if (disabled) return;
      /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
      held.current = true;
    }}
    onPointerMove=${(/** @type {PointerEvent} */ event) => {
      const box = held.current && /** @type {SVGElement} */ (event.currentTarget).ownerSVGElement?.getBoundingClientRect();
      if (box) void actions.drag({ start: [snap(sx.from(event.clientX - box.left), 0), snap(sy.from(event.clientY - box.top), 1)] });
    }}
    onPointerUp=${() => {
      if (held.current) void actions.drop();
      held.current = false;
    }}><circle class="hit" cx=${px} cy=${py} r="22" /><circle class="ring" cx=${px} cy=${py} r="5.5" /></g>`;
}
