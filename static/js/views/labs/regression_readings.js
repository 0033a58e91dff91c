// @ts-check
/** The Regression lab's readings: both parameters, every point, three learning rates. */
import { h } from "preact";
import { useMemo, useState } from "preact/hooks";
import htm from "htm";
import { formatGiven, formatNumber } from "../../lib/format.js";
import { litWith } from "../../lib/refs.js";
import { WEIGHTS, chartable, lossSymbol, toldLine } from "../../lib/regression.js";
import { countText } from "../../lib/scales.js";
import { htmlSymbol } from "../../lib/symbols.js";
import { Icon } from "../icons.js";
import { LineChart } from "../line_chart.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
/** The colour of each verdict, and which sign it has beside its word. */
const LOOKS = /** @type {Record<string, {token: string, icon: string}>} */ ({
  small: { token: "--q-nag", icon: "minus" },
  good: { token: "--upd", icon: "check" },
  oscillates: { token: "--q-rmsprop", icon: "warn" },
  diverges: { token: "--error", icon: "warn" },
});
/** Each rate has a dash of its own, for two may have the same verdict. */
const DASHES = [[2, 3], [], [7, 3, 2, 3], [9, 3]];

/** @param {LabProps} props */
export function Readings(props) {
  return html`<${Parameters} ...${props} /><${Rates} ...${props} /><${Points} ...${props} />`;
}

/** A number that leads to the micro-step that made it. @param {{value: any, reference: string, digits: number, kind?: string} & Pick<LabProps, "hidden" | "hover" | "actions" | "step">} props */
function Made({ value, reference, digits, kind, hidden, hover, step, actions }) {
  const shown = hidden.has(reference) ? "?" : formatNumber(value, digits, kind);
  const on = step?.focus.includes(reference) || step?.produces.includes(reference) || litWith(reference, hover);
  return html`<span class="rmade ${on ? "lit" : ""}" data-ref=${reference} onClick=${() => actions.goToRef(reference)} onMouseEnter=${() => actions.hover(reference)} onMouseLeave=${() => actions.hover(null)}>${shown}</span>`;
}

/** @param {LabProps} props */
function Parameters(props) {
  const { reply, request, decimals, hidden, t } = props;
  const { iteration, closed_form: closed } = reply;
  const told = request.told === "iteration";
  const plain = (/** @type {any} */ value, /** @type {string} */ pointer, /** @type {boolean} */ secret = false) => (secret ? "?" : formatNumber(value, decimals, reply.nonfinite?.[pointer]));
  const cell = (/** @type {any} */ value, /** @type {string} */ reference, /** @type {string} */ pointer) => (told ? html`<${Made} value=${value} reference=${reference} digits=${decimals} kind=${reply.nonfinite?.[pointer]} ...${props} />` : plain(value, pointer));
  const best = (/** @type {string} */ name, /** @type {string} */ reference) => (closed.line ? plain(closed.line[name], `/closed_form/line/${name}`, request.told === "closed_form" && hidden.has(reference)) : "–");
  const whole = iteration.rows.length === reply.points.length;
  return html`<section class="rd outputs"><h2>${t("regression.parameters")}<span class="hr">${t("regression.iteration", { n: countText(reply.at + 1) })}</span></h2>
    <table class="labtable rparams"><thead><tr><th></th><th scope="col">${t("regression.now")}</th><th scope="col"><i class="m">∂${htmlSymbol(lossSymbol(reply))}</i></th><th scope="col">${t("regression.next")}</th><th scope="col">${t("regression.best")}</th></tr></thead>
      <tbody>${["w0", "w1"].map((name, k) => html`<tr key=${name}><th scope="row">${htmlSymbol(WEIGHTS[k] ?? WEIGHTS[0])}</th><td>${plain(iteration.line[name], `/iteration/line/${name}`)}</td>
        <td class="g">${cell(iteration.gradient[name], `gw.${k}`, `/iteration/gradient/${name}`)}</td><td class="n">${cell(iteration.after[name], `nw.${k}`, `/iteration/after/${name}`)}</td><td class="b">${best(name, `w.${k}`)}</td></tr>`)}
        <tr class="sum"><th scope="row">${htmlSymbol(lossSymbol(reply))}</th><td>${plain(iteration.line.loss, "/iteration/line/loss", told && whole && hidden.has("L"))}</td><td></td><td class="n">${plain(iteration.after.loss, "/iteration/after/loss", told && (hidden.has("nw.0") || hidden.has("nw.1")))}</td><td class="b">${best("loss", "L")}</td></tr></tbody></table>
    <p class="note">${closed.line ? html`${t("regression.closed")} ${closed.r_squared === null ? "" : t("regression.rsquared", { value: formatNumber(closed.r_squared, 4) })}` : t("regression.noBest")}</p>
    ${reply.path.diverged === null ? null : html`<p class="note rwarn"><${Icon} name="warn" />${t("regression.overflow", { n: countText(reply.path.diverged + 1) })}</p>`}</section>`;
}

