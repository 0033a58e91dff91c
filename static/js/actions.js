// @ts-check
/** Everything that the page can do: the object that views get as `actions`. */
import * as drawer from "./actions/drawer.js";
import * as editing from "./actions/editing.js";
import * as history from "./actions/history.js";
import * as live from "./actions/live.js";
import * as linking from "./actions/linking.js";
import * as moving from "./actions/moving.js";
import * as preferences from "./actions/preferences.js";
import * as notation from "./actions/notation.js";
import * as pictures from "./actions/pictures.js";
import * as proving from "./actions/proving.js";
import * as rebuilding from "./actions/rebuilding.js";
import * as running from "./actions/running.js";
import { refreshReadings } from "./actions/show.js";
import * as tracing from "./actions/tracing.js";
import * as store from "./store.js";

/**
 * Actions of a module that is loaded when the first of them is called. If it does not come, the reader is told.
 * @template {Record<string, (...given: any[]) => any>} Module
 * @template {keyof Module} Name
 * @param {() => Promise<Module>} load
 * @param {Name[]} names
 * @returns {Record<Name, (...given: any[]) => Promise<any>>}
 */
function late(load, ...names) {
  const call = (/** @type {Name} */ name) => async (/** @type {any[]} */ ...given) => {
    let module;
    try {
      module = await load();
    } catch (error) {
      store.toast.value = "loading.toast";
      reportError(error);
      return false;
    }
    return module[name]?.(...given);
  };
  return /** @type {Record<Name, (...given: any[]) => Promise<any>>} */ (Object.fromEntries(names.map((name) => [name, call(name)])));
}

/** After a divergence: one epoch back. */
async function backOneEpoch() {
  const session = store.session.value;
  if (!session) return;
  await moving.seekStep(Math.max(0, session.step - session.steps_per_epoch));
}

/** A tab that shows readings brings them up to date. @param {Parameters<typeof preferences.setTab>[0]} tab */
function setTab(tab) {
  preferences.setTab(tab);
  if (tab === "maps") void refreshReadings();
}

export const actions = {
  stepForward: moving.stepForward,
  stepBack: moving.stepBack,
  goTo: moving.goTo,
  toStart: moving.toStart,
  toEnd: moving.toEnd,
  nextPhase: moving.nextPhase,
  previousPhase: moving.previousPhase,
  nextIteration: moving.nextIteration,
  previousIteration: moving.previousIteration,
  togglePlay: moving.togglePlay,
  setSpeed: moving.setSpeed,
  setGranularity: moving.setGranularity,
  setSample: moving.setSample,
  moveSample: moving.moveSample,
  seekStep: moving.seekStep,
  setMapElement: moving.setMapElement,
  setNeuron: moving.setNeuron,
  ...late(() => import("./actions/branching.js"), "seekNode", "forkHere"),
  ...late(() => import("./actions/comparing.js"), "keepRun", "removeRun", "restoreRun", "renameRun", "openRun", "runExperiment", "stopExperiment"),
  goToRef: tracing.goToRef,
  goBack: tracing.goBack,

  openDrawer: drawer.openDrawer,
  toggleDrawer: drawer.toggleDrawer,
  chooseParameter: drawer.chooseParameter,
  hoverPath: drawer.hoverPath,
  setPicture: pictures.setPicture,
  showPicture: pictures.showPicture,
  trainEpochs: pictures.trainEpochs,
  ...late(() => import("./actions/predicting.js"), "togglePredict", "setPredictScope", "answer", "answerFactor", "reveal"),
  checkAgain: () => void proving.fetchVerification(),

  train: live.trainByRules,
  stopRun: running.stopRun,
  setPace: live.setPace,
  setRules: live.setRules,
  backOneEpoch,
  halveRate: running.halveRate,

  editParameter: editing.editParameter,
  freezeParameter: editing.freezeParameter,
  editData: editing.editData,
  ...late(() => import("./actions/brushing.js"), "startBrush", "cancelBrush", "setBrush", "beginStroke", "undoStroke", "paint", "erase", "clearPoints", "usePoints", "setPlane"),
  ...late(() => import("./actions/data.js"), "chooseData", "changeData", "readTable", "useTable", "closeTable"),
  editTraining: editing.editTraining,
  setError: editing.setError,
  probe: editing.probe,

  editDraft: rebuilding.editDraft,
  discardDraft: rebuilding.discardDraft,
  applyRebuild: rebuilding.applyRebuild,
  loadPreset: rebuilding.loadPreset,
  startFrom: rebuilding.startFrom,

  undo: history.undo,
  redo: history.redo,

  ...late(() => import("./actions/layering.js"), "openAsLayers"),
  ...late(() => import("./actions/exporting.js"), "exportPicture", "exportTable", "exportSurface"),
  copyLink: linking.copyLink,
  saveFile: linking.saveFile,
  openFile: linking.openFile,
  pickFile: linking.pickFile,
  restore: linking.restore,

  setNotation: notation.setNotation,
  openLossSetting: notation.openLossSetting,

  setTheme: preferences.setTheme,
  toggleTheme: preferences.toggleTheme,
  setLang: preferences.setLang,
  toggleLang: preferences.toggleLang,
  setShortcuts: preferences.setShortcuts,
  setDecimals: preferences.setDecimals,
  setFull: preferences.setFull,
  setTab,

  /** @param {string | null} ref */
  hover: (ref) => void (store.hover.value = ref),
  /** @param {string | null} ref */
  select: (ref) => {
    store.selected.value = ref;
    // Where only one neuron is told, choosing another tells that one.
    if (ref && /^a\.[1-9]/.test(ref) && store.microsteps.value?.only) void moving.setNeuron(ref);
  },
  /** @param {import("./types.js").DialogName | null} name */
  openDialog: (name) => void (store.dialog.value = name),
  /** @param {boolean} open */
  setSheet: (open) => void (store.sheet.value = open),
  dismissBanner: () => void (store.banner.value = null),
  dismissToast: () => void (store.toast.value = null),
  dismissInvitation: () => void (store.invitation.value = false),
};

/** @typedef {typeof actions} Actions */
