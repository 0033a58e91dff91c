// @ts-check
/** The proof of a gradient: three independent ways to compute it, side by side. Never green before the check has run. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { litWith } from "../lib/refs.js";
import { countText } from "../lib/scales.js";
import { htmlSymbol, plainSymbol } from "../lib/symbols.js";
import { Icon } from "./icons.js";

/**
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {import("../lib/refs.js").LineRecord} LineRecord
 * @typedef {"agree" | "differ" | "not-differentiable"} Verdict
 * @typedef {{element: string, analytic: number | null, central: number | null, autodiff: number | null, difference: number | null, verdict: Verdict}} Row
 * @typedef {object} Check
 * @property {number} step
 * @property {number[]} samples
 * @property {number} checked
 * @property {number} parameters
 * @property {boolean} subset
 * @property {number | null} largest_relative_difference
 * @property {Verdict} verdict
 * @property {Row[]} rows
 * @property {Record<string, string>} [nonfinite]
 */

const html = htm.bind(h);
const DECIMALS = 10;
const GRADIENT = /^[gG][wb]\./;

/** Whether a line makes a gradient of one parameter. @param {LineRecord} line */
export const isGradient = (line) => GRADIENT.test(line.result_ref);
const WAYS = /** @type {const} */ (["analytic", "central", "autodiff"]);

/**
 * A difference by its size: exact zero, a power of ten, or a plain number where it is large.
 * @param {number | null} value
 * @param {string | null} [kind]
 */
function differenceText(value, kind = null) {
  return value !== null && Math.abs(value) < 0.001 ? formatNumber(value, 0, kind) : formatNumber(value, 4, kind);
}

/**
 * @param {Check} data
 * @param {number} at
 * @param {"analytic" | "central" | "autodiff" | "difference"} way
 */
const reason = (data, at, way) => data.nonfinite?.[`/rows/${at}/${way}`] ?? null;

/**
 * The row of the check that is about the number of a line. A sample's gradient is not the batch's, and a check of
 * some samples only is not the whole batch's: then no row is about it.
 * @param {Check} data
 * @param {LineRecord | null} line
 * @returns {number} its index, -1: none
 */
function rowOf(data, line) {
  if (!line || !isGradient(line)) return -1;
  const at = data.rows.findIndex((row) => row.element === line.result_ref.slice(1));
  const found = data.rows[at];
  if (!found || found.analytic === null || line.result === null) return -1;
  return Math.abs(found.analytic - line.result) <= 1e-9 * Math.abs(line.result) + 1e-15 ? at : -1;
}

/**
 * What the check has to say in a few words; opens the comparison of all parameters.
 * @param {{proof: import("../types.js").Proof, line?: LineRecord | null, brief?: boolean, t: Translate, actions: any}} props
 *   `line`: the line whose three numbers are shown if it is a checked gradient; `brief`: a word and the difference alone
 */
export function ProofBadge({ proof, line = null, brief = false, t, actions }) {
  const open = () => {
    actions.openDrawer("proof");
    // On a phone the drawer stands among the numbers.
    if (matchMedia("(max-width: 767px)").matches) actions.setTab("numbers");
  };
  const data = /** @type {Check | null} */ (proof.state === "done" ? proof.data : null);
  if (!data) {
    const state = proof.state === "checking" ? "checking" : proof.state === "failed" ? "failed" : "none";
    return html`<button type="button" class="proof wait" data-state=${state} title=${t(`proof.${state}.long`)} onClick=${open}><span class="pf-dot" aria-hidden="true"></span><span class="pf-text">${t(`proof.${state}.brief`)}</span></button>`;
  }
  const at = rowOf(data, line);
  const row = data.rows[at] ?? null;
  const state = data.verdict === "differ" ? "differ" : row?.verdict ?? data.verdict;
  const key = state === "agree" ? "verified" : state === "differ" ? "mismatch" : overflowed(data, Math.max(0, at)) ? "overflow" : "kink";
  const counts = { checked: countText(data.checked), all: countText(data.parameters), samples: countText(data.samples.length) };
  const subset = data.subset ? t(brief ? "proof.subset.brief" : "proof.subset.short", counts) : "";
  const size = row ? differenceText(row.difference, reason(data, at, "difference")) : differenceText(data.largest_relative_difference, data.nonfinite?.["/largest_relative_difference"] ?? null);
  const most = state === "not-differentiable" ? "" : t(row ? "proof.difference.one" : "proof.difference.most", { value: size });
  const three = row ? WAYS.map((way) => /** @type {const} */ ([way, formatNumber(row[way], DECIMALS, reason(data, at, way))])) : [];
  const spoken = [t(`proof.${key}`), ...three.map(([way, text]) => `${t(`proof.way.${way}`)} ${text}`), most, data.subset ? t("proof.subset.short", counts) : ""].filter(Boolean).join(", ");
  return html`<button type="button" class="proof ${state} ${brief ? "brief" : ""} ${row ? "three" : ""}" data-state=${state} title=${`${spoken}. ${t("proof.open")}`} onClick=${open}>
    <${Icon} name=${state === "agree" ? "check" : state === "differ" ? "warn" : "minus"} />
    <span class="pf-text"><b>${t(`proof.${key}.brief`)}</b>
      ${brief || state !== "agree" ? null : html`<span class="pf-equal">${t("proof.equal")}</span>`}
      ${subset ? html`<span class="pf-sub">${subset}</span>` : null}
      ${most ? html`<span class="pf-diff">${brief ? size : most}</span>` : null}</span>
    ${three.length > 0 ? html`<span class="pf-ways">${three.map(([way, text]) => html`<span key=${way}><i>${t(`proof.way.${way}`)}</i>${text}</span>`)}</span>` : null}
  </button>`;
}

/**
 * Whether there is nothing to compare since the gradient itself is not finite.
 * @param {Check} data
 * @param {number} at
 */
function overflowed(data, at) {
  return ["nan", "inf", "-inf"].includes(reason(data, at, "analytic") ?? "");
}

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
      <span>${data.subset
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
        const ref = `${batch > 1 ? "G" : "g"}${row.element}`;
        const symbol = symbolOf(row.element);
        return html`<tr key=${row.element} data-ref=${ref} class="${row.verdict} ${litWith(ref, hover) ? "lit" : ""}" onPointerEnter=${() => actions.hover(ref)} onPointerLeave=${() => actions.hover(null)}>
          <th scope="row"><button type="button" aria-label=${t("proof.tab.go", { symbol: plainSymbol(symbol) })} onClick=${() => actions.goToRef(ref)}>${htmlSymbol(symbol)}</button></th>
          ${WAYS.map((way) => html`<td key=${way}>${row[way] === null && reason(data, at, way) === null ? t("proof.tab.noValue") : formatNumber(row[way], DECIMALS, reason(data, at, way))}</td>`)}
          <td>${differenceText(row.difference, reason(data, at, "difference"))}</td>
          <td class="pf-verdict"><${Icon} name=${row.verdict === "agree" ? "check" : row.verdict === "differ" ? "warn" : "minus"} />${t(`proof.verdict.${row.verdict !== "agree" && overflowed(data, at) ? "overflow" : row.verdict}`)}</td>
        </tr>`;
      })}</tbody></table></div>
    <p class="note">${t("proof.tab.how")} ${t("proof.tab.tolerance")}</p>
  </div>`;
}
