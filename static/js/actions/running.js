// @ts-check
/** Runs of many steps: how one is ended, how calls in a row are drawn, and a run once more after a divergence. */
import { batch } from "@preact/signals";
import * as api from "../api.js";
import { named } from "../lib/symbols.js";
import * as store from "../store.js";
import { command } from "./command.js";
import { lastRun, pauseTraining, train } from "./live.js";
import { place, record, show } from "./show.js";

let stopping = false;

/** Ends the run: training at once, a row of calls after the one that is under way. */
export function stopRun() {
  stopping = true;
  pauseTraining();
}

/** Whether the run was asked to end; `begin` makes it a new run. @param {boolean} [begin] */
export function stopped(begin = false) {
  if (begin) stopping = false;
  return stopping;
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

/** After a divergence: back to where the run began, with half the rate, and once more. */
export async function halveRate() {
  const session = store.session.value;
  const half = session?.divergence?.suggested_learning_rate;
  if (!session || half === undefined) return;
  const { name, parameters } = session.training.optimizer;
  const optimizer = { name, parameters: { ...parameters, learning_rate: half } };
  const run = lastRun();
  const again = run?.before.id === session.id ? run : null;
  const changed = await command(async () => {
    const before = place();
    if (again) await api.seek(session.id, { node: again.before.node });
    await show(await api.patchSession(session.id, { training: { optimizer } }), -1);
    record("setting", before);
  });
  if (changed && again) await train(again.order);
}
