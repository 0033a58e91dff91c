// @ts-check
/**
 * The data table of the set-up: every row editable in place, rows added and removed, blocks pasted.
 */

import { h } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { MINUS, formatGiven } from "../lib/format.js";
import { classValues, columnNames, targetMarker, targetName } from "../lib/samples.js";
import { countText } from "../lib/scales.js";
import { htmlSymbol, plainSymbol, symbolLookup } from "../lib/symbols.js";
import { cellKey, pastedCells, readCell, withBlock, withDrafts } from "../lib/table_edit.js";
import { Icon } from "./icons.js";
import { Marker } from "./map_parts.js";

const html = htm.bind(h);

/** @typedef {import("../lib/samples.js").SessionView} SessionView */
/** @typedef {import("../lib/samples.js").Translate} Translate */
/** @typedef {import("../lib/table_edit.js").CellProblem} CellProblem */
/** @typedef {import("../lib/table_edit.js").Drafts} Drafts */
/** @typedef {import("../lib/table_edit.js").Rows} Rows */

/**
 * @typedef {object} TableActions
 * @property {(row: number) => unknown} setSample
 * @property {(inputs: number[][], targets: number[][]) => unknown} editData
 */

const MOST_ROWS = 50;

/**
 * @param {{session: SessionView|null, sample: number, t: Translate, actions: TableActions, disabled?: boolean}} props
 */
