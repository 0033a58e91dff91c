// @ts-check
/**
 * The waiting settings: what they change, and the body that creates the session they describe.
 * @typedef {import("../types.js").Draft} Draft
 * @typedef {import("../types.js").Session} Session
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Layer} Layer
 * @typedef {import("../types.js").Parameters} Parameters
 */
import { bodyOf, shapeOf, written } from "./data_body.js";

/** @returns {Draft} */
export const emptyDraft = () => ({ layers: null, initializer: null, seed: null, data: null, inputs: null, loss: null });

/** @param {Draft} draft */
export const isEmpty = (draft) => Object.values(draft).every((part) => part === null);

/** @param {unknown} one @param {unknown} other */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Whether these initial weights and biases have the shape of the layers.
 * @param {Parameters | null} parameters
 * @param {number} inputs
 * @param {Layer[]} layers
 */
export function fits(parameters, inputs, layers) {
  if (!parameters || parameters.weights.length !== layers.length) return false;
  return layers.every((layer, k) => {
    const rows = k === 0 ? inputs : layers[k - 1]?.units;
    const weights = parameters.weights[k];
    const biases = parameters.biases[k];
    return weights?.length === rows && weights?.[0]?.length === layer.units && (layer.bias.mode === "absent") === (biases === null);
  });
}

/**
 * Makes the parts agree: the outputs follow the data, the loss its output activation; what equals the session drops out.
 * @param {Draft} draft
 * @param {Session} session
 * @param {Catalog} catalog
 * @returns {Draft}
 */
export function reconcile(draft, session, catalog) {
  const result = { ...draft };
  if (result.data && same(result.data, bodyOf(session.data))) result.data = null;
  const shape = result.data && shapeOf(result.data, catalog, session.data);
  result.inputs = shape ? shape.inputs : null;
  const outputs = shape ? shape.outputs : session.network.layers.at(-1)?.units ?? 1;
  const base = result.layers ?? session.network.layers;
  const last = base.at(-1);
  if (last && last.units !== outputs) result.layers = [...base.slice(0, -1), { ...last, units: outputs }];
  const loss = result.loss ?? session.training.loss;
  const output = (result.layers ?? base).at(-1)?.activation ?? "";
  result.loss = fittingLoss(loss, output, catalog) ?? result.loss;
  if (result.layers && same(result.layers, session.network.layers)) result.layers = null;
  if (result.initializer && same(result.initializer, session.network.initializer)) result.initializer = null;
  if (result.seed === session.seed) result.seed = null;
  if (result.loss && same(result.loss, session.training.loss)) result.loss = null;
  return result;
}

/**
 * A loss that takes this output activation, null where the present one does.
 * @param {import("../types.js").Loss} loss
 * @param {string} output
 * @param {Catalog} catalog
 * @returns {import("../types.js").Loss | null}
 */
export function fittingLoss(loss, output, catalog) {
  const accepts = catalog.losses.find((entry) => entry.name === loss.name)?.accepts;
  if (!accepts || accepts.includes(output)) return null;
  // The loss that is made for this output, else one that takes any.
  const fitting = catalog.losses.find((entry) => entry.accepts?.includes(output)) ?? catalog.losses.find((entry) => !entry.accepts);
  const form = fitting?.forms[0];
  return fitting && form ? { name: fitting.name, coefficient: form.coefficient, outputs: form.outputs, batch: form.batch } : null;
}

/**
 * Whether the initial weights were given as numbers instead of drawn.
 * @param {Session} session
 */
export function hasGivenWeights(session) {
  const { initializer } = session.network;
  return initializer === null || initializer === undefined || initializer.name === "given" || Boolean(session.recipe.create.network?.parameters);
}

/**
 * Whether the waiting settings would draw other weights and biases although those of now fit.
 * @param {Session} session
 * @param {Draft} draft
 * @param {Parameters | null} initial weights and biases that the session started with
 */
export function mayKeepStart(session, draft, initial) {
  const layers = draft.layers ?? session.network.layers;
  const drawn = !hasGivenWeights(session) || draft.seed !== null || draft.data !== null;
  return draft.initializer === null && drawn && fits(initial, draft.inputs ?? session.network.inputs, layers);
}

/**
 * The body that creates the session which the draft describes. Given initial weights are kept while they fit and
 * no drawing was asked for; drawn ones are drawn again.
 * @param {Session} session
 * @param {Draft} draft
 * @param {Parameters | null} initial weights and biases that the session started with
 * @param {boolean} [exactly] start from `initial` whatever else
 * @returns {object}
 */
