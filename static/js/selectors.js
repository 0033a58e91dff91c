// @ts-check
/**
 * What the views and actions read out of the records. Pure functions.
 * @typedef {import("./types.js").Session} Session
 * @typedef {import("./types.js").MicroSteps} MicroSteps
 * @typedef {import("./types.js").PhaseRange} PhaseRange
 * @typedef {import("./lib/refs.js").MicroStep} MicroStep
 */

/**
 * References that the micro-steps up to `index` have produced.
 * @param {MicroSteps | null} reply
 * @param {number} index
 * @returns {Set<string>}
 */
export function known(reply, index) {
  return new Set(reply?.microsteps.slice(0, index + 1).flatMap((step) => step.produces) ?? []);
}

/**
 * The first micro-step with a number that is not finite, null where all are.
 * @param {MicroSteps} reply
 * @returns {number | null}
 */
export function firstNonfinite(reply) {
  const found = Object.keys(reply.nonfinite ?? {}).map((pointer) => Number(/^\/microsteps\/(\d+)\//.exec(pointer)?.[1] ?? NaN));
  const first = Math.min(...found.filter(Number.isFinite));
  return Number.isFinite(first) ? first : null;
}

/**
 * Where "next phase" leads: the first micro-step of the next phase, null past the last one.
 * @param {MicroSteps} reply
 * @param {number} index
 * @returns {number | null}
 */
export function nextPhase(reply, index) {
  return reply.phases.find((phase) => phase.count > 0 && phase.first > index)?.first ?? null;
}

/**
 * Where "previous phase" leads: the start of this phase, or of the one before; null before the first one.
 * @param {MicroSteps} reply
 * @param {number} index
 * @returns {number | null}
 */
export function previousPhase(reply, index) {
  const starts = reply.phases.filter((phase) => phase.count > 0).map((phase) => phase.first);
  return starts.filter((first) => first < index).at(-1) ?? null;
}

/**
 * The ruler's ticks: per phase its groups, a group being neighbours that belong to the same neuron or parameters;
 * with `byLayer` to the same layer, and then at most so many.
 * @param {MicroSteps} reply
 * @param {boolean} [byLayer]
 * @returns {{name: string, first: number, count: number, groups: {refs: string[], first: number, count: number}[]}[]}
 */
export function rulerPhases(reply, byLayer = false) {
  const layer = (/** @type {string[]} */ refs) => /^[a-z]+\.(\d+)\./.exec(refs[0] ?? "")?.[1] ?? null;
  return reply.phases.filter((phase) => phase.count > 0).map((phase) => {
    /** @type {{refs: string[], first: number, count: number}[]} */
    const groups = [];
    for (let at = phase.first; at < phase.first + phase.count; at += 1) {
      const refs = reply.microsteps[at]?.group ?? [];
      const last = groups.at(-1);
      const alike = byLayer && layer(refs) !== null && layer(refs) === layer(last?.refs ?? []);
      if (last && alike) {
        last.refs = [...last.refs, ...refs];
        last.count += 1;
      } else if (last && last.refs.join(" ") === refs.join(" ")) last.count += 1;
      else groups.push({ refs, first: at, count: 1 });
    }
    return { name: phase.name, first: phase.first, count: phase.count, groups: byLayer && groups.length > 2 * MOST_GROUPS ? atMost(groups, Math.max(1, Math.round((MOST_GROUPS * phase.count) / reply.microsteps.length))) : groups };
  });
}

/** Where neither neurons nor layers part the micro-steps into few groups, this many stand for all of them. */
const MOST_GROUPS = 12;

/**
 * Neighbouring groups joined, each under the name of its first.
 * @param {{refs: string[], first: number, count: number}[]} groups
 * @param {number} most
 */
function atMost(groups, most) {
  const size = Math.ceil(groups.length / most);
  if (size < 2) return groups;
  return groups.filter((_, at) => at % size === 0).map((group, at) => ({ ...group, count: groups.slice(at * size, (at + 1) * size).reduce((sum, one) => sum + one.count, 0) }));
}

/**
 * The row to show: the reader's choice while it is in the next batch, else the batch's first.
 * @param {Session} session
 * @param {number} wanted
 * @returns {number}
 */
export function sampleIn(session, wanted) {
  return session.next_batch.includes(wanted) ? wanted : session.next_batch[0] ?? 0;
}

/**
 * Steps of one batch: how many samples the next update uses.
 * @param {Session | null} session
 */
export function batchLength(session) {
  return session?.next_batch.length ?? 1;
}

/**
 * The layers' sizes as text: 2-2-1.
 * @param {Session} session
 */
export function sizes(session) {
  return [session.network.inputs, ...session.network.layers.map((layer) => layer.units)].join("-");
}

/**
 * What the layers have in common, null where they differ.
 * @template T
 * @param {readonly T[]} values
 * @returns {T | null}
 */
export function common(values) {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

/**
 * The parameter that the drawer is about: the reader's choice, else the one that the micro-step shown is about, else
 * the first trained one.
 * @param {Session} session
 * @param {MicroSteps | null} reply
 * @param {number} index
 * @param {string | null} chosen
 * @returns {string | null}
 */
export function chosenParameter(session, reply, index, chosen) {
  if (chosen !== null && isParameter(session, chosen)) return chosen;
  const step = reply?.microsteps[index];
  const made = step?.produces.find((ref) => /^[gGn][wb]\./.test(ref))?.slice(1) ?? step?.focus.find((ref) => /^[wb]\./.test(ref));
  return made !== undefined && isParameter(session, made) ? made : isParameter(session, "w.1.0.0") ? "w.1.0.0" : null;
}

/**
 * Whether a reference names a weight or a trained bias of the network.
 * @param {Session} session
 * @param {string} ref
 */
function isParameter(session, ref) {
  const [kind, ...at] = ref.split(".");
  const [layer = 0, first = 0, second = 0] = at.map(Number);
  const shape = session.network.layers[layer - 1];
  const inputs = layer === 1 ? session.network.inputs : session.network.layers[layer - 2]?.units ?? 0;
  if (!shape) return false;
  return kind === "w" ? first < inputs && second < shape.units : kind === "b" && shape.bias.mode === "trained" && first < shape.units;
}

/**
 * The neuron to ask for: only a network too large to be told as a whole is told for one.
 * @param {Session} session
 * @param {string | null} wanted
 * @param {number} limit parameters that are told at once
 * @returns {string | null}
 */
export function toldNeuron(session, wanted, limit) {
  let inputs = session.network.inputs;
  let parameters = 0;
  for (const { units, bias } of session.network.layers) {
    parameters += inputs * units + (bias.mode === "absent" ? 0 : units);
    inputs = units;
  }
  const [, layer = 0, place = 0] = (wanted ?? "").split(".").map(Number);
  return parameters > limit && place < (session.network.layers[layer - 1]?.units ?? 0) ? wanted : null;
}
