// @ts-check
/**
 * Runs beside each other: experiments from one start, the table of what they differ in and came to, and their curves.
 */
import { h } from "preact";
import { useMemo, useState } from "preact/hooks";
import htm from "htm";
import { PRESENT, differenceText, runName, runReading, styleOf } from "../lib/compare.js";
import { formatNumber } from "../lib/format.js";
import { countText, tickText } from "../lib/scales.js";
import { RunChart } from "./compare_chart.js";
import { ExperimentForm, Progress } from "./compare_form.js";
import { RunMark } from "./compare_mark.js";
import { SweepChart } from "./compare_sweep.js";
import { Icon } from "./icons.js";

/** @typedef {import("../lib/compare.js").Comparison} Comparison */
/** @typedef {import("../lib/compare.js").ComparedRun} ComparedRun */
/** @typedef {import("../lib/compare.js").Kept} Kept */
/** @typedef {import("../lib/compare.js").Style} Style */
/** @typedef {import("../lib/history.js").Words} Words */
/** @typedef {{run: ComparedRun, kept: Kept | null, style: Style, name: string, present: boolean, kind: string | null}} Row `kind` of number that the loss is where it is none */

const html = htm.bind(h);

/**
 * @param {{data: Comparison | null, session: import("../types.js").Session, kept: Kept[], removed: {run: Kept, name: string} | null, lost: number, experiment: {ids: string[], from: number, to: number} | null,
 *   errors: Record<string, string>, lang: "en" | "ko", symbolOf: import("../lib/symbols.js").SymbolOf, t: import("../types.js").Translate, actions: any, catalog?: import("../types.js").Catalog | null, disabled?: boolean, theme?: string}} props
 */
export function CompareTab({ data, session, kept, removed, lost, experiment, errors, lang, symbolOf, t, actions, catalog = null, disabled = false, theme }) {
  const words = useMemo(() => ({ catalog, symbolOf, lang, t }), [catalog, symbolOf, lang, t]);
  const [by, setBy] = useState(/** @type {"epochs" | "steps"} */ ("epochs"));
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const [sweep, setSweep] = useState(false);
  const rows = useMemo(() => rowsOf(data, kept, session, words), [data, kept, session.id, words]);
  const rated = kept.filter((one) => one.group?.startsWith("rates")).at(-1)?.group ?? null;
  const swept = rated === null ? [] : rows.filter((row) => row.kept?.group === rated);
  const showSweep = sweep && swept.length > 1;
  const isKept = kept.some((one) => one.id === session.id && !one.auto);
  return html`<div class="cmp">
    ${experiment
      ? html`<${Progress} experiment=${experiment} runs=${data?.runs ?? []} t=${t} actions=${actions} />`
      : html`<${ExperimentForm} session=${session} message=${errors.experiment ?? null} isKept=${isKept} begun=${(/** @type {string} */ kind) => setSweep(kind === "rates")} t=${t} disabled=${disabled} actions=${actions} />`}
    ${removed ? html`<p class="cmpnote" role="status">${t("compare.removed", { name: removed.name })} <button type="button" class="btn" onClick=${() => actions.restoreRun()}><${Icon} name="undo" />${t("compare.restore")}</button></p>` : null}
    ${lost > 0 ? html`<p class="cmpnote" role="status"><${Icon} name="warn" />${t(lost === 1 ? "compare.lostOne" : "compare.lost", { n: lost })}</p>` : null}
    <div class="cmpbody" data-picture=${showSweep ? undefined : "compare"}>
      <${RunTable} rows=${rows} at=${showSweep ? null : at} by=${by} words=${words} disabled=${disabled} actions=${actions} />
      <div class="cmpchart">
        ${showSweep
          ? html`<${SweepChart} rows=${swept} sweep=${true} setSweep=${setSweep} words=${words} actions=${actions} />`
          : html`<${RunChart} rows=${rows} by=${by} setBy=${setBy} at=${at} setAt=${setAt} canSweep=${swept.length > 1} setSweep=${setSweep} words=${words} theme=${theme} actions=${actions} />`}
      </div>
    </div>
  </div>`;
}

/**
 * The present run first, then the kept ones in the order in which they began.
 * @param {Comparison | null} data
 * @param {Kept[]} kept
 * @param {import("../types.js").Session} session
 * @param {Words} words
 * @returns {Row[]}
 */
