// @ts-check
/** Training many epochs: short calls in a row, the readings following, stopped at once. */
import { batch } from "@preact/signals";
import * as api from "../api.js";
import { named } from "../lib/symbols.js";
import * as store from "../store.js";
import { command } from "./command.js";
import { place, record, refreshReadings, show } from "./show.js";

/** Milliseconds of training between two pictures, and the most updates that one call may apply. */
const QUANTUM = 150;
const LARGEST = 1000;
/** Milliseconds between two readings of the map and the curve. */
const READING = 400;

let stopping = false;
/** The run that was made last: where it began and how many epochs were asked for. */
let last = /** @type {{before: import("../types.js").Place | null, epochs: number} | null} */ (null);

/** Ends the run after the call that is under way. */
export function stopRun() {
  stopping = true;
}

/** Whether the run was asked to end; `begin` makes it a new run. @param {boolean} [begin] */
export function stopped(begin = false) {
  if (begin) stopping = false;
  return stopping;
}

/**
 * Trains until the epoch `target` is reached, the run is stopped or training diverges.
 * @param {import("../types.js").Session} first
 * @param {number} target
 * @param {(session: import("../types.js").Session) => Promise<void>} picture called every `QUANTUM`
 */
async function trainTo(first, target, picture) {
  let session = first;
  let drawn = performance.now();
  const most = Math.max(1, Math.floor(LARGEST / Math.max(1, first.steps_per_epoch)));
  let epochs = 1;
  while (session.epoch < target && !stopping) {
    const asked = performance.now();
    const reply = await api.step(session.id, Math.min(epochs, target - session.epoch), "epoch");
    session = /** @type {import("../types.js").Session} */ (reply.session);
    const now = performance.now();
    epochs = Math.max(1, Math.min(most, Math.round(epochs * Math.min(8, QUANTUM / Math.max(1, now - asked)))));
    const ended = reply.diverged || reply.applied === 0;
    // The page must end on the last state, also when the run was stopped meanwhile.
    if (ended || stopping || now - drawn >= QUANTUM || session.epoch >= target) {
      await picture(session);
      drawn = performance.now();
    }
    if (ended) break;
  }
}

/**
 * @param {import("../types.js").Session} session
 * @param {import("../types.js").Run} progress
 * @param {number} [reached] of the run's own unit
 */
export async function draw(session, progress, reached = session.epoch) {
  const failing = session.status === "diverged" ? session.step : null;
  const trace = await api.getTrace(session.id, session.next_batch[0] ?? 0, failing);
  batch(() => {
    store.session.value = named(session, store.microsteps.value ?? {});
    store.trace.value = trace;
    store.sample.value = session.next_batch[0] ?? 0;
    store.index.value = -1;
    store.run.value = { ...progress, epoch: reached, loss: session.loss };
  });
  // Lets the frame be drawn before the next call is made.
  await new Promise((done) => requestAnimationFrame(done));
}

/** @param {number} epochs */
export function runEpochs(epochs) {
  const first = store.session.value;
  if (!first || store.run.value || !Number.isInteger(epochs) || epochs < 1) return Promise.resolve(false);
  store.playing.value = false;
  store.invitation.value = false;
  stopping = false;
  const progress = { from: first.epoch, to: first.epoch + epochs, epoch: first.epoch, loss: first.loss, key: "transport.training" };
  store.run.value = progress;
  return command(async () => {
    const before = place();
    last = { before, epochs };
    const reading = setInterval(() => void refreshReadings(), READING);
    try {
      await trainTo(first, progress.to, (session) => draw(session, progress));
    } finally {
      clearInterval(reading);
      const reached = store.session.value;
      try {
        if (reached) await show(reached, -1);
      } finally {
        store.run.value = null;
        record("run", before);
      }
    }
  });
}

/** After a divergence: back to where the run began, with half the rate, and once more. */
export async function halveRate() {
  const session = store.session.value;
  const half = session?.divergence?.suggested_learning_rate;
  if (!session || half === undefined) return;
  const { name, parameters } = session.training.optimizer;
  const optimizer = { name, parameters: { ...parameters, learning_rate: half } };
  const again = last?.before?.id === session.id ? last : null;
  const changed = await command(async () => {
    const before = place();
    if (again?.before) await api.seek(session.id, { node: again.before.node });
    await show(await api.patchSession(session.id, { training: { optimizer } }), -1);
    record("setting", before);
  });
  if (changed && again) await runEpochs(again.epochs);
}
