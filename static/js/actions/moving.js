// @ts-check
/**
 * Going through the micro-steps. Passing the last one commits the iteration; before the first one lies the iteration before.
 *
 * @typedef {object} Course what the micro-steps belong to: a session, or a lab's own iterations
 * @property {() => boolean} ready whether there is anything to move in, and nothing runs by itself
 * @property {() => number} step the iteration shown, from 0
 * @property {() => boolean} ended whether no iteration follows
 * @property {(at: number) => Promise<unknown> | undefined} commit goes to the next iteration, to micro-step `at`
 * @property {(at: number) => Promise<unknown> | undefined} uncommit goes to the one before
 * @property {() => Promise<unknown>} tell fetches the micro-steps again, for another granularity
 * @property {() => string} place names what answers belong to
 * @property {(answer: {ref: string, value: number}) => Promise<{answers: any[]}>} answer asks the server about a learner's number
 */
import * as api from "../api.js";
import { batchLength, nextPhase as phaseAfter, previousPhase as phaseBefore } from "../selectors.js";
import * as store from "../store.js";
import { command, settled } from "./command.js";
import { turnStream } from "./live.js";
import { place, record, refreshReadings, show } from "./show.js";

/** Milliseconds a micro-step takes while playing at 1×. */
const TEMPO = 800;

/** @returns {import("../types.js").Session} */
function here() {
  const session = store.session.value;
  if (!session) throw new Error("no session yet");
  return session;
}

/** Most moves that wait for a command to end. */
const MOST_WAITING = 32;
/** @type {(() => unknown)[]} */
let moves = [];
let emptying = /** @type {Promise<void> | null} */ (null);

/**
 * Makes a move, or keeps it until what is being loaded is there: no key press is lost, none acts on what is about to go.
 * @param {() => unknown} move
 * @returns {Promise<unknown>}
 */
function inTurn(move) {
  if (!ready()) return Promise.resolve();
  store.invitation.value = false;
  if (!emptying && !store.busy.value) return Promise.resolve(move());
  if (moves.length < MOST_WAITING) moves.push(move);
  emptying ??= makeMoves().finally(() => (emptying = null));
  return emptying;
}

async function makeMoves() {
  for (await settled(); moves.length > 0; await settled()) {
    if (!ready() || !store.online.value) moves = [];
    else await moves.shift()?.();
  }
}

/** @type {Course} */
const ofSession = {
  ready: () => store.session.value !== null && store.run.value === null,
  step: () => here().step,
  ended: () => here().status === "diverged",
  commit,
  uncommit,
  tell: () => show(here(), -1),
  place: () => [store.session.value?.id, store.session.value?.timeline.node, store.trace.value?.step, store.sample.value].join(" "),
  answer: (answer) => api.postAnswers(here().id, { step: store.trace.value?.step, sample: store.sample.value, decimals: store.decimals.value, answers: [answer] }),
};
let current = ofSession;

/** @returns {Course} what the page moves in */
export const course = () => current;

/** A lab moves in its own iterations. @param {Course} other */
export function follow(other) {
  current = other;
}

const ready = () => current.ready();

/** @param {number} index */
export function goTo(index) {
  if (!ready()) return;
  store.invitation.value = false;
  store.index.value = Math.max(-1, Math.min(store.count.value - 1, Math.round(index)));
}

/**
 * Applies the update and shows the next iteration at micro-step `at`.
 * @param {number} at
 */
function commit(at) {
  if (here().status === "diverged") return undefined;
  // A retry after the server stepped but its answer or what follows was lost must not step a second time.
  const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
  return command(async () => {
    const before = place();
    const reply = await api.step(here().id, 1, "step", key);
    await show(reply.session, reply.diverged ? null : at);
    record("iteration", before);
  }, { drop: true });
}

/**
 * Goes back one iteration, to micro-step `at`.
 * @param {number} at
 */
function uncommit(at) {
  return command(async () => {
    const before = place();
    await show(await api.seek(here().id, { step: here().step - 1 }), at);
    record("seek", before);
  }, { drop: true });
}

const byEpoch = () => store.granularity.value === "epoch";

/** Runs to the next epoch's end. */
function commitEpoch() {
  if (here().status === "diverged") return undefined;
  const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
  return command(async () => {
    const before = place();
    const reply = await api.step(here().id, 1, "epoch", key);
    await show(reply.session, reply.diverged ? null : -1);
    record("iteration", before);
  }, { drop: true });
}

/** Back to the last epoch's end before this place. */
function uncommitEpoch() {
  const { step, epoch_position, steps_per_epoch } = here();
  if (step > 0) return seekStep(Math.max(0, step - (epoch_position || steps_per_epoch)));
}

export const stepForward = () => inTurn(() => {
  if (byEpoch()) return commitEpoch();
  if (store.index.value < store.count.value - 1) goTo(store.index.value + 1);
  else return current.commit(0);
});