export function draftOf(session, draft, initial, exactly = false) {
  const layers = draft.layers ?? session.network.layers;
  const redraw = draft.initializer !== null || draft.seed !== null || draft.data !== null;
  const keep = exactly || (hasGivenWeights(session) && !redraw && fits(initial, draft.inputs ?? session.network.inputs, layers));
  const { initializer } = session.network;
  const chosen = draft.initializer ?? (initializer?.name === "given" ? null : initializer);
  const start = keep ? { parameters: initial } : chosen ? { initializer: chosen } : {};
  return {
    seed: draft.seed ?? session.seed,
    network: { layers, ...start },
    training: { ...session.training, loss: draft.loss ?? session.training.loss },
    data: draft.data ?? bodyOf(session.data),
  };
}

/**
 * What waits, one line a change; names are keys or labels that the view words.
 * @param {Draft | null} draft
 * @param {Session} session
 * @param {(kind: "activations" | "initializers" | "datasets" | "losses", name: string) => string} label
 * @returns {import("../types.js").Change[]}
 */
export function changesOf(draft, session, label) {
  if (!draft) return [];
  /** @type {import("../types.js").Change[]} */
  const changes = [];
  const old = session.network.layers;
  if (draft.data) changes.push(...dataChanges(draft.data, session, label));
  if (draft.layers) changes.push(...layerChanges(old, draft.layers, label));
  if (draft.initializer) {
    const { initializer } = session.network;
    changes.push({ what: "initializer", from: initializer ? label("initializers", initializer.name) : "", to: label("initializers", draft.initializer.name) });
  }
  if (draft.seed !== null) changes.push({ what: "seed", from: String(session.seed), to: String(draft.seed) });
  if (draft.loss) changes.push({ what: "loss", from: label("losses", session.training.loss.name), to: label("losses", draft.loss.name) });
  return changes;
}

/**
 * @param {import("../types.js").DataBody} body
 * @param {Session} session
 * @param {(kind: "datasets", name: string) => string} label
 * @returns {import("../types.js").Change[]}
 */
function dataChanges(body, session, label) {
  const { data } = session;
  const now = body.name ?? "custom";
  /** @type {import("../types.js").Change[]} */
  const changes = now === data.name ? [] : [{ what: "data", from: label("datasets", data.name), to: label("datasets", now) }];
  const list = (/** @type {string[]} */ names) => names.map(written).join(", ");
  const before = list(data.features);
  const columns = now === data.name ? data.columns.length : null;
  const after = body.features ? list(body.features) : columns === null ? "" : list(Array.from({ length: columns }, (_, k) => `x${k + 1}`));
  if (after && before !== after) changes.push({ what: "features", from: before, to: after });
  return changes;
}

/**
 * @param {Layer[]} old
 * @param {Layer[]} now
 * @param {(kind: "activations", name: string) => string} label
 */
function layerChanges(old, now, label) {
  /** @type {import("../types.js").Change[]} */
  const changes = [];
  if (old.length !== now.length) changes.push({ what: "layers", from: String(old.length - 1), to: String(now.length - 1) });
  now.forEach((layer, k) => {
    const output = k === now.length - 1;
    const before = output ? old.at(-1) : k < old.length - 1 ? old[k] : undefined;
    if (!before) return;
    const what = output ? "output" : "hidden";
    const name = now.length > 2 && !output ? String(k + 1) : "";
    if (before.units !== layer.units) changes.push({ what, name, from: String(before.units), to: String(layer.units) });
    if (before.activation !== layer.activation) {
      changes.push({ what, name, from: label("activations", before.activation), to: label("activations", layer.activation) });
    } else if (!same(before.activation_parameters, layer.activation_parameters)) {
      changes.push({ what, name, from: Object.values(before.activation_parameters).join(", "), to: Object.values(layer.activation_parameters).join(", ") });
    }
  });
  const bias = biasText(old) === biasText(now) ? null : { what: "bias", from: biasText(old), to: biasText(now) };
  if (bias) changes.push(bias);
  return changes;
}

/**
 * The layers' bias modes, as keys separated by spaces: "trained", "fixed:1 trained".
 * @param {Layer[]} layers
 */
function biasText(layers) {
  const modes = layers.map(({ bias }) => (bias.mode === "fixed" ? `fixed:${bias.value}` : bias.mode));
  return new Set(modes).size === 1 ? modes[0] ?? "" : modes.join(" ");
}
