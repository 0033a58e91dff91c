// @ts-check
/** The data of the set-up: which set, its size and noise, the split, scaling, and the inputs that are made of it. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { bodyOf, isOwn, offered, shapeOf, written } from "../lib/data_body.js";
import { Icon } from "./icons.js";
import { lazy } from "./lazy.js";
import { SampleTable } from "./samples.js";
import { FieldMessage, NumberField, ParameterRows, Rebuilds, Select, plain } from "./setup_fields.js";
import { Term } from "./term.js";
import { Tex } from "./tex.js";

const html = htm.bind(h);
const more = () => import("./setup_preparation.js");
const Formula = lazy(async () => (await more()).Formula);
const PreparationFields = lazy(async () => (await more()).PreparationFields);

/** @typedef {import("./setup.js").Props} Props */
/** @typedef {import("../types.js").DataBody} DataBody */

/** Parameters that have a slider: to where it reaches (the field takes all that the set allows), and its step. */
const SLIDERS = /** @type {Record<string, {to: number, step: number}>} */ ({ size: { to: 500, step: 1 }, noise: { to: 0.5, step: 0.01 } });

/** @param {{label: {en: string, ko: string}} | undefined} entry @param {string} lang */
const named = (entry, lang) => (lang === "ko" ? entry?.label.ko : entry?.label.en) ?? "";

/** @param {Props} props */
export function DataBlock(props) {
  const { session, catalog, draft, errors, sample, lang, disabled, t, actions } = props;
  const { data } = session;
  const body = draft?.data ?? bodyOf(data);
  const chosen = body.name ?? "custom";
  const was = catalog.datasets.find((one) => one.name === data.name);
  const options = catalog.datasets.map((one) => ({ value: one.name, label: named(one, lang) }));
  if (!catalog.datasets.some((one) => one.name === chosen)) options.unshift({ value: chosen, label: t("setup.ownData") });
  const choose = (/** @type {string} */ name) => catalog.datasets.some((one) => one.name === name) && actions.chooseData(name);
  const count = data.test_size > 0 ? t("data.counts", { train: data.size, test: data.test_size }) : t(data.size === 1 ? "setup.oneSample" : "setup.samples", { n: data.size });
  return html`<div class="blk" id="setup-data"><h2><${Term} name="data" t=${t}>${t("setup.data")}<//><${Rebuilds} t=${t} /><small>${count}</small></h2>
    <div class="fld wide ${draft?.data ? "pend" : ""}"><${Select} id="dataset" label=${t("setup.dataSet")} value=${chosen} options=${options} disabled=${disabled} choose=${choose} />${draft?.data && chosen !== data.name ? html`<s class="was">${isOwn(data) ? t("setup.ownData") : named(was, lang)}</s>` : null}</div>
    <${SetNumbers} ...${props} body=${body} />
    <${Inputs} ...${props} body=${body} />
    <${Preparation} ...${props} body=${body} />
    <p class="adds datadds">
      <button class="addrow" type="button" id="draw-points" disabled=${disabled || data.kind !== "classes" || data.columns.length !== 2} title=${data.kind === "classes" && data.columns.length === 2 ? undefined : t("data.brush.needs")} onClick=${actions.startBrush}><${Icon} name="pen" />${t("data.brush.start")}</button>
      <label class="addrow filebtn" data-off=${disabled ? "" : undefined}><${Icon} name="export" />${t("data.openTable")}<input id="table-file" type="file" accept=".csv,.tsv,.txt,text/csv" disabled=${disabled} onChange=${(/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        const file = input.files?.[0];
        if (file) void actions.readTable(file);
        input.value = "";
      }} /></label></p>
    <${SampleTable} session=${session} sample=${sample} t=${t} actions=${actions} errors=${errors} disabled=${disabled} />
    <${FieldMessage} id="data-message" message=${errors.data} /></div>`;
}

