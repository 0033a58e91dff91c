// @ts-check
/** Data sets: choosing and changing them, and tables of one's own. What needs another network waits in the draft. */
import * as api from "../api.js";
import { bodyOf, preparationOf, pruned, shapeOf, suited } from "../lib/data_body.js";
import { draftOf, emptyDraft, fittingLoss } from "../lib/draft.js";
import * as store from "../store.js";
import { explain } from "./command.js";
import { replaceData } from "./editing.js";
import { create, editDraft } from "./rebuilding.js";

/** @typedef {import("../types.js").DataBody} DataBody */

/** The largest file that is read; the server takes no more. */
const LARGEST = 1024 * 1024;
/** With more rows than this a sum over the batch makes steps that are too large at the usual rates. */
const MANY = 30;

/**
 * Chooses another data set, which waits with the layers that suit it.
 * @param {string} name
 */
export function chooseData(name) {
  const session = store.session.value;
  const catalog = store.catalog.value;
  const entry = catalog?.datasets.find((one) => one.name === name);
  if (!session || !catalog || !entry) return;
  if (name === session.data.name) {
    editDraft({ data: null, layers: null, loss: null });
    return;
  }
  const { split, features, scaling } = preparationOf(session.data);
  const parameters = Object.fromEntries(entry.parameters.map((one) => [one.name, one.default]));
  const kept = entry.inputs === session.data.columns.length ? { features, scaling } : {};
  const body = pruned({ name, parameters, split, ...kept }, entry.inputs);
  const layers = suited(store.draft.value?.layers ?? session.network.layers, shapeOf(body, catalog, session.data));
  editDraft({ data: body, layers });
}

/**
 * Changes a part of the data set: at once where the network fits, else it waits.
 * @param {Partial<DataBody>} part
 * @param {string} field where a refusal is shown
 */
export function changeData(part, field) {
  const session = store.session.value;
  const catalog = store.catalog.value;
  if (!session || !catalog) return Promise.resolve(false);
  const waiting = store.draft.value?.data;
  const before = waiting ?? bodyOf(session.data);
  const shape = shapeOf(before, catalog, session.data);
  const body = pruned({ ...before, ...part }, shape.columns);
  const wanted = shapeOf(body, catalog, session.data);
  if (waiting || wanted.inputs !== session.network.inputs || wanted.outputs !== session.network.layers.at(-1)?.units) {
    editDraft({ data: body, ...(wanted.outputs === shape.outputs ? {} : { layers: suited(store.draft.value?.layers ?? session.network.layers, wanted) }) });
    return Promise.resolve(true);
  }
  return replaceData(part, field);
}

/** @param {string} field @param {string | null} sentence */
function tell(field, sentence) {
  const { [field]: _, ...others } = store.errors.value;
  store.errors.value = sentence === null ? others : { ...others, [field]: sentence };
}

/**
 * Reads a file and shows what it holds before it is used.
 * @param {File} file
 */
export async function readTable(file) {
  tell("table", null);
  const text = file.size > LARGEST ? "" : await file.text();
  store.table.value = { name: file.name, text, preview: null, problem: null };
  store.dialog.value = "table";
  try {
    if (file.size > LARGEST) store.table.value = { ...store.table.value, problem: "large" };
    else store.table.value = { ...store.table.value, preview: await api.previewTable(text) };
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    store.table.value = { name: file.name, text, preview: null, problem: explain(error) };
  }
}

export function closeTable() {
  store.table.value = null;
  store.dialog.value = null;
  tell("table", null);
}

/**
 * A new session with the chosen columns of the table, its output layer made to suit them.
 * @param {{columns: string[], target: string, kind: "classes" | "regression", outputs: number, scaling: string, target_scaling: string, test_share: number}} choice
 */
export async function useTable({ columns, target, kind, outputs, scaling, target_scaling: targetScaling, test_share: share }) {
  const session = store.session.value;
  const catalog = store.catalog.value;
  const table = store.table.value;
  if (!session || !catalog || !table?.preview) return;
  const layers = suited(session.network.layers, { outputs, kind });
  const loss = fittingLoss(session.training.loss, layers.at(-1)?.activation ?? "", catalog) ?? session.training.loss;
  const data = pruned({ csv: { text: table.text, columns, target, kind }, split: { test_share: share, seed: session.data.split.seed }, scaling, target_scaling: targetScaling }, columns.length);
  const draft = { ...emptyDraft(), layers, data, inputs: columns.length, loss: { ...loss, batch: table.preview.rows > MANY ? /** @type {const} */ ("mean") : loss.batch } };
  if (await create(draftOf(session, draft, null), "data", "table")) closeTable();
}

