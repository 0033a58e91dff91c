// @ts-check
/** The stage in one variable: curve, tangent and step, and the table of all steps. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { stretch, useSize } from "../../lib/descent.js";
import { formatGiven, formatNumber } from "../../lib/format.js";
import { litWith } from "../../lib/refs.js";
import { Tex } from "../tex.js";
import { CurvePlot } from "./descent_curve_plot.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const ROW = 24;
const TALL = 44;

/** @param {LabProps} props */
export function CurveStage(props) {
  const { request, reply, view, disabled, lang, t, actions } = props;
  const tangent = view.tangent !== false;
  return html`<div class="labh"><h2>${t("descent.half.curve")}</h2>
      ${reply.tex ? html`<${Tex} tex=${`y=${reply.tex.replaceAll("\\,", "")}`} label=${request.expression} class="fxtex" />` : html`<span class="fxtex code">${request.expression}</span>`}
      <button class="switch" type="button" role="switch" aria-checked=${String(tangent)} disabled=${disabled} onClick=${() => actions.setView({ tangent: !tangent })}><i></i>${t("descent.tangent")}</button></div>
    <div class="dcurve">
      <${CurvePlot} ...${props} tangent=${tangent} />
      <${Steps} ...${props} />
      <p class="dwhy ${reply.run.verdict}">${reply.run.reason[lang]}</p>
    </div>`;
}

/** @param {LabProps} props */
function Steps({ request, reply, step, hover, hidden, decimals, variant, disabled, t, actions }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { height } = useSize(box, { width: 300, height: 360 });
  const { run } = reply;
  const count = run.x.length;
  const { at } = request;
  const { first, last, end } = stretch(count, at, Math.max(5, Math.floor(height / (variant === "small" ? TALL : ROW)) - 1));
  const rows = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const places = Math.min(decimals, 6);
  /** @param {number} k */
  const row = (k) => {
    const refs = k === at ? { x: "x", y: "f", slope: "gx" } : k === at + 1 ? { x: "nx", y: "", slope: "" } : null;
    const cell = (/** @type {"x" | "y" | "slope"} */ name) => {
      const ref = refs?.[name] ?? "";
      const now = ref && (step?.focus.includes(ref) || (hover && litWith(ref, hover)));
      const text = ref && hidden.has(ref) ? "?" : formatNumber(run[name][k], places, reply.nonfinite?.[`/run/${name}/${k}`]);
      return html`<td key=${name} class=${now ? "lit" : ""} data-ref=${ref || undefined} onPointerEnter=${() => ref && actions.hover(ref)} onPointerLeave=${() => ref && actions.hover(null)}>${text}</td>`;
    };
    return html`<tr key=${k} aria-current=${k === at ? "step" : undefined} class=${k > at ? "fut" : ""} onClick=${() => !disabled && actions.moveTo(k)}>
      <th scope="row"><button type="button" class="rowgo" disabled=${disabled} aria-label=${t("descent.goTo", { n: k })}>${k}</button></th>${cell("x")}${cell("y")}${cell("slope")}</tr>`;
  };
  return html`<div class="dsteps" ref=${box}><table class="labtable"><caption class="sr">${t("descent.table")}</caption>
    <thead><tr><th scope="col"><i>k</i></th><th scope="col"><i>x</i><sub><i>k</i></sub></th><th scope="col"><i>y</i><sub><i>k</i></sub></th><th scope="col"><i>y</i>′(<i>x</i><sub><i>k</i></sub>)</th></tr></thead>
    <tbody>${rows.map(row)}${end ? html`<tr class="gap" aria-hidden="true"><td colspan="4">⋮</td></tr>${row(count - 1)}` : null}</tbody></table>
    <p class="sr">${t("descent.tableOf", { count, tolerance: formatGiven(request.tolerance, 6) })}</p></div>`;
}
