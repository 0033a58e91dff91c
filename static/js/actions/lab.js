// @ts-check
/**
 * A lab: its whole state is the request that it was asked with, so that undo, links and scripts need nothing else.
 * Moves, predicting, preferences and the drawer are those of the Network lab.
 */
import { batch } from "@preact/signals";
import * as api from "../api.js";
import { made } from "../lib/made.js";
import * as store from "../store.js";
import { command, explain } from "./command.js";
import { follow, goTo } from "./moving.js";

/** @typedef {import("../lib/labs.js").LabEntry} LabEntry */
/** @typedef {{mode: string, request: Record<string, any>, view: Record<string, any>, index: number}} LabPlace */

const DEEDS = 200;
/** Jumps that are remembered. */
const TRAIL = 12;
/** @type {LabEntry} */
let entry;
/** The last request of each mode. @type {Record<string, Record<string, any>>} */
let requests = {};
/** @type {{name: string, before: LabPlace, after: LabPlace}[]} */
let done = [];
/** @type {{name: string, before: LabPlace, after: LabPlace}[]} */
let undone = [];

/** @returns {import("../types.js").Lab} */
function here() {
  const lab = store.lab.value;
  if (!lab) throw new Error("no lab yet");
  return lab;
}

/** @returns {LabPlace | null} */
export function place() {
  const lab = store.lab.value;
  return lab && { mode: lab.mode, request: lab.request, view: store.view.value, index: store.index.value };
}

/** How finely, as the server calls it. */
const granularity = () => (["term", "group", "phase"].includes(store.granularity.value) ? store.granularity.value : "term");

/** @param {LabEntry} lab */
export function beginLab(lab) {
  entry = lab;
  follow({
    ready: () => store.lab.value !== null,
    step: () => here().reply.at,
    ended: () => here().reply.last !== null && here().reply.at >= here().reply.last,
    commit: (at) => moveTo(here().reply.at + 1, at),
    uncommit: (at) => moveTo(here().reply.at - 1, at),
    tell: () => ask(here().mode, here().request, null),
    place: () => JSON.stringify(store.lab.value?.request ?? null),
    answer: (answer) => {
      const { mode, request } = here();
      return api.postLab(`${entry.calls[mode]}/answers`, { ...request, granularity: granularity(), decimals: store.decimals.value, answers: [answer] });
    },
  });
}

/**
 * Asks the server and shows what it says, at micro-step `at`: -1 before the first one, Infinity for the last one, null where the reader is.
 * @param {string} mode
 * @param {Record<string, any>} request
 * @param {number | null} at
 */
async function ask(mode, request, at) {
  const call = entry.calls[mode] ?? "";
  const reply = await api.postLab(call, { ...request, granularity: granularity() });
  show(mode, reply, at);
}

/** @param {string} mode @param {any} reply @param {number | null} at */
function show(mode, reply, at) {
  const { explanation } = reply;
  const told = { ...explanation, step: reply.at, iteration: reply.at + 1, epoch: 0, sample: 0, batch: [0], only: null };
  const shown = store.microsteps.value?.microsteps[store.index.value]?.id;
  const same = told.microsteps.findIndex((/** @type {{id: string}} */ one) => one.id === shown);
  const last = told.microsteps.length - 1;
  requests[mode] = reply.request;
  batch(() => {
    if (store.lab.value?.mode !== mode) store.trail.value = [];
    store.lab.value = { name: entry.name, mode, request: reply.request, reply };
    store.microsteps.value = told;
    store.index.value = Math.max(-1, Math.min(last, at ?? (same >= 0 ? same : store.index.value)));
    const checked = explanation.verification;
    store.proof.value = { key: "lab", state: checked ? "done" : "none", data: checked };
    store.errors.value = {};
  });
}

/**
 * Opens a state of the lab, as a link or the first visit says.
 * @param {string | null} mode
 * @param {Record<string, any>} request
 * @param {number} index
 */
export function openLab(mode, request, index) {
  const wanted = mode !== null && Object.hasOwn(entry.calls, mode) ? mode : Object.keys(entry.calls)[0] ?? "";
  return command(() => ask(wanted, request, index), { refused: (error) => tellLink(error) });
}

/** @param {api.ApiError} error */
function tellLink(error) {
  if (store.lab.value !== null || error.status !== 422) return false;
  store.banner.value = { kind: "link", text: explain(error) };
  void command(() => ask(Object.keys(entry.calls)[0] ?? "", {}, -1));
  return true;
}

/**
 * What was refused stands at its field: /a/b is the error of "a.b".
 * @param {api.ApiError} error
 */
function atFields(error) {
  if (error.status !== 422 || error.errors.length === 0) return false;
  // Within a text, the character that is meant stands beside the sentence.
  store.errors.value = Object.fromEntries(error.errors.flatMap(({ pointer, detail, position }) => {
    const field = pointer.slice(1).replaceAll("/", ".");
    return [[field, detail], ...(typeof position === "number" ? [[`${field}:position`, String(position)]] : [])];
  }));
  return true;
}

/** @param {string} name @param {LabPlace | null} before */
function record(name, before) {
  const after = place();
  if (!before || !after) return;
  done = [...done, { name, before, after }].slice(-DEEDS);
  undone = [];
  tellDeeds();
}