/** @param {LabProps} props */
function Rates({ reply, request, decimals, theme, disabled, t, actions }) {
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const rates = /** @type {any[]} */ (reply.rates);
  const length = request.steps + 1;
  const steps = useMemo(() => Array.from({ length }, (_, k) => k), [length]);
  const lines = useMemo(() => rates.map((rate, k) => ({ values: chartable(rate.path.losses, length), token: LOOKS[rate.verdict]?.token ?? "--ink", dash: DASHES[k] ?? [], width: 2 })), [rates, length]);
  const here = at ?? request.steps;
  const loss = (/** @type {any} */ rate, /** @type {number} */ k) => (here >= rate.path.losses.length ? "∞" : formatNumber(rate.path.losses[here], decimals, reply.nonfinite?.[`/rates/${k}/path/losses/${here}`]));
  return html`<section class="rd loss"><h2>${t("regression.rates")}<span class="hr">${t("regression.afterSteps", { n: countText(here) })}</span></h2>
    <${LineChart} id="rates-chart" steps=${steps} lines=${lines} log=${true} height=${128} label=${t("regression.ratesLabel")} step=${reply.at} at=${at} setAt=${setAt} theme=${theme}
      told=${(/** @type {number} */ k) => `${t("regression.afterSteps", { n: countText(k) })}: ${rates.map((rate) => `η ${formatGiven(rate.learning_rate)} ${formatNumber(rate.path.losses[k], 4)}`).join(", ")}`}
      choose=${(/** @type {number} */ k) => actions.moveTo(Math.min(k, reply.last), -1)} />
    <table class="labtable rrates"><thead><tr><th></th><th scope="col"><i class="m">η</i></th><th scope="col">${htmlSymbol(lossSymbol(reply))}</th><th></th></tr></thead>
      <tbody>${rates.map((rate, k) => html`<tr key=${k} class=${rate.verdict}><td><svg width="26" height="10" aria-hidden="true"><path d="M1 5H25" class="rkey ${rate.verdict}" stroke-dasharray=${(DASHES[k] ?? []).join(" ")} /></svg></td>
        <td>${formatGiven(rate.learning_rate)}</td><td>${loss(rate, k)}</td><td class="w"><${Icon} name=${LOOKS[rate.verdict]?.icon ?? "warn"} />${t(`regression.word.${rate.verdict}`)}
          <button type="button" class="btn small" disabled=${disabled || rate.learning_rate === request.learning_rate} aria-label=${t("regression.useRate", { rate: formatGiven(rate.learning_rate) })} onClick=${() => actions.change({ learning_rate: rate.learning_rate })}>${t("regression.use")}</button></td></tr>`)}</tbody></table>
    <p class="note">${t("regression.ratesText", { limit: formatNumber(reply.stability.limit, 4) })}</p></section>`;
}

/** @param {LabProps} props */
function Points(props) {
  const { reply, request, decimals, hidden, step, hover, t, actions } = props;
  const { numbers, closed, told, rows, pointer } = toldLine(request, reply);
  const points = /** @type {[number, number][]} */ (request.points ?? reply.points);
  const digits = Math.min(decimals, 4);
  const cell = (/** @type {string} */ name, /** @type {number} */ k, /** @type {string} */ reference) => {
    const kind = reply.nonfinite?.[`${pointer}/${name}/${k}`];
    if (told.has(k)) return html`<${Made} value=${numbers[name][k]} reference=${reference} digits=${digits} kind=${kind} ...${props} />`;
    return hidden.size > 0 ? "?" : formatNumber(numbers[name][k], digits, kind);
  };
  const sum = hidden.has("S") || hidden.has("L") ? "?" : formatNumber(numbers.total, digits, reply.nonfinite?.[`${pointer}/total`]);
  return html`<section class="rd outputs"><h2>${t("regression.table")}<span class="hr">${closed ? t("regression.show.best") : t("regression.iteration", { n: countText(reply.at + 1) })}</span></h2>
    <div class="outsbox rtable"><table class="labtable"><thead><tr><th scope="col"><i class="m">i</i></th><th scope="col"><i class="m">x</i></th><th scope="col"><i class="m">y</i></th><th scope="col"><i class="m">ŷ</i></th><th scope="col"><i class="m">e</i></th><th scope="col"><i class="m">e</i>²</th></tr></thead>
      <tbody>${points.map(([x, y], k) => {
        const on = step?.focus.some((ref) => [`h.${k + 1}`, `e.${k + 1}`, `q.${k + 1}`].includes(ref)) || hover === `e.${k + 1}`;
        return html`<tr key=${k} class=${on ? "lit" : rows.has(k) ? "" : "out"} onMouseEnter=${() => actions.hover(`e.${k + 1}`)} onMouseLeave=${() => actions.hover(null)}><th scope="row">${k + 1}</th><td>${formatGiven(x, 2)}</td><td>${formatGiven(y, 2)}</td>
          <td>${cell("predictions", k, `h.${k + 1}`)}</td><td>${cell("residuals", k, `e.${k + 1}`)}</td><td>${cell("squares", k, `q.${k + 1}`)}</td></tr>`;
      })}
        <tr class="sum"><th scope="row">Σ</th><td></td><td></td><td></td><td></td><td>${sum}</td></tr></tbody></table></div>
    ${rows.size > told.size && told.size > 0 ? html`<p class="note">${t("regression.toldOnly", { n: told.size, all: rows.size })}</p>` : null}</section>`;
}
