// @ts-check
/** How things are written: kept in the browser, asked of the server with every list of micro-steps. */
import { readNotation } from "../lib/notation.js";
import * as store from "../store.js";
import { command } from "./command.js";
import { keep, recall } from "./preferences.js";
import { show } from "./show.js";

/** Takes up the notation of the last visit; needs the catalogue. */
export function recallNotation() {
  const { notations } = /** @type {any} */ (store.catalog.value ?? {});
  if (notations) store.notation.value = readNotation(recall("notation"), notations);
}

/** That of a link; what the server does not know is left out. @param {Record<string, string>} notation */
export function takeNotation(notation) {
  const { notations } = /** @type {any} */ (store.catalog.value ?? {});
  if (notations) store.notation.value = readNotation(JSON.stringify(notation), notations);
}

/**
 * Writes everything in this notation from now on; the reader stays at the same micro-step.
 * @param {Record<string, string>} notation
 */
export function setNotation(notation) {
  return command(async () => {
    const before = store.notation.value;
    store.notation.value = notation;
    try {
      if (store.session.value) await show(store.session.value, null);
      keep("notation", JSON.stringify(notation));
    } catch (error) {
      store.notation.value = before;
      throw error;
    }
  });
}

/** To the setting of the loss's form, which does change numbers. */
export function openLossSetting() {
  store.dialog.value = null;
  if (store.variant.value === "mid") store.sheet.value = true;
  if (store.variant.value === "small") store.tab.value = "setup";
  // After the dialog has given the focus back.
  setTimeout(() => {
    const details = /** @type {HTMLDetailsElement | null} */ (document.querySelector("#setup-conventions"));
    if (!details) return;
    details.open = true;
    details.scrollIntoView({ block: "center" });
    details.querySelector("summary")?.focus();
  }, 50);
}
