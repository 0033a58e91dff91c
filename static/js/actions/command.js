// @ts-check
/** Commands to the server: one at a time, slow ones marked, failures told in a banner. */
import { ApiError, OfflineError } from "../api.js";
import * as store from "../store.js";

const SLOW = 300;
/** @type {Promise<unknown>} */
let queue = Promise.resolve();
let waiting = 0;

/**
 * Runs `work` after the commands before it. A failure shows a banner that can try again.
 * @param {() => Promise<unknown>} work
 * @param {{drop?: boolean, refused?: (error: ApiError) => boolean | void}} [options] drop: not at all while
 *   another command runs; refused: told of a refusal, returns true when it has been shown at its field
 * @returns {Promise<boolean>} whether it was carried out
 */
export function command(work, options = {}) {
  if (options.drop && waiting > 0) return Promise.resolve(false);
  waiting += 1;
  const turn = queue.then(() => carryOut(work, options));
  queue = turn.catch(() => {});
  return turn;
}

/** Ends when no command is under way. */
export async function settled() {
  while (waiting > 0) await queue;
}

/**
 * @param {() => Promise<unknown>} work
 * @param {{refused?: (error: ApiError) => boolean | void}} options
 */
async function carryOut(work, options) {
  store.busy.value = true;
  const timer = setTimeout(() => (store.slow.value = true), SLOW);
  try {
    await work();
    store.online.value = true;
    if (store.banner.value?.kind === "offline") store.banner.value = null;
    return true;
  } catch (error) {
    fail(error, () => void command(work, options), options.refused);
    return false;
  } finally {
    clearTimeout(timer);
    waiting -= 1;
    if (waiting === 0) {
      store.busy.value = false;
      store.slow.value = false;
    }
  }
}

/**
 * @param {unknown} error
 * @param {() => void} retry
 * @param {((error: ApiError) => boolean | void) | undefined} refused
 */
function fail(error, retry, refused) {
  store.playing.value = false;
  if (error instanceof OfflineError) {
    store.online.value = false;
    store.banner.value = { kind: "offline", retry };
  } else if (error instanceof ApiError) {
    if (refused?.(error)) return;
    if (error.status === 404 && error.code === "session-not-found") store.banner.value = { kind: "gone" };
    else if (error.status === 401) store.banner.value = { kind: "access", retry };
    else store.banner.value = { kind: "error", text: explain(error), retry: error.status >= 500 ? retry : null };
  } else {
    store.banner.value = { kind: "error", key: "page.banner.unexpected", text: error instanceof Error ? error.message : String(error) };
    console.error(error);
  }
}

/**
 * The sentences of a refusal.
 * @param {ApiError} error
 */
export function explain(error) {
  return error.errors.length ? error.errors.map((entry) => entry.detail).join(" ") : error.message;
}
