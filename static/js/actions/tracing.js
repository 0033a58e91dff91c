// @ts-check
/** From a number to the micro-step that made it, and back along the trail. */
import { elsewhere, made, ownName } from "../lib/made.js";
import * as store from "../store.js";
import { goTo, seekStep, setSample } from "./moving.js";

/** Jumps that are remembered. */
const LONGEST = 12;

/** @returns {import("../types.js").Waypoint | null} where the reader is */
function here() {
  const reply = store.microsteps.value;
  const step = reply?.microsteps[store.index.value];
  return reply && step ? { step: reply.step, sample: reply.sample, id: step.id, title: step.title } : null;
}

/** @param {import("../types.js").Waypoint | null} from */
function remember(from) {
  if (from) store.trail.value = [...store.trail.value, from].slice(-LONGEST);
}

/** @param {string} ref */
function producer(ref) {
  const reply = store.microsteps.value;
  return reply ? made(reply).get(ownName(ref, reply.sample))?.index ?? null : null;
}

/**
 * Goes to the micro-step that made the number `ref`, if need be in the iteration before or for another sample.
 * @param {string} ref
 */
export async function goToRef(ref) {
  const session = store.session.value;
  if (!session || store.run.value) return;
  const from = here();
  const index = producer(ref);
  if (index !== null) {
    if (index === store.index.value) return;
    remember(from);
    goTo(index);
    return;
  }
  const other = elsewhere(ref);
  if (other.where === "given" || (other.where === "before" && session.step === 0)) {
    store.toast.value = other.where === "given" ? `page.toast.given.${other.key}` : "page.toast.given.start";
    return;
  }
  if (other.where === "before") await seekStep(session.step - 1);
  else await setSample(other.sample);
  const there = producer(other.ref);
  if (there === null) return;
  remember(from);
  goTo(there);
}

/** Back to where the last jump began, `steps` jumps ago. @param {number} [steps] */
export async function goBack(steps = 1) {
  const session = store.session.value;
  const target = store.trail.value.at(-steps);
  if (!session || !target || store.run.value) return;
  store.trail.value = store.trail.value.slice(0, -steps);
  if (session.step !== target.step) await seekStep(target.step);
  if (store.sample.value !== target.sample) await setSample(target.sample);
  const index = store.microsteps.value?.microsteps.findIndex((step) => step.id === target.id) ?? -1;
  if (index >= 0) goTo(index);
}