/** The numbers of a named set, and its formula. @param {Props & {body: DataBody}} props */
function SetNumbers({ session, body, catalog, draft, errors, lang, disabled, t, actions }) {
  const entry = catalog.datasets.find((one) => one.name === body.name);
  if (!entry) return null;
  const values = body.parameters ?? {};
  const fresh = body.name !== session.data.name;
  /** @param {string} name */
  const waits = (name) => Boolean(draft?.data) && (fresh || values[name] !== session.data.parameters[name]);
  const rows = entry.parameters.filter((one) => !(one.name in SLIDERS));
  const commit = (/** @type {string} */ name, /** @type {number} */ value) => actions.changeData({ parameters: { ...values, [name]: value } }, `data.${name}`);
  const forgive = (/** @type {string} */ field) => actions.setError(field, null);
  return html`${entry.expression === null ? null : html`<${Formula} value=${body.expression ?? entry.expression} pending=${Boolean(draft?.data) && (fresh || (body.expression ?? entry.expression) !== session.data.expression)} errors=${errors} disabled=${disabled} t=${t} actions=${actions} />`}
    ${entry.parameters.filter((one) => one.name in SLIDERS).map((one) => html`<${SliderField} key=${one.name} id=${`data-${one.name}`} label=${t(`data.${one.name}`)} title=${named(one, lang)} value=${values[one.name] ?? one.default}
      range=${one} to=${Math.min(one.maximum, SLIDERS[one.name]?.to ?? one.maximum)} step=${SLIDERS[one.name]?.step ?? 1} pending=${waits(one.name)} error=${errors[`data.${one.name}`]} disabled=${disabled} t=${t}
      commit=${(/** @type {number} */ value) => commit(one.name, value)} forgive=${() => forgive(`data.${one.name}`)} />`)}
    ${rows.map((one) => html`<${ParameterRows} key=${one.name} id="data" parameters=${[one]} values=${values} errors=${errors} lang=${lang} disabled=${disabled} t=${t} pending=${waits(one.name)} commit=${commit} forgive=${forgive} />`)}`;
}

/**
 * A number with a slider: it moves in small steps, the field takes any number of the range.
 * @param {{id: string, label: string, title?: string, value: number, range: any, to: number, step: number, pending?: boolean, error?: string | null, disabled: boolean, t: import("../types.js").Translate,
 *   text?: (value: number) => string, commit: (value: number) => unknown, forgive?: () => void}} props
 */
export function SliderField({ id, label, title = label, value, range, to, step, pending = false, error = null, disabled, t, text, commit, forgive }) {
  const [moving, setMoving] = useState(/** @type {number | null} */ (null));
  const shown = moving ?? value;
  return html`<div class="fld slide ${pending ? "pend" : ""}"><span title=${title}>${label}</span>
    <input type="range" min=${range.minimum} max=${to} step=${step} value=${Math.min(to, shown)} aria-label=${title} aria-valuetext=${text ? text(shown) : plain(shown)} disabled=${disabled}
      onInput=${(/** @type {any} */ event) => setMoving(Number(event.currentTarget.value))}
      onChange=${(/** @type {any} */ event) => {
        setMoving(null);
        const next = Number(event.currentTarget.value);
        if (next !== value) commit(next);
      }} />
    ${text ? html`<output class="slv" for=${id}>${text(shown)}</output>` : html`<${NumberField} id=${id} label=${title} value=${shown} range=${range} error=${error} disabled=${disabled} t=${t} commit=${commit} forgive=${forgive} />`}</div>`;
}

/** What the network's inputs are: columns and formulas of them, to be switched on and off. @param {Props & {body: DataBody}} props */
function Inputs({ session, catalog, body, draft, disabled, t, actions }) {
  const { columns } = shapeOf(body, catalog, session.data);
  const all = offered(columns, catalog);
  const plainNames = all.filter((one) => one.kind === "column").map((one) => one.name);
  const on = body.features ?? plainNames;
  const before = new Set(session.data.features);
  /** @param {string} name */
  const toggle = (name) => {
    const next = all.map((one) => one.name).filter((one) => (one === name ? !on.includes(one) : on.includes(one)));
    if (next.length > 0) actions.changeData({ features: next }, "data.features");
  };
  const names = isOwn(session.data) && !body.name ? session.data.columns : null;
  return html`<div class="feats" role="group" aria-label=${t("data.inputs")}><span class="featn"><${Term} name="feature" t=${t}>${t("data.inputs")}<//><${Rebuilds} t=${t} /></span>
    <span class="chips">${all.map((one) => {
      const active = on.includes(one.name);
      const column = names?.[Number(one.name.slice(1)) - 1];
      const title = one.kind === "column" && column && column !== one.name ? `${written(one.name)}: ${column}` : written(one.name);
      return html`<button type="button" key=${one.name} class="chip ${draft?.data && active !== before.has(one.name) ? "pendc" : ""}" data-feature=${one.name} aria-pressed=${String(active)} title=${title} disabled=${disabled || (active && on.length === 1)} onClick=${() => toggle(one.name)}><${Tex} tex=${one.tex} label=${title} /></button>`;
    })}</span></div>`;
}

/** Test rows and scaling, folded away until they are used. @param {Props & {body: DataBody}} props */
function Preparation(props) {
  const { body, t } = props;
  const used = (body.split?.test_share ?? 0) > 0 || (body.scaling ?? "none") !== "none" || (body.target_scaling ?? "none") !== "none";
  const [open, setOpen] = useState(used);
  return html`<details class="more prep" open=${open || used} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}><summary>${t("data.preparation")}</summary>
    ${open || used ? html`<${PreparationFields} ...${props} />` : null}
  </details>`;
}
