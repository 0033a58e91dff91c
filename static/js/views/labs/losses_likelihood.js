// @ts-check
/** The likelihood of points under several models: bars that can be dragged, products and sums of logarithms. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { formatGiven } from "../../lib/format.js";
import { snapped } from "../../lib/losses.js";
import { countText } from "../../lib/scales.js";
import { LogCurve, Value, known, litBy, sym } from "./losses_parts.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const LETTERS = "ABCD";
const HEIGHT = { wide: 132, mid: 56, small: 132 };

/** @param {LabProps} props */
export function LikelihoodStage(props) {
  const { request, reply, step, hover, decimals, t, actions } = props;
  const found = reply.likelihood;
  const shared = { reply, step, hover, decimals, actions };
  return html`<div class="lsmodels">${found.models.map((/** @type {any} */ model, /** @type {number} */ m) => html`<section class="lssec" key=${m}>
      <h3>${t("losses.model", { letter: LETTERS[m] ?? "" })}${m === found.best && found.models.length > 1 ? html`<span class="hr best">${t("losses.best")}</span>` : null}</h3>
      <div class="lspoints">${model.probabilities.map((/** @type {number} */ _, /** @type {number} */ i) => html`<${Point} key=${i} ...${props} m=${m} i=${i} model=${model} />`)}</div>
      <p class="lseq"><span>${t("losses.product")}</span><span>${model.right.map((/** @type {number | null} */ q, /** @type {number} */ i) => html`${i ? " × " : ""}<${Value} of=${`q.${m}.${i}`} at=${`/likelihood/models/${m}/right/${i}`} value=${q} ...${shared} decimals=${2} />`)} = <b><${Value} of=${`P.${m}`} at=${`/likelihood/models/${m}/product`} value=${model.product} ...${shared} /></b></span></p>
      <p class="lseq ls"><span>${t("losses.logs")}</span><span>${model.logs.map((/** @type {number | null} */ log, /** @type {number} */ i) => html`${i ? " + " : "−("}<${Value} of=${`l.${m}.${i}`} at=${`/likelihood/models/${m}/logs/${i}`} value=${log} ...${shared} decimals=${2} />`)}) = <b><${Value} of=${`N.${m}`} at=${`/likelihood/models/${m}/negative_log_sum`} value=${model.negative_log_sum} ...${shared} /></b></span></p>
      <p class="lseq"><span>${t("losses.mean")}</span><span><${Value} of=${`M.${m}`} at=${`/likelihood/models/${m}/mean`} value=${model.mean} ...${shared} /></span></p>
    </section>`)}</div>
    <p class="lssay">${t("losses.likelihood.say")}</p>`;
}