export const stepBack = () => inTurn(() => {
  if (byEpoch()) return uncommitEpoch();
  if (store.index.value > 0 || (store.index.value === 0 && current.step() === 0)) goTo(store.index.value - 1);
  else if (current.step() > 0) return current.uncommit(Infinity);
});

export const toStart = () => inTurn(() => goTo(-1));
export const toEnd = () => inTurn(() => goTo(store.count.value - 1));

export const nextPhase = () => inTurn(() => {
  const reply = store.microsteps.value;
  if (!reply) return;
  const target = phaseAfter(reply, store.index.value);
  if (target === null) return current.commit(0);
  goTo(target);
});

export const previousPhase = () => inTurn(() => {
  const reply = store.microsteps.value;
  if (!reply) return;
  const target = phaseBefore(reply, store.index.value);
  if (target !== null) goTo(target);
  else if (current.step() > 0) return current.uncommit(reply.phases.filter((phase) => phase.count > 0).at(-1)?.first ?? -1);
  else goTo(-1);
});

/** The same micro-step, one iteration on. */
export const nextIteration = () => inTurn(() => current.commit(store.index.value));

/** The same micro-step, one iteration back. */
export const previousIteration = () => inTurn(() => (current.step() > 0 ? current.uncommit(store.index.value) : undefined));

/** @param {number} step */
export function seekStep(step) {
  if (!ready()) return;
  return command(async () => {
    const last = here().timeline.last_step;
    const before = place();
    await show(await api.seek(here().id, { step: Math.max(0, Math.min(last, Math.round(step))) }), null);
    record("seek", before);
  });
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

async function beat() {
  const started = performance.now();
  await stepForward();
  if (!store.playing.value) return;
  if (current.ended() && store.index.value >= store.count.value - 1) {
    store.playing.value = false;
    return;
  }
  timer = setTimeout(beat, Math.max(0, TEMPO / store.speed.value - (performance.now() - started)));
}

export function togglePlay() {
  clearTimeout(timer);
  store.playing.value = !store.playing.value && ready();
  if (store.playing.value) void beat();
}

/** @param {number} speed */
export function setSpeed(speed) {
  store.speed.value = speed;
}

/** @param {import("../types.js").Granularity} granularity */
export function setGranularity(granularity) {
  const reply = store.microsteps.value;
  const from = store.granularity.value;
  if (!ready() || granularity === from) return;
  const shown = reply?.microsteps[store.index.value];
  const left = { granularity: from, id: shown?.id };
  const back = cameFrom?.granularity === granularity && cameFrom.there === shown?.id ? cameFrom : null;
  const produced = new Set(shown?.produces ?? []);
  store.granularity.value = granularity;
  return command(async () => {
    await current.tell();
    // Stay at what was shown: the first micro-step of the new list that produces some of it, or where the reader was before.
    const steps = store.microsteps.value?.microsteps ?? [];
    const known = back ? steps.findIndex((step) => step.id === back.id) : -1;
    store.index.value = known >= 0 ? known : steps.findIndex((step) => step.phase === shown?.phase && step.produces.some((ref) => produced.has(ref)));
    cameFrom = { ...left, there: steps[store.index.value]?.id };
  });
}

/** Where the last change of granularity began, and where it led: going back without having moved restores it. */
let cameFrom = /** @type {{granularity: string, id: string | undefined, there: string | undefined} | null} */ (null);

/**
 * Shows another sample of the batch; with one sample a batch it becomes the next one trained.
 * @param {number} row
 */
export function setSample(row) {
  if (!ready() || row === store.sample.value || row < 0 || row >= here().data.size) return;
  return command(async () => {
    const before = place();
    if (batchLength(here()) === 1) {
      await show(await api.patchSession(here().id, { current_sample: row }), null);
      record("sample", before);
    } else if (here().next_batch.includes(row)) {
      store.sample.value = row;
      store.sampleChosen.value = true;
      await show(here(), null);
    } else {
      store.toast.value = "page.toast.notInBatch";
    }
  });
}

/** @param {1 | -1} by */
export function moveSample(by) {
  const session = store.session.value;
  if (!session) return;
  const rows = batchLength(session) === 1 ? Array.from({ length: session.data.size }, (_, row) => row) : session.next_batch;
  const next = rows[(rows.indexOf(store.sample.value) + by + rows.length) % rows.length];
  return next === undefined ? undefined : setSample(next);
}

/** A large network is told for one neuron: choose it. @param {string} ref */
export function setNeuron(ref) {
  if (!ready() || store.microsteps.value?.only === ref) return;
  store.neuron.value = ref;
  return command(() => show(here(), -1));
}

/** @param {string | null} element */
export function setMapElement(element) {
  store.mapElement.value = element;
  turnStream();
  return refreshReadings();
}
