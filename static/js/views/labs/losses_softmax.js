// @ts-check
/** Scores to softmax to cross-entropy: the layer, a row a class, and the curves around the prediction. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { formatGiven } from "../../lib/format.js";
import { useWidth } from "../../lib/hooks.js";
import { layerPlan } from "../../lib/losses.js";
import { tickText } from "../../lib/scales.js";
import { Segments } from "../setup_fields.js";
import { LogCurve, Value, known, litBy, svgSym, sym } from "./losses_parts.js";
import { Plot } from "./losses_plot.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
/** Rows of the table, as its style sheet has them: more classes, less room each. */
const ROW = [0, 0, 84, 72, 60, 52, 46];
/** The same where the stage is low. */
const LOW_ROW = 40;
const HEAD = 34;
/** Below this width the columns of the shift stay out of the table; below the next, those of argmax and loss. */
const FULL = 500;
const SOME = 400;
const DASHES = ["a", "b", "c", "d", "e", "f"];

/** @param {LabProps} props */
export function SoftmaxStage(props) {
  const { request, reply, step, hover, actions, variant, t } = props;
  const own = request.softmax;
  const found = reply.softmax;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 560);
  const layer = own.source === "layer";
  const warm = own.temperature !== 1;
  const classes = found.target.length;
  const lit = litBy({ step, hover });
  const value = (/** @type {string} */ ref, /** @type {string} */ name, /** @type {number} */ k, decimals = props.decimals) => html`<${Value} of=${ref} at=${`/softmax/${name}/${k}`} value=${found[name][k]} ...${{ reply, step, hover, decimals, actions }} />`;
  const one = (/** @type {string} */ ref, /** @type {string} */ name) => html`<${Value} of=${ref} at=${`/softmax/${name}`} value=${found[name]} ...${{ reply, step, hover, decimals: props.decimals, actions }} />`;
  const full = width >= FULL + (warm ? 60 : 0);
  const some = width >= SOME;
  const chosen = found.argmax.indexOf(1);
  return html`<div class="lsrow ${variant === "mid" ? "low" : ""}" data-classes=${classes}>
      ${layer && variant !== "small" ? html`<${LayerPicture} own=${own} row=${variant === "mid" ? LOW_ROW : ROW[classes] ?? LOW_ROW} classes=${classes} lit=${lit} t=${t} />` : null}
      <div class="lstab" ref=${box}><table class="lscls">
        <thead><tr><th scope="col">${t("losses.col.class")}</th><th scope="col" title=${t("losses.col.score")}>${sym("z")}</th>${warm ? html`<th scope="col" title=${t("losses.temperature")}>${sym("z")}/${sym("T")}</th>` : null}
          ${full ? html`<th scope="col" title=${t("losses.col.shifted")}>${sym("u")}</th><th scope="col" title=${t("losses.col.power")}>e<sup>u</sup></th>` : null}
          <th scope="col" class="wide">${t("losses.col.share")} ${sym("y")}</th>${some ? html`<th scope="col">argmax</th>` : null}<th scope="col" title=${t("losses.target")}>${sym("t")}</th>
          ${some ? html`<th scope="col">−${sym("t")} ln ${sym("y")}</th>` : null}<th scope="col" class="bk">∂${sym("L")}/∂${sym("z")}</th></tr></thead>
        <tbody>${found.target.map((/** @type {number} */ target, /** @type {number} */ k) => html`<tr key=${k} class=${target ? "right" : ""}>
          <th scope="row"><b>${k + 1}</b>${target ? html`<small>${t("losses.target.short")}</small>` : null}</th>
          <td>${layer ? value(`z.${k}`, "scores", k) : html`<span class="lv ${lit(`z.${k}`) ? "lit" : ""}">${formatGiven(found.scores[k], props.decimals)}</span>`}</td>
          ${warm ? html`<td>${value(`s.${k}`, "scaled", k)}</td>` : null}
          ${full ? html`<td>${value(`u.${k}`, "shifted", k)}</td><td>${value(`e.${k}`, "exponentials", k)}</td>` : null}
          <td class="wide">${value(`y.${k}`, "probabilities", k)}<${Bar} share=${found.probabilities[k]} target=${target} /></td>
          ${some ? html`<td>${value(`A.${k}`, "argmax", k, 0)}</td>` : null}<td>${formatGiven(target)}</td>
          ${some ? html`<td>${value(`L.${k}`, "parts", k)}</td>` : null}<td class="bk">${value(`gz.${k}`, "gradient", k)}</td></tr>`)}</tbody>
        <tfoot><tr><td></td><td></td>${warm ? html`<td></td>` : null}
          ${full ? html`<td>${sym("m")} ${one("m", "largest")}</td><td>${sym("S")} ${one("S", "total")}</td>` : null}<td class="wide"></td>${some ? html`<td></td>` : null}<td></td>
          ${some ? html`<td class="ls">${sym("L")} ${one("L", "loss")}</td>` : null}<td class="bk"></td></tr></tfoot>
      </table></div></div>
    <p class="lssay">${t(chosen < 0 ? "losses.say.hidden" : own.target === chosen ? "losses.say.right" : "losses.say.wrong", { target: own.target + 1, chosen: chosen + 1 })} ${some ? null : html`${sym("L")} = ${one("L", "loss")}`}</p>`;
}

