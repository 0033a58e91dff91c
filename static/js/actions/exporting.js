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

/** While numbers are to be predicted, a file would tell them. */
function isHiding() {
  if (store.predict.value.on) store.toast.value = "export.hiding";
  return store.predict.value.on;
}

/**
 * Saves the loss surface that is drawn, and the path of training on it: what the server sent, row by row.
 * @param {{x: number[], y: number[], losses: (number | null)[][], path: {steps: number[], x: (number | null)[], y: (number | null)[], losses: (number | null)[]}}} surface
 */
export function exportSurface({ x, y, losses, path }) {
  if (isHiding()) return Promise.resolve(false);
  const rows = [
    ...losses.flatMap((row, j) => row.map((loss, i) => ["surface", "", x[i], y[j], loss])),
    ...path.steps.map((step, k) => ["path", step, path.x[k], path.y[k], path.losses[k]]),
  ];
  const text = [["part", "step", "x", "y", "loss"], ...rows].map((row) => `${row.map((cell) => cell ?? "").join(",")}\r\n`).join("");
  save(new Blob([text], { type: "text/csv" }), `${named("surface")}.csv`);
  return Promise.resolve(true);
}

/**
 * Saves one of the session's tables as CSV.
 * @param {string} what
 * @param {Record<string, string | number | null>} [about] step, sample, element, resolution
 */
export function exportTable(what, about = {}) {
  const session = store.session.value;
  if (!session) return Promise.resolve(false);
  if (isHiding()) return Promise.resolve(false);
  /** @type {Record<string, string>} */
  const others = what.startsWith("run") ? { with: store.kept.value.map((one) => one.id).join(",") } : {};
  return command(async () => save(await api.getExport(session.id, { format: "csv", what, ...about, ...others }), `${named(what)}.csv`));
}
