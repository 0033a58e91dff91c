// @ts-check
/** Starts the page: words and theme first, then the catalogue, then what the address names. */
import { h, render } from "preact";
import { actions } from "./actions.js";
import { command, markBusy } from "./actions/command.js";
import { followDrawer } from "./actions/drawer.js";
import { recallKept } from "./actions/kept_runs.js";
import { followAddress, openFirstAddress } from "./actions/linking.js";
import { recallNotation } from "./actions/notation.js";
import { followPictures } from "./actions/pictures.js";
import { loadPreferences } from "./actions/preferences.js";
import { followProofs } from "./actions/proving.js";
import { followCalls } from "./actions/recording.js";
import { clearToasts } from "./actions/toasts.js";
import { getCatalog } from "./api.js";
import { labOf } from "./lib/labs.js";
import { t } from "./i18n.js";
import { followKeys } from "./keyboard.js";
import * as store from "./store.js";
import { App } from "./views/app.js";

/** @param {File} file */
const isTable = (file) => /\.(csv|tsv|txt)$/i.test(file.name) || /^text\/(csv|tab-separated-values|plain)$/.test(file.type);

/** A file saved by Deltaboard, or a table, opens wherever it is dropped. */
function acceptFiles() {
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void (isTable(file) ? actions.readTable(file) : actions.openFile(file));
  });
}

async function start() {
  await loadPreferences();
  const root = document.querySelector("#app");
  if (!root) return;
  root.replaceChildren();
  const lab = labOf(location.pathname);
  if (lab) {
    const { startLab } = await import("./lab_start.js");
    await startLab(lab, root);
    return;
  }
  render(h(App, { store, actions, t }), root);
  followKeys(actions);
  markBusy();
  followCalls();
  void recallKept();
  followDrawer();
  followPictures();
  followProofs();
  clearToasts();
  acceptFiles();
  await command(async () => {
    store.catalog.value = await getCatalog();
    recallNotation();
    void openFirstAddress().then(followAddress);
  });
}

void start();