function rowsOf(data, kept, session, words) {
  if (!data) return [];
  return data.runs.flatMap((run, place) => {
    const found = kept.find((one) => one.id === run.id) ?? null;
    const present = run.id === session.id;
    // Right after a change the reply may still be that of the runs before.
    if (!present && !found) return [];
    return [{ run, kept: found, style: present ? PRESENT : styleOf(found?.slot ?? 0), name: runName(run, words), present, kind: data.nonfinite[`/runs/${place}/loss`] ?? null }];
  });
}

/** @param {{rows: Row[], at: number | null, by: "epochs" | "steps", words: Words, disabled: boolean, actions: any}} props */
function RunTable({ rows, at, by, words, disabled, actions }) {
  const { t } = words;
  const head = at === null ? t("page.word.loss") : t(by === "epochs" ? "compare.lossAtEpoch" : "compare.lossAtStep", { n: tickText(at, 0) });
  return html`<div class="cmptable"><table>
    <caption class="sr">${t("compare.table")}</caption>
    <thead><tr><th scope="col">${t("compare.run")}</th><th scope="col" class="n">${head}</th><th scope="col" class="n more">${t("compare.accuracy")}</th><th scope="col" class="n">${t("compare.epochs")}</th><td></td></tr></thead>
    <tbody>${rows.map((row) => html`<${RunRow} key=${row.run.id} row=${row} at=${at} by=${by} words=${words} disabled=${disabled} actions=${actions} />`)}</tbody>
  </table>
  <p class="note" data-noexport>${rows.length < 2 ? `${t("compare.empty")} ` : ""}${t("compare.autoNote")}</p></div>`;
}

/** @param {{row: Row, at: number | null, by: "epochs" | "steps", words: Words, disabled: boolean, actions: any}} props */
function RunRow({ row, at, by, words, disabled, actions }) {
  const { t } = words;
  const { run, style, name, present } = row;
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const diverged = run.status === "diverged";
  const reading = at === null ? null : runReading(run.curve, by, at);
  const loss = at === null ? formatNumber(run.loss, 6, row.kind) : reading ? formatNumber(reading.loss, 6) : "";
  const what = present ? t("compare.present") : [differenceText(run, words) || t("compare.sameSettings"), ...(run.same_start ? [] : [t("compare.otherStart")])].join(", ");
  const commit = () => {
    if (draft !== null && draft.trim() !== (run.label ?? "")) void actions.renameRun(run.id, draft.trim().slice(0, 60));
    setDraft(null);
  };
  return html`<tr data-run=${run.id} class=${present ? "now" : ""} aria-current=${present ? "true" : undefined}>
    <th scope="row"><span class="cmpname"><${RunMark} style=${style} />
      <span class="cmpwho">${draft === null
        ? present
          ? html`<b>${name}</b>`
          : html`<button type="button" class="cmplink" disabled=${disabled || run.status === "training"} title=${t("compare.open", { name })} onClick=${() => actions.openRun(run.id)}>${name}</button>`
        : html`<input type="text" maxlength="60" aria-label=${t("compare.newName")} value=${draft} ref=${focus} onInput=${(/** @type {InputEvent} */ event) => setDraft(/** @type {HTMLInputElement} */ (event.currentTarget).value)}
            onBlur=${commit} onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
              if (event.key === "Enter") commit();
              else if (event.key === "Escape") setDraft(null);
            }} />`}
        <small>${what}</small></span></span></th>
    <td class="n cmploss">${diverged && at === null ? html`<span class="gone"><${Icon} name="warn" />${t("compare.diverged")}</span>` : loss}${at === null && run.test_loss !== null ? html`<small class="cmptest">${t("compare.test", { loss: formatNumber(run.test_loss, 6) })}</small>` : null}</td>
    <td class="n more">${at === null && run.accuracy !== null ? t("compare.percent", { n: formatNumber(100 * run.accuracy, 1) }) : ""}${at === null && run.test_accuracy !== null ? html`<small class="cmptest">${t("compare.percent", { n: formatNumber(100 * run.test_accuracy, 1) })}</small>` : null}</td>
    <td class="n">${at === null || !reading ? countText(run.epoch) : ""}</td>
    <td class="acts"><button type="button" class="btn quiet" aria-label=${t("compare.rename", { name })} title=${t("compare.rename", { name })} onClick=${() => setDraft(run.label ?? "")}><${Icon} name="pen" /></button>${row.kept
      ? html`<button type="button" class="btn quiet" aria-label=${t("compare.remove", { name })} title=${t("compare.remove", { name })} onClick=${() => actions.removeRun(run.id, name)}><${Icon} name="close" /></button>`
      : html`<span class="noact"></span>`}</td>
  </tr>`;
}

/** @param {HTMLInputElement | null} field */
function focus(field) {
  if (field && document.activeElement !== field) field.focus();
}
