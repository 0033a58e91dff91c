// @ts-check
/** The stream of a run, read to its end: one that breaks is taken up again; only the server's word ends a run. */
import * as api from "../api.js";
import * as store from "../store.js";

/**
 * @typedef {import("../types.js").EndReply} EndReply
 * @typedef {import("../lib/stop_rules.js").Order} Order
 * @typedef {(frame: import("../types.js").FrameReply) => void} Take
 * @typedef {EndReply["reason"] | "away" | "elsewhere"} Reason away: while the connection was lost; elsewhere: paused, but not by this page
 * @typedef {{id: string, begun: boolean, pausing: boolean, turning: boolean, stream: AbortController}} Ride a run that is followed; `turning`: its stream is given up for another one
 */

const FRAMES = 60;
const RESOLUTION = 50;
/** Milliseconds before the first try to take up a broken stream, doubled each time up to the longest, and the tries. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 4000;
const TRIES = 9;


/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** What the stream is to hold. */
function options() {
  const [x, y] = store.plane.value;
  // Frames are of the first two columns.
  const plane = (store.session.value?.data.columns.length ?? 0) >= 2 && x === 0 && y === 1;
  return { frames_per_second: FRAMES, boundary: plane ? { resolution: RESOLUTION, element: store.mapElement.value } : null };
}

/**
 * The events of the run, once more from where it is when it has begun already.
 * @param {Ride} ride
 * @param {Order} order
 */
function open(ride, order) {
  const { boundary, frames_per_second } = options();
  if (!ride.begun) return api.train(ride.id, { ...order, steps_per_second: store.pace.value, frames_per_second, boundary }, ride.stream.signal);
  return api.attach(ride.id, { frames_per_second, resolution: boundary?.resolution ?? null, element: boundary?.element ?? null }, ride.stream.signal);
}

/** @param {"running" | "pausing" | "lost"} state */
export function setState(state) {
  if (store.run.value && store.run.value.state !== state) store.run.value = { ...store.run.value, state };
}

/**
 * Reads the stream until the run ends.
 * @param {Ride} ride
 * @param {Order} order
 * @param {() => void} heard told of every event
 * @param {Take} take
 * @returns {Promise<EndReply | null>} null: the stream ended before the run did
 */
async function listen(ride, order, heard, take) {
  ride.stream = new AbortController();
  for await (const { name, data } of open(ride, order)) {
    ride.begun = true;
    heard();
    if (name === "end") return data;
    if (ride.pausing) return null;
    if (name === "frame") take(data);
  }
  return null;
}

/**
 * What the server says of a run whose stream broke: its end, or null while it goes on or never began.
 * @param {Ride} ride
 * @param {number} from the step at which the run was to begin
 * @returns {Promise<{reason: Reason, session: import("../types.js").Session} | null>}
 */
async function look(ride, from) {
  const session = /** @type {import("../types.js").Session} */ (await api.getSession(ride.id));
  if (session.status === "training") ride.begun = true;
  else if (ride.begun || session.step !== from) return { reason: session.run?.reason ?? "away", session };
  return null;
}

/**
 * Follows a run to its end, through broken streams and a pause.
 * @param {Ride} ride
 * @param {Order} order
 * @param {number} from the step at which it was to begin
 * @param {Take} take given every frame
 * @returns {Promise<{reason: Reason, session: import("../types.js").Session}>}
 */
export async function follow(ride, order, from, take) {
  let broken = 0;
  const heard = () => {
    if (broken > 0 && !ride.pausing) {
      store.toast.value = "live.again";
      setState("running");
    }
    broken = 0;
  };
  for (;;) {
    try {
      const found = broken > 0 ? await look(ride, from) : null;
      if (found) return { ...found, reason: ride.pausing ? "paused" : found.reason === "paused" ? "away" : found.reason };
      if (ride.pausing && ride.begun) {
        ride.stream = new AbortController();
        return { reason: "paused", session: await api.pauseTraining(ride.id) };
      }
      const end = await listen(ride, order, heard, take);
      if (end) return { ...end, reason: end.reason === "paused" && !ride.pausing ? "elsewhere" : end.reason };
      if (ride.pausing) continue;
    } catch (error) {
      // A stream that was given up on purpose is not broken.
      if ((ride.pausing || ride.turning) && ride.stream.signal.aborted) {
        ride.turning = false;
        continue;
      }
      const over = error instanceof api.ApiError && error.code === "not-training";
      if (!over && (!(error instanceof api.OfflineError) || broken >= TRIES)) throw error;
    }
    if (!ride.pausing) setState("lost");
    await pause(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** broken));
    broken += 1;
  }
}
