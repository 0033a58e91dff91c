// @ts-check
/**
 * Training by the server: it runs on its own and tells of itself in frames, of which the page draws the latest, at
 * most one a picture of the display. A stream that breaks is taken up again; only the server's word ends a run.
 */
import { batch } from "@preact/signals";
import * as api from "../api.js";
import { bytesAsBoundary } from "../lib/contours.js";
import { extended, startOf } from "../lib/live_curve.js";
import { mergeCurve } from "../lib/loss_chart.js";
import { orderOf } from "../lib/stop_rules.js";
import * as store from "../store.js";
import { command } from "./command.js";
import { fetchNeuronMaps } from "./neuron_maps.js";
import { place, record, show } from "./show.js";

/** @typedef {import("../types.js").EndReply} EndReply */
/** @typedef {import("../types.js").Frame} Frame */
/** @typedef {import("../lib/stop_rules.js").Order} Order */
/** @typedef {EndReply["reason"] | "away" | "elsewhere"} Reason away: while the connection was lost; elsewhere: paused, but not by this page */

const FRAMES = 60;
const RESOLUTION = 50;
/** Milliseconds after which a picture is late, those that a frame then lasts at least, and the pictures that tell. */
const LATE = 19;
const RELIEF = 30;
const AVERAGED = 20;
/** Milliseconds between two looks at the outputs and the small maps, and the most rows that are looked at. */
const GLANCE = 500;
const ROWS = 32;
/** Milliseconds before the first try to take up a broken stream, doubled each time up to the longest, and the tries. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 4000;
const TRIES = 9;

/** The run under way; `turning`: its stream is given up for another one. @type {{id: string, begun: boolean, pausing: boolean, turning: boolean, stream: AbortController} | null} */
let live = null;
/** The frame that waits to be drawn, and whether the display has been asked. */
let latest = /** @type {Frame | null} */ (null);
let asked = false;
/** The run that was made last: where it began and what was asked for. */
let last = /** @type {{before: import("../types.js").Place, order: Order} | null} */ (null);

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Milliseconds from the picture with a frame to the next one, averaged; when it was drawn. */
let gap = 0;
let drawn = 0;

/** Draws the latest frame at the display's next picture. A hidden page draws nothing; it gets the latest one when it is back. */
function drawSoon() {
  if (asked || document.visibilityState === "hidden") return;
  asked = true;
  requestAnimationFrame((now) => {
    asked = false;
    // What comes after Pause was pressed is not drawn: the state that the server stopped at follows at once.
    if (!latest || !live || live.pausing) return;
    // Where pictures come late, every other one is left as it is: the page stays quick to use.
    if (gap > LATE && now - drawn < RELIEF) drawSoon();
    else {
      drawn = now;
      store.frame.value = latest;
      requestAnimationFrame((next) => (gap += (next - now - gap) / AVERAGED));
    }
  });
}

/** @param {import("../types.js").FrameReply} reply */
function take(reply) {
  const before = latest?.curve ?? startOf(mergeCurve(store.curve.value, store.session.value?.step ?? 0, store.session.value?.loss ?? null), store.session.value?.step ?? 0);
  // A stream that was taken up again may begin with the frame that was drawn last; a reading is added once.
  const same = store.frame.value?.step === reply.step && store.frame.value.boundary?.element === reply.boundary?.element;
  latest = { ...reply, curve: extended(before, [...reply.losses, { step: reply.step, loss: reply.loss }]) };
  // At one step a second most frames tell nothing new.
  if (!same) drawSoon();
}

/** What the stream is to hold. */
function options() {
  const [x, y] = store.plane.value;
  // Frames are of the first two columns.
  const plane = (store.session.value?.data.columns.length ?? 0) >= 2 && x === 0 && y === 1;
  return { frames_per_second: FRAMES, boundary: plane ? { resolution: RESOLUTION, element: store.mapElement.value } : null };
}

/**
 * The events of the run, once more from where it is when it has begun already.
 * @param {NonNullable<typeof live>} ride
 * @param {Order} order
 */
function open(ride, order) {
  const { boundary, frames_per_second } = options();
  if (!ride.begun) return api.train(ride.id, { ...order, steps_per_second: store.pace.value, frames_per_second, boundary }, ride.stream.signal);
  return api.attach(ride.id, { frames_per_second, resolution: boundary?.resolution ?? null, element: boundary?.element ?? null }, ride.stream.signal);
}

/** @param {"running" | "pausing" | "lost"} state */
function setState(state) {
  if (store.run.value && store.run.value.state !== state) store.run.value = { ...store.run.value, state };
}

/**
 * Reads the stream until the run ends.
 * @param {NonNullable<typeof live>} ride
 * @param {Order} order
 * @param {() => void} heard told of every event
 * @returns {Promise<EndReply | null>} null: the stream ended before the run did
 */
