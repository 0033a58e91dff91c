// @ts-check
/** Settings that act at the next step, single weights and the data; every edit can be undone. */
import * as api from "../api.js";
import { bodyOf, wholeTable, withRows } from "../lib/data_body.js";
import * as store from "../store.js";
import { command, explain } from "./command.js";
import { place, record, show } from "./show.js";

/** @param {string} field */
function forgive(field) {
  if (field in store.errors.value) {
    const { [field]: _, ...others } = store.errors.value;
    store.errors.value = others;
  }
}

/**
 * Marks a field with a sentence; null takes it back.
 * @param {string} field
 * @param {string | null} sentence
 */
export function setError(field, sentence) {
  if (sentence === null) forgive(field);
  else store.errors.value = { ...store.errors.value, [field]: sentence };
}

/**
 * @param {string} field where a refusal is shown
 * @param {string} name of the action, for undo
 * @param {(id: string) => Promise<import("../types.js").Session>} change
 */
export function edit(field, name, change) {
  return command(async () => {
    const session = store.session.value;
    if (!session) return;
    const before = place();
    const next = await change(session.id);
    forgive(field);
    await show(next, null);
    record(name, before);
  }, {
    refused: (error) => {
      if (error.status !== 422) return false;
      setError(field, explain(error));
      const position = error.errors[0]?.position;
      setError(`${field}@`, position == null ? null : String(position));
      return true;
    },
  });
}

/**
 * A setting changed while training runs: it acts at the server's next step and belongs to the run, also for undo.
 * @param {object} training partial
 * @param {string} field
 */
async function tune(training, field) {
  const id = store.session.value?.id ?? "";
  try {
    const next = await api.patchSession(id, { training });
    forgive(field);
    if (store.session.value?.id === id) store.session.value = { ...store.session.value, training: next.training };
    return true;
  } catch (error) {
    // Without the server the run's own line says so; the setting stays what it was.
    if (error instanceof api.ApiError) setError(field, explain(error));
    return false;
  }
}

/**
 * @param {object} training partial
 * @param {string} field
 */
export function editTraining(training, field) {
  if (store.run.value?.key === "transport.training") return tune(training, field);
  return edit(field, "setting", (id) => api.patchSession(id, { training }));
}

/**
 * @param {string} element `w.l.i.j` or `b.l.j`
 * @param {number} value
 */
export function editParameter(element, value) {
  return edit(element, "parameter", (id) => api.patchSession(id, { parameters: [{ element, value }] }));
}

/**
 * @param {string} element
 * @param {boolean} frozen
 */
export function freezeParameter(element, frozen) {
  return edit(element, "freeze", (id) => api.patchSession(id, { parameters: [{ element, frozen }] }));
}

/**
 * Other training rows; test rows stay where they are in the table, names and preparation as they are.
 * @param {number[][]} inputs
 * @param {number[][]} targets
 */
export function editData(inputs, targets) {
  const data = store.session.value?.data;
  if (!data) return Promise.resolve(false);
  const rows = data.test_size === 0 ? { inputs, targets } : wholeTable({ ...data, inputs, targets, size: inputs.length });
  return edit("data", "data", (id) => api.putData(id, withRows(data, rows)));
}

/**
 * The same data set with another part: other parameters, split, scaling, formula.
 * @param {Partial<import("../types.js").DataBody>} part
 * @param {string} field
 */
export function replaceData(part, field) {
  const data = store.session.value?.data;
  if (!data) return Promise.resolve(false);
  return edit(field, "data", (id) => api.putData(id, { ...bodyOf(data), ...part }));
}

/**
 * What the network answers at a point; null where the server cannot say.
 * @param {number} x
 * @param {number} y
 * @returns {Promise<any>}
 */
export async function probe(x, y) {
  const session = store.session.value;
  if (!session) return null;
  const { columns, means } = session.data;
  const [across, up] = store.plane.value;
  // Columns that are not on the plane stand where the map holds them.
  const row = columns.map((_, k) => (k === across ? x : k === up ? y : means[k] ?? 0));
  return api.predict(session.id, [row]).catch(() => null);
}
