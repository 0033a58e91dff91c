// @ts-check
/** A table of one's own before it is used: its columns, first rows and ranges; which are inputs and which the target. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { MOST_TEST } from "../lib/data_body.js";
import { formatGiven } from "../lib/format.js";
import { countText } from "../lib/scales.js";
import { Dialog } from "./dialogs.js";
import { FieldMessage, Select } from "./setup_fields.js";

/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {import("../types.js").OpenTable} OpenTable */
/** @typedef {import("../types.js").TablePreview} TablePreview */

const html = htm.bind(h);
const SCALINGS = ["none", "standard", "minmax"];
const SHARES = [0, 0.1, 0.2, 0.3, 0.4, MOST_TEST];

/** @param {{table: OpenTable, errors: Record<string, string>, disabled: boolean, t: Translate, actions: any}} props */
export function TableDialog({ table, errors, disabled, t, actions }) {
  const { preview, problem } = table;
  return html`<${Dialog} title=${t("data.table.title", { name: table.name })} wide=${true} t=${t} close=${actions.closeTable}>
    ${problem ? html`<${FieldMessage} id="table-problem" message=${problem === "large" ? t("data.table.large") : problem} /><p class="hintf">${t("data.table.form")}</p>` : null}
    ${!preview && !problem ? html`<p class="dim">${t("data.table.reading")}</p>` : null}
    ${preview ? html`<${Choices} key=${table.text} preview=${preview} message=${errors.table} disabled=${disabled} t=${t} actions=${actions} />` : null}
    ${problem ? html`<p class="dlga"><label class="btn filebtn">${t("data.table.other")}<input type="file" accept=".csv,.tsv,.txt,text/csv" onChange=${(/** @type {any} */ event) => event.currentTarget.files[0] && actions.readTable(event.currentTarget.files[0])} /></label></p>` : null}
  <//>`;
}

