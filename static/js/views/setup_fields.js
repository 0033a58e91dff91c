// @ts-check
/** The controls that the set-up is made of. A refused entry keeps its text and says what is wrong; the old value counts. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { MINUS, parseNumber } from "../lib/format.js";
import { Icon } from "./icons.js";

/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {Pick<import("../types.js").Parameter, "minimum" | "maximum" | "exclusive_minimum" | "exclusive_maximum" | "integer">} Range */

const html = htm.bind(h);

/**
 * A number as a person would type it.
 * @param {number} value
 */
export function plain(value) {
  return String(value).replace("-", MINUS);
}

/**
 * Why `text` cannot be used, as a sentence; null when it can.
 * @param {string} text
 * @param {Range | null} range
 * @param {Translate} t
 * @returns {string | null}
 */
export function complaint(text, range, t) {
  const { value, problem } = parseNumber(text);
  if (problem) return t(`setup.invalid.${problem}`, { text: text.trim().replace(",", "."), wrong: text.trim() });
  if (range === null) return null;
  const { minimum, maximum, exclusive_minimum: openLow, exclusive_maximum: openHigh, integer } = range;
  if (integer && !Number.isInteger(value)) return t("setup.invalid.whole", { minimum: plain(minimum), maximum: plain(maximum) });
  const low = openLow ? value <= minimum : value < minimum;
  const high = openHigh ? value >= maximum : value > maximum;
  if (!low && !high) return null;
  return t(`setup.invalid.${openLow ? "above" : "from"}${openHigh ? "Below" : "To"}`, { minimum: plain(minimum), maximum: plain(maximum) });
}

/**
 * @param {{id: string, message: string | null | undefined}} props
 */
export function FieldMessage({ id, message }) {
  return message ? html`<p class="fmsg" id=${id} role="alert"><${Icon} name="warn" /><span>${message}</span></p>` : null;
}

/**
 * @param {{id: string, label: string, value: number, range: Range | null, error?: string | null, disabled?: boolean, t: Translate,
 *   commit: (value: number) => unknown, forgive?: () => void}} props
 */
export function NumberField({ id, label, value, range, error = null, disabled = false, t, commit, forgive }) {
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const problem = text === null ? null : complaint(text, range, t);
  const [told, setTold] = useState(false);
  // What is on its way already: Enter, and then leaving the field, are one change and one undo.
  const sent = useRef(/** @type {number | null} */ (null));
  useEffect(() => {
    if (!error) setText(null);
  }, [value]);
  const message = error ?? (told ? problem : null);
  const done = () => {
    if (text === null) return;
    setTold(true);
    if (problem) return;
    const next = /** @type {number} */ (parseNumber(text).value);
    if (next === value) setText(null);
    else if (next !== sent.current) {
      sent.current = next;
      void Promise.resolve(commit(next)).finally(() => (sent.current = null));
    }
  };
  const restore = () => {
    setText(null);
    setTold(false);
    forgive?.();
  };
  return html`<span class="numf"><input class="num ${message ? "inv" : ""}" id=${id} inputmode="decimal" autocomplete="off" spellcheck=${false} aria-label=${label} disabled=${disabled}
      value=${text ?? plain(value)} aria-invalid=${String(Boolean(message))} aria-describedby=${message ? `${id}-message` : undefined}
      onInput=${(/** @type {InputEvent} */ event) => {
        setText(/** @type {HTMLInputElement} */ (event.currentTarget).value);
        setTold(false);
        if (error) forgive?.();
      }}
      onBlur=${done}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter") done();
        else if (event.key === "Escape" && (text !== null || error)) {
          event.stopPropagation();
          restore();
        }
      }} /><${FieldMessage} id=${`${id}-message`} message=${message} /></span>`;
}

/**
 * @param {{id?: string, label: string, value: string, options: {value: string, label: string, disabled?: boolean}[], invalid?: boolean, strong?: boolean,
 *   disabled?: boolean, title?: string, choose: (value: string) => unknown}} props
 */
