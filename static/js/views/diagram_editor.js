// @ts-check
/** Editing a weight or bias in place: Enter commits, Escape restores, a bad entry says what a good one looks like. */
import { h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { parseNumber } from "../lib/format.js";

const html = htm.bind(h);

/**
 * @param {{element: string, name: string, value: number | null | undefined, x: number, y: number, width: number, frozen: boolean,
 *   t: import("./diagram_scene.js").Translate, actions: any, onClose: () => void}} props centre of the label in px of the diagram
 */
export function Editor({ element, name, value, x, y, width, frozen, t, actions, onClose }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const closing = useRef(false);
  const [problem, setProblem] = useState("");
  useLayoutEffect(() => {
    const input = field.current;
    if (!input) return;
    input.value = value === null || value === undefined ? "" : String(value);
    input.focus();
    input.select();
  }, [element]);
  const close = () => {
    closing.current = true;
    onClose();
  };
  /** @param {boolean} leaving a field that loses focus with a bad entry keeps the old value */
  const commit = (leaving) => {
    if (closing.current) return;
    const text = field.current?.value ?? "";
    const parsed = parseNumber(text);
    if (parsed.value === null) {
      if (leaving) return close();
      return setProblem(t(`diagram.edit.${parsed.problem}`, { suggestion: text.trim().replace(",", "."), entry: text.trim() }));
    }
    close();
    if (parsed.value !== value) actions.editParameter(element, parsed.value);
  };
  const left = Math.max(50, Math.min(width - 82, x));
  return html`<form class="inplace" style=${{ left: `${left}px`, top: `${y}px` }} onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); commit(false); }}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => { event.stopPropagation(); if (event.key === "Escape") { event.preventDefault(); close(); } }}
    onFocusOut=${(/** @type {FocusEvent} */ event) => { if (!(/** @type {HTMLElement} */ (event.currentTarget)).contains(/** @type {Node | null} */ (event.relatedTarget))) commit(true); }}>
    <input ref=${field} class=${problem ? "inv" : ""} inputmode="decimal" autocomplete="off" spellcheck=${false} aria-label=${t("diagram.edit.label", { name })} aria-invalid=${String(problem !== "")} aria-describedby="edit-problem" onInput=${() => setProblem("")} />
    <button type="button" class="btn" aria-pressed=${String(frozen)} title=${t(frozen ? "diagram.card.unfreeze" : "diagram.card.freeze")} aria-label=${t(frozen ? "diagram.card.unfreeze" : "diagram.card.freeze")}
      onClick=${() => { close(); actions.freezeParameter(element, !frozen); }}><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M3.5 7.5h9v6h-9z" /><path d=${frozen ? "M5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2" : "M5.5 7.5v-2a2.5 2.5 0 0 1 4.8-1"} /></svg></button>
    ${problem ? html`<p class="fmsg" id="edit-problem" role="alert">${problem}</p>` : null}
  </form>`;
}
