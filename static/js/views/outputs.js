// @ts-check
/**
 * The outputs beside their targets: of the whole set, with the present parameters.
 *
 * One sample: a row for each output. Several: a row for each sample, the current one marked; a click makes a row current.
 */

import { h } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { computed } from "@preact/signals";
import htm from "htm";
import { HIDDEN, formatGiven, formatNumber } from "../lib/format.js";
import { classValues, isCorrect, isOneOfMany, largest, lastUnits } from "../lib/samples.js";
import { countText } from "../lib/scales.js";
import { htmlSymbol, symbolLookup } from "../lib/symbols.js";
import { TableButton } from "./export_menu.js";

const html = htm.bind(h);

/** @typedef {import("../lib/samples.js").SessionView} SessionView */
/** @typedef {import("../lib/samples.js").Translate} Translate */
/** @typedef {import("../lib/refs.js").TraceRecord} TraceRecord */

const MOST_ROWS = 200;
/** @type {number[][]} */
const NONE = [];
/** Digits of outputs and losses, fewer where many columns share the width. */
const WIDE = 6;
const NARROW = 4;

/**
 * @param {{session: SessionView|null, sample: number, trace: TraceRecord|null, t: Translate,
 *   live?: import("./diagram_live.js").Frames | null, stale?: boolean, actions: {setSample: (row: number) => unknown, exportTable: (what: string) => unknown}}} props
 *   `live`: the frames while training runs; `stale`: the rows are of an earlier step
 */
export function Outputs({ session, sample, trace, live = null, stale = false, t, actions }) {
  const targets = session?.data.targets ?? NONE;
  const right = useMemo(() => {
    /** @param {number | null | undefined} accuracy */
    const text = (accuracy) => (accuracy === null || accuracy === undefined ? "" : t("readings.accuracy", { right: countText(Math.round(accuracy * targets.length)), all: countText(targets.length) }));
    return computed(() => text(live?.value?.accuracy ?? session?.accuracy));
  }, [live, session?.accuracy, targets, t]);
  if (!session) return html`<section class="rd outputs"><h2>${t("readings.outputs")}</h2></section>`;
  return html`<section class="rd outputs ${stale ? "stale" : ""}" aria-labelledby="outputs-title">
    <h2><span id="outputs-title">${t("readings.outputs")}</span>${session.accuracy !== null && session.accuracy !== undefined && html`<span class="hr acc">${right}</span>`}<span class=${session.accuracy === null || session.accuracy === undefined ? "hr" : ""}><${TableButton} what="samples" t=${t} actions=${actions} /></span></h2>
    ${session.outputs === null || session.outputs === undefined
      ? html`<p class="note">${t("readings.tooManyOutputs", { n: countText(targets.length) })}</p>`
      : targets.length === 1
        ? html`<${OneSample} session=${session} trace=${trace} t=${t} />`
        : html`<${AllSamples} session=${session} sample=${sample} t=${t} actions=${actions} />`}
  </section>`;
}

/** A symbol without its place. @param {import("../lib/symbols.js").Symbol} symbol */
const letter = ({ base }) => ({ base, sub: "", sup: "" });

/** @param {{session: SessionView, trace: TraceRecord|null, t: Translate}} props */
function OneSample({ session, trace, t }) {
  const symbolOf = symbolLookup(session);
  const layers = session.network.layers.length;
  const outputs = session.outputs?.[0] ?? [];
  const targets = session.data.targets[0] ?? [];
  // The trace's loss parts belong to these outputs only if it was taken at the same parameters.
  const same = trace && trace.step === session.step && trace.sample === 0 && !(/** @type {any} */ (trace).point);
  const parts = same ? trace.loss.parts : [];
  const total = session.sample_losses?.[0] ?? null;
  const kind = (/** @type {string} */ pointer) => session.nonfinite?.[pointer] ?? null;
  return html`<table class="outs">
    <thead><tr><th><span class="sr">${t("readings.output")}</span></th><th scope="col">${htmlSymbol(letter(symbolOf("t.0")))}</th>
      <th scope="col">${htmlSymbol(letter(symbolOf(`a.${session.network.layers.length}.0`)))}</th><th scope="col"><span class="sym"><i>${symbolOf(`a.${layers}.0`).base}</i> − <i>${symbolOf("t.0").base}</i></span></th><th scope="col">${htmlSymbol(symbolOf("e"))}</th></tr></thead>
    <tbody>
      ${targets.map((target, k) => {
        const output = outputs[k] ?? null;
        const difference = session.differences?.[0]?.[k] ?? null;
        return html`<tr><th scope="row">${htmlSymbol(symbolOf(`a.${layers}.${k}`))}</th><td>${formatGiven(target)}</td><td>${formatNumber(output, WIDE, kind(`/outputs/0/${k}`))}</td>
          <td>${difference !== null && difference > 0 ? "+" : ""}${formatNumber(difference, WIDE, kind(`/differences/0/${k}`))}</td><td>${parts[k] === undefined ? "·" : formatNumber(parts[k], WIDE, trace?.nonfinite?.[`/loss/parts/${k}`])}</td></tr>`;
      })}
      ${targets.length > 1 && html`<tr class="sum"><th scope="row" colspan="4">${t("readings.total")}</th><td>${formatNumber(total, WIDE, kind("/sample_losses/0"))}</td></tr>`}
    </tbody>
  </table>`;
}

/**
 * @param {{session: SessionView, sample: number, t: Translate, actions: {setSample: (row: number) => unknown}}} props
 */
