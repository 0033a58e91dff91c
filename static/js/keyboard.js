// @ts-check
/** The keys of the page. They act while no field has the focus and no dialog is open; single keys can be turned off. */
import * as store from "./store.js";

const FIELDS = "input, textarea, select, [contenteditable]";
/** What Space and Enter press by themselves. */
const PRESSED = "button, a, summary, label, [role='button'], [role='switch'], [role='tab']";

/** The page's actions: those of the Network lab, or of another. @type {any} */
let actions;
/** @type {Record<string, () => unknown>} */
let SINGLE = {};

/**
 * The keys that every lab has.
 * @param {any} actions
 * @returns {Record<string, () => unknown>}
 */
const shared = (actions) => ({
  ArrowRight: actions.stepForward,
  ArrowLeft: actions.stepBack,
  "Shift+ArrowRight": actions.nextPhase,
  "Shift+ArrowLeft": actions.previousPhase,
  Home: actions.toStart,
  End: actions.toEnd,
  " ": playOrPause,
  n: actions.nextIteration,
  "Shift+n": actions.previousIteration,
  p: () => actions.togglePredict(),
  g: goToOrigin,
  Backspace: () => actions.goBack(),
  v: () => actions.toggleDrawer("proof"),
  a: () => actions.toggleDrawer("api"),
  l: actions.toggleLang,
  t: actions.toggleTheme,
  "?": () => actions.openDialog("help"),
});

/**
 * Those of the Network lab.
 * @param {any} actions
 * @returns {Record<string, () => unknown>}
 */
const ofNetwork = (actions) => ({
  1: () => actions.setGranularity("term"),
  2: () => actions.setGranularity("neuron"),
  3: () => actions.setGranularity("layer"),
  4: () => actions.setGranularity("phase"),
  5: () => actions.setGranularity("epoch"),
  m: () => actions.toggleDrawer("matrices"),
  s: () => actions.toggleDrawer("samples"),
  o: () => actions.toggleDrawer("optimizer"),
  w: () => actions.toggleDrawer("paths"),
  h: () => actions.toggleDrawer("history"),
  k: () => actions.toggleDrawer("compare"),
  i: () => actions.toggleDrawer("pictures"),
  r: run,
  "[": () => actions.moveSample(-1),
  "]": () => actions.moveSample(1),
});
/** On the ruler these are the keys of a slider, whatever the setting. */
const SLIDER = new Set(["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);
/** @type {Record<string, string>} */
const ON_SLIDER = { ArrowUp: "ArrowRight", ArrowDown: "ArrowLeft", PageUp: "Shift+ArrowRight", PageDown: "Shift+ArrowLeft" };
/** These need the server. */
const LOCKED = new Set([" ", "n", "Shift+n", "1", "2", "3", "4", "5", "r", "[", "]", "ArrowRight", "ArrowLeft", "Shift+ArrowRight", "Shift+ArrowLeft", "Home", "End"]);

/** Where the number under the pointer or of the chosen element was made. */
function goToOrigin() {
  const ref = store.hover.value ?? store.selected.value;
  return ref ? actions.goToRef(ref) : undefined;
}

/** Runs the entered number of epochs. */
function run() {
  /** @type {HTMLInputElement | null} */ (document.querySelector("#run-epochs"))?.form?.requestSubmit();
}

/** Space pauses a run, too. */
function playOrPause() {
  if (store.run.value) actions.stopRun();
  else actions.togglePlay();
}

/** @param {KeyboardEvent} event */
function withControl(event) {
  const key = event.key.toLowerCase();
  const act = key === "z" ? (event.shiftKey ? actions.redo : actions.undo) : key === "y" && !event.shiftKey ? actions.redo : null;
  if (!act) return;
  event.preventDefault();
  void act();
}

function escape() {
  if (store.sheet.value) actions.setSheet(false);
  else if (store.run.value) actions.stopRun();
  else if (store.playing.value) actions.togglePlay();
  else actions.select(null);
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  if (event.defaultPrevented || event.isComposing || store.dialog.value !== null) return;
  const target = /** @type {Element} */ (event.target);
  if (event.key === "Escape" && (store.run.value !== null || store.playing.value)) {
    escape();
    return;
  }
  if (target.closest(FIELDS) && !(event.key === " " && store.run.value !== null && target.closest("input[type='range']"))) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    withControl(event);
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    escape();
    return;
  }
  const slider = target.closest("[role='slider']") !== null && SLIDER.has(event.key);
  if (!store.shortcuts.value && !slider) return;
  // While training runs Space pauses whatever has the focus, but for what pauses anyway.
  if (event.key === " " && target.closest(PRESSED) && (store.run.value === null || target.closest("[aria-keyshortcuts='Space']"))) return;
  const base = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const name = event.shiftKey && (event.key.length > 1 || /[a-z]/.test(base)) ? `Shift+${base}` : base;
  const act = SINGLE[(slider ? ON_SLIDER[base] : undefined) ?? name];
  if (!act) return;
  event.preventDefault();
  if (LOCKED.has(name) && name !== " " && (store.run.value !== null || !store.online.value)) return;
  if (name === " " && store.run.value === null && !store.online.value) return;
  // A key held down waits for what is being loaded; single presses are remembered.
  if (event.repeat && (store.busy.value || name === " ")) return;
  void act();
}

/**
 * Listens from now on.
 * @param {any} those the page's actions
 * @param {Record<string, () => unknown> | null} [own] the keys of a lab; by default the Network lab's
 */
export function followKeys(those, own = null) {
  actions = those;
  SINGLE = { ...shared(those), ...(own ?? ofNetwork(those)) };
  addEventListener("keydown", onKeyDown);
}
