// @ts-check
/** The stage in two variables: the surface with every path, and how the runs stand. */
import { h } from "preact";
import htm from "htm";
import { looks } from "../../lib/descent.js";
import { fitNumber, formatGiven } from "../../lib/format.js";
import { litWith } from "../../lib/refs.js";
import { Tex } from "../tex.js";
import { LineMark, Mark, runName } from "./descent_marks.js";
import { RacePlot } from "./descent_race_plot.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
/** Pixels of a number in the table of standings. */
const ROOM = 52;

/** @param {LabProps} props */
export function RaceStage(props) {
  const { request, reply, t } = props;
  const { tex } = reply.surface;
  const loss = request.points !== null;
  return html`<div class="labh"><h2>${t("descent.half.race")}</h2>
      ${tex ? html`<${Tex} tex=${`${loss ? "L" : "f"}=${tex.replaceAll("\\,", "")}`} label=${reply.surface.label[props.lang]} class="fxtex" />` : html`<span class="fxtex code">${request.expression}</span>`}
      <span class="dstepno">${t("descent.stepOf", { n: request.at, count: request.steps })}</span></div>
    <div class="drace"><${RacePlot} ...${props} /><${Standings} ...${props} /></div>`;
}

/** @param {LabProps} props */
function Standings({ request, reply, step, hover, hidden, decimals, variant, disabled, lang, t, actions }) {
  const styles = looks(request.runs);
  const rows = reply.standings.map((/** @type {any} */ one, /** @type {number} */ k) => ({ one, k })).sort((/** @type {any} */ a, /** @type {any} */ b) => a.one.rank - b.one.rank);
  const [first, second] = reply.surface.parameters;
  const value = request.points === null ? "f" : "L";
  const places = Math.min(decimals, 4);
  return html`<div class="dboard"><table class="labtable board"><caption class="sr">${t("descent.standings", { n: request.at })}</caption>
    <thead><tr><td colspan="2"></td><th scope="col"><i>${request.points === null ? "x" : html`w<sub>0</sub>`}</i></th><th scope="col"><i>${request.points === null ? "y" : html`w<sub>1</sub>`}</i></th><th scope="col"><i>${value}</i></th></tr></thead>
    <tbody>${rows.map((/** @type {{one: any, k: number}} */ { one, k }, /** @type {number} */ place) => {
      const told = k === request.told;
      const path = reply.paths[k];
      const cell = (/** @type {string} */ ref, /** @type {number | null} */ number, /** @type {string} */ pointer, /** @type {number} */ digits) => html`<td class=${told && (step?.focus.includes(ref) || (hover && litWith(ref, hover))) ? "lit" : ""} data-ref=${told ? ref : undefined}>${told && hidden.has(ref) ? "?" : fitNumber(number, digits, ROOM, 13, reply.nonfinite?.[pointer])}</td>`;
      return html`<tr key=${k} aria-current=${told ? "true" : undefined} class=${path.failed && one.step < request.at ? "failed" : ""} onClick=${() => !disabled && actions.change({ told: k }, { keepAt: true, deed: "setting" })} title=${path.reason[lang]}>
        <td>${place + 1}</td><th scope="row"><button type="button" class="rowgo" disabled=${disabled} aria-pressed=${String(told)} aria-label=${t("descent.tell", { name: runName(path, t) })}><${variant === "mid" ? Mark : LineMark} look=${styles[k] ?? "sgd"} />${runName(path, t)}${new Set(request.runs.map((/** @type {any} */ run) => `${run.optimizer}${run.batch}`)).size < request.runs.length ? html` <small>${formatGiven(path.parameters.learning_rate, 4)}</small>` : null}</button></th>
        ${cell(first, one.point[0], `/standings/${k}/point/0`, places)}${cell(second, one.point[1], `/standings/${k}/point/1`, places)}${cell(value, one.value, `/standings/${k}/value`, variant === "wide" ? Math.min(decimals + 2, 6) : places)}</tr>`;
    })}</tbody></table>
    <p class="dwhy ${reply.paths[request.told]?.failed ? "diverges" : ""}"><b>${runName(reply.paths[request.told], t)}</b> ${reply.paths[request.told]?.reason[lang]}</p></div>`;
}
