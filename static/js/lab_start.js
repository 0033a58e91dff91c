// @ts-check
/** Starts a lab's page: the same words, keys and preferences, and the lab's own actions. */
import { h, render } from "preact";
import { actions as all } from "./actions.js";
import { command, markBusy } from "./actions/command.js";
import * as lab from "./actions/lab.js";
import { copyLabLink, followLabAddress, openLabAddress } from "./actions/lab_linking.js";
import { followCalls } from "./actions/recording.js";
import { clearToasts } from "./actions/toasts.js";
import { getCatalog } from "./api.js";
import { t } from "./i18n.js";
import { followKeys } from "./keyboard.js";
import * as store from "./store.js";
import { LabApp } from "./views/lab.js";

/** What the shared views call, as a lab does it. */
const actions = {
  ...all,
  change: lab.change,
  drag: lab.drag,
  drop: lab.drop,
  setView: lab.setView,
  setMode: lab.setMode,
  openPart: lab.openPart,
  loadPreset: lab.loadLabPreset,
  moveTo: lab.moveTo,
  undo: lab.undoLab,
  redo: lab.redoLab,
  goToRef: lab.goToMade,
  goBack: lab.goBackInLab,
  copyLink: copyLabLink,
  /** @param {string} field */
  forgive: (field) => {
    const { [field]: _, ...others } = store.errors.value;
    store.errors.value = others;
  },
};

/** @typedef {typeof actions} LabActions */

/**
 * @param {import("./lib/labs.js").LabEntry} entry
 * @param {Element} root
 */
export async function startLab(entry, root) {
  lab.beginLab(entry);
  store.granularity.value = "term";
  render(h(LabApp, { store, actions, name: entry.name, t }), root);
  followKeys(actions, {
    1: () => actions.setGranularity("term"),
    2: () => actions.setGranularity("group"),
    3: () => actions.setGranularity("phase"),
    // What a lab offers to edit first, such as its expression.
    e: () => /** @type {HTMLElement | null} */ (document.querySelector("[aria-keyshortcuts='E']"))?.click(),
  });
  markBusy();
  followCalls();
  clearToasts();
  await command(async () => {
    store.catalog.value = await getCatalog();
    void openLabAddress().then(followLabAddress);
  });
}