/** One point: the probability of class 1 as a level, the part that counts for its class filled. @param {LabProps & {m: number, i: number, model: any}} props */
function Point({ request, m, i, model, variant, step, hover, disabled, t, actions }) {
  const own = request.likelihood;
  const height = HEIGHT[variant];
  const target = own.targets[i];
  const p = own.models[m][i];
  const held = useRef(false);
  const lit = litBy({ step, hover });
  const move = (/** @type {number} */ value) => actions.drag({ likelihood: { ...own, models: own.models.map((/** @type {number[]} */ row, /** @type {number} */ at) => (at === m ? row.map((old, k) => (k === i ? value : old)) : row)) } });
  const follow = (/** @type {PointerEvent} */ event) => {
    const rect = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    move(snapped(1 - (event.clientY - rect.top - 6) / height, 0, 1, 0.01));
  };
  const release = () => {
    if (held.current) actions.drop();
    held.current = false;
  };
  const handlers = disabled ? {} : {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
      held.current = true;
      follow(event);
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => held.current && follow(event),
    onPointerUp: release,
    onPointerCancel: release,
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      /** @type {Record<string, number>} */
      const targets = { ArrowUp: p + 0.01, ArrowRight: p + 0.01, ArrowDown: p - 0.01, ArrowLeft: p - 0.01, PageUp: p + 0.1, PageDown: p - 0.1, Home: 0, End: 1 };
      const next = targets[event.key];
      if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      move(snapped(next, 0, 1, 0.01));
      actions.drop();
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const level = 6 + height * (1 - p);
  const [top, size] = target ? [level, height * p] : [6, height * (1 - p)];
  const now = lit(`q.${m}.${i}`) || lit(`L.${m}.${i}`) || lit(`gp.${m}.${i}`) || lit(`l.${m}.${i}`);
  return html`<div class="lspoint ${now ? "lit" : ""}"><svg width="64" height=${height + 12} role="slider" tabindex=${disabled ? -1 : 0} aria-orientation="vertical" aria-label=${t("losses.bar", { n: i + 1, letter: LETTERS[m] ?? "" })} aria-valuemin="0" aria-valuemax="1" aria-valuenow=${p} aria-valuetext=${formatGiven(p)} ...${handlers}>
      <rect class="tr" x="14" y="6" width="36" height=${height} /><rect class=${`fill ${target ? "one" : "nil"}`} x="14" y=${top} width="36" height=${size} />
      <path class="lvl" d=${`M8 ${level}h48`} />
      <text x="32" y=${top + size / 2 + 5} text-anchor="middle" class=${size < 22 ? "tiny" : ""}>${size < 22 || model.right[i] === null ? "" : formatGiven(Number(model.right[i].toPrecision(12)), 2)}</text>
    </svg><span class="lscls1">${target ? html`<svg width="12" height="12" aria-hidden="true"><path class="c1" d="M1.5 1.5h9v9h-9z" /></svg>` : html`<svg width="12" height="12" aria-hidden="true"><circle class="c0" cx="6" cy="6" r="4.6" /></svg>`} ${sym("p", i + 1)} = ${formatGiven(p, 3)}</span></div>`;
}

/** @param {LabProps} props */
export function LikelihoodReadings(props) {
  const { reply, step, hover, decimals, t, actions } = props;
  const found = reply.likelihood;
  const shared = { reply, step, hover, decimals, actions };
  const marks = found.models.flatMap((/** @type {any} */ model, /** @type {number} */ m) => model.right.map((/** @type {number | null} */ q, /** @type {number} */ i) => ({ x: q, y: model.losses[i], cls: m === 0 ? "loss" : m === 1 ? "fwd" : "arg", shape: m === 0 ? "circle" : m === 1 ? "square" : "diamond", ref: `L.${m}.${i}` })));
  return html`<${LogCurve} ...${props} marks=${marks} />
    <section class="rd"><h2>${t("losses.perPoint")}</h2><table class="labtable"><thead><tr><th scope="col">${t("losses.point")}</th>${found.models.map((/** @type {any} */ _, /** @type {number} */ m) => html`<th scope="col">${t("losses.model", { letter: LETTERS[m] ?? "" })}</th>`)}</tr></thead>
      <tbody>${found.targets.map((/** @type {number} */ target, /** @type {number} */ i) => html`<tr key=${i}><th scope="row">${i + 1} (${sym("t")} = ${target})</th>${found.models.map((/** @type {any} */ model, /** @type {number} */ m) => html`<td><${Value} of=${`L.${m}.${i}`} at=${`/likelihood/models/${m}/losses/${i}`} value=${model.losses[i]} ...${shared} /></td>`)}</tr>`)}</tbody>
      <tfoot><tr><th scope="row">${t("losses.sum")}</th>${found.models.map((/** @type {any} */ model, /** @type {number} */ m) => html`<td><b><${Value} of=${`E.${m}`} at=${`/likelihood/models/${m}/negative_log_sum`} value=${model.negative_log_sum} ...${shared} /></b></td>`)}</tr></tfoot></table></section>
    <section class="rd"><h2>${t("losses.growth")}</h2><p class="note">${t("losses.growth.note")}</p>
      ${found.models.map((/** @type {any} */ model, /** @type {number} */ m) => html`<table class="labtable" key=${m}><thead><tr><th scope="col">${t("losses.model", { letter: LETTERS[m] ?? "" })}, ${t("losses.points")}</th><th scope="col">${t("losses.product")}</th><th scope="col">−Σ ln</th></tr></thead>
        <tbody>${model.growth.map((/** @type {any} */ row, /** @type {number} */ k) => html`<tr key=${k}><th scope="row">${countText(row.points)}</th><td>${row.product === 0 ? "0" : known(row.product, 4)}</td><td><${Value} of=${null} at=${`/likelihood/models/${m}/growth/${k}/negative_log_sum`} value=${row.negative_log_sum} ...${shared} decimals=${2} /></td></tr>`)}</tbody></table>`)}</section>`;
}
