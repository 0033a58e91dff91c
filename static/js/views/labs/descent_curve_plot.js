// @ts-check
/** The curve with its tangent at the present place, the step that follows, and the path so far. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { labelWidth, linePath, results, useSize, within } from "../../lib/descent.js";
import { MINUS, formatGiven, formatNumber } from "../../lib/format.js";
import { litWith } from "../../lib/refs.js";
import { clean, linear, niceStep, tickText, ticks } from "../../lib/scales.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const MARGIN = { left: 44, right: 14, top: 10, bottom: 30 };
/** Pixels between the lowest place and the axis. */
const BELOW = 28;
/** Points of the path that are drawn. */
const MOST = 120;

/**
 * The first and the last number of a list; a hidden one is passed over.
 * @param {(number | null)[]} values
 * @returns {[number, number]}
 */
function ends(values) {
  const known = /** @type {number[]} */ (values.filter((value) => value !== null));
  return [known[0] ?? 0, known.at(-1) ?? 1];
}

/** @param {import("../../lib/scales.js").Linear} scale @returns {import("../../lib/scales.js").Linear} */
const bounded = (scale) => ({ ...scale, to: (value) => within(scale.to(value)) });

/** @param {LabProps & {tangent: boolean}} props */
export function CurvePlot(props) {
  const { request, reply, step, hover, hidden, decimals, disabled, microsteps, tangent, t, actions } = props;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width, height } = useSize(box, { width: 480, height: 360 });
  const { curve, run } = reply;
  const { at } = request;
  const [x0, x1] = ends(curve.x);
  const [low, high] = [curve.y_range[0] ?? 0, curve.y_range[1] ?? 1];
  // The valley is what matters: a steep wall far above the path is cut off.
  const seen = run.y.filter((/** @type {number | null} */ y, /** @type {number} */ k) => y !== null && run.x[k] !== null && run.x[k] >= x0 && run.x[k] <= x1);
  const top = Math.min(high, Math.max(...seen, low + (high - low) * 0.3) + (high - low) * 0.12);
  const inner = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
  // Below the lowest place there is room for its name.
  const floor = low - ((top - low) * BELOW) / Math.max(BELOW, inner.bottom - inner.top - BELOW);
  const sx = bounded(linear(x0, x1, inner.left, inner.right));
  const sy = bounded(linear(floor, top, inner.bottom, inner.top));
  const lit = (/** @type {string} */ ref) => (step?.focus.includes(ref) ? "now" : "") + (hover && litWith(ref, hover) ? " lit" : "");
  const marks = (/** @type {string} */ ref) => ({ "data-ref": ref, onPointerEnter: () => actions.hover(ref), onPointerLeave: () => actions.hover(null), onClick: () => actions.goToRef(ref) });
  const made = results(microsteps);
  const x = run.x[at];
  const y = run.y[at];
  const next = at < run.steps ? run.x[at + 1] : null;
  const nextY = at < run.steps ? run.y[at + 1] : null;
  const known = x !== null && x !== undefined && y !== null && y !== undefined;
  const from = Math.max(0, at + 1 - MOST);
  const [t0, t1] = reply.tangent;
  const number = (/** @type {string} */ ref) => (hidden.has(ref) ? "?" : formatNumber(made.get(ref) ?? null, decimals, "nan"));
  const xTicks = ticks(x0, x1, Math.max(3, Math.floor(width / 80)));
  const yTicks = ticks(floor, top, Math.max(3, Math.floor(height / 56)));
  return html`<div class="dplot" ref=${box}><svg class="labplot" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="group" aria-label=${t("descent.plotLabel", { expression: request.expression, n: at })}>
    <clipPath id="dcurve-clip"><rect x=${inner.left} y=${inner.top} width=${Math.max(0, inner.right - inner.left)} height=${Math.max(0, inner.bottom - inner.top)} /></clipPath>
    ${yTicks.values.map((value) => html`<g key=${value}><path class="grid" d=${`M${inner.left} ${sy.to(value)}H${inner.right}`} /><text class="axn" x=${inner.left - 7} y=${sy.to(value) + 4} text-anchor="end">${tickText(value, yTicks.step)}</text></g>`)}
    <path class="axl" d=${`M${inner.left} ${inner.bottom}H${inner.right}`} />
    ${xTicks.values.map((value) => html`<g key=${value}><path class="axt" d=${`M${sx.to(value)} ${inner.bottom}v4`} /><text class="axn" x=${sx.to(value)} y=${inner.bottom + 18} text-anchor="middle">${tickText(value, xTicks.step)}</text></g>`)}
    <text class="axv halo" x=${inner.right} y=${inner.bottom - 7} text-anchor="end">x</text><text class="axv halo" x=${inner.left + 7} y=${inner.top + 12}>y</text>
    <g clip-path="url(#dcurve-clip)">
      ${curve.minima.map((/** @type {any} */ one) => html`<path key=${one.x} class="drop" d=${`M${sx.to(one.x)} ${sy.to(one.y)}V${inner.bottom}`} />`)}
      <path class="dcv" d=${linePath(curve.x, curve.y, sx.to, sy.to)} />
      ${tangent && !hidden.has("gx") && t0?.[1] !== null && t1?.[1] !== null ? html`<path class="dtan ${lit("gx")}" d=${linePath([t0[0], t1[0]], [t0[1], t1[1]], sx.to, sy.to)} ...${marks("gx")} />` : null}
      <path class="dleg" d=${linePath(run.x.slice(from, at + 1), run.y.slice(from, at + 1), sx.to, sy.to)} />
      ${run.x.slice(from, at).map((/** @type {number | null} */ one, /** @type {number} */ k) => (one === null || run.y[from + k] === null ? null : html`<circle key=${k} class="dpp" cx=${sx.to(one)} cy=${sy.to(run.y[from + k])} r="3.5" />`))}
      ${known ? html`<path class="drop now" d=${`M${sx.to(x)} ${sy.to(y)}V${inner.bottom}`} />` : null}
      ${known && next !== null && next !== undefined ? html`<g class="dstep ${lit("ux")} ${lit("nx")}" ...${marks("nx")}>
        ${nextY === null ? null : html`<path class="dnext" d=${`M${sx.to(next)} ${sy.to(y)}V${sy.to(nextY)}`} /><circle class="dn" cx=${sx.to(next)} cy=${sy.to(nextY)} r="4.5" />`}
        <${Arrow} from=${sx.to(x)} to=${sx.to(next)} y=${sy.to(y)} /></g>` : null}
      ${known ? html`<circle class="dk ${lit("x")} ${lit("f")}" cx=${sx.to(x)} cy=${sy.to(y)} r="6" ...${marks("f")} />` : null}
    </g>
    ${curve.minima.slice(0, 4).map((/** @type {any} */ one) => html`<text key=${one.x} class="axn halo" x=${sx.to(one.x) - 6} y=${inner.bottom - 7} text-anchor="end">${t("descent.minimum", { x: formatGiven(one.x, 3) })}</text>`)}
    ${known && x >= x0 && x <= x1 && y <= top ? html`<${Calls} x=${sx.to(x)} y=${sy.to(y)} next=${next === null || next === undefined ? null : sx.to(next)} inner=${inner} slope=${`${t("descent.slope")} ${number("gx")}`} change=${made.has("ux") ? `${MINUS}η·y′ = ${number("ux")}` : ""} />` : null}
    <${Handle} x=${sx.to(request.start)} y=${inner.bottom} inner=${inner} sx=${sx} span=${x1 - x0} start=${request.start} disabled=${disabled} t=${t} actions=${actions} />
  </svg></div>`;
}

