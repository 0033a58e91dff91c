// @ts-check
/** Going to other branches of the timeline, and beginning one to compare with. */
import * as api from "../api.js";
import * as store from "../store.js";
import { command } from "./command.js";
import { draw, stopped } from "./running.js";
import { place, record, refreshReadings, show } from "./show.js";

/** @typedef {import("../types.js").Session} Session */

/** Milliseconds of training between two pictures, between two readings, and the most updates that one call may apply. */
const QUANTUM = 150;
const READING = 400;
const LARGEST = 1000;

/**
 * Goes to a node of the timeline, on whatever branch it is.
 * @param {number} node
 */
export function seekNode(node) {
  const session = store.session.value;
  if (!session || store.run.value) return Promise.resolve(false);
  return command(async () => {
    const before = place();
    await show(await api.seek(session.id, { node }), null);
    record("seek", before);
  });
}

/**
 * Applies updates until the step `target` is reached, the run is stopped or training diverges.
 * @param {Session} first
 * @param {number} target
 * @param {(session: Session) => Promise<void>} picture called every `QUANTUM`, and at the end
 */
async function stepTo(first, target, picture) {
  let session = first;
  let drawn = performance.now();
  let count = 16;
  while (session.step < target && !stopped()) {
    const asked = performance.now();
    const reply = await api.step(session.id, Math.min(count, LARGEST, target - session.step));
    session = /** @type {Session} */ (reply.session);
    const now = performance.now();
    count = Math.max(1, Math.round(count * Math.min(8, QUANTUM / Math.max(1, now - asked))));
    const ended = reply.diverged || reply.applied === 0;
    if (ended || stopped() || now - drawn >= QUANTUM || session.step >= target) {
      await picture(session);
      drawn = performance.now();
    }
    if (ended) break;
  }
}

/**
 * Changes the training at the present step and applies `count` updates with it: a branch to compare with the
 * one that was there, undone as one deed.
 * @param {{learning_rate: number, optimizer: string}} how
 * @param {number} count
 */
export function forkHere({ learning_rate, optimizer }, count) {
  const first = store.session.value;
  if (!first || store.run.value) return Promise.resolve(false);
  store.playing.value = false;
  store.invitation.value = false;
  stopped(true);
  const target = first.step + count;
  const progress = { from: first.step, to: target, epoch: first.step, loss: first.loss, key: "history.running" };
  const before = place();
  // Trying again after a lost answer goes on where the branch is instead of beginning another one.
  let begun = /** @type {Session | null} */ (null);
  return command(async () => {
    begun ??= /** @type {Session} */ (await api.patchSession(first.id, { training: { optimizer: { name: optimizer, parameters: { learning_rate } } } }));
    store.run.value = progress;
    void refreshReadings();
    const reading = setInterval(() => void refreshReadings(), READING);
    try {
      await stepTo(begun, target, async (session) => {
        begun = session;
        await draw(session, progress, session.step);
      });
    } finally {
      clearInterval(reading);
      try {
        await show(begun, -1);
      } finally {
        store.run.value = null;
        record("fork", before);
      }
    }
  });
}
