// @ts-check
/** The drawer under the equation: which tab is open, and what it shows kept up to date with the page. */
import { effect, untracked } from "@preact/signals";
import * as api from "../api.js";
import { chosenParameter } from "../selectors.js";
import * as store from "../store.js";
import { keep, recall } from "./preferences.js";
import { fetchVerification } from "./proving.js";

/** @typedef {import("../types.js").DrawerTab} DrawerTab */
/** @typedef {{id: string, step: number | null, sample: number, element: string | null}} Place */

/** How each tab gets its data; the others read what the page has anyway. @type {Partial<Record<DrawerTab, (place: Place) => Promise<any>>>} */
const LOADERS = {
  matrices: ({ id, step, sample }) => api.getMatrices(id, step, sample),
  samples: ({ id, step, element }) => (element ? api.getContributions(id, element, step) : Promise.resolve(null)),
  paths: ({ id, step, sample, element }) => (element ? api.getPaths(id, element, step, sample) : Promise.resolve(null)),
  proof: () => fetchVerification(),
  history: ({ id }) => api.getHistory(id),
  compare: async ({ id }) => (await import("./comparing.js")).fetchComparison(id),
};

const NAMES = /** @type {const} */ (["matrices", "samples", "optimizer", "paths", "proof", "history", "compare", "pictures", "api"]);

/** @param {string | null} name what is no tab closes the drawer */
export function openDrawer(name) {
  store.drawer.value = NAMES.find((one) => one === name) ?? null;
  keep("drawer", store.drawer.value ?? "");
}

/** The same key closes what it opened. @param {DrawerTab} tab */
export function toggleDrawer(tab) {
  openDrawer(store.drawer.value === tab ? null : tab);
}

/** @param {string | null} ref */
export function chooseParameter(ref) {
  store.parameter.value = ref;
}

/** @param {string[] | null} refs */
export function hoverPath(refs) {
  store.hoverPath.value = refs;
}

/**
 * @param {DrawerTab} tab
 * @param {Place} place
 * @param {string} mark what the answer is about: the place, and all else that changes it
 */
async function load(tab, place, mark) {
  const loader = LOADERS[tab];
  if (!loader) return;
  try {
    const data = await loader(place);
    // A slow answer must not replace that of the place where the reader has gone meanwhile.
    if (latest.get(tab) === mark) store.drawerData.value = { ...store.drawerData.value, [tab]: data };
  } catch (error) {
    if (latest.get(tab) !== mark) return;
    store.drawerData.value = { ...store.drawerData.value, [tab]: { problem: error instanceof Error ? error.message : String(error) } };
  }
}

/** What was asked for last, by tab. @type {Map<DrawerTab, string>} */
const latest = new Map();
let asked = "";

/** Loads the open tab whenever what it is about changes. */
export function followDrawer() {
  openDrawer(recall("drawer"));
  effect(() => {
    const tab = store.drawer.value;
    const session = store.session.value;
    const reply = store.microsteps.value;
    if (!tab || !session || !reply || store.run.value) return;
    const failing = session.status === "diverged" ? session.step : null;
    const place = { id: session.id, step: failing, sample: reply.sample, element: chosenParameter(session, reply, store.index.value, store.parameter.value) };
    const needsElement = tab === "samples" || tab === "paths";
    const mark = [tab, session.timeline.node, session.timeline.last_step, session.timeline.branches, reply.sample, session.id, needsElement ? place.element : "", tab === "compare" ? store.kept.value.map((one) => one.id).join() : ""].join(" ");
    if (mark === asked) return;
    asked = mark;
    latest.set(tab, mark);
    untracked(() => void load(tab, place, mark));
  });
}
