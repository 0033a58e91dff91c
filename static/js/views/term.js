// @ts-check
/** A word with its definition: shown while the pointer rests on it or it has the focus. */
import { h } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import htm from "htm";

const html = htm.bind(h);
const DELAY = 250;
const WIDTH = 264;
const MARGIN = 8;

/**
 * `name` is a key of the glossary (page.term.<name>); the words shown are the children, else the glossary's own.
 * @param {{name: string, t: import("../types.js").Translate, children?: any}} props
 */
export function Term({ name, t, children }) {
  const anchor = useRef(/** @type {HTMLElement | null} */ (null));
  const timer = useRef(0);
  const [at, setAt] = useState(/** @type {{left: number, top: number, above: boolean} | null} */ (null));
  const id = useId();
  const show = (/** @type {number} */ delay) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const box = anchor.current?.getBoundingClientRect();
      if (!box) return;
      const above = box.bottom > innerHeight - 140;
      const left = Math.max(MARGIN, Math.min(box.left, innerWidth - WIDTH - MARGIN));
      setAt({ left, top: above ? innerHeight - box.top + 6 : box.bottom + 6, above });
    }, delay);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setAt(null);
  };
  useEffect(() => hide, []);
  return html`<span class="term" ref=${anchor} tabindex="0" aria-describedby=${at ? id : undefined}
      onPointerEnter=${() => show(DELAY)} onPointerLeave=${hide} onFocus=${() => show(0)} onBlur=${hide}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && hide()}>${children ?? t(`page.word.${name}`)}${at
      ? html`<span class="termtip" role="tooltip" id=${id} style=${at.above ? { left: `${at.left}px`, bottom: `${at.top}px` } : { left: `${at.left}px`, top: `${at.top}px` }}>${t(`page.term.${name}`)}</span>`
      : null}</span>`;
}
