// @ts-check
/** The pictures: which are looked at, how they are set, and what they show kept up to date, while training runs at a modest rate. */
import { effect, untracked } from "@preact/signals";
import * as api from "../api.js";
import * as store from "../store.js";
import { train } from "./live.js";
import { keep, recall } from "./preferences.js";

/** @typedef {import("../types.js").PictureName} PictureName */
/** @typedef {import("../types.js").PictureOptions} PictureOptions */

/** Milliseconds between two looks while training runs; a loss surface is much work. */
const PACE = 600;
const SURFACE_PACE = 2500;
/** Points of the map of classes along a side. */
const CLASSES = 100;
/** Bars of a histogram. */
const BINS = 16;

const TABS = /** @type {const} */ (["hidden", "flow", "weights", "surface", "confusion"]);

/** How each picture gets its data. @type {Record<PictureName, (id: string, options: PictureOptions) => Promise<any>>} */
const LOADERS = {
  hidden: (id, { layer, output, axes }) => api.getHiddenSpace(id, { layer: layerIn(layer), output, axes }),
  flow: (id) => api.getMetrics(id),
  weights: (id) => api.getHistogram(id, BINS),
  surface: (id, { kind, x, y, seed, radius }) => api.getLossSurface(id, kind === "parameters" ? { kind, x: x ?? "w.1.0.0", y: y ?? other(), radius } : { kind, seed: kind === "random" ? seed : null, radius }),
  confusion: (id) => api.getConfusion(id),
  zero: (id, { zeroLayer }) => api.getZeroLines(id, zeroLayer, store.plane.value),
  classes: (id) => api.getBoundary(id, "classes", CLASSES, store.plane.value),
};

/** A hidden layer that the network has. @param {number} wanted */
function layerIn(wanted) {
  const hidden = (store.session.value?.network.layers.length ?? 2) - 1;
  return Math.max(1, Math.min(hidden, wanted));
}

/** The second parameter of a surface that nobody has chosen yet. */
function other() {
  const first = store.session.value?.network;
  return first && first.inputs > 1 ? "w.1.1.0" : first && (first.layers[0]?.units ?? 1) > 1 ? "w.1.0.1" : "b.1.0";
}

/** @param {Partial<PictureOptions>} change */
export function setPicture(change) {
  store.pictures.value = { ...store.pictures.value, ...change };
  if (change.tab) keep("picture", change.tab);
}

/** Trains so many epochs, whatever rules are typed. @param {number} epochs */
export function trainEpochs(epochs) {
  return train({ epochs, stop_at_loss: null, stop_at_accuracy: null, patience: null, restore_best: false });
}

/** Opens the drawer's pictures at one of them. @param {PictureOptions["tab"]} tab */
export function showPicture(tab) {
  setPicture({ tab });
  store.drawer.value = "pictures";
}

/** The pictures that can be seen now. @returns {PictureName[]} */
function wanted() {
  const { tab, view, zero, accuracy } = store.pictures.value;
  const session = store.session.value;
  /** @type {Set<PictureName>} */
  const names = new Set();
  if (!session) return [];
  if (store.drawer.value === "pictures" && !store.predict.value.on && possible(tab, session)) names.add(tab);
  const plane = (/** @type {any} */ (session.data).columns?.length ?? session.network.inputs) >= 2;
  if (plane && view !== "confidence") {
    names.add("confusion");
    if ((session.network.layers.at(-1)?.units ?? 1) > 1) names.add("classes");
  }
  if (plane && zero) names.add("zero");
  if (accuracy || (/** @type {any} */ (session.data).test_inputs?.length ?? 0) > 0) names.add("flow");
  return [...names];
}

/** @param {PictureName} name @param {import("../types.js").Session} session */
function possible(name, session) {
  return name !== "hidden" || session.network.layers.length > 1;
}

/** What a picture's reply is about; the same again is not asked for. @param {PictureName} name @param {import("../types.js").Session} session */
function keyOf(name, session) {
  const { timeline } = session;
  const { layer, output, axes, kind, x, y, seed, radius, zeroLayer } = store.pictures.value;
  /** @type {Partial<Record<PictureName, readonly unknown[]>>} */
  const own = { hidden: [layer, output, axes], surface: [kind, x, y, seed, radius], zero: [zeroLayer, ...store.plane.value], classes: store.plane.value };
  const branch = name === "flow" || name === "surface" ? [timeline.last_step, timeline.branches] : [];
  return [session.id, timeline.node, ...branch, ...(own[name] ?? [])].join(" ");
}

/** @type {Map<PictureName, string>} */
const shown = new Map();
/** @type {Set<PictureName>} */
const busy = new Set();
/** @type {Map<PictureName, number>} */
const looked = new Map();

/**
 * @param {PictureName} name
 * @param {string} key
 */
async function load(name, key) {
  if (busy.has(name)) return;
  busy.add(name);
  const session = store.session.value;
  try {
    const reply = session && (await LOADERS[name](session.id, store.pictures.value));
    if (store.session.value?.id === session?.id) put(name, reply);
  } catch (error) {
    put(name, { problem: error instanceof Error ? error.message : String(error) });
  } finally {
    busy.delete(name);
    shown.set(name, key);
    looked.set(name, performance.now());
  }
  // What has changed meanwhile.
  refresh();
}

/** @param {PictureName} name @param {any} reply */
function put(name, reply) {
  store.pictureData.value = { ...store.pictureData.value, [name]: reply };
}

/** Fetches what can be seen and is not up to date. */
function refresh() {
  const session = store.session.value;
  if (!session || store.run.value) return;
  for (const name of wanted()) {
    const key = keyOf(name, session);
    if (shown.get(name) !== key) void load(name, key);
  }
}

/** While training runs nobody says which step it is at: the pictures that can be seen are looked at now and then. */
function glance() {
  if (!store.run.value || document.visibilityState === "hidden") return;
  const now = performance.now();
  for (const name of wanted()) {
    if (now - (looked.get(name) ?? 0) >= (name === "surface" ? SURFACE_PACE : PACE)) void load(name, "");
  }
}

/** Keeps the pictures up to date from now on. */
export function followPictures() {
  const tab = TABS.find((one) => one === recall("picture"));
  if (tab) setPicture({ tab });
  let session = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  effect(() => {
    const id = store.session.value?.id ?? "";
    if (id === session) return;
    session = id;
    shown.clear();
    untracked(() => {
      // What is chosen of one network may not be in another.
      const { layer, output, x, y, zeroLayer, ...rest } = store.pictures.value;
      store.pictures.value = { ...rest, layer: 1, output: 0, x: null, y: null, zeroLayer: 1 };
      store.pictureData.value = {};
    });
  });
  effect(() => {
    const session = store.session.value;
    // Read, so that a change of either is followed.
    void [store.pictures.value, store.plane.value, store.drawer.value, store.predict.value.on, session?.timeline];
    const running = store.run.value !== null;
    clearInterval(timer);
    if (running) timer = setInterval(glance, PACE / 3);
    else untracked(refresh);
  });
}
