// @ts-check
/** The small maps of every neuron: fetched for small networks on a plane, while they can be seen and not too often. */
import * as api from "../api.js";
import * as store from "../store.js";

/** Neurons and outputs of the largest network that gets them, and the points of each along a side. */
const MOST = 12;
const RESOLUTION = 24;
/** Milliseconds between two sets while training runs. */
const PACE = 500;

let shown = "";
let fetched = 0;

/** @param {import("../types.js").Session} session @returns {string[]} */
function elements(session) {
  if (session.data.columns.length < 2) return [];
  const all = session.network.layers.flatMap(({ units }, layer) => Array.from({ length: Math.min(units, MOST + 1) }, (_, index) => `a.${layer + 1}.${index}`));
  return all.length > 1 && all.length <= MOST ? all : [];
}

/** @param {import("../types.js").Session} session the one whose other readings are being fetched */
export async function fetchNeuronMaps(session) {
  const wanted = elements(session);
  const hidden = store.variant.value === "small" && store.tab.value !== "maps";
  const key = `${session.id} ${session.timeline.node} ${store.plane.value}`;
  if (wanted.length === 0) store.neuronMaps.value = null;
  if (wanted.length === 0 || hidden) return;
  // While training runs its place on the timeline stays and its parameters move.
  if (store.run.value ? performance.now() - fetched < PACE : key === shown && store.neuronMaps.value !== null) return;
  fetched = performance.now();
  const { maps: found, ...plane } = await api.getMaps(session.id, wanted, RESOLUTION, store.plane.value);
  const maps = found.map((/** @type {any} */ map) => ({ ...plane, ...map, encoding: "base64" }));
  if (store.session.value?.id !== session.id) return;
  store.neuronMaps.value = maps;
  shown = store.run.value ? "" : key;
}