export function Select({ id, label, value, options, invalid = false, strong = false, disabled = false, title, choose }) {
  const box = useRef(/** @type {HTMLSelectElement | null} */ (null));
  // A choice that is refused, or that waits, must not stay on show.
  useEffect(() => {
    if (box.current && box.current.value !== value) box.current.value = value;
  });
  return html`<span class="sel ${strong ? "strong" : ""} ${invalid ? "inv" : ""}"><select id=${id} ref=${box} aria-label=${label} title=${title} disabled=${disabled} aria-invalid=${String(invalid)}
    onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
    ${options.map((option) => html`<option key=${option.value} value=${option.value} selected=${option.value === value} disabled=${option.disabled}>${option.label}</option>`)}
  </select><${Icon} name="down" /></span>`;
}

/**
 * @param {{label: string, value: string | null, options: {value: string, label: string, title?: string}[], disabled?: boolean, choose: (value: string) => unknown}} props
 */
export function Segments({ label, value, options, disabled = false, choose }) {
  return html`<div class="seg" role="group" aria-label=${label}>
    ${options.map((option) => html`<button key=${option.value} type="button" title=${option.title} aria-pressed=${String(option.value === value)} disabled=${disabled} onClick=${() => choose(option.value)}>${option.label}</button>`)}
  </div>`;
}

/**
 * @param {{label: string, value: number, was?: number | null, minimum: number, maximum: number, disabled?: boolean, fewer: string, more: string, change: (value: number) => unknown}} props
 */
export function Stepper({ label, value, was = null, minimum, maximum, disabled = false, fewer, more, change }) {
  const pending = was !== null && was !== value;
  return html`<span class="stp" role="group" aria-label=${label}>
    <button type="button" aria-label=${fewer} disabled=${disabled || value <= minimum} onClick=${() => change(value - 1)}><${Icon} name="minus" /></button>
    ${pending ? html`<s>${was}</s>` : null}<b aria-live="polite">${value}</b>
    <button type="button" aria-label=${more} disabled=${disabled || value >= maximum} onClick=${() => change(value + 1)}><${Icon} name="plus" /></button>
  </span>`;
}

/**
 * The numbers that an entry of the catalogue takes, one row each.
 * @param {{id: string, parameters: import("../types.js").Parameter[], values: Record<string, number>, errors: Record<string, string>, lang: string, disabled?: boolean,
 *   t: Translate, pending?: boolean, commit: (name: string, value: number) => unknown, forgive: (field: string) => void}} props
 */
export function ParameterRows({ id, parameters, values, errors, lang, disabled = false, t, pending = false, commit, forgive }) {
  return parameters.map((parameter) => {
    const field = `${id}.${parameter.name}`;
    const label = lang === "ko" ? parameter.label.ko : parameter.label.en;
    return html`<div class="fld long ${pending ? "pend" : ""}" key=${field}><span>${label}</span>
      <${NumberField} id=${field.replaceAll(".", "-")} label=${label} value=${values[parameter.name] ?? parameter.default} range=${parameter} error=${errors[field] ?? null}
        disabled=${disabled} t=${t} commit=${(/** @type {number} */ value) => commit(parameter.name, value)} forgive=${() => forgive(field)} /></div>`;
  });
}

/** The mark of a setting that rebuilds the network. @param {{t: Translate}} props */
export function Rebuilds({ t }) {
  return html`<span class="rs" role="img" title=${t("setup.rebuilds")} aria-label=${t("setup.rebuilds")}><${Icon} name="reset" /></span>`;
}

/**
 * A name that fits the column: the short one of the words, where there is one.
 * @param {string} area
 * @param {{name: string, label: {en: string, ko: string}}} entry
 * @param {string} lang
 * @param {Translate} t
 */
export function shortName(area, entry, lang, t) {
  const key = `${area}.${entry.name}`;
  const short = t(key);
  return short === key ? (lang === "ko" ? entry.label.ko : entry.label.en) : short;
}