export function SampleTable({ session, sample, t, actions, disabled = false }) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const [drafts, setDrafts] = useState(/** @type {Drafts} */ (new Map()));
  const [refused, setRefused] = useState(/** @type {CellProblem|null} */ (null));
  // What is being typed: not judged before the cell is left.
  const [typing, setTyping] = useState(/** @type {{key: string, text: string}|null} */ (null));
  const focusRow = useRef(/** @type {number|null} */ (null));
  const data = session?.data;

  useEffect(() => {
    // Drafts that the record now holds are done; those that are no number stay until they are mended.
    if (data) setDrafts((old) => new Map([...old].filter(([key, text]) => stillOpen(data, key, text))));
    setRefused(null);
    const row = focusRow.current;
    if (row !== null && data && row < data.inputs.length) {
      focusRow.current = null;
      focusCell(box.current, row, 0);
    }
  }, [data]);
  useEffect(() => {
    const row = box.current?.querySelector("tr.cur");
    const list = box.current;
    if (!(row instanceof HTMLElement) || !list || list.scrollHeight <= list.clientHeight) return;
    if (row.offsetTop < list.scrollTop + 24 || row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = row.offsetTop - list.clientHeight / 2;
    }
  }, [sample]);

  const symbolOf = useMemo(() => symbolLookup(session), [session?.elements]);
  if (!session || !data) return null;
  const width = data.inputs[0]?.length ?? 0;
  const outputs = data.targets[0]?.length ?? 0;
  const values = classValues(data.targets);
  const names = [...columnNames(session, symbolOf), ...Array.from({ length: outputs }, (_, k) => targetName(session, symbolOf, k))];
  const shown = Math.min(data.inputs.length, MOST_ROWS);
  const problem = refused ?? withDrafts(data, drafts).problem;
  const decimals = names.length > 3 ? 2 : shown > 12 ? 3 : 4;
  const removable = data.inputs.length > 1;

  /** @param {Rows} rows */
  const commit = (rows) => actions.editData(rows.inputs, rows.targets);
  /** @param {string} key @param {string|null} text null takes the draft back */
  const draft = (key, text) => {
    const next = new Map(drafts);
    if (text === null) next.delete(key);
    else next.set(key, text);
    setDrafts(next);
    setRefused(null);
    return next;
  };
  /** @param {number} row @param {number} column @param {string} text */
  const leave = (row, column, text) => {
    setTyping(null);
    const { value } = readCell(text, row, column);
    const recorded = valueAt(data, row, column);
    const next = draft(cellKey(row, column), value !== null && value === recorded ? null : text);
    const result = withDrafts(data, next);
    if (value !== null && value !== recorded && result.changed) commit(result.rows);
  };
  /** @param {ClipboardEvent} event @param {number} row @param {number} column */
  const paste = (event, row, column) => {
    const cells = pastedCells(event.clipboardData?.getData("text/plain") ?? "");
    if (cells.length === 0) return;
    event.preventDefault();
    const result = withBlock(withDrafts(data, drafts).rows, cells, row, column);
    if (result.problem) setRefused(result.problem);
    else commit(result.rows);
  };
  const add = () => {
    const { rows } = withDrafts(data, drafts);
    focusRow.current = rows.inputs.length < MOST_ROWS ? rows.inputs.length : null;
    commit({ inputs: [...rows.inputs, new Array(width).fill(0)], targets: [...rows.targets, new Array(outputs).fill(values?.[0] ?? 0)] });
  };
  /** @param {number} row */
  const remove = (row) => {
    setDrafts(new Map());
    commit({ inputs: data.inputs.filter((_, k) => k !== row), targets: data.targets.filter((_, k) => k !== row) });
  };

  /** @param {number} row @param {number} column */
  const cell = (row, column) => {
    const key = cellKey(row, column);
    const text = drafts.get(key);
    const open = typing?.key === key;
    const bad = (!open || typing.text === text) && ((problem?.row === row && problem.column === column) || (text !== undefined && readCell(text, row, column).problem !== null));
    const kind = column >= width && outputs === 1 && values ? targetMarker(data.targets[row]?.[0] ?? 0, values) : null;
    return html`<td class=${kind ? "t" : ""}>
      ${kind && html`<svg class="dm" width="12" height="12" aria-hidden="true"><${Marker} kind=${kind} x=${6} y=${6} r=${4} /></svg>`}
      <input type="text" inputmode="decimal" autocomplete="off" spellcheck=${false} data-cell=${key} readonly=${disabled} class=${bad ? "inv" : ""} value=${open ? typing.text : (text ?? formatGiven(valueAt(data, row, column), decimals))}
        aria-label=${t("readings.cell", { symbol: plainSymbol(names[column] ?? { base: "", sub: "", sup: "" }), n: row + 1 })} aria-invalid=${bad ? "true" : undefined} aria-describedby=${bad ? "data-problem" : undefined}
        onInput=${(/** @type {any} */ event) => setTyping({ key, text: event.currentTarget.value })}
        onFocus=${(/** @type {any} */ event) => {
          // Rounded while it is only read, in full while it is edited.
          if (text === undefined) event.currentTarget.value = inFull(valueAt(data, row, column));
          event.currentTarget.select();
          setTyping({ key, text: event.currentTarget.value });
        }}
        onBlur=${(/** @type {any} */ event) => leave(row, column, event.currentTarget.value)}
        onPaste=${(/** @type {ClipboardEvent} */ event) => paste(event, row, column)}
        onKeyDown=${(/** @type {any} */ event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            leave(row, column, event.currentTarget.value);
            setTyping({ key, text: event.currentTarget.value });
            event.currentTarget.select();
          } else if (event.key === "Escape") {
            event.stopPropagation();
            event.currentTarget.value = inFull(valueAt(data, row, column));
            setTyping({ key, text: event.currentTarget.value });
            draft(key, null);
            event.currentTarget.select();
          } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            focusCell(box.current, row + (event.key === "ArrowDown" ? 1 : -1), column);
          }
        }} /></td>`;
  };

  const message = problem ? t(`readings.${problem.key}`, { row: problem.row + 1, text: problem.text, right: problem.right }) : null;
  return html`<div class="samples">
    <div class=${`databox${shown > 12 ? " long" : ""}`} ref=${box}>
      <table class=${names.length > 4 ? "data dense" : "data"}>
        <thead><tr><th scope="col"><span class="sr">${t("readings.sample")}</span></th>${names.map((name, k) => html`<th scope="col" title=${name.sub === "" && name.base.length > 2 ? name.base : undefined}>${htmlSymbol(name)}<${Scaled} session=${session} column=${k} t=${t} /></th>`)}<th class="rmh"><span class="sr">${t("readings.removeHead")}</span></th></tr></thead>
        <tbody>${Array.from({ length: shown }, (_, row) => html`<tr key=${row} class=${row === sample ? "cur" : ""} aria-current=${row === sample ? "true" : undefined}>
          <th scope="row"><button type="button" class="rown" aria-label=${t("readings.showSample", { n: row + 1 })} onClick=${() => actions.setSample(row)}><${Icon} name="right" />${row + 1}</button></th>
          ${names.map((_, column) => cell(row, column))}
          <td class="rm"><button type="button" disabled=${disabled || !removable} aria-label=${t("readings.removeRow", { n: row + 1 })} title=${t("readings.removeRow", { n: row + 1 })} onClick=${() => remove(row)}><${Icon} name="close" /></button></td>
        </tr>`)}</tbody>
      </table>
    </div>
    <${Notes} session=${session} t=${t} />
    ${data.inputs.length > shown && html`<p class="note">${t("readings.firstRows", { n: shown, all: countText(data.inputs.length) })}</p>`}
    ${message && html`<p class="fmsg" id="data-problem" role="alert"><${Icon} name="warn" />${message}</p>`}
    <button class="addrow" type="button" disabled=${disabled} onClick=${add}><${Icon} name="plus" />${t("readings.addRow")}</button>
  </div>`;
}

