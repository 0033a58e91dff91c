// @ts-check
/**
 * A link holds the recipe of a session and the reader's place in it, never a session's id. The short form names
 * a preset that was only stepped; the long form is the recipe as JSON, deflated, in base64url.
 *
 * @typedef {import("./types.js").Recipe} Recipe
 * @typedef {{recipe: Recipe, sums: {recipe_sha256?: string, parameters_sha256?: string, label?: string}}} Saved a file's session, with what tells whether it was changed
 * @typedef {object} Place
 * @property {number} micro the micro-step as the page counts it: 0 before the first
 * @property {import("./types.js").Granularity} granularity
 * @property {number | null} sample
 * @property {string | null} map element of the map
 * @property {string | null} drawer tab that is open
 * @property {Record<string, string> | null} notation how things are written, null: as the reader has it
 * @property {string | null} neuron the one that a large network is told for
 * @property {{recipe: Recipe}} from
 */

/** Longest address that is offered as a link, in characters. */
export const LONGEST = 8192;
const LARGEST_FILE = 1_000_000;
const LARGEST_STEP = 10_000_000;
const GRANULARITIES = /** @type {const} */ (["term", "neuron", "layer", "phase", "epoch"]);

const ELEMENT = /^[az](\.\d{1,4}){2}$/;

/** A link or file that cannot be read. */
export class LinkError extends Error {}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {GenericTransformStream} stream
 * @param {number} most
 */
