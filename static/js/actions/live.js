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
import { follow, setState } from "./live_stream.js";
import { fetchNeuronMaps } from "./neuron_maps.js";
import { place, record, remember, show } from "./show.js";

/** @typedef {import("../types.js").Frame} Frame */
/** @typedef {import("../lib/stop_rules.js").Order} Order */
/** @typedef {import("./live_stream.js").Reason} Reason */
/** @typedef {import("./live_stream.js").Ride} Ride */

/** Milliseconds after which a picture is late, those that a frame then lasts at least, and the pictures that tell. */
const LATE = 19;
const RELIEF = 30;
const AVERAGED = 20;
/** Milliseconds between two looks at the outputs and the small maps, and the most rows that are looked at. */
const GLANCE = 500;
const ROWS = 32;
/** The run under way; `turning`: its stream is given up for another one. @type {Ride | null} */
let live = null;
/** The frame that waits to be drawn, and whether the display has been asked. */
let latest = /** @type {Frame | null} */ (null);
let asked = false;
/** The run that was made last: where it began and what was asked for. */
let last = /** @type {{before: import("../types.js").Place, order: Order} | null} */ (null);

/** A run under way is found again after a reload of this tab; what it is followed by stands under this name. */
const KEPT = "deltaboard.run";

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
  return followRun(order, before, first, false);
}

/**
 * Takes up the run that this tab followed before it was loaded again, or shows where it ended.
 * @returns {Promise<boolean>} whether there was one
 */
export async function takeUp() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  if (!kept) return false;
  sessionStorage.removeItem(KEPT);
  /** @type {import("../types.js").Session | null} */
  const session = await api.getSession(kept.before.id).catch(() => null);
  if (!session) return false;
  remember(session, kept.created);
  if (session.status === "training") {
    // Its micro-steps change with every update; they are asked for where it stops.
    store.session.value = session;
    void followRun(kept.order, kept.before, session, true);
  } else {
    await show(session, -1);
    record("run", kept.before);
  }
  return true;
}

/**
 * Follows a run from its beginning, or one that has begun already.
 * @param {Order} order
 * @param {import("../types.js").Place} before where it began
 * @param {import("../types.js").Session} first
 * @param {boolean} begun
 * @returns {Promise<boolean>}
 */
function followRun(order, before, first, begun) {
  last = { before, order };
  sessionStorage.setItem(KEPT, JSON.stringify({ order, before, created: store.created.value }));
  /** @type {Ride} */
  const ride = { id: first.id, begun, pausing: false, turning: false, stream: new AbortController() };
  const to = begun ? /** @type {any} */ (first.run)?.to_epoch ?? null : order.epochs === null ? null : first.epoch + order.epochs;
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
      const { reason, session } = await follow(ride, order, first.step, take);
      endGlances();
      await arrive(session);
      tell(reason, session, order);
      record("run", before);
    } finally {
      endGlances();
      document.removeEventListener("visibilitychange", back);
      ride.stream.abort();
      sessionStorage.removeItem(KEPT);
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
