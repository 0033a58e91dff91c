// @ts-check
/** What stands above the map where points are drawn on it, and where a table has more columns than a plane. */
import { h } from "preact";
import htm from "htm";
import { SIZES } from "../lib/brush.js";
import { written } from "../lib/data_body.js";
import { countText } from "../lib/scales.js";
import { markerOf } from "./brush.js";
import { Icon } from "./icons.js";
import { Marker } from "./map_parts.js";
import { FieldMessage, Select } from "./setup_fields.js";

const html = htm.bind(h);

/** @typedef {import("../lib/brush.js").Brush} Brush */
/** @typedef {import("../types.js").Translate} Translate */

/**
 * @param {{brush: Brush, outputs: number, names: readonly string[], message?: string, disabled: boolean, t: Translate, actions: any}} props
 */
export function BrushBar({ brush, outputs, names, message, disabled, t, actions }) {
  const classes = outputs === 1 ? 2 : outputs;
  const { points, tool, size, past, full } = brush;
  return html`<div class="brushbar" role="toolbar" aria-label=${t("data.brush.bar")}>
    <span class="seg tools" role="group" aria-label=${t("data.brush.tool")}>${Array.from({ length: classes }, (_, k) => html`<button type="button" key=${k} data-class=${k} aria-pressed=${String(tool === k)} aria-label=${names[k] ? t("data.brush.named", { n: k + 1, name: names[k] ?? "" }) : t("data.brush.class", { n: k + 1 })} title=${names[k] ?? t("data.brush.class", { n: k + 1 })} onClick=${() => actions.setBrush({ tool: k })}>
      <svg width="16" height="16" aria-hidden="true"><${Marker} kind=${markerOf(k, outputs)} x=${8} y=${8} r=${outputs > 2 ? 6.5 : 4.5} /></svg>${outputs > 2 ? null : k + 1}</button>`)}
      <button type="button" data-class="erase" aria-pressed=${String(tool === "erase")} title=${`${t("data.brush.eraser")} (E)`} onClick=${() => actions.setBrush({ tool: "erase" })}>${t("data.brush.eraser")}</button></span>
    <span class="seg" role="group" aria-label=${t("data.brush.size")}>${SIZES.map((_, k) => html`<button type="button" key=${k} data-size=${k} aria-pressed=${String(size === k)} aria-label=${t(`data.brush.size.${k}`)} title=${t(`data.brush.size.${k}`)} onClick=${() => actions.setBrush({ size: k })}><span class=${`bdot d${k}`}></span></button>`)}</span>
    <span class="ends"><button type="button" class="btn" id="brush-undo" disabled=${past.length === 0} aria-label=${t("data.brush.undo")} title=${`${t("data.brush.undo")} (Ctrl+Z)`} onClick=${actions.undoStroke}><${Icon} name="undo" /></button>
      <button type="button" class="btn" id="brush-clear" disabled=${points.length === 0} onClick=${actions.clearPoints}>${t("data.brush.clear")}</button></span>
    <p class="brushn" aria-live="polite">${t(points.length === 0 ? "data.brush.empty" : full ? "data.brush.full" : "data.brush.count", { n: countText(points.length) })}</p>
    <span class="ends"><button type="button" class="btn" id="brush-cancel" onClick=${actions.cancelBrush}>${t("data.brush.cancel")}</button>
      <button type="button" class="btn primary" id="brush-use" disabled=${disabled || points.length === 0} onClick=${actions.usePoints}>${t("data.brush.use")}</button></span>
    <${FieldMessage} id="brush-message" message=${message} />
    <p class="sr" id="brush-keys">${t("data.brush.keys")}</p>
  </div>`;
}

/**
 * The two columns that make the plane, where there are more.
 * @param {{columns: readonly string[], plane: readonly [number, number], t: Translate, choose: (axis: number, column: number) => unknown}} props
 */
export function PlaneChoice({ columns, plane, t, choose }) {
  const options = columns.map((name, k) => ({ value: String(k), label: name === `x${k + 1}` ? written(name) : `${written(`x${k + 1}`)} ${name}` }));
  return html`<div class="planes"><span>${t("data.plane")}</span>
    <${Select} id="plane-x" label=${t("data.planeX")} value=${String(plane[0])} options=${options} choose=${(/** @type {string} */ value) => choose(0, Number(value))} />
    <span aria-hidden="true">×</span>
    <${Select} id="plane-y" label=${t("data.planeY")} value=${String(plane[1])} options=${options} choose=${(/** @type {string} */ value) => choose(1, Number(value))} /></div>`;
}
