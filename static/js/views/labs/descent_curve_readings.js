// @ts-check
/** Beside the curve: learning rates side by side, and the derivative by the rules and by quotients. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { linePath, within } from "../../lib/descent.js";
import { formatGiven, formatNumber } from "../../lib/format.js";
import { useWidth } from "../../lib/hooks.js";
import { linear } from "../../lib/scales.js";
import { Icon } from "../icons.js";
import { Tex } from "../tex.js";
import { Quotients } from "./descent_quotients.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const HEIGHT = 104;
/** Points of a small path that are drawn. */
const MOST = 40;
const SIGNS = /** @type {Record<string, string>} */ ({ good: "check", slow: "minus", oscillates: "warn", diverges: "warn", undefined: "warn" });

/** @param {LabProps} props */
export function CurveReadings(props) {
  const { reply, request, t } = props;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 312);
  const columns = width < 260 ? 2 : 3;
  const small = Math.floor((width - 8 * (columns - 1)) / columns);
  return html`<section class="rd"><h2>${t("descent.ratesHead")}<small>${t("descent.ratesAt", { n: request.at })}</small></h2>
      <div class="dtrio" ref=${box} data-columns=${columns}>${reply.rates.map((/** @type {any} */ run, /** @type {number} */ k) => html`<${Rate} key=${k} ...${props} run=${run} index=${k} width=${small} />`)}</div></section>
    <${Derivative} ...${props} />
    <${Quotients} ...${props} />`;
}

/** @param {LabProps & {run: any, index: number, width: number}} props */
function Rate({ request, reply, run, index, width, disabled, lang, t, actions }) {
  const { curve } = reply;
  const known = /** @type {number[]} */ (curve.x.filter((/** @type {number | null} */ x) => x !== null));
  const [low, high] = [curve.y_range[0] ?? 0, curve.y_range[1] ?? 1];
  const sx = linear(known[0] ?? 0, known.at(-1) ?? 1, 1, width - 1);
  const sy = linear(low - (high - low) * 0.08, high, HEIGHT - 2, 2);
  const at = Math.min(request.at, run.steps);
  const from = Math.max(0, at - MOST);
  const [x, y] = [run.x[at], run.y[at]];
  const inside = x !== null && y !== null && sx.to(x) > -4 && sx.to(x) < width + 4 && sy.to(y) > -4;
  const id = `drate-${index}`;
  const used = run.learning_rate === request.learning_rate;
  return html`<figure class="drate ${run.verdict}"><figcaption><b><i>η</i> = ${formatGiven(run.learning_rate, 4)}</b></figcaption>
    <button type="button" class="drbox" disabled=${disabled || used} title=${used ? undefined : t("descent.useRate")} aria-label=${t("descent.rateLabel", { rate: formatGiven(run.learning_rate, 4), verdict: t(`descent.verdict.${run.verdict}`), reason: run.reason[lang] })}
      onClick=${() => actions.change({ learning_rate: run.learning_rate }, { keepAt: true })}>
      <svg width=${width} height=${HEIGHT} aria-hidden="true"><clipPath id=${id}><rect width=${width} height=${HEIGHT} /></clipPath><g clip-path=${`url(#${id})`}>
        <path class="dcv thin" d=${linePath(curve.x, curve.y, sx.to, sy.to)} />
        <path class="dleg" d=${linePath(run.x.slice(from, at + 1), run.y.slice(from, at + 1), sx.to, sy.to)} />
        ${run.x.slice(from, at).map((/** @type {number | null} */ one, /** @type {number} */ k) => (one === null || run.y[from + k] === null ? null : html`<circle key=${k} class="dpp" cx=${within(sx.to(one))} cy=${within(sy.to(run.y[from + k]))} r="2.4" />`))}
        ${inside ? html`<circle class="dk" cx=${sx.to(x)} cy=${sy.to(y)} r="4.5" />` : null}</g>
        ${inside || x === null ? null : html`<g class="dout"><path d=${`M${width / 2} 44v-14m-5 5l5-5 5 5`} /><text x=${width / 2} y="60" text-anchor="middle">${t("descent.outside")}</text></g>`}
      </svg></button>
    <p class="dverdict"><${Icon} name=${SIGNS[run.verdict] ?? "minus"} />${t(`descent.verdict.${run.verdict}`)}</p>
    <p class="dx"><i>x</i><sub>${at}</sub> ${x === null ? "?" : formatNumber(x, 4)}</p>
    <p class="dx"><i>x</i><sub>${run.steps}</sub> ${formatNumber(run.x.at(-1), 4)}</p></figure>`;
}

/** The derivative three ways. @param {LabProps} props */
function Derivative({ reply, request, hidden, microsteps, decimals, t }) {
  const { derivative, quotients } = reply;
  const asked = hidden.has("gx");
  const shown = (/** @type {number | null | undefined} */ value) => (asked ? "?" : formatNumber(value ?? null, Math.max(decimals, 6), "nan"));
  const row = microsteps?.verification?.rows[0];
  const best = quotients.central.best;
  const tex = derivative.tex === null ? null : `y'=${(derivative.expanded === null ? derivative.tex : `${derivative.tex}=${derivative.expanded}`).replaceAll("\\,", "")}`;
  return html`<section class="rd"><h2>${t("descent.derivative")}</h2>
    ${tex === null ? html`<p class="desc">${t("descent.tooLong")}</p>` : html`<div class="dtex"><${Tex} tex=${tex} display=${true} label=${t("descent.derivative")} /></div>`}
    <table class="labtable dways"><caption class="sr">${t("descent.waysAt", { n: request.at })}</caption><tbody>
      <tr><th scope="row">${t("descent.byRules")}</th><td data-ref="gx">${shown(quotients.derivative)}</td></tr>
      <tr><th scope="row">${t("descent.byGraph")}</th><td>${shown(row?.autodiff)}</td></tr>
      ${best === null ? null : html`<tr><th scope="row">${t("descent.byQuotient", { h: power(quotients.h[best]) })}</th><td>${shown(quotients.central.values[best])}</td></tr>`}
    </tbody></table></section>`;
}

/** 0.001 as 10⁻³. @param {number} value */
export function power(value) {
  return `10${[...String(Math.round(Math.log10(value)))].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("")}`;
}