/**
 * How a column is scaled for the network, under its name; its cells show what was given.
 * @param {{session: SessionView, column: number, t: Translate}} props
 */
function Scaled({ session, column, t }) {
  const data = /** @type {Partial<import("../types.js").DataRecord>} */ (session.data);
  const width = data.inputs?.[0]?.length ?? 0;
  const scaling = column < width ? data.scaling : data.target_scaling;
  const at = column < width ? column : column - width;
  if (!scaling || scaling.name === "none") return null;
  const [centre, spread] = [formatGiven(scaling.centre[at] ?? 0, 3), formatGiven(scaling.spread[at] ?? 1, 3)];
  return html`<small class="scl" data-scaling=${scaling.name} title=${t(`data.${scaling.name}Head`, { centre, spread })}>${t(`data.${scaling.name}Short`, { centre })}<br />${t(`data.${scaling.name}Spread`, { spread })}</small>`;
}

/**
 * What the table's numbers mean: scaling that is undone here, names of classes.
 * @param {{session: SessionView, t: Translate}} props
 */
function Notes({ session, t }) {
  const data = /** @type {Partial<import("../types.js").DataRecord>} */ (session.data);
  const scaling = data.scaling?.name ?? "none";
  const values = classValues(session.data.targets);
  const [first, second] = data.classes ?? [];
  const two = data.classes?.length === 2 && values && first !== undefined && second !== undefined;
  return html`${scaling === "none" ? null : html`<p class="note">${t(`data.${scaling}Note`)}</p>`}
    ${two ? html`<p class="note">${t("data.classNote", { low: values[0], first, high: values[1], second }).replaceAll("-", MINUS)}</p>` : null}`;
}

/**
 * @param {Rows} rows
 * @param {number} row
 * @param {number} column
 */
function valueAt(rows, row, column) {
  const width = rows.inputs[0]?.length ?? 0;
  return (column < width ? rows.inputs[row]?.[column] : rows.targets[row]?.[column - width]) ?? 0;
}

/** @param {number} value */
function inFull(value) {
  return String(value).replace("-", MINUS);
}

/**
 * Whether a draft still waits: its row exists and it differs from the record.
 * @param {Rows} rows
 * @param {string} key
 * @param {string} text
 */
function stillOpen(rows, key, text) {
  const [row = 0, column = 0] = key.split(",").map(Number);
  return row < rows.inputs.length && readCell(text, row, column).value !== valueAt(rows, row, column);
}

/**
 * @param {HTMLElement|null} box
 * @param {number} row
 * @param {number} column
 */
function focusCell(box, row, column) {
  const input = box?.querySelector(`input[data-cell="${cellKey(row, column)}"]`);
  if (input instanceof HTMLInputElement) input.focus();
}