function AllSamples({ session, sample, t, actions }) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const { inputs, targets } = session.data;
  const units = lastUnits(session);
  const layers = session.network.layers.length;
  const symbolOf = useMemo(() => symbolLookup(session), [session.elements]);
  // Right and wrong are shown where the server defines an accuracy.
  const scored = session.accuracy !== null && session.accuracy !== undefined;
  const values = useMemo(() => (scored ? classValues(targets) : null), [targets, scored]);
  const oneOfMany = useMemo(() => isOneOfMany(targets), [targets]);
  const byClass = oneOfMany && units > 2;
  const columns = session.data.inputs[0]?.length ?? 0;
  const shownInputs = columns <= (units > 1 && !byClass ? 0 : 2) ? columns : 0;
  const digits = units > 1 || inputs.slice(0, MOST_ROWS).some((row) => row.some((value) => String(value).length > 3)) ? NARROW : WIDE;
  useEffect(() => {
    // Scrolls the list, never the page around it.
    const list = box.current;
    const row = list?.querySelector(`tr[data-row="${sample}"]`);
    if (!(row instanceof HTMLElement) || !list) return;
    const head = 24;
    if (row.offsetTop < list.scrollTop + head) list.scrollTop = row.offsetTop - head;
    else if (row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = row.offsetTop + row.offsetHeight - list.clientHeight;
  }, [sample, targets]);

  const inputColumns = Array.from({ length: shownInputs }, (_, k) => k);
  const outputColumns = byClass ? [] : Array.from({ length: units }, (_, k) => k);
  const rows = targets.slice(0, MOST_ROWS).map((target, row) => {
    const output = session.outputs?.[row] ?? [];
    const finite = output.map((value) => value ?? NaN);
    const hidden = output.some((_, k) => session.nonfinite?.[`/outputs/${row}/${k}`] === "hidden");
    const correct = isCorrect(finite, target, values, oneOfMany);
    const answer = largest(finite);
    return html`<tr key=${row} data-row=${row} class=${row === sample ? "cur" : ""} aria-current=${row === sample ? "true" : undefined} onClick=${() => actions.setSample(row)}>
      <th scope="row"><button type="button" tabindex=${row === sample ? 0 : -1} aria-label=${t("readings.showSample", { n: row + 1 })} onKeyDown=${(/** @type {KeyboardEvent} */ event) => rowKeys(event, row, actions.setSample)}>${row + 1}</button></th>
      ${inputColumns.map((k) => html`<td>${formatGiven(inputs[row]?.[k], 2)}</td>`)}
      ${byClass && html`<td>${largest(target) + 1}</td><td>${hidden ? HIDDEN : answer + 1}</td><td>${hidden ? HIDDEN : formatNumber(output[answer], NARROW)}</td>`}
      ${outputColumns.map((k) => html`<td>${formatGiven(target[k], 2)}</td><td>${formatNumber(output[k], digits, session.nonfinite?.[`/outputs/${row}/${k}`])}</td>`)}
      ${values && html`<td class="okm">${hidden ? HIDDEN : html`<${Verdict} correct=${correct === true} t=${t} />`}</td>`}
      <td>${formatNumber(session.sample_losses?.[row] ?? null, digits, session.nonfinite?.[`/sample_losses/${row}`])}</td>
    </tr>`;
  });
  return html`<div class="outsbox" ref=${box}>
    <table class=${digits === WIDE ? "outs all" : "outs all dense"}>
      <thead><tr>
        <th><span class="sr">${t("readings.sample")}</span></th>
        ${inputColumns.map((k) => html`<th scope="col">${htmlSymbol(symbolOf(`a.0.${k}`))}</th>`)}
        ${byClass && html`<th scope="col">${t("readings.class")}</th><th scope="col">${t("readings.answer")}</th><th scope="col">${htmlSymbol(letter(symbolOf(`a.${session.network.layers.length}.0`)))}</th>`}
        ${outputColumns.map((k) => html`<th scope="col">${htmlSymbol(symbolOf(`t.${k}`))}</th><th scope="col">${htmlSymbol(symbolOf(`a.${layers}.${k}`))}</th>`)}
        ${values && html`<th><span class="sr">${t("readings.correct")}</span></th>`}
        <th scope="col">${htmlSymbol({ base: "E", sub: "", sup: "" })}</th>
      </tr></thead>
      <tbody>${rows}</tbody>
    </table>
  </div>
  ${targets.length > MOST_ROWS && html`<p class="note">${t("readings.firstRows", { n: MOST_ROWS, all: countText(targets.length) })}</p>`}`;
}

/**
 * Arrow keys walk through the rows; they must not step the page as well.
 * @param {KeyboardEvent} event
 * @param {number} row
 * @param {(row: number) => unknown} choose
 */
function rowKeys(event, row, choose) {
  const next = event.key === "ArrowDown" ? row + 1 : event.key === "ArrowUp" ? row - 1 : null;
  if (next === null) return;
  const button = /** @type {HTMLElement} */ (event.currentTarget).closest("tbody")?.querySelector(`tr[data-row="${next}"] button`);
  event.preventDefault();
  event.stopPropagation();
  if (button instanceof HTMLElement) {
    button.focus();
    choose(next);
  }
}

/** @param {{correct: boolean, t: Translate}} props */
function Verdict({ correct, t }) {
  return html`<svg class=${correct ? "i" : "i wrong"} viewBox="0 0 16 16" role="img" aria-label=${t(correct ? "readings.right" : "readings.wrong")}>
    <path d=${correct ? "M3 8.5l3.2 3.2L13 4.8" : "M4 4l8 8M12 4l-8 8"} /></svg>`;
}
