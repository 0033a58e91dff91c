// @ts-check
/**
 * The timeline as branches: whose node is where, what the branches differ in, and the curves drawn beside the
 * present one. The server's record is only read and put into words here.
 */

import { written } from "./data_body.js";
import { MINUS, formatGiven } from "./format.js";
import { nearestIndex } from "./scales.js";
import { plainSymbol } from "./symbols.js";

/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {{kind: string, name: string, before: any, after: any}} Setting */
/** @typedef {{node: number, step: number, kinds: string[], settings: Setting[], more: number}} Change */
/** @typedef {{node: number, step: number, last_step: number}} Span */
/** @typedef {{optimizer: string, learning_rate: number, loss: string, batch: {mode: string, size: number, order: string}}} BranchTraining */
/**
 * @typedef {object} Branch a branch's own part, from where it leaves its parent on
 * @property {string} name
 * @property {string | null} parent
 * @property {number} tip
 * @property {boolean} current
 * @property {number} from_node
 * @property {number} from_step
 * @property {number} last_step
 * @property {Span[]} spans
 * @property {Change[]} changes
 * @property {number} more_changes
 * @property {BranchTraining} training
 * @property {number | null} loss
 * @property {boolean} diverged
 * @property {{steps: number[], last: (number | null)[], minimum: (number | null)[], maximum: (number | null)[]}} curve
 */
/** @typedef {{node: number, step: number, epoch: number, root: number, total: number, omitted: number, branches: Branch[], nonfinite: Record<string, string>}} History */
/** @typedef {{catalog: import("../types.js").Catalog | null, symbolOf: import("./symbols.js").SymbolOf, lang: "en" | "ko", t: Translate}} Words what names are made from */
/** @typedef {{name: string, dash: string, label: string, steps: number[], last: (number | null)[]}} Overlay a curve beside the present one */

/** Told apart by dash and letter; the present branch is solid. */
const DASHES = ["7 3", "2 3", "9 3 2 3", "4 4", "12 4", "6 2 2 2 2 2"];
/** More curves than this cannot be told apart in a small chart. */
const MOST_OVERLAYS = 5;

/**
 * A branch's dash; it keeps it whatever other branches come.
 * @param {string} name
 */
export function dashOf(name) {
  const number = [...name].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return DASHES[number % DASHES.length] ?? "";
}

/**
 * The branch that a node is part of, null where it is not listed.
 * @param {readonly Branch[]} branches
 * @param {number} node
 */
export function ownerOf(branches, node) {
  return branches.find((branch) => branch.spans.some((span) => node >= span.node && node <= span.node + span.last_step - span.step)) ?? null;
}

/**
 * The last node of a step on the way to a branch's tip; a step before the branches that are listed is that where they begin.
 * @param {readonly Branch[]} branches
 * @param {Branch} branch
 * @param {number} step
 * @returns {number}
 */
export function nodeAt(branches, branch, step) {
  const span = branch.spans.filter((one) => one.step <= step && step <= one.last_step).at(-1);
  if (span) return span.node + step - span.step;
  if (step > branch.last_step) return branch.tip;
  const parent = branches.find((one) => one.name === branch.parent);
  return parent ? nodeAt(branches, parent, step) : branch.parent === null ? branch.spans[0]?.node ?? 0 : branch.from_node;
}

/**
 * The way to a branch's tip, by default the present one's: of each branch on it the steps that are passed.
 * @param {readonly Branch[]} branches
 * @param {Branch | null} [end]
 * @returns {Map<string, {from: number, to: number}>}
 */
export function pathTo(branches, end = null) {
  const path = new Map();
  let branch = end ?? branches.find((one) => one.current);
  let to = branch?.last_step ?? 0;
  while (branch) {
    path.set(branch.name, { from: branch.from_step, to });
    to = branch.from_step;
    const { parent } = branch;
    branch = branches.find((one) => one.name === parent);
  }
  return path;
}

/**
 * The curves to draw beside the present one: of the branches begun last, each where it differs from the present path.
 * @param {readonly Branch[] | null} branches
 * @param {Words} words
 * @returns {{overlays: Overlay[], current: {name: string, label: string} | null, hidden: number}}
 */
export function overlaysOf(branches, words) {
  const current = branches?.find((one) => one.current);
  if (!branches || !current || branches.length < 2) return { overlays: [], current: null, hidden: 0 };
  const path = pathTo(branches);
  const others = branches.filter((one) => one !== current);
  const shown = others.slice(-MOST_OVERLAYS);
  const label = labeller([...shown, current], words);
  const overlays = shown.map((branch) => {
    const leaves = path.get(branch.name)?.to ?? branch.from_step;
    const first = branch.curve.steps.findIndex((step) => step >= leaves);
    const from = first < 0 ? branch.curve.steps.length : first;
    return { name: branch.name, dash: dashOf(branch.name), label: label(branch), steps: branch.curve.steps.slice(from), last: branch.curve.last.slice(from) };
  });
  return { overlays, current: { name: current.name, label: label(current) }, hidden: others.length - shown.length };
}