/** A probability as a bar, the target as its aim, and what lies between them: y − t. @param {{share: number | null, target: number}} props */
function Bar({ share, target }) {
  if (share === null) return html`<svg class="lsbar" aria-hidden="true"><rect class="tr" width="100%" height="12" /></svg>`;
  const [low, high] = [Math.min(share, target), Math.max(share, target)];
  return html`<svg class="lsbar" aria-hidden="true"><rect class="tr" width="100%" height="12" /><rect class="fill" width=${`${100 * share}%`} height="12" /><rect class="gap" x=${`${100 * low}%`} y="15" width=${`${100 * (high - low)}%`} height="3" />
    <rect class="aim" x=${target ? "99%" : "0"} y="-1" width="1%" height="20" /></svg>`;
}

/** @param {{own: any, classes: number, row: number, lit: (ref: string) => boolean, t: LabProps["t"]}} props */
function LayerPicture({ own, classes, row, lit, t }) {
  const width = 208;
  const plan = layerPlan(own.inputs.length, classes, { width, head: HEAD, row });
  const largest = Math.max(...own.weights.flat().map(Math.abs)) || 1;
  const now = (/** @type {number} */ i, /** @type {number} */ k) => lit(`z.${k}`) || lit(`w.${i}.${k}`) || lit(`gw.${i}.${k}`) || lit(`x.${i}`);
  return html`<svg class="lsnet" width=${width} height=${plan.height} role="img" aria-label=${t("losses.net", { inputs: own.inputs.length, classes })}>
    ${plan.wires.map(({ i, k, path }) => {
      const weight = own.weights[i][k];
      return html`<path class="w ${weight < 0 ? "neg" : "pos"} ${now(i, k) ? "now" : ""}" stroke-width=${1 + (3.6 * Math.abs(weight)) / largest} d=${path} />`;
    })}
    ${plan.left.ys.map((y, i) => html`<g class=${lit(`x.${i}`) ? "now" : ""} data-ref=${`x.${i}`}><rect class="in" x=${plan.left.x - 26} y=${y - 14} width="50" height="28" /><text x=${plan.left.x - 1} y=${y + 4} text-anchor="middle">${formatGiven(own.inputs[i], 2)}</text></g>`)}
    ${plan.wires.filter(({ i, k }) => now(i, k)).map(({ i, k, at }) => {
      const text = formatGiven(own.weights[i][k], 2);
      return html`<g class="wl"><rect x=${at.x - 4 - 3.4 * text.length} y=${at.y - 9} width=${8 + 6.8 * text.length} height="18" /><text x=${at.x} y=${at.y + 4} text-anchor="middle">${text}</text></g>`;
    })}
  </svg>`;
}

/** Through softmax the answer moves with the score, through argmax it jumps. @param {LabProps} props */
function ScorePlot({ request, reply, step, hover, decimals, disabled, t, actions }) {
  const own = request.softmax;
  const found = reply.softmax;
  const k = found.varied;
  const { x, softmax, argmax, loss } = found.score_curve;
  const column = (/** @type {(number | null)[][]} */ rows, /** @type {number} */ at) => rows.map((row) => row[at] ?? null);
  const reading = (/** @type {number} */ i) => html`${sym("z", k + 1)} = ${known(x[i], 3)}: softmax ${known(softmax[i]?.[k], decimals)}, argmax ${known(argmax[i]?.[k], 0)}, ${sym("L")} = ${known(loss[i], decimals)}`;
  const direct = own.source === "scores";
  const patch = (/** @type {number} */ value) => ({ softmax: { ...own, scores: own.scores.map((/** @type {number} */ old, /** @type {number} */ at) => (at === k ? value : old)) } });
  const [low, high] = [x[0], x.at(-1)];
  return html`<section class="rd"><h2>${t("losses.sweep.head")}<span class="hr">${t("losses.vary")} <${Segments} label=${t("losses.vary")} value=${String(k)} disabled=${disabled} options=${found.target.map((/** @type {number} */ _, /** @type {number} */ at) => ({ value: String(at), label: String(at + 1) }))}
      choose=${(/** @type {string} */ at) => actions.change({ softmax: { ...own, vary: Number(at) } })} /></span></h2>
    <${Plot} id="sweep" height=${156} x=${[low, high]} y=${[0, 1]} xName=${svgSym("z", k + 1)} yName=${svgSym("y", k + 1)}
      lines=${[{ x, y: column(softmax, k), cls: "fwd" }, { x, y: column(argmax, k), cls: "arg", steps: true }]}
      marks=${[{ x: found.scores[k], y: found.argmax[k], cls: "arg", shape: "square", ref: `A.${k}` }, { x: found.scores[k], y: found.probabilities[k], cls: "fwd", ref: `y.${k}` }]}
      drag=${direct && !disabled ? { value: own.scores[k], minimum: -1000, maximum: 1000, step: Math.max(0.01, Number(((high - low) / 600).toPrecision(1))), name: t("losses.score.drag", { n: k + 1 }), text: tickText(own.scores[k], 0.01), move: (/** @type {number} */ to) => actions.drag(patch(to)), drop: () => actions.drop() } : null}
      label=${t("losses.sweep.label", { n: k + 1 })} reading=${reading} lit=${litBy({ step, hover })} />
    <p class="lskey"><span><span class="k fwd"></span> softmax</span><span><span class="k arg"></span> argmax</span></p></section>`;
}

