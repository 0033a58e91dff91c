// @ts-check
/** What the reader takes along: pictures as they are seen, tables and the session from the server. */
import * as api from "../api.js";
import { save } from "../lib/save.js";
import * as store from "../store.js";
import { command } from "./command.js";

/** @param {string} what */
function named(what) {
  return ["deltaboard", store.session.value?.preset, what].filter(Boolean).join("-");
}

/**
 * Saves a part of the page as a picture.
 * @param {Element | null} element
 * @param {string} what
 * @param {"svg" | "png"} format
 */
export function exportPicture(element, what, format) {
  if (!element) return Promise.resolve(false);
  return command(async () => {
    const { pictureOf, pngOf } = await import("../lib/picture.js");
    const picture = pictureOf(element, named(what));
    save(format === "svg" ? new Blob([picture.svg], { type: "image/svg+xml" }) : await pngOf(picture), `${named(what)}.${format}`);
  });
}

/**
 * Saves one of the session's tables as CSV.
 * @param {string} what
 * @param {Record<string, string | number | null>} [about] step, sample, element, resolution
 */
export function exportTable(what, about = {}) {
  const session = store.session.value;
  if (!session) return Promise.resolve(false);
  // A file would tell what is to be predicted.
  if (store.predict.value.on) {
    store.toast.value = "export.hiding";
    return Promise.resolve(false);
  }
  /** @type {Record<string, string>} */
  const others = what.startsWith("run") ? { with: store.kept.value.map((one) => one.id).join(",") } : {};
  return command(async () => save(await api.getExport(session.id, { format: "csv", what, ...about, ...others }), `${named(what)}.csv`));
}