/**
 * The reading of another curve at a step: its own nearest reading, which may be that of another step; null beyond its ends.
 * @param {Overlay} overlay
 * @param {number} step
 * @returns {{step: number, loss: number | null} | null}
 */
export function readingAt({ steps, last }, step) {
  const first = steps[0];
  const end = steps.at(-1);
  if (first === undefined || end === undefined || step < first || step > end) return null;
  const near = nearestIndex(steps, step);
  return { step: steps[near] ?? step, loss: last[near] ?? null };
}

/**
 * What the curves reach, for the axes; on a logarithmic one only what is above zero counts.
 * @param {readonly Overlay[]} overlays
 * @param {boolean} log
 * @returns {{low: number, high: number, last: number}}
 */
export function reachOf(overlays, log) {
  const values = overlays.flatMap((one) => one.last.filter((value) => value !== null && (!log || value > 0)));
  const numbers = /** @type {number[]} */ (values);
  return { low: Math.min(...numbers), high: Math.max(...numbers), last: Math.max(...overlays.map((one) => one.steps.at(-1) ?? 0)) };
}

/**
 * Names each branch by what the branches differ in at their tips.
 * @param {readonly Branch[]} branches
 * @param {Words} words
 * @returns {(branch: Branch) => string}
 */
export function labeller(branches, words) {
  /** @param {(training: BranchTraining) => unknown} read */
  const differ = (read) => new Set(branches.map((branch) => read(branch.training))).size > 1;
  const optimizer = differ((training) => training.optimizer);
  const rate = differ((training) => training.learning_rate);
  const mode = differ((training) => `${training.batch.mode} ${training.batch.mode === "mini" ? training.batch.size : ""}`);
  const loss = differ((training) => training.loss);
  return (branch) => {
    const { training } = branch;
    const parts = [
      ...(optimizer ? [optimizerName(training.optimizer, words)] : []),
      ...(rate || (optimizer && !mode) ? [`η ${plain(training.learning_rate)}`] : []),
      ...(mode ? [batchName(training.batch, words)] : []),
      ...(loss ? [lossName(training.loss, words)] : []),
    ];
    if (parts.length > 0) return parts.join(", ");
    // The same training: then what was changed on the way tells them apart.
    const change = branch.changes.find((one) => one.settings.length > 0);
    return change?.settings[0] ? settingText(change.settings[0], words) : words.t("history.unchanged");
  };
}

/**
 * A change in words: `η 0.5 → 0.05`, `SGD → Adam`.
 * @param {Change} change
 * @param {Words} words
 * @param {number} [most] settings that are told; the others are counted
 * @returns {string}
 */
export function changeText(change, words, most = 3) {
  if (change.settings.length === 0) return words.t("history.nothing");
  // Another optimizer's own numbers belong to its name; the rate is told.
  const swapped = change.settings.some((one) => one.kind === "optimizer" && one.name === "name");
  const told = change.settings.filter((one) => !(swapped && one.kind === "optimizer" && one.name !== "name"));
  const shown = told.slice(0, most).map((one) => settingText(one, words));
  const more = told.length - shown.length + change.more;
  return [...shown, ...(more > 0 ? [words.t("history.more", { n: more })] : [])].join(", ");
}

/**
 * @param {Setting} setting
 * @param {Words} words
 * @returns {string}
 */
function settingText({ kind, name, before, after }, words) {
  const { t, symbolOf } = words;
  /** @param {string} what @param {(value: any) => string} say */
  const arrow = (what, say) => `${what}${before === null ? say(after) : `${say(before)} → ${say(after)}`}`;
  if (kind === "optimizer" && name === "name") return arrow("", (value) => optimizerName(value, words));
  if (kind === "learning_rate") return arrow("η ", plain);
  if (kind === "optimizer") return arrow(`${parameterName(name, words)} `, plain);
  if (kind === "value") return `${plainSymbol(symbolOf(name))} = ${plain(after)}`;
  if (kind === "frozen") return t(after ? "history.frozen" : "history.released", { symbol: plainSymbol(symbolOf(name)) });
  if (kind === "sample") return t("history.sample", { n: Number(after) + 1 });
  if (kind === "network" || kind === "initializer" || kind === "seed" || kind === "edits") return originText({ kind, name, before, after }, words);
  if (kind === "data" && name !== "data") return arrow(`${t("history.data")}, ${dataParameter(name, words)} `, (value) => preparedValue(name, value, words));
  if (kind === "data") return arrow(`${t("history.data")} `, (value) => dataName(value, words));
  if (kind === "regularization") return arrow(`${t(`regularization.${name}`)} `, plain);
  if (kind === "dropout") return arrow(`${t("page.word.dropout")} `, plain);
  if (kind === "clipping" || kind === "schedule") {
    if (name === "name") return arrow(`${t(`regularization.${kind}`)} `, (value) => t(`regularization.${kind}.${value}`));
    return arrow(`${ruleParameter(kind, name, words)} `, plain);
  }
  if (kind === "batch") {
    if (name === "size") return arrow(`${t("setup.batchSize")} `, String);
    return arrow(`${t(name === "mode" ? "page.word.batch" : "setup.order")} `, (value) => t(`setup.${name === "mode" ? "batch" : "order"}.${value}`));
  }
  if (name === "name") return arrow(`${t("page.word.loss")} `, (value) => lossName(value, words));
  if (name === "coefficient") return arrow(`${t("setup.coefficient")} `, plain);
  return arrow(`${t("page.word.loss")}, ${t(name === "outputs" ? "setup.overOutputs" : "setup.overBatch")} `, (value) => t(`setup.reduction.${value}`));
}

