// @ts-check
/**
 * The history beyond the iteration: a lane for each branch, the list of what each one changed and where it came to,
 * and a form that begins another branch here.
 */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { changeText, dashOf, labeller, ownerOf } from "../lib/history.js";
import { useWidth } from "../lib/hooks.js";
import { countText } from "../lib/scales.js";
import { ForkForm } from "./history_fork.js";
import { Swatch } from "./history_overlay.js";
import { Strip } from "./history_strip.js";
import { Icon } from "./icons.js";

/** @typedef {import("../lib/history.js").Branch} Branch */
/** @typedef {import("../lib/history.js").History} History */
/** @typedef {import("../lib/history.js").Words} Words */

const html = htm.bind(h);

/**
 * @param {{data: History | null, session: import("../types.js").Session, lang: "en" | "ko", symbolOf: import("../lib/symbols.js").SymbolOf, t: import("../types.js").Translate,
 *   actions: any, catalog?: import("../types.js").Catalog | null, disabled?: boolean}} props
 */
export function HistoryTab({ data, session, lang, symbolOf, t, actions, catalog = null, disabled = false }) {
  const words = { catalog, symbolOf, lang, t };
  const empty = session.timeline.last_step === 0 && session.timeline.branches < 2;
  if (empty) {
    return html`<div class="hempty"><p>${t("history.empty")}</p>
      <button type="button" class="btn" disabled=${disabled} onClick=${() => actions.nextIteration()}>${t("readings.nextIteration")}</button></div>`;
  }
  const branches = data?.branches ?? [];
  // Right after a move the record may still be that of the place before.
  const known = ownerOf(branches, session.timeline.node) !== null;
  const node = known ? session.timeline.node : (data?.node ?? 0);
  const here = ownerOf(branches, node);
  return html`<div class="hist">
    <${ForkForm} key=${`${session.id} ${session.timeline.node}`} session=${session} here=${here?.name ?? null} words=${words} disabled=${disabled || !data} actions=${actions} />
    <div class="hbody">
      ${data ? html`<${Lanes} branches=${branches} node=${node} here=${here} known=${known} fresh=${data.node === session.timeline.node} session=${session} words=${words} disabled=${disabled} actions=${actions} />` : html`<div></div>`}
      <ul class="hlist" aria-label=${t("history.branches")}>
        ${branches.map((branch) => html`<${Row} key=${branch.name} branch=${branch} all=${data} words=${words} disabled=${disabled} actions=${actions} />`)}
      </ul>
    </div>
    ${data && data.omitted > 0 ? html`<p class="note">${t("history.omitted", { n: countText(data.omitted) })}</p>` : null}
  </div>`;
}

/**
 * The strip in the room that it has.
 * @param {{branches: Branch[], node: number, here: Branch | null, known: boolean, fresh: boolean, session: import("../types.js").Session, words: Words, disabled: boolean, actions: any}} props
 */
function Lanes(props) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 320);
  return html`<div class="hlane" ref=${box}><${Strip} ...${props} width=${width} /></div>`;
}

/** @param {{branch: Branch, all: History | null, words: Words, disabled: boolean, actions: any}} props */
function Row({ branch, all, words, disabled, actions }) {
  const { t } = words;
  const place = all?.branches.indexOf(branch) ?? -1;
  const what = whatOf(branch, all?.branches ?? [], words);
  const steps = t("history.range", { from: countText(branch.from_step), to: countText(branch.last_step) });
  const loss = formatNumber(branch.loss, 8, all?.nonfinite[`/branches/${place}/loss`]);
  const name = t("history.branch", { name: branch.name });
  const spoken = `${name}: ${what}. ${t("history.iterations")} ${steps}. ${t("page.word.loss")} ${loss}.${branch.diverged ? ` ${t("history.diverged")}.` : ""} ${t("history.goToEnd")}`;
  return html`<li><button type="button" class="hrow" data-branch=${branch.name} aria-current=${branch.current ? "true" : undefined} aria-label=${spoken} title=${`${name}: ${what}`} disabled=${disabled}
      onClick=${() => actions.seekNode(branch.tip)}>
    <${Swatch} dash=${branch.current ? "" : dashOf(branch.name)} /><b>${branch.name}</b>
    <span class="hwhat">${what}</span>
    <span class="hsteps">${steps}</span>
    <span class="hloss">${branch.diverged ? html`<${Icon} name="warn" />` : null}<i class="m">E</i> ${loss}</span>
  </button></li>`;
}

/**
 * What sets a branch apart: what was changed on it, or its training where nothing was.
 * @param {Branch} branch
 * @param {Branch[]} branches
 * @param {Words} words
 */
function whatOf(branch, branches, words) {
  const parts = branch.changes.slice(-2).map((change) => changeText(change, words));
  const more = branch.changes.length - parts.length + branch.more_changes;
  if (more > 0) parts.unshift(words.t("history.more", { n: countText(more) }));
  if (parts.length > 0) return parts.join("; ");
  return branches.length > 1 ? labeller(branches, words)(branch) : words.t("history.unchanged");
}
