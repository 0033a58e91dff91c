// @ts-check
/** The address follows the page, and a link or file opens by replaying its recipe. */
import { effect } from "@preact/signals";
import * as api from "../api.js";
import { LONGEST, LinkError, readFile, readFragment, writeFile, writeFragment } from "../permalink.js";
import * as store from "../store.js";
import { openDrawer } from "./drawer.js";
import { takeNotation } from "./notation.js";
import { keep, recall } from "./preferences.js";
import { command, explain } from "./command.js";
import { place, record, remember, show } from "./show.js";

/** @typedef {import("../permalink.js").Place} LinkPlace */

const FIRST = "worked-example";
const CHUNK = 1000;
/** Milliseconds between two changes of the address. */
const PACE = 400;

/** @returns {LinkPlace | null} */
function current() {
  const session = store.session.value;
  if (!session) return null;
  return {
    micro: store.index.value + 1,
    granularity: store.granularity.value,
    sample: store.sampleChosen.value ? store.sample.value : null,
    map: store.mapElement.value,
    drawer: store.drawer.value,
    neuron: store.neuron.value,
    notation: store.notation.value,
    from: { recipe: session.recipe },
  };
}

/**
 * Rebuilds a session by its recipe.
 * @param {import("../types.js").Recipe} recipe
 * @returns {Promise<import("../types.js").Session>}
 */
async function replay(recipe) {
  let session = await api.createSession(recipe.create);
  remember(session, recipe.create);
  const total = recipe.actions.reduce((sum, action) => sum + (action.type === "step" ? action.count : 0), 0);
  let done = 0;
  for (const action of recipe.actions) {
    if (action.type === "patch") session = await api.patchSession(session.id, action.patch);
    else if (action.type === "data") session = await api.putData(session.id, action.data);
    else {
      for (let left = action.count; left > 0; left -= CHUNK) {
        if (total > CHUNK) store.run.value = { from: 0, to: total, epoch: done, loss: null, key: "transport.replaying" };
        const reply = await api.step(session.id, Math.min(CHUNK, left));
        session = reply.session;
        done += reply.applied;
        if (reply.diverged) break;
      }
    }
  }
  return session;
}

/** @param {LinkPlace} target */
function open(target) {
  return command(async () => {
    const before = place();
    try {
      const session = await replay(target.from.recipe);
      store.granularity.value = target.granularity;
      store.neuron.value = target.neuron;
      if (target.drawer) openDrawer(target.drawer);
      if (target.notation) takeNotation(target.notation);
      store.sampleChosen.value = target.sample !== null;
      if (target.sample !== null) store.sample.value = target.sample;
      store.draft.value = null;
      store.errors.value = {};
      await show(session, target.micro - 1);
      store.mapElement.value = target.map;
      record("link", before);
    } finally {
      store.run.value = null;
    }
  }, {
    refused: (error) => {
      if (error.status !== 422 && error.status !== 413) return false;
      tell(explain(error));
      if (!store.session.value) void openFirst();
      return true;
    },
  });
}

/** @param {string} detail */
function tell(detail) {
  store.banner.value = { kind: "link", text: detail };
}

/** The worked example before its first micro-step. */
function openFirst() {
  return open({ micro: 0, granularity: "neuron", sample: null, map: null, drawer: null, neuron: null, notation: null, from: { recipe: { create: { preset: FIRST }, actions: [] } } });
}

/** Opens what the address says; without anything to read, the worked example. */
export async function openAddress() {
  /** @type {LinkPlace | null} */
  let target = null;
  try {
    target = await readFragment(location.hash.slice(1));
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    tell("");
    if (store.session.value) return;
  }
  if (target) await open(target);
  else {
    const first = recall("visited") === null;
    await openFirst();
    store.invitation.value = first && store.banner.value === null;
  }
  keep("visited", "yes");
}

/** The session shown is gone from the server: build it again from its recipe. */
export function restore() {
  const target = current();
  store.banner.value = null;
  store.undoStack.value = [];
  store.redoStack.value = [];
  return target ? open(target) : openAddress();
}

/** @param {File} file */
export async function openFile(file) {
  try {
    if (file.size > 1_000_000) throw new LinkError("too large");
    const target = readFile(await file.text());
    store.dialog.value = null;
    await open(target);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    store.dialog.value = null;
    store.banner.value = { kind: "link", key: "page.banner.badFile" };
  }
}

/** Saves the session as a file, for what a link cannot hold. */
export function saveFile() {
  const target = current();
  if (!target) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([writeFile(target)], { type: "application/json" }));
  link.download = `deltaboard-${store.session.value?.preset ?? "session"}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Copies the link to this exact step; a link that would be too long offers a file instead. */
export async function copyLink() {
  const target = current();
  if (!target) return;
  const address = `${location.origin}${location.pathname}#${await writeFragment(store.created.value, target)}`;
  if (address.length > LONGEST) {
    store.dialog.value = "share";
    return;
  }
  history.replaceState(null, "", address);
  try {
    await navigator.clipboard.writeText(address);
    store.toast.value = "page.toast.linkCopied";
  } catch {
    // Without a clipboard the address bar holds the link.
    store.toast.value = "page.toast.linkInAddress";
  }
}

/** Keeps the address at the place shown, not more often than the browser likes. */
export function followAddress() {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  effect(() => {
    current();
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      const target = store.run.peek() ? null : current();
      if (target) void writeFragment(store.created.peek(), target).then((fragment) => history.replaceState(null, "", fragment.length > LONGEST ? "#" : `#${fragment}`));
    }, PACE);
  });
  addEventListener("hashchange", () => void openAddress());
}
