// @ts-check
/** The step as matrices: every array of every layer with its shape, the entries that the micro-step makes and uses lit. */
import { h } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { formatGiven, formatNumber, HIDDEN } from "../lib/format.js";
import { lightsOf, refAt, shownPlaces } from "../lib/matrix_lights.js";
import { numpyProgram } from "../lib/matrix_text.js";
import { litWith } from "../lib/refs.js";
import { linear } from "../lib/tex.js";
import { CopyButton } from "./copy.js";
import { Tex } from "./tex.js";

/**
 * @typedef {import("../lib/matrix_lights.js").MatricesRecord} MatricesRecord
 * @typedef {import("../lib/matrix_lights.js").MatrixRecord} MatrixRecord
 * @typedef {import("../lib/matrix_lights.js").Lights} Lights
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {object} Context
 * @property {MatricesRecord} data
 * @property {Lights} lights
 * @property {string} phase
 * @property {Set<string>} hidden
 * @property {boolean} transposed weights are shown (n_out, n_in)
 * @property {string | null} hover
 * @property {number} decimals
 * @property {Translate} t
 * @property {any} actions
 */

const html = htm.bind(h);
/** Entries of one matrix that are drawn; the copy has them all. */
const MOST_ROWS = 12;
const MOST_COLUMNS = 8;
const GROUPS = [
  ["inputs", "weights", "bias", "net_input", "mask", "activation"],
  ["upstream", "local", "delta", "sample_weight_gradient", "sample_bias_gradient", "weight_gradient", "bias_gradient", "received_weight_gradient", "received_bias_gradient"],
  ["new_weights", "new_bias"],
];
const FACTORS = new Set(["upstream", "local"]);
const WEIGHTS = new Set(["weights", "sample_weight_gradient", "weight_gradient", "received_weight_gradient", "new_weights"]);
const PHASES = /** @type {Record<string, string>} */ ({ forward: "fwd", loss: "loss", backward: "back", update: "upd" });
const WAITING = "·";

/**
 * @param {{data: MatricesRecord | null, session: import("../types.js").Session, microsteps: import("../types.js").MicroSteps | null, index: number, decimals: number, hover: string | null,
 *   hidden?: Set<string>, notation?: Record<string, string>, t: Translate, actions: any, [prop: string]: any}} props
 */
export function MatricesTab({ data, session, microsteps, index, decimals, hover, hidden = new Set(), notation, t, actions }) {
  const [factors, setFactors] = useState(false);
  const lights = useMemo(() => (data ? lightsOf(microsteps, index, data) : null), [data, microsteps, index]);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // Scrolls the drawer to what the micro-step computes, never the page around it.
    const cell = box.current?.querySelector("td.f") ?? box.current?.querySelector("td.u");
    const figure = cell?.closest("figure");
    const view = box.current?.closest(".dwb");
    if (!figure || !view || view.scrollHeight <= view.clientHeight) return;
    const [inner, outer] = [figure.getBoundingClientRect(), view.getBoundingClientRect()];
    const foot = box.current?.querySelector(".mnote")?.getBoundingClientRect().height ?? 0;
    if (inner.top < outer.top) view.scrollTop -= outer.top - inner.top + 4;
    else if (inner.bottom > outer.bottom - foot) view.scrollTop += Math.min(inner.bottom - outer.bottom + foot + 4, inner.top - outer.top - 4);
  }, [data, microsteps, index]);
  if (!data || !lights) return html`<p class="dwempty">${t("matrices.loading")}</p>`;
  const step = microsteps?.microsteps[index];
  const behind = microsteps !== null && (microsteps.step !== data.step || microsteps.sample !== data.sample);
  const context = {
    data, lights, hidden, hover, decimals, t, actions,
    phase: PHASES[step?.phase ?? ""] ?? "",
    transposed: notation?.orientation === "out_in",
  };
  const all = data.layers.flatMap((layer) => layer.matrices);
  const secret = all.some((matrix) => holdsHidden(matrix, hidden));
  return html`<div class="mats ${behind ? "behind" : ""}" aria-busy=${behind ? "true" : undefined} ref=${box}>
    ${data.layers.map((layer, at) => {
      const last = at === data.layers.length - 1;
      const name = t(`diagram.activation.${layer.activation_name}`);
      // The new parameters come into sight with the update.
      const shown = layer.matrices.map((matrix, place) => ({ matrix, place })).filter(({ matrix }) => (factors || !FACTORS.has(matrix.name)) && (step?.phase === "update" || !matrix.name.startsWith("new_")));
      const figure = (/** @type {{matrix: MatrixRecord, place: number}} */ { matrix, place }) => html`<${Figure} key=${matrix.name} matrix=${matrix} layer=${at} place=${place} context=${context} />`;
      return html`<section class="mrow" key=${layer.layer} aria-label=${t("matrices.layer", { n: layer.layer })}>
        <p class="ml"><b>${t("matrices.layer", { n: layer.layer })}</b><small>${t(last ? "matrices.output" : "matrices.hidden")}</small><small>${name}</small></p>
        <div class="mgs">${GROUPS.map((names) => shown.filter(({ matrix }) => names.includes(matrix.name))).filter((some) => some.length > 0).map((some) => html`<div class="mg">${some.map(figure)}</div>`)}</div>
      </section>`;
    })}
    <div class="mnote">
      <label class="mopt"><input type="checkbox" checked=${factors} onChange=${() => setFactors(!factors)} />${t("matrices.factors")}</label>
      <ul class="mkey">
        <li><span class="kf ${context.phase || "back"}">${t("matrices.now")}</span></li>
        <li><span class="ku ${context.phase || "back"}">${t("matrices.used")}</span></li>
        <li><span class="kb"></span>${t("matrices.band")}</li>
        ${data.batch.length > 1 ? html`<li><span class="ks"></span>${t("matrices.row", { n: data.sample + 1 })}</li>` : null}
        <li>${WAITING} ${t("matrices.later")}</li>
      </ul>
      <${CopyButton} form="words" label=${t("matrices.copyAll")} hint=${t(secret ? "matrices.copyHidden" : "matrices.copyAll.hint")} disabled=${secret} text=${() => numpyProgram(all)} t=${t} />
      <button type="button" class="btn quiet" title=${t("matrices.layers.hint")} disabled=${secret} onClick=${() => actions.openAsLayers(data.step)}>${t("matrices.layers")}</button>
    </div>
    ${data.looks_ahead ? html`<p class="note">${t("matrices.ahead")}</p>` : null}
    ${session.training.batch.mode !== "one" && data.batch.length > 1 && microsteps?.only === null ? html`<p class="note">${t("matrices.batch", { n: data.batch.length })}</p>` : null}
  </div>`;
}

