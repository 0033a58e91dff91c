// @ts-check
/** What the optimizer does with each gradient: per parameter its state, its working and the change it makes. */
import { h } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { formatGiven, formatNumber, HIDDEN } from "../lib/format.js";
import { progressOf } from "../lib/matrix_lights.js";
import { tabSeparated } from "../lib/matrix_text.js";
import { atParameter, parametersByLayer, pointerOf } from "../lib/parameters.js";
import { litWith } from "../lib/refs.js";
import { countText } from "../lib/scales.js";
import { htmlSymbol, plainSymbol } from "../lib/symbols.js";
import { CopyButton } from "./copy.js";
import { Icon } from "./icons.js";
import { Tex } from "./tex.js";

/**
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {import("../lib/refs.js").ParameterRecord} ParameterRecord
 * @typedef {object} Column
 * @property {string} id in the copied text
 * @property {string} tex
 * @property {string} [word] a name in words under the symbol
 * @property {(ref: string) => string} ref the quantity's name for one parameter
 * @property {(ref: string) => number | null | undefined} read
 * @property {(ref: string) => string} pointer
 * @property {boolean} given known before the first micro-step
 */

const html = htm.bind(h);
/** Parameters on one page. */
const PAGE = 200;
const WAITING = "·";
const PHASES = /** @type {Record<string, string>} */ ({ forward: "fwd", backward: "back", update: "upd" });
const LOOKS_AHEAD = new Set(["nag"]);

/**
 * @param {any} trace
 * @param {any} entry of the catalogue
 * @param {boolean} alone a batch of one: its gradient is the sample's
 * @returns {Column[]}
 */
function columnsOf(trace, entry, alone) {
  const { optimizer, layers } = trace;
  /** @type {Record<string, string>} */
  const symbols = entry?.symbols ?? {};
  /** @param {string} name */
  const tex = (name) => symbols[name] ?? `\\text{${name}}`;
  /** @param {ParameterRecord} record @param {string} pointer */
  const of = (record, pointer) => ({ read: (/** @type {string} */ ref) => atParameter(record, ref), pointer: (/** @type {string} */ ref) => pointer + pointerOf(ref) });
  const gradient = { weights: layers.map((/** @type {any} */ layer) => layer.batch_weight_gradient), biases: layers.map((/** @type {any} */ layer) => layer.batch_bias_gradient) };
  const gradientPointer = (/** @type {string} */ ref) => {
    const [kind, layer, ...rest] = ref.split(".");
    return `/layers/${Number(layer) - 1}/batch_${kind === "w" ? "weight" : "bias"}_gradient/${rest.join("/")}`;
  };
  /** @type {Column[]} */
  const columns = [
    { id: "value", tex: "\\theta", word: "value", ref: (ref) => ref, ...of(trace.before, "/before"), given: true },
    { id: "gradient", tex: "g", word: "gradient", ref: (ref) => `${alone ? "g" : "G"}${ref}`, read: (ref) => atParameter(gradient, ref), pointer: gradientPointer, given: false },
  ];
  const clipped = trace.clipping?.name !== undefined && trace.clipping.name !== "none";
  if (clipped || trace.penalties?.length > 0) {
    // A bias has no penalty, and a frozen parameter is not clipped: theirs is the gradient of the loss.
    const prefix = (/** @type {string} */ ref) => (clipped ? "C" : ref.startsWith("w.") && trace.penalties.length > 0 ? "J" : alone ? "g" : "G");
    columns.push({ id: "gradient received", tex: "\\hat g", word: "received", ref: (ref) => `${prefix(ref)}${ref}`, ...of(trace.received, "/received"), given: false });
  }
  for (const name of Object.keys(optimizer.state_after)) {
    columns.push({ id: `${name} (old)`, tex: tex(name), word: "old", ref: (ref) => `s0.${name}.${ref}`, ...of(optimizer.state_before[name], `/optimizer/state_before/${name}`), given: true });
    columns.push({ id: `${name} (new)`, tex: `${tex(name)}'`, word: "new", ref: (ref) => `s.${name}.${ref}`, ...of(optimizer.state_after[name], `/optimizer/state_after/${name}`), given: false });
  }
  for (const name of Object.keys(optimizer.terms)) {
    columns.push({ id: name, tex: tex(name), ref: (ref) => `o.${name}.${ref}`, ...of(optimizer.terms[name], `/optimizer/terms/${name}`), given: false });
  }
  columns.push({ id: "change", tex: "\\Delta\\theta", word: "change", ref: (ref) => `u${ref}`, ...of(trace.update, "/update"), given: false });
  columns.push({ id: "new value", tex: "\\theta'", word: "newValue", ref: (ref) => `n${ref}`, ...of(trace.after, "/after"), given: false });
  return columns;
}

