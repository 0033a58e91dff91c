// @ts-check
/** The address follows the page, and a link or file opens by replaying its recipe. */
import * as api from "../api.js";
import { LinkError, readFile, readFragment, writeFile, writeFragment } from "../permalink.js";
import * as store from "../store.js";
import { copyAddress, keepAddress } from "./address.js";
import { openDrawer } from "./drawer.js";
import { takeNotation } from "./notation.js";
import { keep, recall } from "./preferences.js";
import { command, explain } from "./command.js";
import { takeUp } from "./live.js";
import { save } from "../lib/save.js";
import { place, record, remember, show } from "./show.js";

/** @typedef {import("../permalink.js").Place} LinkPlace */

const FIRST = "worked-example";
const CHUNK = 1000;
/** A file with no more updates is repeated by the server in one request; a longer one here, which shows how far it is. */
const IMPORTED = 20_000;

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
  const total = updates(recipe);
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

/** @param {import("../types.js").Recipe} recipe */
const updates = (recipe) => recipe.actions.reduce((sum, action) => sum + (action.type === "step" ? action.count : 0), 0);

/**
 * Makes a session from a file; tells where its weights and biases came out otherwise than they were.
 * @param {import("../permalink.js").Saved} file
 * @returns {Promise<import("../types.js").Session>}
 */
async function bring({ recipe, sums }) {
  if (updates(recipe) <= IMPORTED) {
    const reply = await api.importSession({ deltaboard: 1, recipe, ...sums });
    remember(reply.session, recipe.create, reply.initial);
    if (reply.parameters === "different") tellDifferent();
    return reply.session;
  }
  const session = await replay(recipe);
  const made = JSON.parse(await (await api.getExport(session.id, { format: "json" })).text());
  if (sums.parameters_sha256 && made.parameters_sha256 !== sums.parameters_sha256) tellDifferent();
  return session;
}

function tellDifferent() {
  store.banner.value = { kind: "error", key: "export.different" };
}

/**
 * @param {LinkPlace} target
 * @param {() => Promise<import("../types.js").Session>} [make]
 */
function open(target, make = () => replay(target.from.recipe)) {
  return command(async () => {
    const before = place();
    try {
      const session = await make();
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

/** When the page is loaded: the run that this tab followed, if it goes on, else what the address says. */
export async function openFirstAddress() {
  let found = false;
  await command(async () => void (found = await takeUp()));
  if (!found) await openAddress();
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
    const { place: target, saved } = readFile(await file.text());
    store.dialog.value = null;
    await open(target, () => bring(saved));
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    store.dialog.value = null;
    store.banner.value = { kind: "link", key: "page.banner.badFile" };
  }
}

/** Lets the reader choose a file to open. */
export function pickFile() {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void openFile(file);
  });
  input.click();
}

/** Saves the session as a file: what the server exports, and where the reader is in it. */
export function saveFile() {
  return command(async () => {
    const target = current();
    const session = store.session.value;
    if (!target || !session) return;
    const document = JSON.parse(await (await api.getExport(session.id, { format: "json" })).text());
    save(new Blob([writeFile(target, document)], { type: "application/json" }), `deltaboard-${session.preset ?? "session"}.json`);
  });
}

/** Copies the link to this exact step; a link that would be too long offers a file instead. */
export async function copyLink() {
  const target = current();
  if (target) await copyAddress(await writeFragment(store.created.value, target), () => (store.dialog.value = "share"));
}

/** Keeps the address at the place shown, but for what a run passes through. */
export function followAddress() {
  const write = async () => {
    const target = store.run.peek() ? null : current();
    return target && writeFragment(store.created.peek(), target);
  };
  keepAddress(current, write, openAddress);
}
