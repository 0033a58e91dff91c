// @ts-check
/** Beside the race: the value at each step, and what every optimizer remembers and does now. */
import { h } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { DASHES, linePath, looks } from "../../lib/descent.js";
import { formatGiven, formatNumber } from "../../lib/format.js";
import { useWidth } from "../../lib/hooks.js";
import { litWith } from "../../lib/refs.js";
import { linear, tickText, ticks } from "../../lib/scales.js";
import { LineChart } from "../line_chart.js";
import { Tex } from "../tex.js";
import { Mark, runName } from "./descent_marks.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const DATA = 168;

/** @param {LabProps} props */
export function RaceReadings(props) {
  const { request, reply, disabled, theme, t, actions } = props;
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const styles = looks(request.runs);
  const steps = useMemo(() => Array.from({ length: request.steps + 1 }, (_, k) => k), [request.steps]);
  const lines = useMemo(() => reply.paths.map((/** @type {any} */ path, /** @type {number} */ k) => ({
    values: steps.map((step) => path.values[step] ?? null), token: `--q-${styles[k]}`, dash: DASHES[styles[k] ?? "sgd"], width: k === request.told ? 2.4 : 1.6,
  })), [reply.paths, steps, styles.join(), request.told]);
  const log = reply.paths.every((/** @type {any} */ path) => path.values.every((/** @type {number | null} */ value) => value === null || value > 0));
  const value = request.points === null ? "f" : "L";
  const told = (/** @type {number} */ k) => `${t("descent.stepOf", { n: k, count: request.steps })}: ${reply.paths.map((/** @type {any} */ path) => `${runName(path, t)} ${formatNumber(path.values[k] ?? null, 4)}`).join(", ")}`;
  return html`<section class="rd"><h2><i>${value}</i> ${t(log ? "descent.valuesLog" : "descent.values")}</h2>
      <${LineChart} id="drace-values" steps=${steps} lines=${lines} log=${log} range=${log ? null : extent(lines)} height=${176} label=${t("descent.valuesLabel")} step=${request.at} at=${at} setAt=${(/** @type {number | null} */ index) => setAt(index)} told=${told} theme=${theme}
        choose=${(/** @type {number} */ step) => !disabled && actions.moveTo(step)} />
      <p class="lread">${at === null ? t("descent.valuesHint") : html`<b>${t("descent.stepNumber", { n: at })}</b> ${reply.paths.map((/** @type {any} */ path, /** @type {number} */ k) => html`<span class="rv" key=${k}><${Mark} look=${styles[k] ?? "sgd"} />${formatNumber(path.values[at] ?? null, 4, reply.nonfinite?.[`/paths/${k}/values/${at}`])}</span>`)}`}</p></section>
    ${reply.points === null ? null : html`<${Data} ...${props} look=${styles[request.told] ?? "sgd"} />`}
    <section class="rd"><h2>${t("descent.states")}<small>${t("descent.ratesAt", { n: request.at })}</small></h2>
      ${reply.paths.map((/** @type {any} */ path, /** @type {number} */ k) => html`<${State} key=${k} ...${props} path=${path} index=${k} look=${styles[k] ?? "sgd"} />`)}</section>
    <section class="rd"><h2>${t("descent.gradient")}</h2>${reply.surface.derivatives.map((/** @type {any} */ one, /** @type {number} */ k) => (one.tex === null ? html`<p class="desc" key=${k}>${t("descent.tooLong")}</p>` : html`<div class="dtex" key=${k}><${Tex} tex=${`\\frac{\\partial ${value}}{\\partial ${NAMES[reply.surface.parameters[k]] ?? ""}}=${one.tex.replaceAll("\\,", "")}`} display=${true} label=${t("descent.gradient")} /></div>`))}</section>`;
}

const NAMES = /** @type {Record<string, string>} */ ({ x: "x", y: "y", "w.0": "w_0", "w.1": "w_1" });

/** @param {{values: (number | null)[]}[]} lines @returns {[number, number]} */
function extent(lines) {
  const known = /** @type {number[]} */ (lines.flatMap((line) => line.values).filter((value) => value !== null));
  const [low, high] = [Math.min(...known, 0), Math.max(...known)];
  return [low, high > low ? high : low + 1];
}

