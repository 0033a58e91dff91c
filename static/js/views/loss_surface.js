// @ts-check
/** The loss over a plane through the parameters as contours, with the path of training on it. */
import { h } from "preact";
import { useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { cssRgb, readPalette } from "../lib/colours.js";
import { isoPath } from "../lib/contours.js";
import { formatNumber } from "../lib/format.js";
import { useThemeVersion, useWidth } from "../lib/hooks.js";
import { parametersByLayer } from "../lib/parameters.js";
import { lossSpan, lossTints } from "../lib/pictures.js";
import { countText, nearestIndex, tickText } from "../lib/scales.js";
import { htmlSymbol, plainSymbol } from "../lib/symbols.js";
import { Icon } from "./icons.js";
import { PlanePlot, Readout, paintGrid, placed, usePlaneCursor } from "./picture_parts.js";

const html = htm.bind(h);

const LARGE = 176;
const NARROW = 240;
/** Room beside the plane for the colour bar. */
const BAR = 74;
const KINDS = /** @type {const} */ (["path", "random", "parameters"]);
/** Pixels within which the cursor takes the place of a visited state. */
const NEAR = 7;

/** A place under the cursor: a point of the grid or a state of the path. @typedef {{column: number, row: number, visit: number | null}} Place */

/** @param {import("./pictures.js").PictureProps} props */
export function LossSurface({ reply, session, options, narrow, symbolOf, t, theme, actions }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 600);
  const themed = useThemeVersion();
  const palette = useMemo(() => readPalette(), [theme, themed]);
  const { losses, path, resolution } = reply;
  const xs = /** @type {number[]} */ (reply.x);
  const ys = /** @type {number[]} */ (reply.y);
  const xRange = /** @type {[number, number]} */ ([xs[0], xs.at(-1)]);
  const yRange = /** @type {[number, number]} */ ([ys[0], ys.at(-1)]);
  const side = narrow ? Math.min(NARROW, width - 60 - BAR) : LARGE;
  const at = placed(side, xRange, yRange);
  const span = lossSpan(reply.minimum, reply.maximum);
  const tints = useMemo(() => lossTints(), [theme, themed]);
  const shown = (/** @type {number | null} */ loss) => (loss === null ? NaN : span.log ? Math.log10(Math.max(loss, Number.MIN_VALUE)) : loss);
  const grid = useMemo(() => ({ size: resolution, values: Float32Array.from(losses.flat(), shown) }), [reply]);
  const step = (span.high - span.low) / tints.length;
  const scale = useMemo(() => ({ low: span.low, step, colours: tints, middle: null }), [reply, tints]);
  const contours = useMemo(() => Array.from({ length: tints.length - 1 }, (_, k) => isoPath(grid, span.low + (k + 1) * step, at.left, at.top, side, side)).join(""), [grid, side]);
  const visits = path.x.map((/** @type {number} */ x, /** @type {number} */ k) => /** @type {[number, number]} */ ([at.sx.to(x), at.sy.to(path.y[k])]));
  const inside = ([x, y] = [NaN, NaN]) => x >= at.left - 0.5 && x <= at.left + side + 0.5 && y >= at.top - 0.5 && y <= at.top + side + 0.5;
  const cursor = usePlaneCursor({
    at,
    nearest: (x, y, px, py) => {
      let visit = /** @type {number | null} */ (null);
      let least = NEAR * NEAR;
      visits.forEach((/** @type {[number, number]} */ [vx, vy], /** @type {number} */ k) => {
        const distance = (vx - px) ** 2 + (vy - py) ** 2;
        if (distance <= least) [visit, least] = [k, distance];
      });
      return { column: nearestIndex(xs, x), row: nearestIndex(ys, y), visit };
    },
    move: (/** @type {Place | null} */ from, key) => {
      const here = from ?? { column: nearestIndex(xs, reply.center[0]), row: nearestIndex(ys, reply.center[1]), visit: null };
      if (from === null) return here;
      if (key === "Home") return { ...here, visit: 0 };
      if (key === "End") return { ...here, visit: path.steps.length - 1 };
      const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key] ?? [0, 0];
      const within = (/** @type {number} */ k) => Math.max(0, Math.min(resolution - 1, k));
      return { column: within(here.column + (dx ?? 0)), row: within(here.row + (dy ?? 0)), visit: null };
    },
    choose: (place) => {
      const visited = place.visit === null ? undefined : path.steps[place.visit];
      if (visited !== undefined) actions.seekStep(visited);
    },
  });
  const names = axisNames(reply, symbolOf, t);
  const place = cursor.place;
  const mark = place && (place.visit === null ? [at.sx.to(xs[place.column] ?? 0), at.sy.to(ys[place.row] ?? 0)] : visits[place.visit]);
  const end = visits.at(-1);
  return html`<div class="pic surface" ref=${box} data-picture="surface">
    <figure class="picfig">
      <${PlanePlot} id="surface-plane" label=${t("pictures.surface.label")} keys=${t("pictures.surface.keys")} at=${at} xRange=${xRange} yRange=${yRange} xName=${names[0].html} yName=${names[1].html} right=${BAR}
        paint=${(/** @type {HTMLCanvasElement} */ canvas, /** @type {number} */ pixels) => paintGrid(canvas, pixels, grid, scale, palette)} paints=${[reply, palette, scale]} handlers=${cursor.handlers}>
        <clipPath id="surface-clip"><rect x=${at.left} y=${at.top} width=${side} height=${side} /></clipPath>
        <g clip-path="url(#surface-clip)"><path class="iso" d=${contours} />
          <path class="trainpath" d=${`M${visits.map((/** @type {[number, number]} */ [x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`} />
          ${visits.slice(1, -1).map((/** @type {[number, number]} */ point, /** @type {number} */ k) => (inside(point) ? html`<circle key=${k} class="visit" cx=${point[0]} cy=${point[1]} r="1.6" />` : null))}
          ${visits.length > 1 ? html`<circle class="visitstart" cx=${visits[0]?.[0]} cy=${visits[0]?.[1]} r="4" />` : null}
          ${end ? html`<path class="visitend" d=${`M${end[0]} ${end[1] - 5}l5 5-5 5-5-5z`} />` : null}</g>
        ${mark ? html`<circle class="cr" cx=${mark[0]} cy=${mark[1]} r="6" />` : null}
        <${Bar} x=${at.left + side + 12} top=${at.top} height=${side} span=${span} tints=${tints} />
      <//>
    </figure>
    <div class="picside">
      <${Choices} reply=${reply} session=${session} options=${options} symbolOf=${symbolOf} t=${t} actions=${actions} />
      <${Readout} spoken=${cursor.spoken}><${Told} place=${place} reply=${reply} names=${names} t=${t} /><//>
      <p class="pictext">${explain(reply, t)}</p>
      <p class="mapn"><span class="ke"><svg width="14" height="14" aria-hidden="true"><circle class="visitstart" cx="7" cy="7" r="4" /></svg>${t("pictures.start")}</span><span class="ke"><svg width="14" height="14" aria-hidden="true"><path class="visitend" d="M7 2l5 5-5 5-5-5z" /></svg>${t("pictures.here")}</span></p>
    </div>
    <${Table} reply=${reply} names=${names} t=${t} />
  </div>`;
}

/**
 * @param {any} reply
 * @param {import("../lib/symbols.js").SymbolOf} symbolOf
 * @param {import("../types.js").Translate} t
 * @returns {[{html: any, text: string}, {html: any, text: string}]}
 */
function axisNames(reply, symbolOf, t) {
  return /** @type {any} */ ([0, 1].map((k) => {
    if (reply.elements) return { html: htmlSymbol(symbolOf(reply.elements[k])), text: plainSymbol(symbolOf(reply.elements[k])) };
    const text = reply.shares ? t(`pictures.surface.path${k + 1}`, { share: tickText(Number((100 * reply.shares[k]).toPrecision(3)), 0) }) : t("pictures.surface.direction", { n: k + 1 });
    return { html: text, text };
  }));
}

/** @param {{x: number, top: number, height: number, span: {log: boolean, low: number, high: number}, tints: readonly import("../lib/colours.js").Rgb[]}} props */
function Bar({ x, top, height, span, tints }) {
  const each = height / tints.length;
  const value = (/** @type {number} */ k) => {
    const at = span.low + ((span.high - span.low) * k) / tints.length;
    return Number((span.log ? 10 ** at : at).toPrecision(2));
  };
  return html`<g class="scale">${tints.map((tint, k) => html`<rect x=${x} y=${top + height - (k + 1) * each} width="12" height=${each + 0.3} fill=${cssRgb(tint)} />`)}
    <rect class="frame" x=${x} y=${top} width="12" height=${height} />
    ${[0, 3, 6, 9].map((k) => html`<path class="axt" d=${`M${x + 12} ${top + height - k * each}h4`} /><text class="axn" x=${x + 19} y=${Math.min(top + height, Math.max(top + 8, top + height - k * each + 4))}>${tickText(value(k), 0)}</text>`)}</g>`;
}

/** @param {{reply: any, session: import("../types.js").Session, options: import("../types.js").PictureOptions, symbolOf: import("../lib/symbols.js").SymbolOf, t: import("../types.js").Translate, actions: any}} props */
function Choices({ reply, session, options, symbolOf, t, actions }) {
  const layers = useMemo(() => parametersByLayer(session.network), [session.network]);
  const many = layers.reduce((sum, one) => sum + one.refs.length, 0) > 300;
  const half = (reply.x.at(-1) - reply.x[0]) / 2;
  /** @param {"x" | "y"} axis */
  const select = (axis) => html`<span class="sel"><select aria-label=${t(`pictures.surface.${axis}`)} value=${reply.elements[axis === "x" ? 0 : 1]} onChange=${(/** @type {any} */ event) => actions.setPicture({ x: reply.elements[0], y: reply.elements[1], [axis]: event.currentTarget.value })}>
    ${layers.map((one) => html`<optgroup key=${one.layer} label=${t("matrices.layer", { n: one.layer })}>${(many ? one.refs.slice(0, 64) : one.refs).map((ref) => html`<option key=${ref} value=${ref} disabled=${ref === reply.elements[axis === "x" ? 1 : 0]}>${plainSymbol(symbolOf(ref))}</option>`)}</optgroup>`)}</select><${Icon} name="down" /></span>`;
  return html`<div class="picrow">
    <span class="seg" role="group" aria-label=${t("pictures.surface.plane")}>${KINDS.map((kind) => html`<button type="button" key=${kind} aria-pressed=${String(kind === options.kind)} onClick=${() => actions.setPicture({ kind, radius: null })}>${t(`pictures.surface.${kind}`)}</button>`)}</span>
    ${reply.kind === "random" ? html`<button type="button" class="btn small" onClick=${() => actions.setPicture({ seed: options.seed + 1 })}>${t("pictures.surface.again")}</button>` : null}
    ${reply.elements ? html`${select("x")}${select("y")}` : null}
    <span class="seg" role="group" aria-label=${t("pictures.surface.zoom")}><button type="button" aria-label=${t("pictures.surface.closer")} title=${t("pictures.surface.closer")} disabled=${half < 1e-3} onClick=${() => actions.setPicture({ radius: half / 2 })}><${Icon} name="plus" /></button><button type="button" aria-label=${t("pictures.surface.farther")} title=${t("pictures.surface.farther")} disabled=${half > 4000} onClick=${() => actions.setPicture({ radius: half * 2 })}><${Icon} name="minus" /></button></span>
  </div>`;
}

/** @param {{place: Place | null, reply: any, names: ReturnType<typeof axisNames>, t: import("../types.js").Translate}} props */
function Told({ place, reply, names, t }) {
  const loss = (/** @type {number | null | undefined} */ value, /** @type {string} */ pointer) => html`<span class="rv"><i class="m">E</i> <b>${formatNumber(value, 8, reply.nonfinite?.[pointer])}</b></span>`;
  if (!place) return html`<b>${t("pictures.here")}</b> ${loss(reply.loss, "/loss")}`;
  if (place.visit !== null) {
    const step = reply.path.steps[place.visit];
    return html`<b>${step === 0 ? t("readings.start") : t("readings.afterIteration", { n: countText(step) })}</b> ${loss(reply.path.losses[place.visit], `/path/losses/${place.visit}`)}
      ${reply.path.distances[place.visit] > 1e-9 ? html`<span class="rv">${t("pictures.surface.off", { d: formatNumber(reply.path.distances[place.visit], 3) })}</span>` : null}`;
  }
  const name = (/** @type {number} */ k) => (reply.elements ? names[k]?.html : k === 0 ? "x" : "y");
  return html`<span class="rv">${name(0)} ${formatNumber(reply.x[place.column], 4)}</span><span class="rv">${name(1)} ${formatNumber(reply.y[place.row], 4)}</span>${loss(reply.losses[place.row]?.[place.column], `/losses/${place.row}/${place.column}`)}`;
}

/**
 * @param {any} reply
 * @param {import("../types.js").Translate} t
 */
function explain(reply, t) {
  const farthest = Math.max(0, ...reply.path.distances);
  const plane = t(`pictures.surface.${reply.kind}Text`);
  return farthest > 1e-9 ? `${plane} ${t("pictures.surface.projected", { d: formatNumber(farthest, 3) })}` : plane;
}

/** The path as a table, with the lowest and the highest loss of the plane. @param {{reply: any, names: ReturnType<typeof axisNames>, t: import("../types.js").Translate}} props */
function Table({ reply, names, t }) {
  const count = Math.min(12, reply.path.steps.length);
  const picked = Array.from({ length: count }, (_, k) => Math.round((k * (reply.path.steps.length - 1)) / Math.max(1, count - 1)));
  return html`<div class="sr"><p>${t("pictures.surface.extremes", { low: formatNumber(reply.minimum, 6), high: formatNumber(reply.maximum, 6) })}</p><table><caption>${t("pictures.surface.table")}</caption>
    <thead><tr><th scope="col">${t("readings.iterationHead")}</th><th scope="col">${names[0].text}</th><th scope="col">${names[1].text}</th><th scope="col">${t("readings.loss")}</th></tr></thead>
    <tbody>${picked.map((k) => html`<tr key=${k}><th scope="row">${reply.path.steps[k]}</th><td>${formatNumber(reply.path.x[k], 4)}</td><td>${formatNumber(reply.path.y[k], 4)}</td><td>${formatNumber(reply.path.losses[k], 6)}</td></tr>`)}</tbody></table></div>`;
}