function tellDeeds() {
  store.undoStack.value = /** @type {any} */ (done);
  store.redoStack.value = /** @type {any} */ (undone);
}

/**
 * Changes some of the request: one undoable deed. By default the micro-step stays, and the iteration goes back to the
 * first unless `patch` says which.
 * @param {Record<string, any>} patch
 * @param {{deed?: string, index?: number | null, keepAt?: boolean}} [options]
 * @returns {Promise<boolean>}
 */
export function change(patch, { deed = "setting", index = null, keepAt = false } = {}) {
  return command(async () => {
    const before = dragged ?? place();
    dragged = null;
    const { request, mode, reply } = here();
    await ask(mode, { ...request, ...(keepAt ? {} : { at: Math.min(reply.at, 0) }), ...patch }, index);
    record(deed, before);
  }, { refused: atFields });
}

/** Where the drag under way began. @type {LabPlace | null} */
let dragged = null;
/** @type {Record<string, any> | null} */
let wanted = null;
let dragging = false;

/**
 * Follows a slider or a handle: the newest of what is wanted is asked for, one request at a time. `drop` ends it as one deed.
 * @param {Record<string, any>} patch
 */
export async function drag(patch) {
  if (!store.lab.value) return;
  dragged ??= place();
  wanted = { ...wanted, ...patch };
  if (dragging) return;
  dragging = true;
  try {
    while (wanted) {
      const next = wanted;
      wanted = null;
      await command(async () => ask(here().mode, { ...here().request, at: 0, ...next }, null), { refused: atFields });
    }
  } finally {
    dragging = false;
  }
}

/** The handle was let go. @param {string} [deed] */
export async function drop(deed = "setting") {
  const before = dragged;
  if (!before) return;
  await command(async () => {
    dragged = null;
    record(deed, before);
  });
}

/** How the lab is looked at. @param {Record<string, any>} patch */
export function setView(patch) {
  store.view.value = { ...store.view.value, ...patch };
}

/** Another part of the lab, as it was left. @param {string} mode */
export function setMode(mode) {
  if (here().mode === mode) return Promise.resolve(true);
  return command(async () => {
    const before = place();
    await ask(mode, requests[mode] ?? {}, -1);
    record("mode", before);
  });
}

/**
 * Another part of the lab with a request of its own, such as the same network in another view.
 * @param {string} mode
 * @param {Record<string, any>} request
 */
export function openPart(mode, request) {
  return command(async () => {
    const before = place();
    await ask(mode, request, -1);
    record("mode", before);
  }, { refused: atFields });
}

/**
 * A ready example of the catalogue.
 * @param {string} name
 */
export function loadLabPreset(name) {
  const lab = /** @type {any} */ (store.catalog.value)?.labs?.[entry.name];
  const preset = lab?.presets.find((/** @type {{name: string}} */ one) => one.name === name);
  if (!preset) return Promise.resolve(false);
  return command(async () => {
    const before = place();
    const mode = preset.mode ?? here().mode;
    await ask(mode, preset.body, -1);
    record("preset", before);
  }, { refused: atFields });
}

/**
 * Goes to an iteration, to micro-step `index`.
 * @param {number} at
 * @param {number | null} [index]
 */
export function moveTo(at, index = null) {
  const { last } = here().reply;
  if (at < 0 || (last !== null && at > last)) return undefined;
  return command(async () => {
    const before = place();
    await ask(here().mode, { ...here().request, at }, index);
    record(at > (before?.request.at ?? 0) ? "iteration" : "seek", before);
  }, { drop: true });
}

/** @param {LabPlace} to */
async function travel(to) {
  store.view.value = to.view;
  await ask(to.mode, to.request, to.index);
}

export const undoLab = () => command(async () => {
  const deed = done.at(-1);
  if (!deed) return;
  await travel(deed.before);
  done = done.slice(0, -1);
  undone = [...undone, deed];
  tellDeeds();
});

export const redoLab = () => command(async () => {
  const deed = undone.at(-1);
  if (!deed) return;
  await travel(deed.after);
  undone = undone.slice(0, -1);
  done = [...done, deed];
  tellDeeds();
});

/** Goes to the micro-step that made the number `ref`. @param {string} ref */
export function goToMade(ref) {
  const reply = store.microsteps.value;
  const from = reply?.microsteps[store.index.value];
  const index = reply ? made(reply).get(ref)?.index : undefined;
  if (index === undefined) store.toast.value = "labs.toast.given";
  else if (reply && index !== store.index.value) {
    if (from) store.trail.value = [...store.trail.value, { step: reply.step, sample: 0, id: from.id, title: from.title }].slice(-TRAIL);
    goTo(index);
  }
}

/** Back to where the last jump began. */
export async function goBackInLab() {
  const target = store.trail.value.at(-1);
  if (!target) return;
  store.trail.value = store.trail.value.slice(0, -1);
  if (here().reply.at !== target.step) await moveTo(target.step);
  const index = store.microsteps.value?.microsteps.findIndex((step) => step.id === target.id) ?? -1;
  if (index >= 0) goTo(index);
}
