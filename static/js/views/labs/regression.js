// @ts-check
/** The Regression lab: points and line on the left, the loss over (w0, w1) with descent's path on the right. */
import { h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { HIDDEN, MINUS, formatNumber } from "../../lib/format.js";
import { toldLine } from "../../lib/regression.js";
import { htmlSymbol } from "../../lib/symbols.js";
import { Segments } from "../setup_fields.js";
import { Tex } from "../tex.js";
import { LossBowl } from "./regression_bowl.js";
import { DataPlot } from "./regression_plot.js";
import { LossPlane } from "./regression_surface.js";

export { Readings } from "./regression_readings.js";
export { Setup } from "./regression_setup.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const TOLD = /** @type {const} */ (["iteration", "closed_form", "stability"]);
/** Around the plane of losses: its axes, the formula above it, what is told beside or below it. */
const AXES = { left: 54, below: 68, beside: 112, name: 24, told: 22 };
/** Below this height the formula gives its place to the plane. */
const LOW = 240;

/** @param {LabProps} props */
export function Stage(props) {
  const { request, reply, view, variant, hidden, decimals, disabled, t, actions } = props;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const room = useRoom(box);
  const single = variant === "small";
  const wide = single ? room.width : Math.floor((room.width - 16) / 2);
  const tall = single ? 340 : room.height;
  const low = tall < LOW;
  // What is told of the cursor stands where it leaves the plane more room: beside it or below.
  const high = tall - AXES.below + (low ? AXES.name : 0);
  const aside = Math.min(wide - AXES.left - AXES.beside, high);
  const above = Math.min(wide - AXES.left - 8, high - AXES.told);
  const beside = !single && aside >= above;
  const size = Math.max(120, single ? wide - AXES.left - 8 : Math.max(aside, above));
  const plane = view.plane === "loss" ? "loss" : "data";
  const { line, closed, pointer } = toldLine(request, reply);
  const weight = (/** @type {"w0" | "w1"} */ name, /** @type {string} */ ref) => (closed && hidden.has(ref) ? HIDDEN : formatNumber(line[name], decimals, reply.nonfinite?.[`${pointer}/line/${name}`]));
  const bowl = view.bowl === true;
  const toggle = (/** @type {string} */ name) => html`<button type="button" class="tog" aria-pressed=${String(view[name] !== false)} onClick=${() => actions.setView({ [name]: view[name] === false })}>${name === "best" ? html`<svg width="18" height="8" aria-hidden="true"><path class="rbest" d="M0 4H18" /></svg>` : null}${t(`regression.show.${name}`)}</button>`;
  return html`<div class="labh rhead"><h2>${t("regression.head")}</h2><span class="req">${htmlSymbol({ base: "ŷ", sub: "", sup: "" })} = <b data-ref="w.0">${weight("w0", "w.0")}</b> ${negative(line.w1) ? "−" : "+"} <b data-ref="w.1">${weight("w1", "w.1").replace(MINUS, "")}</b> <i class="m">x</i></span>
      <span class="rtools">${toggle("squares")}${toggle("best")}<button type="button" class="tog" aria-pressed=${String(bowl)} onClick=${() => actions.setView({ bowl: !bowl })}>${t("regression.show.bowl")}</button></span>
      <${Segments} label=${t("regression.told")} value=${request.told} disabled=${disabled} choose=${(/** @type {string} */ told) => actions.change({ told }, { keepAt: true, index: -1 })} options=${TOLD.map((told) => ({ value: told, label: t(`regression.told.${told}`), title: t(`regression.told.${told}Text`) }))} /></div>
    <div class="labbody rbody" data-planes=${single ? plane : "both"}>
      ${single ? html`<${Segments} label=${t("regression.picture")} value=${plane} choose=${(/** @type {string} */ name) => actions.setView({ plane: name })} options=${["data", "loss"].map((name) => ({ value: name, label: t(`regression.picture.${name}`) }))} />` : null}
      <div class="rplanes" ref=${box}>
        ${single && plane === "loss" ? null : html`<div class="rleft"><${DataPlot} ...${props} width=${Math.max(200, wide)} height=${Math.max(140, tall)} /></div>`}
        ${single && plane === "data" ? null : html`<div class="rright" data-told=${beside ? "beside" : "below"}>${low ? null : html`<p class="rname"><${Tex} tex=${`${macro(reply.convention.symbol)}(w_0,w_1)=${reply.convention.tex}`} label=${reply.convention.symbol} /></p>`}
          ${bowl ? html`<${LossBowl} ...${props} size=${size} />` : html`<${LossPlane} ...${props} size=${size} />`}</div>`}
      </div>
    </div>`;
}

/** @param {number | null} value */
const negative = (value) => value !== null && value < 0;

/** @param {string} name */
const macro = (name) => (name.length > 1 ? `\\mathrm{${name}}` : name);

/**
 * The room of an element in whole pixels, followed as it changes.
 * @param {{current: HTMLElement | null}} box
 */
function useRoom(box) {
  const [room, setRoom] = useState({ width: 760, height: 360 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const read = () => {
      const [width, height] = [Math.floor(element.clientWidth), Math.floor(element.clientHeight)];
      if (width > 0) setRoom((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return room;
}