async function listen(ride, order, heard) {
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
 * @param {NonNullable<typeof live>} ride
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
 * @param {NonNullable<typeof live>} ride
 * @param {Order} order
 * @param {number} from
 * @returns {Promise<{reason: Reason, session: import("../types.js").Session}>}
 */
async function follow(ride, order, from) {
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
      const end = await listen(ride, order, heard);
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

/**
 * Looks at what frames do not carry: the outputs of a small set, the small maps of a small network.
 * @param {string} id
 */
async function glance(id) {
  if (document.visibilityState === "hidden" || !live || live.pausing || store.run.value?.state === "lost") return;
  const shown = store.session.value;
  if (!shown || (shown.data.size > ROWS && store.neuronMaps.value === null)) return;
  try {
    const session = await api.getSession(id);
    if (live?.id !== id || live.pausing) return;
    if (session.data.size <= ROWS) store.glance.value = session;
    await fetchNeuronMaps(session);
  } catch {
    // The readings keep their last values; the stream tells what is wrong.
  }
}

/** @param {string} id @returns {() => void} ends it */
function glanceNowAndThen(id) {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void glance(id).finally(() => (busy = false));
  }, GLANCE);
  return () => clearInterval(timer);
}

/**
 * Tells why a run ended where the page does not show it anyway.
 * @param {Reason} reason
 * @param {import("../types.js").Session} session
 * @param {Order} order
 */
function tell(reason, session, order) {
  const values = { epoch: session.epoch, step: session.step, patience: order.patience?.epochs ?? 0, loss: order.stop_at_loss ?? 0, accuracy: 100 * (order.stop_at_accuracy ?? 0) };
  if (reason === "paused") store.spoken.value = { key: "live.spoken.paused", values };
  else if (reason === "epochs") store.toast.value = "live.done";
  else if (reason === "error") store.banner.value = { kind: "error", key: "live.ended.error" };
  else if (reason !== "diverged") store.banner.value = { kind: "ended", key: `live.ended.${reason}${reason === "no-improvement" && order.restore_best ? ".best" : ""}`, values };
}

/**
 * Brings the page to where the run ended. The readings keep what was drawn last until the server's are there.
 * @param {import("../types.js").Session} session
 */
async function arrive(session) {
  const drawn = latest;
  batch(() => {
    if (!drawn) return;
    store.curve.value = drawn.curve;
    if (drawn.boundary) store.boundary.value = bytesAsBoundary(drawn.boundary);
  });
  await show(session, -1);
}

/**
 * Trains by `order`; the whole run is one deed to undo.
 * @param {Order} order
 * @returns {Promise<boolean>} whether it was carried out
 */
export function train(order) {
  const first = store.session.value;
  const before = place();
  if (!first || !before || store.run.value) return Promise.resolve(false);
  last = { before, order };
  /** @type {NonNullable<typeof live>} */
  const ride = { id: first.id, begun: false, pausing: false, turning: false, stream: new AbortController() };
  const to = order.epochs === null ? null : first.epoch + order.epochs;
  const begin = () => {
    live = ride;
    ride.pausing = false;
    latest = null;
    batch(() => {
      store.playing.value = false;
      store.invitation.value = false;
      if (store.banner.value?.kind === "ended") store.banner.value = null;
      // Only parameters are known while training runs; what a micro-step has made belongs to another step.
      store.index.value = -1;
      store.frame.value = null;
      store.glance.value = null;
      store.run.value = { from: first.epoch, to, epoch: first.epoch, loss: first.loss, key: "transport.training", state: "running" };
      store.spoken.value = { key: to === null ? "live.spoken.endless" : "live.spoken.start", values: { n: order.epochs ?? 0 } };
    });
  };
  begin();
  // Trying again after the server was away goes on with the run instead of beginning another one.
  return command(async () => {
    if (live !== ride) begin();
    const endGlances = glanceNowAndThen(first.id);
    const back = () => latest && drawSoon();
    document.addEventListener("visibilitychange", back);
    try {
      const { reason, session } = await follow(ride, order, first.step);
      endGlances();
      await arrive(session);
      tell(reason, session, order);
      record("run", before);
    } finally {
      endGlances();
      document.removeEventListener("visibilitychange", back);
      ride.stream.abort();
      live = null;
      latest = null;
      batch(() => {
        store.run.value = null;
        store.frame.value = null;
        store.glance.value = null;
      });
    }
  });
}

/** Trains by the rules that are entered. */
export function trainByRules() {
  const session = store.session.value;
  const order = session && orderOf(store.rules.value, session.accuracy !== null);
  return order ? train(order) : Promise.resolve(false);
}

/** Ends the run at the step where the server is; drawing stops at once. */
export function pauseTraining() {
  if (!live || live.pausing) return;
  live.pausing = true;
  setState("pausing");
  if (live.begun) live.stream.abort();
}

/** @param {number | null} pace updates a second, null: as fast as it goes */
export function setPace(pace) {
  store.pace.value = pace;
  const ride = live;
  if (!ride?.begun || ride.pausing) return;
  // A run that has just ended needs no other speed.
  api.changeTraining(ride.id, { steps_per_second: pace }).catch(() => {});
}

/** Another neuron's map is wanted of the frames. */
export function turnStream() {
  if (!live?.begun || live.pausing) return;
  live.turning = true;
  live.stream.abort();
}

/** @param {Partial<import("../lib/stop_rules.js").Rules>} change */
export function setRules(change) {
  store.rules.value = { ...store.rules.value, ...change };
}

/** Where the last run began and what was asked for. */
export const lastRun = () => last;