/**
 * What only sessions of their own can differ in: the network, its first weights and biases, values set by hand.
 * @param {Setting} setting
 * @param {Words} words
 * @returns {string}
 */
function originText({ kind, name, before, after }, words) {
  const { t, catalog } = words;
  /** @param {string} what @param {(value: any) => string} say */
  const arrow = (what, say) => `${what} ${before === null ? say(after) : `${say(before)} → ${say(after)}`}`;
  /** Each layer's entry is a name with its numbers. @param {string} text @param {(name: string) => string} say */
  const layers = (text, say) => text.split(", ").map((part) => part.replace(/^[a-z_]+/, say)).join(", ");
  if (kind === "seed") return arrow(t("page.word.seed"), String);
  if (kind === "edits") return arrow(t("compare.edits"), String);
  if (kind === "initializer" && name === "name") return arrow(t("setup.initializer"), (value) => labelOf(catalog?.initializers.find((one) => one.name === value), value, words));
  if (kind === "initializer") return arrow(labelOf(catalog?.initializers.flatMap((one) => one.parameters).find((one) => one.name === name), name, words), plain);
  if (name === "sizes") return arrow(t("compare.sizes"), String);
  if (name === "activations") return arrow("", (value) => layers(value, (one) => labelOf(catalog?.activations.find((entry) => entry.name === one), one, words))).trim();
  return arrow(t("page.word.bias"), (value) => layers(value, (one) => t(`setup.bias.${one}`)));
}

/** @param {number} value */
export const plain = (value) => (typeof value === "number" ? formatGiven(value, 8) : String(value)).replace("-", MINUS);

/**
 * @param {{name: string, label: import("../types.js").Label} | undefined} entry
 * @param {string} name
 * @param {Words} words
 */
const labelOf = (entry, name, { lang }) => entry?.label[lang] ?? name;

/**
 * @param {string} name
 * @param {Words} words
 */
export function optimizerName(name, words) {
  const key = `setup.short.${name}`;
  const short = words.t(key);
  return short === key ? labelOf(words.catalog?.optimizers.find((one) => one.name === name), name, words) : short;
}

/** @param {string} name @param {Words} words */
function parameterName(name, words) {
  return labelOf(words.catalog?.optimizers.flatMap((one) => one.parameters).find((one) => one.name === name), name, words);
}

/** @param {"clipping" | "schedule"} kind @param {string} name @param {Words} words */
function ruleParameter(kind, name, words) {
  const rules = kind === "clipping" ? words.catalog?.clippings : words.catalog?.schedules;
  return labelOf(rules?.flatMap((one) => one.parameters).find((one) => one.name === name), name, words);
}

/** @param {string} name @param {Words} words */
function lossName(name, words) {
  return labelOf(words.catalog?.losses.find((one) => one.name === name), name, words);
}

/** @param {string} name @param {Words} words */
function dataName(name, words) {
  if (name === "custom") return words.t("history.ownData");
  return labelOf(words.catalog?.datasets.find((one) => one.name === name), name, words);
}

/** @param {string} name @param {any} value @param {Words} words */
function preparedValue(name, value, { t }) {
  if (name === "scaling" || name === "target_scaling") return t(`data.scaling.${value}`);
  if (name === "test_share") return `${Math.round(value * 100)}\u2009%`;
  if (name === "features") return value === null ? t("data.plainInputs") : String(value).split(", ").map(written).join(", ");
  return value === null || value === "" ? t("compare.none") : plain(value);
}

/** @param {string} name @param {Words} words */
function dataParameter(name, words) {
  if (["rows", "expression", "test_share", "split_seed", "features", "scaling", "target_scaling"].includes(name)) return words.t(`compare.data.${name}`);
  return labelOf(words.catalog?.datasets.flatMap((one) => one.parameters).find((one) => one.name === name), name, words);
}

/** @param {BranchTraining["batch"]} batch @param {Words} words */
function batchName({ mode, size }, words) {
  return words.t(`setup.batchLong.${mode}`, { n: size });
}