/**
 * @param {MatrixRecord} matrix
 * @param {Set<string>} hidden
 */
function holdsHidden(matrix, hidden) {
  const [kind, layer] = matrix.refs.split(".");
  const prefix = `${kind}.${layer}.`;
  return [...hidden].some((ref) => ref.startsWith(prefix));
}

/**
 * Where the micro-step is in this matrix, so that a large one is drawn around it.
 * @param {MatrixRecord} matrix
 * @param {Lights} lights
 * @returns {{row: number, column: number}} -1: nowhere
 */
function placeOf(matrix, lights) {
  const pattern = matrix.refs.split(".");
  for (const ref of [...lights.now, ...lights.used]) {
    const parts = ref.split(".");
    if (parts.length !== pattern.length || parts[0] !== pattern[0] || parts[1] !== pattern[1]) continue;
    const read = (/** @type {string} */ slot) => (pattern.includes(slot) ? Number(parts[pattern.indexOf(slot)]) : -1);
    return { row: read("{row}"), column: read("{column}") };
  }
  return { row: -1, column: -1 };
}

/**
 * The places of one axis as cells: numbers, and null where some are left out.
 * @param {number} count
 * @param {number} most
 * @param {number} wanted
 * @param {number} first of those that the reply has
 * @param {number} total
 * @returns {(number | null)[]}
 */
function axis(count, most, wanted, first, total) {
  /** @type {(number | null)[]} */
  const cells = first > 0 ? [null] : [];
  let next = 0;
  for (const place of shownPlaces(count, most, wanted)) {
    if (place !== next) cells.push(null);
    cells.push(first + place);
    next = place + 1;
  }
  if (first + next < total) cells.push(null);
  return cells;
}

