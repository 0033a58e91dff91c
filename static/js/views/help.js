// @ts-check
/** The list of keys that work, and how the page counts. */
import { h } from "preact";
import htm from "htm";
import { Dialog, FilePick } from "./dialogs.js";

const html = htm.bind(h);

/** Keys in the order of the list; a key may be several strokes. */
const ROWS = /** @type {const} */ ([
  [["Space"], "play"], [["→"], "stepForward"], [["←"], "stepBack"], [["⇧", "→"], "nextPhase"], [["⇧", "←"], "previousPhase"],
  [["N"], "nextIteration"], [["⇧", "N"], "previousIteration"], [["Home"], "toStart"], [["End"], "toEnd"],
  [["1"], "term"], [["2"], "neuron"], [["3"], "layer"], [["4"], "phase"], [["5"], "epoch"], [["R"], "run"], [["["], "previousSample"], [["]"], "nextSample"],
  [["Ctrl", "Z"], "undo"], [["Ctrl", "⇧", "Z"], "redo"], [["Tab"], "tab"], [["↑", "↓"], "walk"], [["↵"], "edit"], [["G"], "goto"], [["⌫"], "goBack"], [["P"], "predict"], [["M", "S", "O", "W", "V", "H", "K", "I", "A"], "drawer"],
  [["L"], "language"], [["T"], "theme"], [["Esc"], "close"], [["?"], "help"],
]);

/** Keys that a lab has too. @type {Set<string>} */
const IN_LABS = new Set(["play", "stepForward", "stepBack", "nextPhase", "previousPhase", "nextIteration", "previousIteration", "toStart", "toEnd", "undo", "redo", "tab", "goto", "goBack", "predict", "language", "theme", "close", "help"]);

/**
 * @param {{shortcuts: boolean, lab?: boolean, t: import("../types.js").Translate, actions: any}} props
 */
export function Help({ shortcuts, lab = false, t, actions }) {
  return html`<${Dialog} title=${t("page.help")} t=${t} close=${() => actions.openDialog(null)} wide=${true}>
    <button type="button" class="switch" role="switch" aria-checked=${String(shortcuts)} onClick=${() => actions.setShortcuts(!shortcuts)}><i></i>${t("page.shortcuts")}</button>
    <p class="note">${t("page.shortcutsHint")}</p>
    <dl class="keys">${ROWS.filter(([, name]) => !lab || IN_LABS.has(name)).map(([keys, name]) => html`<div key=${name}><dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${t(`page.key.${name}`)}</dd></div>`)}</dl>
    ${lab ? null : html`<h3>${t("page.counting")}</h3>
    <ul class="facts">${["micro", "commit", "back", "iteration"].map((name) => html`<li key=${name}>${t(`page.counting.${name}`)}</li>`)}</ul>
    <p class="dlga"><button type="button" class="btn" onClick=${() => actions.openDialog("notation")}>${t("notation.title")}</button></p>
    <${FilePick} t=${t} actions=${actions} />
    <p class="dlga"><button type="button" class="btn" onClick=${actions.saveFile}>${t("page.saveFile")}</button></p>`}
    <p class="note about"><a href="/licences">${t("page.licences")}</a> <a href="/api">${t("page.api")}</a></p>
  <//>`;
}