/** @param {LabProps} props */
export function SoftmaxReadings(props) {
  const { request, reply, step, hover, decimals, t, actions } = props;
  const found = reply.softmax;
  const own = request.softmax;
  const lit = litBy({ step, hover });
  const at = own.target;
  return html`<${ScorePlot} ...${props} />
    <section class="rd"><h2>${t("losses.why.head")}</h2>
      <p class="note">${t("losses.why.note")}</p>
      <table class="labtable"><thead><tr><th scope="col">${sym("h")}</th><th scope="col">argmax</th><th scope="col">softmax</th></tr></thead>
        <tbody>${found.quotients.map((/** @type {any} */ row, /** @type {number} */ k) => html`<tr key=${k}><th scope="row">${tickText(row.width, 0)}</th><td>${known(row.argmax, 1)}</td><td>${known(row.softmax, decimals)}</td></tr>`)}</tbody></table></section>
    <${LogCurve} ...${props} marks=${[{ x: found.probabilities[at], y: found.loss, cls: "loss", ref: "L", text: found.loss === null ? "" : known(found.loss, decimals) }]} />
    <section class="rd"><h2>${t("losses.temperature")}<span class="hr"><span>${sym("T")} = ${formatGiven(own.temperature)}</span></span></h2>
      <${Plot} id="warm" height=${150} x=${[found.temperature_curve.x[0], found.temperature_curve.x.at(-1)]} log=${true} y=${[0, 1]} xName="T" yName="y" label=${t("losses.warm.label")}
        lines=${found.target.map((/** @type {number} */ target, /** @type {number} */ k) => ({ x: found.temperature_curve.x, y: found.temperature_curve.softmax.map((/** @type {(number | null)[]} */ row) => row[k] ?? null), cls: `cls ${DASHES[k]} ${target ? "right" : ""}`, end: svgSym("y", k + 1) }))}
        rules=${[{ x: own.temperature, cls: "now" }]} marks=${found.probabilities.map((/** @type {number | null} */ y, /** @type {number} */ k) => ({ x: own.temperature, y, cls: found.target[k] ? "cls right" : "cls", ref: `y.${k}` }))} lit=${lit}
        reading=${(/** @type {number} */ i) => html`${sym("T")} = ${known(found.temperature_curve.x[i], 2)}: ${found.temperature_curve.softmax[i].map((/** @type {number} */ y) => known(y, 3)).join(", ")}`} />
      <p class="note">${t("losses.warm.note", { cold: found.cold.map((/** @type {number} */ y) => known(y, 2)).join(", "), hot: found.hot.map((/** @type {number} */ y) => known(y, 2)).join(", ") })}</p></section>
    <section class="rd"><h2>${t("losses.care.head")}</h2>
      <table class="labtable"><thead><tr><td></td>${found.target.map((/** @type {number} */ _, /** @type {number} */ k) => html`<th scope="col">${sym("y", k + 1)}</th>`)}</tr></thead><tbody>
        <tr><th scope="row">${t("losses.care.shifted")}</th>${found.probabilities.map((/** @type {number | null} */ _, /** @type {number} */ k) => html`<td><${Value} of=${null} at=${`/softmax/probabilities/${k}`} value=${found.probabilities[k]} ...${{ reply, step, hover, decimals, actions }} /></td>`)}</tr>
        <tr><th scope="row">${t("losses.care.naive")}</th>${found.naive.map((/** @type {number | null} */ _, /** @type {number} */ k) => html`<td><${Value} of=${null} at=${`/softmax/naive/${k}`} value=${found.naive[k]} ...${{ reply, step, hover, decimals, actions }} /></td>`)}</tr></tbody></table>
      <p class="note">${t("losses.care.note")}</p></section>
    ${found.weight_gradient ? html`<section class="rd"><h2>${t("losses.gradients")}</h2><table class="labtable"><thead><tr><td></td>${found.target.map((/** @type {number} */ _, /** @type {number} */ k) => html`<th scope="col">${sym("z", k + 1)}</th>`)}</tr></thead>
      <tbody>${found.weight_gradient.map((/** @type {(number | null)[]} */ row, /** @type {number} */ i) => html`<tr key=${i}><th scope="row">${sym("x", i + 1)}</th>${row.map((gradient, k) => html`<td><${Value} of=${`gw.${i}.${k}`} at=${`/softmax/weight_gradient/${i}/${k}`} value=${gradient} ...${{ reply, step, hover, decimals, actions }} /></td>`)}</tr>`)}</tbody></table></section>` : null}`;
}