/**
 * @param {{session: import("../types.js").Session, trace: any, microsteps: import("../types.js").MicroSteps | null, index: number, decimals: number, element: string | null, hover: string | null,
 *   catalog: any, hidden?: Set<string>, lang: string, symbolOf: import("../lib/symbols.js").SymbolOf, t: Translate, actions: any, [prop: string]: any}} props
 */
export function OptimizerTab({ session, trace, microsteps, index, decimals, element, hover, catalog, hidden = new Set(), lang, symbolOf, t, actions }) {
  const [page, setPage] = useState({ layer: 0, first: 0 });
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const layers = useMemo(() => parametersByLayer(session.network), [session.network]);
  const { now, later, all } = useMemo(() => progressOf(microsteps, index), [microsteps, index]);
  const step = microsteps?.microsteps[index];
  const current = step?.phase === "update" ? new Set(step.produces.map((ref) => /[wb]\.\d.*$/.exec(ref)?.[0] ?? "")) : new Set();
  const total = layers.reduce((sum, layer) => sum + layer.refs.length, 0);
  const paged = total > PAGE;
  const chosenLayer = Number((element ?? "w.1.0.0").split(".")[1] ?? 1) - 1;
  useEffect(() => {
    // A large network shows the page that the chosen parameter is on.
    const place = layers[chosenLayer]?.refs.indexOf(element ?? "") ?? -1;
    if (paged && place >= 0) setPage({ layer: chosenLayer, first: Math.floor(place / PAGE) * PAGE });
  }, [element, paged, layers]);
  const lit = [...current][0] ?? null;
  useEffect(() => {
    // Scrolls the drawer, never the page around it.
    const row = lit && box.current?.querySelector(`tr[data-parameter="${CSS.escape(lit)}"]`);
    const list = box.current?.closest(".dwb");
    if (!(row instanceof HTMLElement) || !list) return;
    const [inner, outer] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.top < outer.top + 60) list.scrollTop -= outer.top + 60 - inner.top;
    else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
  }, [lit]);
  if (!trace) return html`<p class="dwempty">${t("matrices.loading")}</p>`;
  const entry = catalog?.optimizers.find((/** @type {any} */ one) => one.name === trace.optimizer.name);
  const alone = trace.batch.length === 1;
  const columns = columnsOf(trace, entry, alone);
  const refs = paged ? layers[page.layer]?.refs.slice(page.first, page.first + PAGE) ?? [] : layers.flatMap((layer) => layer.refs);
  const most = layers[page.layer]?.refs.length ?? 0;

  // The change, and the state of a frozen parameter, have no micro-step of their own: they are there with the new value.
  const waiting = (/** @type {Column} */ column, /** @type {string} */ ref) => {
    const name = column.ref(ref);
    return !column.given && later.has(all.has(name) || column.id === "gradient" ? name : `n${ref}`);
  };
  const secret = (/** @type {Column} */ column, /** @type {string} */ ref) => hidden.has(column.ref(ref)) || (column.id === "change" && hidden.has(`n${ref}`)) || (column.id === "gradient" && hidden.has(`G${ref}`));
  const kind = (/** @type {Column} */ column, /** @type {string} */ ref) => trace.nonfinite?.[column.pointer(ref)] ?? null;
  const print = (/** @type {Column} */ column, /** @type {string} */ ref) => {
    if (secret(column, ref)) return HIDDEN;
    if (waiting(column, ref)) return WAITING;
    const value = column.read(ref);
    return value === undefined ? "" : formatNumber(value, decimals, kind(column, ref));
  };
  const copied = () => tabSeparated([
    ["parameter", "reference", "frozen", ...columns.map((column) => column.id)],
    ...layers.flatMap((layer) => layer.refs).map((ref) => [plainSymbol(symbolOf(ref)), ref, isFrozen(session, ref) ? 1 : 0, ...columns.map((column) => {
      if (secret(column, ref)) return HIDDEN;
      if (waiting(column, ref)) return "";
      return column.read(ref) ?? (kind(column, ref) === "hidden" ? HIDDEN : kind(column, ref));
    })]),
  ]);
  const label = entry ? entry.label[lang] ?? entry.label.en : trace.optimizer.name;
  return html`<div class="opts">
    <div class="opth"><p><b>${label}</b>${entry ? html` <${Tex} tex=${entry.tex} label=${label} />` : null}</p><span class="note">${t("matrices.count", { n: countText(trace.optimizer.count) })}</span>
      ${paged ? html`<span class="opp"><span class="sel"><select data-choice="layer" aria-label=${t("matrices.layerChoice")} value=${page.layer} onChange=${(/** @type {Event} */ event) => setPage({ layer: Number(/** @type {HTMLSelectElement} */ (event.currentTarget).value), first: 0 })}>
          ${layers.map((layer, at) => html`<option value=${at}>${t("matrices.layer", { n: layer.layer })}</option>`)}</select><${Icon} name="down" /></span>
        ${most > PAGE ? html`<button type="button" class="btn" aria-label=${t("matrices.previous")} disabled=${page.first === 0} onClick=${() => setPage({ ...page, first: page.first - PAGE })}><${Icon} name="left" /></button>
          <span>${t("matrices.range", { from: page.first + 1, to: Math.min(most, page.first + PAGE), all: countText(most) })}</span>
          <button type="button" class="btn" aria-label=${t("matrices.next")} disabled=${page.first + PAGE >= most} onClick=${() => setPage({ ...page, first: page.first + PAGE })}><${Icon} name="right" /></button>` : null}</span>` : null}
      <${CopyButton} form="words" label=${t("matrices.copyTable")} hint=${t("matrices.copyTable.hint")} text=${copied} t=${t} />
    </div>
    ${trace.schedule && trace.schedule.name !== "constant" ? html`<p class="note">${t("matrices.scheduled", { n: trace.epoch, rate: formatGiven(trace.schedule.rate, 6, trace.nonfinite?.["/schedule/rate"] ?? null), base: formatGiven(trace.schedule.base, 6) })}</p>` : null}
    <table class="opt" ref=${box}>
      <thead><tr><th scope="col">${t("matrices.parameter")}</th>${columns.map((column) => html`<th scope="col" key=${column.id} class="num"><${Tex} tex=${column.tex} label=${column.id} />${column.word ? html`<small>${t(`matrices.column.${column.word}`)}</small>` : null}</th>`)}</tr></thead>
      <tbody>${refs.map((ref) => {
        const frozen = isFrozen(session, ref);
        const mine = current.has(ref);
        return html`<tr key=${ref} data-parameter=${ref} class=${`${mine ? "cur" : ""} ${frozen ? "frozen" : ""} ${ref === element ? "chosen" : ""}`} aria-current=${mine ? "step" : undefined}>
          <th scope="row"><button type="button" onClick=${() => actions.chooseParameter(ref)}>${htmlSymbol(symbolOf(ref))}</button>${frozen ? html`<small class="ice">${t("matrices.frozen")}</small>` : null}</th>
          ${columns.map((column) => {
            const name = column.ref(ref);
            const made = now.has(name) || (column.id === "change" && now.has(`n${ref}`));
            const state = made ? "f" : secret(column, ref) ? "q" : waiting(column, ref) ? "w" : "";
            return html`<td key=${column.id} class="num ${state} ${state === "f" ? PHASES[step?.phase ?? ""] ?? "" : ""} ${litWith(name, hover) ? "lit" : ""}" data-ref=${name} onMouseEnter=${() => actions.hover(name)} onMouseLeave=${() => actions.hover(null)} onClick=${() => actions.goToRef(column.id === "change" ? `n${ref}` : name)}>${print(column, ref)}</td>`;
          })}
        </tr>`;
      })}</tbody>
    </table>
    ${LOOKS_AHEAD.has(trace.optimizer.name) ? html`<p class="note">${t("matrices.ahead.gradient")}</p>` : null}
    ${Object.keys(trace.optimizer.state_after).length === 0 ? html`<p class="note">${t("matrices.stateless")}</p>` : null}
  </div>`;
}

/**
 * @param {import("../types.js").Session} session
 * @param {string} ref
 */
const isFrozen = (session, ref) => atParameter(session.frozen, ref) === true;