async function through(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    // A small link must not unfold into a large text.
    if (size > most) throw new LinkError("too large");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {Uint8Array} bytes */
function toBase64url(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} text */
function fromBase64url(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @param {unknown} value */
export async function pack(value) {
  return toBase64url(await through(new TextEncoder().encode(JSON.stringify(value)), new CompressionStream("deflate-raw"), LARGEST_FILE));
}

/** @param {string} text @returns {Promise<Recipe>} */
export async function unpack(text) {
  return checkRecipe(await unpackJson(text));
}

/** @param {string} text @returns {Promise<unknown>} */
export async function unpackJson(text) {
  try {
    const bytes = await through(fromBase64url(text), new DecompressionStream("deflate-raw"), LARGEST_FILE);
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw error instanceof LinkError ? error : new LinkError("unreadable");
  }
}

/** @param {unknown} value */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * @param {any} recipe
 * @returns {Recipe}
 */
export function checkRecipe(recipe) {
  if (!isObject(recipe) || !isObject(recipe.create) || !Array.isArray(recipe.actions)) throw new LinkError("not a recipe");
  let steps = 0;
  for (const action of recipe.actions) {
    const { type, count, patch, data } = action ?? {};
    const good = type === "step" ? Number.isInteger(count) && count > 0 : type === "patch" ? isObject(patch) : type === "data" && isObject(data);
    if (!good) throw new LinkError("unknown action");
    steps += type === "step" ? count : 0;
  }
  if (steps > LARGEST_STEP) throw new LinkError("too many steps");
  return { create: recipe.create, actions: recipe.actions };
}

/**
 * The number of updates where the recipe is a preset that was only stepped; null otherwise.
 * @param {object} created body that created the session
 * @param {Recipe} recipe
 * @returns {{preset: string, step: number} | null}
 */
export function shortForm(created, recipe) {
  const { preset, ...others } = /** @type {Record<string, unknown>} */ (created);
  if (typeof preset !== "string" || Object.keys(others).length > 0) return null;
  let step = 0;
  for (const action of recipe.actions) {
    if (action.type !== "step") return null;
    step += action.count;
  }
  return { preset, step };
}

/**
 * The fragment of an address, without the #.
 * @param {object} created
 * @param {Place} place
 */
export async function writeFragment(created, place) {
  const fields = new URLSearchParams();
  const { recipe } = place.from;
  const short = shortForm(created, recipe);
  if (short) {
    fields.set("preset", short.preset);
    if (short.step > 0) fields.set("step", String(short.step));
  } else {
    fields.set("recipe", await pack(recipe));
  }
  if (place.micro > 0) fields.set("micro", String(place.micro));
  if (place.granularity !== "neuron") fields.set("granularity", place.granularity);
  if (place.sample !== null) fields.set("sample", String(place.sample + 1));
  if (place.map) fields.set("map", place.map);
  if (place.drawer) fields.set("drawer", place.drawer);
  if (place.neuron) fields.set("neuron", place.neuron);
  const notation = Object.entries(place.notation ?? {});
  if (notation.length > 0) fields.set("notation", notation.map(([field, choice]) => `${field}.${choice}`).join("~"));
  return fields.toString();
}

/** @param {string | null} text @param {number} most */
function whole(text, most) {
  if (text === null) return null;
  const value = Number(text);
  if (!/^\d{1,8}$/.test(text) || value > most) throw new LinkError("not a number");
  return value;
}

/**
 * @param {string} fragment without the #
 * @returns {Promise<Place | null>} null where it is empty
 */
export async function readFragment(fragment) {
  if (fragment === "") return null;
  const fields = new URLSearchParams(fragment);
  const preset = fields.get("preset");
  const packed = fields.get("recipe");
  const step = whole(fields.get("step"), LARGEST_STEP) ?? 0;
  /** @type {Recipe} */
  let recipe;
  if (packed !== null) recipe = await unpack(packed);
  else if (preset !== null && /^[a-z0-9-]{1,40}$/.test(preset)) recipe = { create: { preset }, actions: step > 0 ? [{ type: "step", count: step }] : [] };
  else throw new LinkError("no recipe");
  const granularity = fields.get("granularity") ?? "neuron";
  const known = GRANULARITIES.find((one) => one === granularity);
  const sample = whole(fields.get("sample"), 1_000_000);
  const map = fields.get("map");
  const drawer = fields.get("drawer");
  const neuron = fields.get("neuron");
  const notation = fields.get("notation");
  if (notation !== null && !/^[a-z_]{1,20}\.[a-z_0-9]{1,24}(~[a-z_]{1,20}\.[a-z_0-9]{1,24}){0,15}$/.test(notation)) throw new LinkError("unknown value");
  const elements = [map, neuron].filter((one) => one !== null);
  if (!known || elements.some((one) => !ELEMENT.test(one)) || (drawer !== null && !/^[a-z]{1,12}$/.test(drawer)) || sample === 0) throw new LinkError("unknown value");
  return { drawer, neuron, notation: notation === null ? null : Object.fromEntries(notation.split("~").map((one) => one.split("."))), micro: whole(fields.get("micro"), 1_000_000) ?? 0, granularity: known, sample: sample === null ? null : sample - 1, map, from: { recipe } };
}

/**
 * @param {Place} place
 * @param {Record<string, unknown>} document the session as the server exports it
 */
export function writeFile(place, document) {
  const { from: _, ...view } = place;
  return JSON.stringify({ ...document, ...view });
}

/**
 * @param {string} text content of a file that writeFile made, or of the server's export
 * @returns {{place: Place, saved: Saved}}
 */
export function readFile(text) {
  /** @type {any} */
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new LinkError("unreadable");
  }
  if (!isObject(content) || content.deltaboard !== 1) throw new LinkError("not a Deltaboard file");
  const { micro = 0, granularity = "neuron", sample = null, map = null, drawer = null, neuron = null, notation = null } = content;
  const known = GRANULARITIES.find((one) => one === granularity);
  if (!known || !Number.isInteger(micro) || (sample !== null && !Number.isInteger(sample))) throw new LinkError("unknown value");
  const recipe = checkRecipe(content.recipe);
  /** @type {Saved["sums"]} */
  const sums = {};
  for (const name of /** @type {const} */ (["recipe_sha256", "parameters_sha256", "label"])) if (typeof content[name] === "string") sums[name] = content[name];
  return { saved: { recipe, sums }, place: { micro, granularity: known, sample, map: typeof map === "string" ? map : null, notation: isObject(notation) ? notation : null, drawer: typeof drawer === "string" ? drawer : null, neuron: typeof neuron === "string" && ELEMENT.test(neuron) ? neuron : null, from: { recipe } } };
}
