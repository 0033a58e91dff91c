// @ts-check
/** A modal dialog of the platform: it traps the focus, Esc closes it, and the focus returns to where it was. */
import { h } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import htm from "htm";
import { Icon } from "./icons.js";

/** @typedef {import("../types.js").Translate} Translate */

const html = htm.bind(h);

/**
 * @param {{title: string, wide?: boolean, t: Translate, close: () => void, children?: any}} props
 */
export function Dialog({ title, wide = false, t, close, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  // Before the next key press: it would meet a dialog that is there and not open yet.
  useLayoutEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    box.current?.showModal();
    return () => before?.focus();
  }, []);
  return html`<dialog class="dlg ${wide ? "wide" : ""}" ref=${box} aria-labelledby=${id} onClose=${close}
    onPointerDown=${(/** @type {PointerEvent} */ event) => event.target === box.current && box.current && outside(box.current, event) && box.current.close()}>
    <div class="dlgh"><h2 id=${id}>${title}</h2><button type="button" class="btn quiet" aria-label=${t("page.close")} title=${`${t("page.close")} (Esc)`} onClick=${() => box.current?.close()}><${Icon} name="close" /></button></div>
    <div class="dlgb">${children}</div>
  </dialog>`;
}

/**
 * @param {HTMLElement} element
 * @param {PointerEvent} event
 */
function outside(element, event) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}

/**
 * What to do when the way here does not fit into a link.
 * @param {{t: Translate, actions: any}} props
 */
export function ShareDialog({ t, actions }) {
  return html`<${Dialog} title=${t("page.share")} t=${t} close=${() => actions.openDialog(null)}>
    <p>${t("page.tooLong")}</p>
    <p class="dlga"><button type="button" class="btn primary" onClick=${actions.saveFile}>${t("page.saveFile")}</button></p>
    <${FilePick} t=${t} actions=${actions} />
  <//>`;
}

/**
 * Opens a file that was saved here.
 * @param {{t: Translate, actions: any}} props
 */
export function FilePick({ t, actions }) {
  return html`<h3>${t("page.openFile")}</h3>
    <p><label class="filepick">${t("page.openFileHint")} <input type="file" accept=".json,application/json" onChange=${(/** @type {Event} */ event) => {
      const file = /** @type {HTMLInputElement} */ (event.currentTarget).files?.[0];
      if (file) actions.openFile(file);
    }} /></label></p>`;
}