/** The samples with the line of the run that is told; those of its batch are filled. @param {LabProps & {look: string}} props */
function Data({ request, reply, t, look }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 312);
  const { rows, line } = reply.standings[request.told];
  const points = /** @type {number[][]} */ (request.points);
  const [xs, ys] = [points.map((point) => point[0] ?? 0), points.map((point) => point[1] ?? 0)];
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const sx = linear(left - 0.06 * (right - left), right + 0.06 * (right - left), 34, width - 4);
  const sy = linear(bottom - 0.1 * (top - bottom), top + 0.1 * (top - bottom), DATA - 24, 6);
  const inBatch = rows === null ? null : new Set(rows);
  const [xTicks, yTicks] = [ticks(left, right, 5), ticks(bottom, top, 4)];
  return html`<section class="rd"><h2>${t("descent.data")}<small>${runName(reply.paths[request.told], t)}</small></h2>
    <div ref=${box}><svg class="ddata" width=${width} height=${DATA} role="img" aria-label=${t("descent.dataLabel", { count: points.length })}>
      ${yTicks.values.map((value) => html`<g key=${value}><path class="grid" d=${`M34 ${sy.to(value)}H${width - 4}`} /><text class="axn" x="28" y=${sy.to(value) + 4} text-anchor="end">${tickText(value, yTicks.step)}</text></g>`)}
      ${xTicks.values.map((value) => html`<text key=${value} class="axn" x=${sx.to(value)} y=${DATA - 8} text-anchor="middle">${tickText(value, xTicks.step)}</text>`)}
      <clipPath id="ddata-clip"><rect x="34" y="4" width=${Math.max(0, width - 38)} height=${DATA - 26} /></clipPath>
      <g clip-path="url(#ddata-clip)"><path class=${`qt ${look}`} d=${linePath(line.map((/** @type {(number | null)[]} */ end) => end[0] ?? null), line.map((/** @type {(number | null)[]} */ end) => end[1] ?? null), sx.to, sy.to)} /></g>
      ${points.map(([x = 0, y = 0], k) => html`<circle key=${k} class=${`dsample ${inBatch === null || inBatch.has(k) ? "in" : ""}`} cx=${sx.to(x)} cy=${sy.to(y)} r="4" />`)}
    </svg></div>${rows === null ? null : html`<p class="desc">${t("descent.rows", { rows: rows.map((/** @type {number} */ row) => row + 1).join(", ") })}</p>`}</section>`;
}

/** One optimizer: its rule, what it remembers, its gradient and its step. @param {LabProps & {path: any, index: number, look: string}} props */
function State({ request, reply, step, hover, hidden, catalog, decimals, disabled, t, actions, path, index, look }) {
  const one = reply.standings[index];
  const told = index === request.told;
  const entry = catalog.optimizers.find((/** @type {any} */ each) => each.name === path.optimizer);
  const places = Math.min(decimals, 4);
  /** @param {string} tex @param {(number | null)[]} vector @param {string} name of the reply's field @param {string} kind of the reference, "" where no line makes it */
  const row = (tex, vector, name, kind) => html`<tr key=${name}><th scope="row"><${Tex} tex=${tex} label=${tex.replaceAll("\\", "")} /></th>${vector.map((number, k) => {
    const ref = told && kind ? `${kind}${reply.surface.parameters[k]}` : "";
    const lit = ref && (step?.focus.includes(ref) || (hover && litWith(ref, hover)));
    return html`<td key=${k} class=${lit ? "lit" : ""} data-ref=${ref || undefined} onClick=${() => ref && actions.goToRef(ref)}>${ref && hidden.has(ref) ? "?" : formatNumber(number, places, reply.nonfinite?.[`/standings/${index}/${name}/${k}`])}</td>`;
  })}</tr>`;
  const symbol = (/** @type {string} */ name) => (name === "scale" ? "s" : entry?.symbols[name] ?? name);
  return html`<div class="dstate ${told ? "told" : ""}"><details open=${told}><summary><${Mark} look=${look} />${runName(path, t)} <small><i>η</i> = ${formatGiven(path.parameters.learning_rate, 4)}</small></summary>
    <div class="dtex"><${Tex} tex=${path.tex} label=${entry?.label.en} /></div>
    <table class="labtable"><thead><tr><td></td>${reply.surface.parameters.map((/** @type {string} */ name) => html`<th key=${name} scope="col"><${Tex} tex=${NAMES[name] ?? ""} label=${NAMES[name]} /></th>`)}</tr></thead><tbody>
      ${row("\\theta", one.point, "point", "")}
      ${Object.keys(one.state).map((name) => row(symbol(name), one.state[name], `state/${name}`, `s0.${name}.`))}
      ${row("g", one.gradient, "gradient", "g")}
      ${Object.keys(one.next_state).map((name) => row(`${symbol(name)}'`, one.next_state[name], `next_state/${name}`, `s.${name}.`))}
      ${Object.keys(one.terms).map((name) => row(symbol(name), one.terms[name], `terms/${name}`, `o.${name}.`))}
      ${row("\\Delta\\theta", one.update, "update", "")}
    </tbody></table></details>
    ${told ? null : html`<button type="button" class="btn small" disabled=${disabled} aria-label=${`${t("descent.tellShort")}: ${runName(path, t)}`} onClick=${() => actions.change({ told: index }, { keepAt: true })}>${t("descent.tellShort")}</button>`}</div>`;
}
