// @ts-check
/** A button that copies a text and says whether it could. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";

const html = htm.bind(h);
/** Milliseconds for which the outcome stays. */
const SHOWN = 2000;

/**
 * @param {{text: () => string, label: string, t: import("../types.js").Translate}} props
 */
export function CopyButton({ text, label, t }) {
  const [state, setState] = useState("");
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
    } catch {
      setState("failed");
    }
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setState(""), SHOWN);
  };
  return html`<button class="btn quiet copy" type="button" onClick=${copy} title=${label} aria-label=${label}>
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">${state === "copied" ? html`<path d="M3 8.5 6.4 12 13 4.5" />` : html`<rect x="5.5" y="5.5" width="8" height="8" rx="1" /><path d="M10.5 5.5v-3h-8v8h3" />`}</svg>
    <span class="ct" role="status">${state ? t(`equation.${state}`) : ""}</span></button>`;
}
