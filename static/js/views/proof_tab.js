// @ts-check
/** The proof of every gradient that was checked: three independent ways to compute it, side by side. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { litWith } from "../lib/refs.js";
import { countText } from "../lib/scales.js";
import { htmlSymbol, plainSymbol } from "../lib/symbols.js";
import { Icon } from "./icons.js";
import { DECIMALS, WAYS, differenceText, overflowed, reason } from "./proof.js";

/**
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {import("./proof.js").Check} Check
 * @typedef {import("./proof.js").Row} Row
 */

const html = htm.bind(h);

/**
 * The comparison of all parameters that were checked.
 * @param {{data: Check | null, session?: any, trace?: any, hover?: string | null, proof?: import("../types.js").Proof, symbolOf: import("../lib/symbols.js").SymbolOf, t: Translate, actions: any, [rest: string]: any}} props
 */
export function ProofTab({ data, session = null, trace = null, hover = null, proof, symbolOf, t, actions }) {
  const [byDifference, setByDifference] = useState(false);
  if (!data && proof?.state === "failed") {
    return html`<div class="prooftab"><p class="note" role="status">${t("proof.tab.failed")} <button type="button" class="btn" onClick=${() => actions.checkAgain()}>${t("proof.tab.again")}</button></p></div>`;
  }
  if (!data) return html`<div class="prooftab"><p class="note" role="status">${t(proof?.state === "checking" ? "proof.tab.checking" : "proof.tab.waiting")}</p></div>`;
  if (data.rows.length === 0) return html`<div class="prooftab"><p class="note">${t("proof.tab.empty")}</p></div>`;
  const order = data.rows.map((_, at) => at);
  const size = (/** @type {number} */ at) => data.rows[at]?.difference ?? Infinity;
  if (byDifference) order.sort((a, b) => size(b) - size(a) || a - b);
  const batch = trace?.batch.length ?? session?.next_batch?.length ?? 1;
  const state = data.verdict === "agree" ? "verified" : data.verdict === "differ" ? "mismatch" : overflowed(data, 0) ? "overflow" : "kink";
  const [first, ...more] = data.samples;
  const sort = (/** @type {boolean} */ on) => (byDifference === on ? (on ? "descending" : "ascending") : undefined);
  return html`<div class="prooftab">
    <p class="pf-sum ${data.verdict}" role="status"><${Icon} name=${data.verdict === "agree" ? "check" : data.verdict === "differ" ? "warn" : "minus"} /><b>${t(`proof.${state}`)}</b>
      <span>${data.samples.length === 0 ? t("proof.tab.all", { checked: countText(data.checked) }) : data.subset
        ? t("proof.tab.subset", { checked: countText(data.checked), all: countText(data.parameters), samples: countText(data.samples.length) })
        : more.length > 0 ? t("proof.tab.whole", { checked: countText(data.checked), samples: countText(data.samples.length) }) : t("proof.tab.one", { checked: countText(data.checked), number: countText((first ?? 0) + 1) })}</span>
      ${data.verdict === "not-differentiable" ? null : html`<span>${t("proof.difference.most", { value: differenceText(data.largest_relative_difference, data.nonfinite?.["/largest_relative_difference"] ?? null) })}</span>`}</p>
    <div class="pf-box"><table class="pf-table"><caption class="sr">${t("proof.tab.caption")}</caption>
      <thead><tr>
        <th scope="col" aria-sort=${sort(false)}><button type="button" onClick=${() => setByDifference(false)} title=${t("proof.sort.parameter")}>${t("proof.tab.parameter")}${byDifference ? null : html`<span aria-hidden="true"> ↓</span>`}</button></th>
        ${WAYS.map((way) => html`<th key=${way} scope="col" title=${t(`proof.way.${way}.long`)}>${t(`proof.way.${way}`)}</th>`)}
        <th scope="col" aria-sort=${sort(true)}><button type="button" onClick=${() => setByDifference(true)} title=${t("proof.sort.difference")}>${t("proof.tab.difference")}${byDifference ? html`<span aria-hidden="true"> ↓</span>` : null}</button></th>
        <th scope="col">${t("proof.tab.verdict")}</th>
      </tr></thead>
      <tbody>${order.map((at) => {
        const row = /** @type {Row} */ (data.rows[at]);
        // What was checked is the gradient of the objective: with the penalty, which biases do not have.
        const penalised = row.element.startsWith("w.") && (trace?.penalties?.length ?? 0) > 0;
        const ref = `${penalised ? "J" : batch > 1 ? "G" : "g"}${row.element}`;
        const symbol = symbolOf(row.element);
        return html`<tr key=${row.element} data-ref=${ref} class="${row.verdict} ${litWith(ref, hover) ? "lit" : ""}" onPointerEnter=${() => actions.hover(ref)} onPointerLeave=${() => actions.hover(null)}>
          <th scope="row"><button type="button" aria-label=${t("proof.tab.go", { symbol: plainSymbol(symbol) })} onClick=${() => actions.goToRef(ref)}>${htmlSymbol(symbol)}</button></th>
          ${WAYS.map((way) => html`<td key=${way}>${row[way] === null && reason(data, at, way) === null ? t("proof.tab.noValue") : formatNumber(row[way], DECIMALS, reason(data, at, way))}</td>`)}
          <td>${differenceText(row.difference, reason(data, at, "difference"))}</td>
          <td class="pf-verdict"><${Icon} name=${row.verdict === "agree" ? "check" : row.verdict === "differ" ? "warn" : "minus"} />${t(`proof.verdict.${row.verdict !== "agree" && overflowed(data, at) ? "overflow" : row.verdict}`)}</td>
        </tr>`;
      })}</tbody></table></div>
    <p class="note">${t(data.samples.length === 0 ? "proof.tab.howLab" : "proof.tab.how")} ${t("proof.tab.tolerance")}</p>
  </div>`;
}
