// @ts-check
/** The difference quotients while h goes to 0: first the error falls, then rounding makes it grow. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { linePath } from "../../lib/descent.js";
import { MINUS, formatNumber, superscript } from "../../lib/format.js";
import { useWidth } from "../../lib/hooks.js";
import { linear } from "../../lib/scales.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const HEIGHT = 168;
const MARGIN = { left: 42, right: 8, top: 8, bottom: 26 };

/** @param {number | null} value positive; null and 0 have no place on the axis */
const logOf = (value) => (value === null || value <= 0 ? null : Math.log10(value));

/** An error in two digits: what matters is its size. @param {number | null} value @param {boolean} hidden */
function short(value, hidden) {
  if (hidden) return "?";
  if (value === null) return "NaN";
  if (value === 0) return "0";
  const [mantissa = "", exponent = "0"] = value.toExponential(1).split("e");
  return `${mantissa}×10${superscript(Number(exponent))}`.replace("-", MINUS);
}

/** @param {LabProps} props */
export function Quotients({ reply, hidden, t }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 312);
  const { h: steps, forward, central } = reply.quotients;
  const asked = hidden.has("gx");
  const powers = steps.map((/** @type {number} */ one) => Math.round(Math.log10(one)));
  const errors = [...forward.error, ...central.error].map(logOf).filter((/** @type {number | null} */ one) => one !== null);
  const top = Math.ceil(Math.max(0, ...errors));
  const floor = Math.floor(Math.min(-12, ...errors));
  const sx = linear(-1, -15, MARGIN.left + 6, width - MARGIN.right - 6);
  const sy = linear(floor, top, HEIGHT - MARGIN.bottom, MARGIN.top);
  const lines = /** @type {[string, any][]} */ ([["forward", forward], ["central", central]]);
  const every = top - floor > 12 ? 4 : 2;
  const decades = Array.from({ length: Math.floor((top - floor) / every) + 1 }, (_, k) => top - k * every);
  return html`<section class="rd"><h2>${t("descent.quotients")}</h2>
    <p class="desc">${t("descent.quotientsText")}</p>
    <div ref=${box} class="dquot"><svg width=${width} height=${HEIGHT} role="img" aria-label=${t("descent.quotientsLabel")}>
      ${decades.map((one) => html`<g key=${one}><path class="grid" d=${`M${MARGIN.left} ${sy.to(one)}H${width - MARGIN.right}`} /><text class="axn" x=${MARGIN.left - 6} y=${sy.to(one) + 4} text-anchor="end">${one === 0 ? "1" : `10${superscript(one)}`}</text></g>`)}
      ${[-1, -5, -9, -13].map((one) => html`<text key=${one} class="axn" x=${sx.to(one)} y=${HEIGHT - 9} text-anchor="middle">10${superscript(one)}</text>`)}
      <text class="axv" x=${width - MARGIN.right} y=${HEIGHT - 10} text-anchor="end">h</text>
      ${asked ? html`<text class="axn" x=${width / 2} y=${HEIGHT / 2} text-anchor="middle">?</text>` : lines.map(([name, one]) => html`<g key=${name} class="dq ${name}">
        <path class="expect" d=${linePath(powers, one.truncation.map((/** @type {number | null} */ value) => clipped(logOf(value), floor)), sx.to, sy.to)} /><path class="expect" d=${linePath(powers, one.rounding.map((/** @type {number | null} */ value) => clipped(logOf(value), floor)), sx.to, sy.to)} />
        <path class="seen" d=${linePath(powers, one.error.map(logOf), sx.to, sy.to)} />
        ${one.error.map((/** @type {number | null} */ value, /** @type {number} */ k) => {
          const y = logOf(value);
          if (y === null) return null;
          const [cx, cy] = [sx.to(powers[k]), sy.to(y)];
          return name === "forward" ? html`<circle key=${k} class=${k === one.best ? "dbest" : ""} cx=${cx} cy=${cy} r="3" />` : html`<path key=${k} class="dot ${k === one.best ? "dbest" : ""}" d=${`M${cx - 3} ${cy - 3}h6v6h-6z`} />`;
        })}</g>`)}
    </svg></div>
    <p class="dkey"><span class="dq forward"><svg width="16" height="12" aria-hidden="true"><path class="seen" d="M0 6h16" /><circle cx="8" cy="6" r="3" /></svg>${t("descent.forward")}</span>
      <span class="dq central"><svg width="16" height="12" aria-hidden="true"><path class="seen" d="M0 6h16" /><path class="dot" d="M5 3h6v6h-6z" /></svg>${t("descent.central")}</span>
      <span class="dq"><svg width="16" height="12" aria-hidden="true"><path class="expect" d="M0 6h16" /></svg>${t("descent.expected")}</span></p>
    <div class="dqtable"><table class="labtable"><caption class="sr">${t("descent.quotientsLabel")}</caption>
      <thead><tr><th scope="col"><i>h</i></th><th scope="col">${t("descent.forwardShort")}</th><th scope="col">${t("descent.error")}</th><th scope="col">${t("descent.centralError")}</th></tr></thead>
      <tbody>${steps.map((/** @type {number} */ one, /** @type {number} */ k) => html`<tr key=${k}><th scope="row">10${superscript(powers[k])}</th><td>${asked ? "?" : formatNumber(forward.values[k], 7, reply.nonfinite?.[`/quotients/forward/values/${k}`])}</td>
        <td class=${k === forward.best ? "dbest" : ""}>${short(forward.error[k], asked)}</td><td class=${k === central.best ? "dbest" : ""}>${short(central.error[k], asked)}</td></tr>`)}</tbody></table></div></section>`;
}

/** @param {number | null} value @param {number} floor below it a line of what is expected ends */
function clipped(value, floor) {
  return value !== null && value < floor ? null : value;
}