/** @param {{from: number, to: number, y: number}} props */
function Arrow({ from, to, y }) {
  const way = Math.sign(to - from);
  const head = Math.min(8, Math.abs(to - from));
  return html`<path class="darrow" d=${`M${from} ${y}H${to - way * head}`} /><path class="darrowh" d=${`M${to} ${y}l${-way * head} -4.5v9z`} />`;
}

/**
 * The slope and the step in figures, beside the point: below it and behind the step, never over the point.
 * @param {{x: number, y: number, next: number | null, inner: {left: number, right: number, top: number, bottom: number}, slope: string, change: string}} props
 */
function Calls({ x, y, next, inner, slope, change }) {
  const box = (/** @type {string} */ text, /** @type {number} */ wantedX, /** @type {number} */ wantedY, /** @type {string} */ key) => {
    const width = labelWidth(text, 12.5) + 14;
    const left = Math.max(inner.left + 4, Math.min(inner.right - width - 2, wantedX));
    const top = Math.max(inner.top + 2, Math.min(inner.bottom - 46, wantedY));
    return html`<g key=${key} class="dcall ${key}" transform=${`translate(${left} ${top})`}><rect width=${width} height="20" rx="2" /><text x="7" y="14">${text}</text></g>`;
  };
  const leftwards = next === null || next <= x;
  const changeWidth = labelWidth(change, 12.5) + 14;
  return html`${box(slope, leftwards ? x + 12 : x - labelWidth(slope, 12.5) - 26, y + 14, "slope")}
    ${change && next !== null ? box(change, leftwards ? Math.min(next, x) - changeWidth - 10 : Math.max(next, x) + 10, y - 26, "change") : null}`;
}

/**
 * The start, to be dragged along the axis or moved by the arrow keys.
 * @param {{x: number, y: number, inner: {left: number, right: number}, sx: import("../../lib/scales.js").Linear, span: number, start: number, disabled: boolean, t: any, actions: any}} props
 */
function Handle({ x, y, inner, sx, span, start, disabled, t, actions }) {
  const held = useRef(/** @type {import("../../lib/scales.js").Linear | null} */ (null));
  const nudge = niceStep(span / 100);
  const round = (/** @type {number} */ value) => clean(Math.round(value / nudge) * nudge);
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (by === undefined || disabled) return;
    event.preventDefault();
    event.stopPropagation();
    void actions.change({ start: clean(start + by * nudge) });
  };
  const at = Math.max(inner.left, Math.min(inner.right, x));
  return html`<g class="dhandle" role="slider" tabindex="0" aria-label=${t("descent.start")} aria-valuenow=${start} aria-valuetext=${formatGiven(start, 4)} aria-disabled=${String(disabled)} onKeyDown=${press}
    onPointerDown=${(/** @type {PointerEvent} */ event) => {
      if (disabled) return;
      /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
      // The picture moves with its path: what is dragged follows the scale that it was taken up in.
      held.current = sx;
    }}
    onPointerMove=${(/** @type {PointerEvent} */ event) => {
      if (!held.current) return;
      const box = /** @type {SVGElement} */ (event.currentTarget).ownerSVGElement?.getBoundingClientRect();
      if (box) void actions.drag({ start: round(held.current.from(event.clientX - box.left)) });
    }}
    onPointerUp=${() => {
      if (held.current) void actions.drop();
      held.current = null;
    }}>
    <rect class="hit" x=${at - 22} y=${y - 22} width="44" height="44" /><path class="grip" d=${`M${at} ${y - 8}l5.5 7v7h-11v-7z`} /></g>`;
}
