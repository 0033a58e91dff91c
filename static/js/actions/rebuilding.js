// @ts-check
/** Settings that rebuild the network: they wait in a draft until they are applied or discarded. */
import * as api from "../api.js";
import { draftOf, emptyDraft, isEmpty, reconcile } from "../lib/draft.js";
import * as store from "../store.js";
import { command, explain } from "./command.js";
import { place, record, remember, show } from "./show.js";

/** @typedef {import("../types.js").Draft} Draft */
/** @typedef {import("../types.js").Session} Session */

/** @param {Partial<Draft>} changes */
export function editDraft(changes) {
  const session = store.session.value;
  const catalog = store.catalog.value;
  if (!session || !catalog) return;
  const draft = reconcile({ ...(store.draft.value ?? emptyDraft()), ...changes }, session, catalog);
  const { apply: _, ...errors } = store.errors.value;
  store.errors.value = errors;
  store.draft.value = isEmpty(draft) ? null : draft;
}

export function discardDraft() {
  const { apply: _, ...errors } = store.errors.value;
  store.errors.value = errors;
  store.draft.value = null;
}

/**
 * Creates a session and shows it before its first micro-step.
 * @param {object} body
 * @param {string} name of the action, for undo
 * @param {string} field where a refusal is shown
 */
export function create(body, name, field) {
  return command(async () => {
    const before = place();
    const left = store.session.value;
    const session = /** @type {Session} */ (await api.createSession(body));
    remember(session, body);
    store.draft.value = null;
    store.errors.value = {};
    store.sampleChosen.value = false;
    store.playing.value = false;
    await show(session, -1);
    record(name, before);
    if (left) (await import("./comparing.js")).keepLeft(left);
  }, {
    refused: (error) => {
      if (error.status !== 422) return false;
      store.errors.value = { ...store.errors.value, [field]: explain(error) };
      return true;
    },
  });
}

/**
 * The draft becomes a new session; the old one can be returned to with undo.
 * @param {boolean} [sameStart] from exactly the weights and biases that this one started from
 */
export function applyRebuild(sameStart = false) {
  const session = store.session.value;
  if (!session || !store.draft.value) return Promise.resolve(false);
  return create(draftOf(session, store.draft.value, store.initial.value, sameStart), "rebuild", "apply");
}

/** @param {string} preset */
export function loadPreset(preset) {
  store.invitation.value = false;
  return create({ preset }, "preset", "preset");
}

/**
 * A new session that starts from these weights and biases.
 * @param {import("../types.js").Parameters} parameters
 */
export function startFrom(parameters) {
  const session = store.session.value;
  if (!session) return Promise.resolve(false);
  return create(draftOf(session, store.draft.value ?? emptyDraft(), parameters, true), "weights", "weights");
}
