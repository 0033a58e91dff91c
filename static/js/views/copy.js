// @ts-check
/** A button that copies a text and says whether it could. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { copyText } from "../lib/clipboard.js";

const html = htm.bind(h);
/** Milliseconds for which the outcome stays. */
const SHOWN = 2500;

/**
 * @param {{text: () => string, label: string, hint?: string, disabled?: boolean, form?: "icon" | "small" | "words", t: import("../types.js").Translate}} props
 *   `form`: an icon, `label` being its name; a smaller one; or with the label as its words
 */
export function CopyButton({ text, label, hint = label, disabled = false, form = "icon", t }) {
  const [state, setState] = useState("");
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    try {
      await copyText(text());
      setState("copied");
    } catch {
      setState("failed");
    }
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setState(""), SHOWN);
  };
  const words = form === "words";
  return html`<button class="btn copy ${words ? "" : "quiet"} ${form === "icon" ? "" : "copyw"} ${form === "small" ? "mini" : ""}" type="button" onClick=${copy} disabled=${disabled} title=${hint} aria-label=${words ? undefined : label} data-state=${state}>
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">${state === "copied" ? html`<path d="M3 8.5 6.4 12 13 4.5" />` : html`<rect x="5.5" y="5.5" width="8" height="8" rx="1" /><path d="M10.5 5.5v-3h-8v8h3" />`}</svg>
    ${words ? html`<span>${label}</span>` : null}<span class=${form === "icon" ? "ct" : "cws"} role="status">${state ? t(`equation.${state}`) : ""}</span></button>`;
}
