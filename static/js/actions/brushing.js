// @ts-check
/** Drawing points on the map: they stay here until they are used, then they are the session's rows. */
import * as api from "../api.js";
import { begun, erased, painted, pointsOf, rowsOf, stroke, undone } from "../lib/brush.js";
import { wholeTable, withRows } from "../lib/data_body.js";
import { classValues } from "../lib/samples.js";
import * as store from "../store.js";
import { edit } from "./editing.js";
import { refreshReadings } from "./show.js";

/** @typedef {import("../lib/brush.js").Brush} Brush */
/** @typedef {import("../lib/brush.js").Dab} Dab */

/** @param {(brush: Brush) => Brush} change */
function change(change) {
  if (store.brush.value) store.brush.value = change(store.brush.value);
}

/** Begins to draw on the present points. */
export function startBrush() {
  const data = store.session.value?.data;
  const values = data && classValues(data.targets);
  if (!data || !values || data.columns.length !== 2) return;
  const points = pointsOf(wholeTable(data), values);
  if (!points) return;
  store.brush.value = begun(points);
  if (store.variant.value === "small") {
    store.tab.value = "maps";
    void refreshReadings();
    // The map is what the tab begins with.
    scrollTo(0, 0);
  }
}

export const cancelBrush = () => void (store.brush.value = null);
/** @param {Partial<Pick<Brush, "tool" | "size">>} part */
export const setBrush = (part) => change((brush) => ({ ...brush, ...part }));
export const beginStroke = () => change(stroke);
export const undoStroke = () => change(undone);
/** @param {Dab[]} dabs */
export const paint = (dabs) => change((brush) => painted(brush, dabs, store.catalog.value?.limits.rows ?? 5000));
/** @param {(dab: Dab) => boolean} under */
export const erase = (under) => change((brush) => erased(brush, under));
export const clearPoints = () => change((brush) => ({ ...stroke(brush), points: [], full: false }));

/** The drawn points become the data set, split and scaled as the one before. */
export async function usePoints() {
  const brush = store.brush.value;
  const data = store.session.value?.data;
  const values = data && classValues(data.targets);
  if (!brush || !data || !values || brush.points.length === 0) return;
  const body = withRows(data, rowsOf(brush.points, data.target_columns.length, values));
  if (await edit("brush", "data", (id) => api.putData(id, body))) store.brush.value = null;
}

/**
 * Which two columns the maps are drawn over.
 * @param {number} axis 0: across, 1: upward
 * @param {number} column
 */
export function setPlane(axis, column) {
  const next = /** @type {[number, number]} */ ([...store.plane.value]);
  // The column that was there takes the other's place.
  if (next[1 - axis] === column) next[1 - axis] = next[axis] ?? 0;
  next[axis] = column;
  store.plane.value = next;
  store.boundary.value = null;
  store.neuronMaps.value = null;
  void refreshReadings();
}
