// @ts-check
/** Everything that the page can do: the object that views get as `actions`. */
import * as branching from "./actions/branching.js";
import * as comparing from "./actions/comparing.js";
import * as drawer from "./actions/drawer.js";
import * as brushing from "./actions/brushing.js";
import * as data from "./actions/data.js";
import * as editing from "./actions/editing.js";
import * as exporting from "./actions/exporting.js";
import * as history from "./actions/history.js";
import * as live from "./actions/live.js";
import * as linking from "./actions/linking.js";
import * as moving from "./actions/moving.js";
import * as preferences from "./actions/preferences.js";
import * as notation from "./actions/notation.js";
import * as pictures from "./actions/pictures.js";
import * as predicting from "./actions/predicting.js";
import * as proving from "./actions/proving.js";
import * as rebuilding from "./actions/rebuilding.js";
import * as running from "./actions/running.js";
import { refreshReadings } from "./actions/show.js";
import * as tracing from "./actions/tracing.js";
import * as store from "./store.js";

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
  seekNode: branching.seekNode,
  forkHere: branching.forkHere,
  keepRun: comparing.keepRun,
  removeRun: comparing.removeRun,
  restoreRun: comparing.restoreRun,
  renameRun: comparing.renameRun,
  openRun: comparing.openRun,
  runExperiment: comparing.runExperiment,
  stopExperiment: comparing.stopExperiment,
  goToRef: tracing.goToRef,
  goBack: tracing.goBack,

  openDrawer: drawer.openDrawer,
  toggleDrawer: drawer.toggleDrawer,
  chooseParameter: drawer.chooseParameter,
  hoverPath: drawer.hoverPath,
  setPicture: pictures.setPicture,
  showPicture: pictures.showPicture,
  trainEpochs: pictures.trainEpochs,
  togglePredict: predicting.togglePredict,
  setPredictScope: predicting.setPredictScope,
  answer: predicting.answer,
  answerFactor: predicting.answerFactor,
  reveal: predicting.reveal,
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
  startBrush: brushing.startBrush,
  cancelBrush: brushing.cancelBrush,
  setBrush: brushing.setBrush,
  beginStroke: brushing.beginStroke,
  undoStroke: brushing.undoStroke,
  paint: brushing.paint,
  erase: brushing.erase,
  clearPoints: brushing.clearPoints,
  usePoints: brushing.usePoints,
  setPlane: brushing.setPlane,
  chooseData: data.chooseData,
  changeData: data.changeData,
  readTable: data.readTable,
  useTable: data.useTable,
  closeTable: data.closeTable,
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

  exportPicture: exporting.exportPicture,
  exportTable: exporting.exportTable,
  exportSurface: exporting.exportSurface,
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