/** @param {{matrix: MatrixRecord, layer: number, place: number, context: Context}} props */
function Figure({ matrix, layer, place, context }) {
  const { data, lights, hidden, transposed, t, actions } = context;
  const vector = matrix.shape.length === 1;
  const flip = transposed && WEIGHTS.has(matrix.name);
  const [height = 1, width = 1] = vector ? [1, matrix.shape[0] ?? 1] : matrix.shape;
  const number = layer + 1;
  const at = placeOf(matrix, lights);
  const rowBand = lights.bands.get(`${number} ${matrix.name} row`) ?? -1;
  const columnBand = lights.bands.get(`${number} ${matrix.name} column`) ?? -1;
  const wantedRow = matrix.samples ? data.position : Math.max(at.row, rowBand);
  const rows = axis(vector ? 1 : matrix.values.length, MOST_ROWS, wantedRow - matrix.first_row, matrix.first_row, height);
  const columns = axis(width, MOST_COLUMNS, Math.max(at.column, columnBand), 0, width);
  const shape = vector ? `${width}` : flip ? `${width}×${height}` : `${height}×${width}`;
  const several = matrix.samples && data.batch.length > 1;
  const closed = holdsHidden(matrix, hidden);
  // The data as the reader wrote them.
  const given = number === 1 && matrix.name === "inputs";
  const symbol = linear(matrix.symbol);
  const label = flip ? `{${symbol.includes("/") ? `(${symbol})` : symbol}}^{\\top}` : symbol;
  const name = t(`matrices.name.${matrix.name}`);

  /** @param {number | null} row @param {number | null} column @param {boolean} entry the one that Tab reaches */
  const cell = (row, column, entry) => {
    if (row === null || column === null) return html`<td class="gap" aria-hidden="true">${row === null ? "⋮" : "⋯"}</td>`;
    const ref = refAt(matrix, row, column);
    const own = !several || row === data.position;
    const pointer = `/layers/${layer}/matrices/${place}/values${vector ? "" : `/${row - matrix.first_row}`}/${column}`;
    const value = vector ? matrix.values[column] : matrix.values[row - matrix.first_row]?.[column];
    const secret = hidden.has(ref);
    const state = own && lights.now.has(ref) ? "f" : secret ? "" : lights.later.has(ref) ? "w" : own && lights.used.has(ref) ? "u" : "";
    const text = secret ? HIDDEN : state === "w" ? WAITING : (given ? formatGiven : formatNumber)(value, context.decimals, data.nonfinite?.[pointer] ?? null);
    const banded = row === rowBand || column === columnBand;
    const classes = [state, secret ? "q" : "", state === "f" || state === "u" ? context.phase : "", banded ? "band" : "", several && own ? "own" : "", own && litWith(ref, context.hover) ? "lit" : ""].filter(Boolean).join(" ");
    return html`<td class=${classes} data-ref=${own ? ref : undefined} data-row=${several && !own ? data.batch[row] : undefined} aria-current=${state === "f" ? "step" : undefined} tabindex=${entry ? 0 : -1}
      title=${several && !own ? t("matrices.other", { n: (data.batch[row] ?? 0) + 1 }) : undefined}>${text}</td>`;
  };
  const lines = flip ? columns : rows;
  const across = flip ? rows : columns;
  return html`<figure class="mx" data-matrix=${matrix.variable}>
    <figcaption title=${name}><${Tex} tex=${label} lit=${context.hover} label=${name} /><small>${shape}</small>
      <${CopyButton} form="small" label=${t("matrices.copy", { name: matrix.variable })} hint=${t(closed ? "matrices.copyHidden" : "matrices.copy", { name: matrix.variable })} disabled=${closed} text=${() => matrix.numpy} t=${t} /></figcaption>
    <div class="mxb">
      ${several && matrix.name === "inputs" ? html`<ol class="mxn" aria-hidden="true">${lines.map((row) => html`<li class=${row === data.position ? "own" : ""}>${row === null ? "" : (data.batch[row] ?? 0) + 1}</li>`)}</ol>` : null}
      <table role="grid" class=${several ? "rows" : ""} aria-label=${`${name}, ${shape}`} onMouseOver=${(/** @type {Event} */ event) => actions.hover(near(event)?.dataset.ref ?? null)} onMouseLeave=${() => actions.hover(null)}
        onClick=${(/** @type {Event} */ event) => open(near(event), actions)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => keys(event, actions)} onFocusOut=${() => actions.hover(null)}>
        <tbody>${lines.map((line, y) => html`<tr>${across.map((other, x) => (flip ? cell(other, line, x === 0 && y === 0) : cell(line, other, x === 0 && y === 0)))}</tr>`)}</tbody>
      </table>
    </div>
    ${matrix.formula ? html`<div class="mxf"><${Tex} tex=${`=${linear(matrix.formula)}`} lit=${context.hover} /></div>` : null}
  </figure>`;
}

/**
 * @param {Event} event
 * @returns {HTMLElement | null}
 */
function near(event) {
  const cell = event.target instanceof HTMLElement ? event.target.closest("td") : null;
  return cell instanceof HTMLElement ? cell : null;
}

/**
 * A number leads to the micro-step that made it, one of another sample to that sample.
 * @param {HTMLElement | null} cell
 * @param {any} actions
 */
function open(cell, actions) {
  if (cell?.dataset.ref) actions.goToRef(cell.dataset.ref);
  else if (cell?.dataset.row) actions.setSample(Number(cell.dataset.row));
}

/**
 * Arrow keys walk through the entries, Enter opens one; neither must reach the page's own keys.
 * @param {KeyboardEvent} event
 * @param {any} actions
 */
function keys(event, actions) {
  const cell = near(event);
  if (!cell || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    event.stopPropagation();
    open(cell, actions);
    return;
  }
  const down = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const right = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!down && !right) return;
  event.preventDefault();
  event.stopPropagation();
  const row = cell.closest("tr");
  const rows = row?.parentElement?.children ?? [];
  const y = [...rows].indexOf(/** @type {Element} */ (row)) + down;
  const x = [...(row?.children ?? [])].indexOf(cell) + right;
  const next = rows[y]?.children[x];
  if (!(next instanceof HTMLElement)) return;
  next.focus();
  actions.hover(next.dataset.ref ?? null);
}
