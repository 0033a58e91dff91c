// @ts-check
/** Predict first: results are hidden until the reader has typed them, or has asked to see them. */
import { batch, effect } from "@preact/signals";
import { parseNumber } from "../lib/format.js";
import { askedRefs } from "../lib/hidden_refs.js";
import * as store from "../store.js";
import { command, explain } from "./command.js";
import { course, togglePlay } from "./moving.js";

/** @typedef {import("../types.js").Predict} Predict */
/** @typedef {import("../types.js").Try} Try */
/** @typedef {{ref: string, text: string, verdict: string, problem?: string, message?: string}} FactorTry */

/** @param {Partial<Predict>} change */
function change(change) {
  store.predict.value = { ...store.predict.value, ...change };
}

/** Tries stand in the order in which they were made. @param {string} ref @param {Try} entry */
function setTry(ref, entry) {
  const { [ref]: _, ...others } = store.predict.value.tries;
  change({ tries: { ...others, [ref]: entry } });
}

/** What the answers belong to: another iteration, branch, sample or session starts afresh. */
const place = () => course().place();

let watching = false;
let answered = "";

/** From the first use on: answers go with their iteration, and playing waits at hidden results. */
function watch() {
  if (watching) return;
  watching = true;
  answered = place();
  effect(() => {
    const now = place();
    if (now === answered) return;
    answered = now;
    change({ solved: [], tries: {}, score: { right: 0, asked: 0 } });
  });
  effect(() => {
    if (!store.playing.value || askedRefs(store.microsteps.value, store.index.value, store.predict.value).size === 0) return;
    queueMicrotask(() => {
      if (!store.playing.value) return;
      togglePlay();
      store.toast.value = "predict.paused";
    });
  });
}

export function togglePredict() {
  watch();
  change({ on: !store.predict.value.on });
}

/** @param {Predict["scope"]} scope */
export function setPredictScope(scope) {
  change({ scope });
}

/**
 * Asks the server about one typed number.
 * @param {string} ref
 * @param {number} value
 * @param {(answer: {verdict: Try["verdict"], slip: any, factors: string[]}) => void} told
 * @param {(message: string) => void} refused
 */
function ask(ref, value, told, refused) {
  if (!course().ready()) return Promise.resolve(false);
  const asked = place();
  return command(async () => {
    const reply = await course().answer({ ref, value });
    if (place() === asked) told(reply.answers[0]);
  }, {
    refused: (error) => {
      if (error.status !== 422) return false;
      refused(explain(error));
      return true;
    },
  });
}

/**
 * Checks a typed result. Text that is no number is told at the field and counts as nothing.
 * @param {string} ref
 * @param {string} text
 */
export function answer(ref, text) {
  const { value, problem } = parseNumber(text);
  const before = store.predict.value.tries[ref];
  const failed = (/** @type {string} */ why, message = "") => setTry(ref, { text, verdict: "error", slip: null, factors: [], problem: why, message, counted: before?.counted ?? false });
  if (problem !== null) {
    failed(problem);
    return Promise.resolve(false);
  }
  return ask(ref, value, ({ verdict, slip, factors }) => batch(() => {
    const { score, solved } = store.predict.value;
    const first = !before?.counted;
    const right = verdict === "right";
    if (first) change({ score: { right: score.right + (right ? 1 : 0), asked: score.asked + 1 } });
    if (right) change({ solved: [...solved, ref] });
    setTry(ref, { text, verdict, slip, factors, counted: true, dialogue: [], found: null });
  }), (message) => failed("refused", message));
}

/**
 * Checks a factor that the page asked for after a wrong answer; the first wrong one ends the search.
 * @param {string} ref the result
 * @param {string} factor
 * @param {string} text
 */
export function answerFactor(ref, factor, text) {
  const entry = store.predict.value.tries[ref];
  if (!entry) return Promise.resolve(false);
  const done = (/** @type {FactorTry[]} */ dialogue, /** @type {string | null} */ found = null) => setTry(ref, { ...entry, dialogue, found });
  const earlier = /** @type {FactorTry[]} */ (entry.dialogue ?? []).filter((one) => one.verdict === "right");
  const { value, problem } = parseNumber(text);
  if (problem !== null) {
    done([...earlier, { ref: factor, text, verdict: "error", problem }]);
    return Promise.resolve(false);
  }
  return ask(factor, value, ({ verdict }) => batch(() => {
    const right = verdict === "right";
    // A factor that was hidden as well and is right now has been answered.
    if (right) change({ solved: [...new Set([...store.predict.value.solved, factor])] });
    done([...earlier, { ref: factor, text, verdict: right ? "right" : "wrong" }], right ? null : factor);
  }), (message) => done([...earlier, { ref: factor, text, verdict: "error", problem: "refused", message }]));
}

/** Shows a result without an answer. @param {string} ref */
export function reveal(ref) {
  const { solved, tries } = store.predict.value;
  const entry = tries[ref];
  batch(() => {
    change({ solved: [...solved, ref] });
    if (entry) setTry(ref, { ...entry, shown: true });
  });
}