/** @param {{preview: TablePreview, message?: string, disabled: boolean, t: Translate, actions: any}} props */
function Choices({ preview, message, disabled, t, actions }) {
  const [target, setTarget] = useState(preview.target_guess);
  const [chosen, setChosen] = useState(() => new Set(preview.columns_guess));
  const [kind, setKind] = useState(/** @type {"classes" | "regression" | null} */ (null));
  // Columns of their own units: scaled unless the reader says otherwise.
  const [scaling, setScaling] = useState("standard");
  const [share, setShare] = useState(0.2);
  const aim = preview.columns.find((one) => one.name === target);
  const columns = preview.columns.map((one) => one.name).filter((name) => name !== target && chosen.has(name));
  const asKind = aim?.kind === "text" ? "classes" : kind ?? aim?.target_kind ?? "classes";
  const classes = aim?.classes ?? null;
  const outputs = asKind === "regression" || classes?.length === 2 ? 1 : classes?.length ?? 1;
  const [targetScaling, setTargetScaling] = useState("standard");
  const options = SCALINGS.map((value) => ({ value, label: t(`data.scaling.${value}`) }));
  const result = asKind === "regression" ? t("data.table.learnsNumber", { target }) : t("data.table.learnsClasses", { target, n: classes ? classes.length : "> 16" });
  /** @param {string} name */
  const toggle = (name) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  return html`<p class="tblsum">${t("data.table.summary", { rows: countText(preview.rows), columns: preview.columns.length })} ${preview.decimal === "," ? t("data.table.comma") : null}</p>
    <div class="tblwrap" tabindex="0" role="region" aria-label=${t("data.table.columns")}><table class="tblv">
      <thead>
        <tr><th scope="row"><span class="sr">${t("data.table.columns")}</span></th>${preview.columns.map((one) => html`<th scope="col" key=${one.name} class=${role(one.name)}>${one.name}</th>`)}</tr>
        <tr class="pick"><th scope="row">${t("data.table.input")}</th>${preview.columns.map((one) => html`<td key=${one.name}><label><input type="checkbox" data-input=${one.name} aria-label=${t("data.table.inputOf", { name: one.name })} checked=${one.name !== target && chosen.has(one.name)} disabled=${one.name === target} onChange=${() => toggle(one.name)} /></label></td>`)}</tr>
        <tr class="pick"><th scope="row">${t("data.table.target")}</th>${preview.columns.map((one) => html`<td key=${one.name}><label><input type="radio" name="target" data-target=${one.name} aria-label=${t("data.table.targetOf", { name: one.name })} checked=${one.name === target} onChange=${() => {
          setTarget(one.name);
          setKind(null);
        }} /></label></td>`)}</tr>
        <tr class="stats"><th scope="row">${t("data.table.values")}</th>${preview.columns.map((one) => html`<td key=${one.name}>${values(one)}</td>`)}</tr>
      </thead>
      <tbody>${preview.first.map((row, k) => html`<tr key=${k}><th scope="row">${k + 2}</th>${row.map((cell, at) => html`<td key=${at} class=${role(preview.columns[at]?.name ?? "")}>${cell}</td>`)}</tr>`)}</tbody>
    </table></div>
    <div class="tblopts">
      <div class="fld"><span>${t("data.table.as")}</span><${Select} id="table-kind" label=${t("data.table.as")} value=${asKind} disabled=${disabled || aim?.kind === "text"} options=${["classes", "regression"].map((value) => ({ value, label: t(`data.table.as.${value}`) }))} choose=${(/** @type {any} */ value) => setKind(value)} /></div>
      <div class="fld"><span>${t("data.scaling")}</span><${Select} id="table-scaling" label=${t("data.scalingTitle")} value=${scaling} options=${options} disabled=${disabled} choose=${setScaling} /></div>
      ${asKind === "regression" ? html`<div class="fld"><span>${t("data.targets")}</span><${Select} id="table-target-scaling" label=${t("data.targetScalingTitle")} value=${targetScaling} options=${options} disabled=${disabled} choose=${setTargetScaling} /></div>` : null}
      <div class="fld"><span>${t("data.test")}</span><${Select} id="table-share" label=${t("data.testTitle")} value=${String(share)} options=${SHARES.map((value) => ({ value: String(value), label: `${Math.round(value * 100)}\u2009%` }))} disabled=${disabled} choose=${(/** @type {string} */ value) => setShare(Number(value))} /></div>
    </div>
    <p class="tblres" aria-live="polite">${columns.length === 0 ? t("data.table.noInput") : t("data.table.result", { inputs: columns.join(", "), result })}</p>
    <${FieldMessage} id="table-message" message=${message} />
    <p class="dlga end"><button type="button" class="btn" onClick=${actions.closeTable}>${t("data.table.cancel")}</button>
      <button type="button" class="btn primary" id="use-table" disabled=${disabled || columns.length === 0} onClick=${() => actions.useTable({ columns, target, kind: asKind, outputs, scaling, target_scaling: asKind === "regression" ? targetScaling : "none", test_share: share })}>${t("data.table.use")}</button></p>`;

  /** @param {string} name */
  function role(name) {
    return name === target ? "aim" : chosen.has(name) ? "in" : "off";
  }

  /** @param {import("../types.js").TableColumn} one */
  function values(one) {
    if (one.kind === "number") return html`${formatGiven(one.minimum ?? 0, 3)} … ${formatGiven(one.maximum ?? 0, 3)}${one.name === target || scaling !== "standard" ? null : html`<br /><span class="musd">${t("data.meanSpread", { mean: formatGiven(one.mean ?? 0, 3), spread: formatGiven(one.spread ?? 0, 3) })}</span>`}`;
    if (one.first_text_row !== null) return html`<span class="warnt">${t("data.table.textAt", { row: one.first_text_row })}</span>`;
    return one.classes ? t("data.table.kinds", { n: one.classes.length }) : t("data.table.manyKinds");
  }
}
