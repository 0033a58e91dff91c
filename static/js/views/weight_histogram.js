// @ts-check
/** The weights of each layer as a histogram, now and at the start. */
import { h } from "preact";
import { useRef, useState } from "preact/hooks";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { useWidth } from "../lib/hooks.js";
import { stepPath } from "../lib/pictures.js";
import { countText, linear, tickText, ticks } from "../lib/scales.js";
import { layerName } from "../lib/layer_names.js";
import { Readout } from "./picture_parts.js";

const html = htm.bind(h);

const HEIGHT = 132;
const TOP = 8;
const BOTTOM = 20;
const LEFT = 26;
/** A panel is as wide as there is room for, within these. */
const LEAST = 84;
const LEAST_NARROW = 150;
const MOST = 300;
const GAP = 10;

/** @param {import("./pictures.js").PictureProps} props */
export function WeightHistogram({ reply, session, narrow, t }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 600);
  const [at, setAt] = useState(/** @type {{layer: number, bin: number, spoken: boolean} | null} */ (null));
  const count = reply.layers.length;
  const across = Math.max(1, Math.min(count, Math.floor((width + GAP) / ((narrow ? LEAST_NARROW : LEAST) + GAP))));
  const panel = Math.min(MOST, Math.floor((width - GAP * (across - 1)) / across));
  const shown = at ?? { layer: 0, bin: Math.floor((reply.edges.length - 1) / 2), spoken: false };
  return html`<div class="pic weights" ref=${box} data-picture="weights">
    <div class="whead"><${Readout} spoken=${shown.spoken}><${Bin} reply=${reply} at=${at} session=${session} t=${t} /><//>
      <span class="mapn"><span class="ke"><svg width="22" height="12" aria-hidden="true"><path class="wneg" d="M1 12V4h10v8z" /><path class="wpos" d="M11 12V2h10v10z" /></svg>${t("pictures.now")}</span><span class="ke"><svg width="22" height="12" aria-hidden="true"><path class="wstart" d="M1 11V5h10V2h10v9" /></svg>${t("pictures.start")}</span></span></div>
    <div class="wgrid">${reply.layers.map((/** @type {any} */ layer, /** @type {number} */ k) => html`<${Panel} key=${layer.layer} layer=${layer} edges=${reply.edges} width=${panel} name=${layerName(session.network, layer.layer, t)} bin=${shown.layer === k && at ? shown.bin : null} setBin=${(/** @type {number | null} */ bin, /** @type {boolean} */ spoken) => setAt(bin === null ? null : { layer: k, bin, spoken })} t=${t} />`)}</div>
  </div>`;
}

/** @param {{reply: any, at: {layer: number, bin: number} | null, session: import("../types.js").Session, t: import("../types.js").Translate}} props */
function Bin({ reply, at, session, t }) {
  if (!at) return html`<span class="dim">${t("pictures.weights.point")}</span>`;
  const layer = reply.layers[at.layer];
  const [low, high] = [reply.edges[at.bin], reply.edges[at.bin + 1]];
  return html`<b>${layerName(session.network, layer.layer, t)}</b> <span class="rv">${t("pictures.weights.bin", { low: formatNumber(low, 4), high: formatNumber(high, 4) })}</span>
    <span class="rv">${t("pictures.weights.counts", { now: countText(layer.counts[at.bin]), start: countText(layer.initial[at.bin]) })}</span>`;
}

/**
 * @param {{layer: any, edges: number[], width: number, name: string, bin: number | null, setBin: (bin: number | null, spoken: boolean) => void, t: import("../types.js").Translate}} props
 */
