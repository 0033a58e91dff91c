// @ts-check
/** The badge of a gradient's proof: three independent ways to compute it. Never green before the check has run. */
import { h } from "preact";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { countText } from "../lib/scales.js";
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
export const DECIMALS = 10;
const GRADIENT = /^[gGJ][wb]\./;

/**
 * Whether a line makes a gradient of one parameter, or another derivative that is checked.
 * @param {LineRecord} line
 * @param {Check | null} [data]
 */
export const isGradient = (line, data = null) => GRADIENT.test(line.result_ref) || (line.result_ref.startsWith("g") && (data?.rows.some((row) => row.element === line.result_ref.slice(1)) ?? false));
export const WAYS = /** @type {const} */ (["analytic", "central", "autodiff"]);

/**
 * A difference by its size: exact zero, a power of ten, or a plain number where it is large.
 * @param {number | null} value
 * @param {string | null} [kind]
 */
export function differenceText(value, kind = null) {
  return value !== null && Math.abs(value) < 0.001 ? formatNumber(value, 0, kind) : formatNumber(value, 4, kind);
}

/**
 * @param {Check} data
 * @param {number} at
 * @param {"analytic" | "central" | "autodiff" | "difference"} way
 */
export const reason = (data, at, way) => data.nonfinite?.[`/rows/${at}/${way}`] ?? null;

/**
 * The row of the check that is about the number of a line. A sample's gradient is not the batch's, and a check of
 * some samples only is not the whole batch's: then no row is about it.
 * @param {Check} data
 * @param {LineRecord | null} line
 * @returns {number} its index, -1: none
 */
function rowOf(data, line) {
  if (!line || !isGradient(line, data)) return -1;
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
export function overflowed(data, at) {
  return ["nan", "inf", "-inf"].includes(reason(data, at, "analytic") ?? "");
}
