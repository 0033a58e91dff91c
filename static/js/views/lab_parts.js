// @ts-check
/** Controls that several labs share. Those of the Network lab's set-up (setup_fields.js) are there as well. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { htmlSymbol, plainSymbol } from "../lib/symbols.js";
import { FieldMessage, NumberField, Select } from "./setup_fields.js";

/** @typedef {import("./lab.js").LabProps} LabProps */

const html = htm.bind(h);

/**
 * Whether a request says all that an example says: what this leaves out, inside too, may be anything.
 * @param {any} request
 * @param {any} body
 * @returns {boolean}
 */
function says(request, body) {
  if (body === null || typeof body !== "object" || Array.isArray(body)) return JSON.stringify(request) === JSON.stringify(body);
  return Object.entries(body).every(([key, value]) => says(request?.[key], value));
}

/**
 * The lab's ready examples.
 * @param {Pick<LabProps, "presets" | "request" | "lang" | "disabled" | "t" | "actions">} props
 */
export function Presets({ presets, request, lang, disabled, t, actions }) {
  const found = presets.find((one) => says(request, one.body));
  const options = presets.map((one) => ({ value: one.name, label: lang === "ko" ? one.label.ko : one.label.en }));
  if (!found) options.unshift({ value: "", label: t("labs.own") });
  return html`<div class="blk"><h2>${t("setup.preset")}</h2>
    <${Select} id="preset" label=${t("setup.preset")} value=${found?.name ?? ""} options=${options} strong=${true} disabled=${disabled} choose=${(/** @type {string} */ name) => name && actions.loadPreset(name)} /></div>`;
}

/**
 * A number with a slider and a field: the slider is followed while it moves and is one deed when it is let go.
 * @param {{field: string, symbol: import("../lib/symbols.js").Symbol | null, label?: string, value: number, minimum: number, maximum: number, step: number, limits?: readonly [number, number], hidden?: boolean,
 *   patch: (value: number) => Record<string, any>} & Pick<LabProps, "errors" | "disabled" | "t" | "actions">} props
 *   `patch` makes the change of the request; `field` is its pointer with dots; `limits` are the field's where it takes more than the slider
 */
export function Slide({ field, symbol, label, value, minimum, maximum, step, limits = [minimum, maximum], hidden = false, patch, errors, disabled, t, actions }) {
  const name = label ?? (symbol ? plainSymbol(symbol) : "");
  const range = { minimum: limits[0], maximum: limits[1], exclusive_minimum: false, exclusive_maximum: false, integer: false };
  return html`<div class="slide"><span title=${label}>${symbol ? htmlSymbol(symbol) : label}</span>
    <input type="range" aria-label=${name} min=${minimum} max=${maximum} step=${step} value=${hidden ? (minimum + maximum) / 2 : value} disabled=${disabled || hidden}
      onInput=${(/** @type {Event} */ event) => actions.drag(patch(Number(/** @type {HTMLInputElement} */ (event.currentTarget).value)))} onChange=${() => actions.drop()} />
    <${NumberField} id=${`field-${field.replaceAll(".", "-")}`} label=${name} value=${value} range=${range} error=${errors[field] ?? null} disabled=${disabled} t=${t}
      commit=${(/** @type {number} */ next) => actions.change(patch(next))} forgive=${() => actions.forgive(field)} /></div>`;
}

/**
 * A text that the server reads, such as an expression: sent by Enter or on leaving; a refusal stands below and points at the character.
 * @param {{field: string, label: string, value: string, patch: (text: string) => Record<string, any>} & Pick<LabProps, "errors" | "disabled" | "t" | "actions">} props
 */
export function TextField({ field, label, value, patch, errors, disabled, actions }) {
  const id = `field-${field.replaceAll(".", "-")}`;
  // What is typed stays, also when it was refused, until the server takes it or Escape gives it up.
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const sent = useRef(/** @type {string | null} */ (null));
  useEffect(() => setText(null), [value]);
  const send = () => {
    // Enter, and then leaving the field, are one change; what was refused is not asked again.
    if (text === null || text === value || text === sent.current) return;
    sent.current = text;
    void Promise.resolve(actions.change(patch(text))).then((/** @type {boolean} */ taken) => taken && setText((now) => (now === text ? null : now)));
  };
  return html`<span class="numf"><input class="num expr ${errors[field] ? "inv" : ""}" id=${id} value=${text ?? value} aria-label=${label} autocomplete="off" spellcheck=${false} disabled=${disabled} aria-invalid=${String(Boolean(errors[field]))} aria-describedby=${errors[field] ? `${id}-message` : undefined}
    onInput=${(/** @type {Event} */ event) => {
      sent.current = null;
      setText(/** @type {HTMLInputElement} */ (event.currentTarget).value);
      if (errors[field]) actions.forgive(field);
    }}
    onBlur=${send}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") send();
      else if (event.key === "Escape" && text !== null) {
        event.stopPropagation();
        sent.current = null;
        setText(null);
        actions.forgive(field);
      }
    }} /><${FieldMessage} id=${`${id}-message`} message=${errors[field]} /></span>`;
}
