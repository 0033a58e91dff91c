// @ts-check
/**
 * The page's one store: signals only. Actions write them, main.js hands them to the views.
 *
 * @typedef {import("./types.js").Session} Session
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Draft} Draft
 * @typedef {import("./types.js").Banner} Banner
 * @typedef {import("./types.js").Run} Run
 */
import { computed, signal } from "@preact/signals";
import { NO_RULES } from "./lib/stop_rules.js";

/** @template T @param {T} value */
const of = (value) => signal(value);

// What the server said last.
export const catalog = of(/** @type {Catalog | null} */ (null));
export const session = of(/** @type {Session | null} */ (null));
export const trace = of(/** @type {import("./lib/refs.js").TraceRecord | null} */ (null));
export const microsteps = of(/** @type {import("./types.js").MicroSteps | null} */ (null));
export const curve = of(/** @type {import("./types.js").Curve | null} */ (null));
export const boundary = of(/** @type {import("./lib/samples.js").Boundary | null} */ (null));
/** Small maps of all neurons, null where there are none. */
export const neuronMaps = of(/** @type {import("./lib/samples.js").Boundary[] | null} */ (null));

// Where the reader is.
/** The micro-step shown, -1 before the first one. */
export const index = of(-1);
export const granularity = of(/** @type {import("./types.js").Granularity} */ ("neuron"));
/** Row of the data set that is shown. */
export const sample = of(0);
/** The reader chose the sample, instead of the first one of the next batch. */
export const sampleChosen = of(false);
/** The neuron that a large network is told for, null: the server's choice, or the whole network. */
export const neuron = of(/** @type {string | null} */ (null));
export const mapElement = of(/** @type {string | null} */ (null));

// A lab beside the Network lab.
/** What the lab was asked and what it said, null while nothing was. */
export const lab = of(/** @type {import("./types.js").Lab | null} */ (null));
/** How a lab is looked at: part of its link, unknown to the server. */
export const view = of(/** @type {Record<string, any>} */ ({}));

// How it is shown.
export const decimals = of(4);
/** The equation shows every digit. */
export const full = of(false);
export const theme = of(/** @type {import("./types.js").Theme} */ ("system"));
/** The theme in force. */
export const shownTheme = of(/** @type {"light" | "dark"} */ ("light"));
export const lang = of(/** @type {"en" | "ko"} */ ("en"));
export const variant = of(/** @type {"wide" | "mid" | "small"} */ ("wide"));
export const tab = of(/** @type {"steps" | "setup" | "maps" | "numbers"} */ ("steps"));
export const sheet = of(false);
export const dialog = of(/** @type {import("./types.js").DialogName | null} */ (null));
export const shortcuts = of(true);
/** The first visit's invitation to press Step. */
export const invitation = of(false);

// What the reader points at.
export const hover = of(/** @type {string | null} */ (null));
export const selected = of(/** @type {string | null} */ (null));

// The drawer under the equation.
export const drawer = of(/** @type {import("./types.js").DrawerTab | null} */ (null));
/** What the open tab shows, by tab; a tab that was never open has nothing. */
export const drawerData = of(/** @type {Record<string, any>} */ ({}));
/** The parameter that the drawer is about, null: that of the micro-step shown. */
export const parameter = of(/** @type {string | null} */ (null));
/** Micro-steps from which the reader jumped to where a number was made, oldest first. */
export const trail = of(/** @type {import("./types.js").Waypoint[]} */ ([]));
/** The last requests, newest first: what changed the session, and what the page reads of the step shown. */
export const calls = of(/** @type {import("./types.js").Call[]} */ ([]));
/** The timeline's branches, null while there is only one. */
export const history = of(/** @type {any} */ (null));
/** Runs that are kept to be compared, the oldest first. */
export const kept = of(/** @type {import("./lib/compare.js").Kept[]} */ ([]));
/** The run that was removed last, until it is taken back or another one is. */
export const removed = of(/** @type {{run: import("./lib/compare.js").Kept, name: string} | null} */ (null));
/** How many kept runs the server no longer has, since that was told last. */
export const lost = of(0);
/** An experiment that is being trained: its runs, from and to which epoch. */
export const experiment = of(/** @type {{ids: string[], from: number, to: number} | null} */ (null));
/** Elements of the path that the reader points at in the path view. */
export const hoverPath = of(/** @type {string[] | null} */ (null));
/** The gradient check of the step shown. */
export const proof = of(/** @type {import("./types.js").Proof} */ ({ key: "", state: "none", data: null }));
export const predict = of(/** @type {import("./types.js").Predict} */ ({ on: false, scope: "one", solved: [], tries: {}, score: { right: 0, asked: 0 } }));
/** Conventions of display; empty: the page's own. */
export const notation = of(/** @type {Record<string, string>} */ ({}));

/** How the pictures are set. */
export const pictures = of(/** @type {import("./types.js").PictureOptions} */ ({ tab: "hidden", view: "confidence", iso: true, zero: false, zeroLayer: 1, accuracy: false, smooth: 0, layer: 1, output: 0, axes: "principal", kind: "path", x: null, y: null, seed: 0, radius: null }));
/** What the pictures show, by name; one that was never looked at has nothing. */
export const pictureData = of(/** @type {Partial<Record<import("./types.js").PictureName, any>>} */ ({}));

// What is going on.
export const playing = of(false);
export const speed = of(1);
/** A command is on its way to the server. */
export const busy = of(false);
/** It has taken longer than 300 ms: the last values grey. */
export const slow = of(false);
export const online = of(true);
export const run = of(/** @type {Run | null} */ (null));
/** What training showed last while it runs; read by what is drawn at every frame, and by nothing else. */
export const frame = of(/** @type {import("./types.js").Frame | null} */ (null));
/** The session as it was looked at last while training runs. */
export const glance = of(/** @type {Session | null} */ (null));
/** The rules that end a run, as they are typed. */
export const rules = of(NO_RULES);
/** Updates a second while training runs, null: as fast as it goes. */
export const pace = of(/** @type {number | null} */ (null));
export const banner = of(/** @type {Banner | null} */ (null));
/** A short word of success, such as "Link copied". */
export const toast = of(/** @type {string | null} */ (null));
/** What became of a run, for those who hear the page. */
export const spoken = of(/** @type {{key: string, values?: Record<string, string | number>} | null} */ (null));

// Edits.
/** Settings that rebuild the network and wait to be applied; null: none. */
export const draft = of(/** @type {Draft | null} */ (null));
/** What a network with one column answers along it, null where there are more. */
export const graph = of(/** @type {{xs: number[], outputs: (number | null)[][]} | null} */ (null));
/** Points that are being drawn on the map, null: none. */
export const brush = of(/** @type {import("./lib/brush.js").Brush | null} */ (null));
/** The columns that the maps are drawn over: across, upward. */
export const plane = of(/** @type {[number, number]} */ ([0, 1]));
/** A file with a table, looked at before it is used. */
export const table = of(/** @type {import("./types.js").OpenTable | null} */ (null));
/** Messages of refused entries, by field. */
export const errors = of(/** @type {Record<string, string>} */ ({}));
/** The parameters that the session started with. */
export const initial = of(/** @type {import("./types.js").Parameters | null} */ (null));
/** The body that created the session. */
export const created = of(/** @type {object} */ ({}));
export const undoStack = of(/** @type {import("./types.js").Deed[]} */ ([]));
export const redoStack = of(/** @type {import("./types.js").Deed[]} */ ([]));

/** Micro-steps of this iteration. */
export const count = computed(() => microsteps.value?.microsteps.length ?? 0);