function Panel({ layer, edges, width, name, bin, setBin, t }) {
  const bins = layer.counts.length;
  const most = Math.max(1, ...layer.counts, ...layer.initial);
  const [low, high] = [edges[0] ?? 0, edges[bins] ?? 1];
  const sx = linear(0, bins, LEFT, width - 4);
  const sw = linear(low, high, LEFT, width - 4);
  const sy = linear(0, most, HEIGHT - BOTTOM, TOP);
  const xTicks = ticks(low, high, 4);
  const yTicks = ticks(0, most, 2);
  const zero = low < 0 && high > 0;
  /** @param {PointerEvent} event */
  const under = (event) => {
    const rect = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    return Math.max(0, Math.min(bins - 1, Math.floor(sx.from(event.clientX - rect.left))));
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const by = event.key === "ArrowRight" || event.key === "ArrowUp" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowDown" ? -1 : 0;
    if (by === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    setBin(Math.max(0, Math.min(bins - 1, (bin ?? (by > 0 ? -1 : bins)) + by)), true);
  };
  const value = (/** @type {number} */ k) => `${t("pictures.weights.bin", { low: formatNumber(edges[k], 4), high: formatNumber(edges[k + 1], 4) })}: ${t("pictures.weights.counts", { now: countText(layer.counts[k]), start: countText(layer.initial[k]) })}`;
  return html`<figure class="wpanel">
    <figcaption style=${{ width: `${width}px` }}><b>${name}</b><span class="dim">${t("pictures.weights.extent", { low: formatNumber(layer.minimum, 3), high: formatNumber(layer.maximum, 3) })}</span></figcaption>
    <svg width=${width} height=${HEIGHT} role="slider" tabindex="0" aria-label=${t("pictures.weights.label", { layer: name })} aria-valuemin="1" aria-valuemax=${bins} aria-valuenow=${(bin ?? 0) + 1} aria-valuetext=${value(bin ?? 0)}
      onPointerMove=${(/** @type {PointerEvent} */ event) => setBin(under(event), false)} onPointerLeave=${() => setBin(null, false)} onKeyDown=${keys} onBlur=${() => setBin(null, false)}>
      ${yTicks.values.filter(Number.isInteger).map((v) => html`<path class="grid" d=${`M${LEFT} ${sy.to(v)}H${width - 4}`} /><text class="axn" x=${LEFT - 5} y=${sy.to(v) + 4} text-anchor="end">${countText(v)}</text>`)}
      ${layer.counts.map((/** @type {number} */ n, /** @type {number} */ k) => (n > 0 ? html`<rect key=${k} class=${(edges[k] ?? 0) + (edges[k + 1] ?? 0) < 0 ? "wneg" : "wpos"} x=${sx.to(k) + 0.5} y=${sy.to(n)} width=${Math.max(1, sx.to(k + 1) - sx.to(k) - 1)} height=${sy.to(0) - sy.to(n)} />` : null))}
      <path class="wstart" d=${stepPath(layer.initial, sx, sy)} />
      ${zero ? html`<path class="wzero" d=${`M${sw.to(0)} ${TOP - 4}V${sy.to(0)}`} />` : null}
      ${bin !== null ? html`<rect class="wat" x=${sx.to(bin)} y=${TOP - 2} width=${sx.to(bin + 1) - sx.to(bin)} height=${sy.to(0) - TOP + 2} />` : null}
      ${xTicks.values.map((v) => html`<path class="axt" d=${`M${sw.to(v)} ${sy.to(0)}v4`} /><text class="axn" x=${Math.min(width - 14, Math.max(LEFT + 6, sw.to(v)))} y=${HEIGHT - 4} text-anchor="middle">${tickText(v, xTicks.step)}</text>`)}
    </svg>
    <div class="sr"><table><caption>${t("pictures.weights.label", { layer: name })}</caption><thead><tr><th scope="col">${t("pictures.weights.interval")}</th><th scope="col">${t("pictures.now")}</th><th scope="col">${t("pictures.start")}</th></tr></thead>
      <tbody>${layer.counts.map((/** @type {number} */ n, /** @type {number} */ k) => html`<tr key=${k}><th scope="row">${t("pictures.weights.bin", { low: formatNumber(edges[k], 4), high: formatNumber(edges[k + 1], 4) })}</th><td>${n}</td><td>${layer.initial[k]}</td></tr>`)}</tbody></table></div>
  </figure>`;
}
