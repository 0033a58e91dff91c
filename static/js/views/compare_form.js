// @ts-check
/** Experiments: six optimizers in one click, the learning rate from low to high; and how far they have come. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { parseNumber } from "../lib/format.js";
import { countText } from "../lib/scales.js";
import { Icon } from "./icons.js";
import { FieldMessage, Select } from "./setup_fields.js";

const html = htm.bind(h);
const EPOCHS = 200;
const MOST_EPOCHS = 1_000_000;

/**
 * @param {{session: import("../types.js").Session, message: string | null, isKept: boolean, begun: (kind: string) => void, t: import("../types.js").Translate, disabled: boolean, actions: any}} props
 *   `message`: why the server refused
 */
export function ExperimentForm({ session, message, isKept, begun, t, disabled, actions }) {
  const [start, setStart] = useState("start");
  const [epochs, setEpochs] = useState(/** @type {string | null} */ (null));
  const [open, setOpen] = useState(false);
  const [rates, setRates] = useState({ lowest: "0.001", highest: "10", count: "8" });
  const [told, tell] = useState(/** @type {{field: string, text: string} | null} */ (null));
  const suggested = String(session.epoch > 0 ? session.epoch : EPOCHS);
  const here = session.step === 0 ? "start" : start;

  const whole = (/** @type {string} */ text, /** @type {number} */ low, /** @type {number} */ high) => {
    const { value } = parseNumber(text);
    return value !== null && Number.isInteger(value) && value >= low && value <= high ? value : null;
  };
  /** @param {"optimizers" | "rates"} kind */
  const run = (kind) => {
    const count = whole(epochs ?? suggested, 1, MOST_EPOCHS);
    if (count === null) return tell({ field: "epochs", text: t("compare.invalid.epochs") });
    const [lowest, highest] = [parseNumber(rates.lowest).value, parseNumber(rates.highest).value];
    const number = whole(rates.count, 2, 12);
    if (kind === "rates" && (lowest === null || highest === null || !(lowest > 0) || !(highest > lowest))) return tell({ field: "rates", text: t("compare.invalid.rates") });
    if (kind === "rates" && number === null) return tell({ field: "count", text: t("compare.invalid.count") });
    tell(null);
    begun(kind);
    void actions.runExperiment({ kind, start: here === "start", epochs: count, ...(kind === "rates" ? { rates: { lowest, highest, count: number } } : {}) });
  };
  const field = (/** @type {"lowest" | "highest" | "count"} */ name) => html`<label>${t(`compare.${name}`)} <input class="num ${told && (told.field === name || (told.field === "rates" && name !== "count")) ? "inv" : ""}" id=${`sweep-${name}`} inputmode="decimal" autocomplete="off" value=${rates[name]} disabled=${disabled}
    onInput=${(/** @type {InputEvent} */ event) => {
      setRates({ ...rates, [name]: /** @type {HTMLInputElement} */ (event.currentTarget).value });
      tell(null);
    }} /></label>`;
  return html`<div class="cmpform" role="group" aria-label=${t("compare.experiment")}>
    <div class="cmpline">
      <${Select} id="compare-start" label=${t("compare.from")} value=${here} disabled=${disabled} options=${[{ value: "start", label: t("compare.fromStart") }, ...(session.step > 0 ? [{ value: "here", label: t("compare.fromHere", { n: countText(session.step) }) }] : [])]} choose=${setStart} />
      <label>${t("compare.epochs")} <input class="num ${told?.field === "epochs" ? "inv" : ""}" id="compare-epochs" inputmode="numeric" autocomplete="off" value=${epochs ?? suggested} disabled=${disabled} onInput=${(/** @type {InputEvent} */ event) => {
        setEpochs(/** @type {HTMLInputElement} */ (event.currentTarget).value);
        tell(null);
      }} /></label>
      <button type="button" class="btn primary" id="six-optimizers" disabled=${disabled} onClick=${() => run("optimizers")}>${t("compare.optimizers")}</button>
      <button type="button" class="btn" id="sweep-open" aria-expanded=${String(open)} aria-controls="sweep" disabled=${disabled} onClick=${() => setOpen(!open)}>${t("compare.sweep")}<${Icon} name="down" /></button>
      <button type="button" class="btn keep" id="keep-run" disabled=${disabled || isKept} onClick=${() => actions.keepRun()}>${t(isKept ? "compare.isKept" : "compare.keep")}</button>
    </div>
    ${open ? html`<form class="cmpline" id="sweep" noValidate onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      run("rates");
    }}><span class="cmpeta"><i class="m">η</i></span>${field("lowest")}${field("highest")}${field("count")}<button type="submit" class="btn primary" disabled=${disabled}>${t("compare.runSweep")}</button></form>` : null}
    <${FieldMessage} id="experiment-message" message=${told?.text ?? message} />
  </div>`;
}

/**
 * @param {{experiment: {ids: string[], from: number, to: number}, runs: import("../lib/compare.js").ComparedRun[], t: import("../types.js").Translate, actions: any}} props
 */
export function Progress({ experiment, runs, t, actions }) {
  const { ids, from, to } = experiment;
  const own = runs.filter((run) => ids.includes(run.id) && run.status !== "diverged");
  const reached = own.length > 0 ? Math.min(...own.map((run) => run.epoch)) : from;
  const part = to > from ? (100 * (reached - from)) / (to - from) : 100;
  return html`<div class="cmpline cmprun" role="status">
    <span>${t("compare.training", { n: ids.length, epoch: countText(reached), end: countText(to) })}</span>
    <span class="cmpbar"><i style=${{ width: `${Math.max(0, Math.min(100, part))}%` }}></i></span>
    <button type="button" class="btn" id="stop-experiment" onClick=${() => actions.stopExperiment()}><${Icon} name="stop" />${t("compare.stop")}</button>
  </div>`;
}
