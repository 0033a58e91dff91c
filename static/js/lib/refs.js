// @ts-check
/**
 * References name single quantities: `a.l.j` activation, `z.l.j` net input, `d.l.j` delta, `w.l.i.j` weight,
 * `b.l.j` bias, `gw.l.i.j` gradient and so on. This file reads them and finds their numbers in the records.
 * @typedef {{weights: (number | null)[][][], biases: ((number | null)[] | null)[]}} ParameterRecord
 * @typedef {object} LayerRecord
 * @property {number} layer
 * @property {string} activation_name
 * @property {(number | null)[]} net_input
 * @property {(number | null)[]} activation
 * @property {(number | null)[]} [function_value]
 * @property {(number | null)[] | null} [mask] with dropout: 0 for a neuron that is left out
 * @property {(number | null)[]} upstream
 * @property {any[]} local
 * @property {(number | null)[]} delta
 * @property {(number | null)[][]} weight_gradient
 * @property {(number | null)[] | null} bias_gradient
 * @property {(number | null)[][]} batch_weight_gradient
 * @property {(number | null)[] | null} batch_bias_gradient
 * @typedef {object} TraceRecord
 * @property {number} step
 * @property {number} sample
 * @property {number[]} batch
 * @property {(number | null)[]} inputs
 * @property {(number | null)[]} targets
 * @property {LayerRecord[]} layers
 * @property {{parts: (number | null)[], sample: number | null, batch: number | null, penalty?: number | null, objective?: number | null}} loss
 * @property {{name: string, coefficient: number, size: number | null, value: number | null}[]} [penalties]
 * @property {ParameterRecord} [received] the gradient as the optimizer gets it
 * @property {ParameterRecord} before
 * @property {ParameterRecord | null} [point]
 * @property {ParameterRecord} update
 * @property {ParameterRecord} after
 * @property {string | null} first_nonfinite
 * @property {Record<string, string>} [nonfinite]
 * @typedef {object} LayerShape
 * @property {number} units
 * @property {string} activation
 * @property {{mode: "trained" | "fixed" | "absent", value: number}} bias
 * @typedef {object} SessionRecord
 * @property {{inputs: number, layers: LayerShape[]}} network
 * @property {ParameterRecord} [parameters]
 * @property {{weights: boolean[][][], biases: (boolean[] | null)[]} | null} [frozen]
 * @property {{inputs: number[][], targets: number[][], size: number, network_inputs?: number[][] | null, network_targets?: number[][] | null}} data
 * @property {number} step
 * @property {{id: string, base: string, sub: string | null, sup: string | null}[]} [elements]
 * @property {import("./symbols.js").NotationRecord} [notation] how the elements are named, where that is not the server's default
 * @property {Record<string, string>} [nonfinite]
 * @typedef {object} LineRecord
 * @property {string} id
 * @property {string} kind
 * @property {string | null} sentence
 * @property {Record<string, string>} refs
 * @property {1 | 2 | 3 | null} badge
 * @property {string} symbol
 * @property {string} formula
 * @property {string} substitution
 * @property {Record<string, number | null>} values
 * @property {{formula: string, substitution: string, result: number | null}[]} parts
 * @property {number | null} result
 * @property {string} result_ref
 * @property {string[]} [uses]
 * @typedef {"forward" | "loss" | "backward" | "update"} Phase
 * @typedef {object} MicroStep
 * @property {string} id
 * @property {Phase} phase
 * @property {string[]} group
 * @property {string[]} focus
 * @property {string[]} uses
 * @property {string[]} produces
 * @property {{key: string, refs: Record<string, string>}} title
 * @property {string} headline
 * @property {LineRecord[]} lines
 * @typedef {object} MicroStepsRecord
 * @property {number} step
 * @property {number} sample
 * @property {number[]} batch
 * @property {string} [granularity]
 * @property {Record<string, {en: string, ko: string}>} sentences
 * @property {MicroStep[]} microsteps
 * @property {Record<string, string>} [nonfinite]
 */

/** Kinds whose quantities have a name instead of a place. */
const NAMED = new Set(["hp", "size", "pen", "sched", "reg", "clip"]);

/**
 * The parts of a reference; optimizer state and terms (`s.m.w.1.0.0`) are read as their parameter.
 * @param {string} ref
 * @returns {{kind: string, name: string, at: number[]}}
 */
export function parseRef(ref) {
  const parts = ref.split(".");
  const kind = parts[0] ?? "";
  if (kind === "s" || kind === "s0" || kind === "o") {
    return { kind, name: `${parts[1]}.${parts[2]}`, at: parts.slice(3).map(Number) };
  }
  if (kind === "gs") return { kind, name: parts[2] ?? "w", at: parts.slice(3).map(Number) };
  if (kind === "ap") return { kind, name: parts.slice(2).join("."), at: [Number(parts[1])] };
  if (NAMED.has(kind)) return { kind, name: parts.slice(1).join("."), at: [] };
  return { kind, name: "", at: parts.slice(1).map(Number) };
}

/**
 * The element of the diagram that shows a quantity: a neuron, input, wire or loss box; null for hyperparameters.
 * A contribution `c` is taken for that of a path through a hidden neuron, whose wire it returns on; behind softmax
 * it has no wire and stands at its neuron, which only the network's shape can tell.
 * @param {string | null} ref
 * @returns {string | null}
 */
export function hostOf(ref) {
  if (!ref) return null;
  const { kind, name, at } = parseRef(ref);
  switch (kind) {
    case "a": case "f": case "z": case "d": case "up": case "loc": case "ps": case "cs":
      return `a.${at[0]}.${at[1]}`;
    case "w": case "gw": case "Gw": case "Jw": case "Cw": case "nw": case "uw": case "lw": case "p":
      return `w.${at.join(".")}`;
    case "c":
      return `w.${(at[0] ?? 0) + 1}.${at[1]}.${at[2]}`;
    case "b": case "gb": case "Gb": case "Cb": case "nb": case "ub": case "lb":
      return `b.${at.join(".")}`;
    case "s": case "s0": case "o":
      return `${name.endsWith(".b") ? "b" : "w"}.${at.join(".")}`;
    case "gs": return `${name}.${at.join(".")}`;
    case "t": return `e.${at[0]}`;
    case "e": return ref;
    case "eb": case "es": case "size": case "pen": case "obj": return "e";
    case "hp": case "ap": case "eta": case "eta0": case "epoch": case "sched": case "reg": case "clip": case "drop": return null;
    default: return ref;
  }
}

/**
 * Whether a symbol or number is lit together with `lit`: the same quantity, or anything about the same wire.
 * @param {string} ref
 * @param {string | null} lit
 * @returns {boolean}
 */
export function litWith(ref, lit) {
  if (lit === null || ref === lit) return ref === lit;
  const host = hostOf(lit);
  return host !== null && /^[wb]\./.test(host) && hostOf(ref) === host;
}

/**
 * @param {any} holder
 * @param {(string | number)[]} path
 * @returns {any}
 */
function dig(holder, path) {
  let value = holder;
  for (const key of path) {
    if (value === null || value === undefined) return undefined;
    value = value[key];
  }
  return value;
}

/**
 * Where a quantity stands in the trace, as a path; null when the trace does not hold it.
 * @param {string} ref
 * @returns {(string | number)[] | null}
 */
export function tracePath(ref) {
  const { kind, at } = parseRef(ref);
  const layer = (at[0] ?? 0) - 1;
  const [, first, second] = at;
  /** @type {Record<string, string>} */
  const perNeuron = { a: "activation", f: "function_value", z: "net_input", d: "delta", up: "upstream", gb: "bias_gradient", Gb: "batch_bias_gradient" };
  if (kind === "a" && layer === -1) return ["inputs", first ?? 0];
  if (perNeuron[kind]) return ["layers", layer, perNeuron[kind] ?? "", first ?? 0];
  if (kind === "loc") return ["layers", layer, "local", ...at.slice(1)];
  if (kind === "gw" || kind === "Gw") {
    return ["layers", layer, kind === "gw" ? "weight_gradient" : "batch_weight_gradient", first ?? 0, second ?? 0];
  }
  /** @type {Record<string, string>} */
  const moments = { w: "before", nw: "after", uw: "update", Cw: "received", lw: "point", b: "before", nb: "after", ub: "update", Cb: "received", lb: "point" };
  const moment = moments[kind];
  if (moment) return [moment, kind.endsWith("w") ? "weights" : "biases", layer, ...at.slice(1)];
  if (kind === "t") return ["targets", at[0] ?? 0];
  if (kind === "e") return at.length > 0 ? ["loss", "parts", at[0] ?? 0] : ["loss", "sample"];
  if (kind === "eb") return ["loss", "batch"];
  if (kind === "obj") return ["loss", "objective"];
  return null;
}

/**
 * The recorded number of a quantity: from the trace, else from the session's parameters and data.
 * @param {string} ref
 * @param {TraceRecord | null} trace
 * @param {SessionRecord | null} session
 * @param {number} [sample] row of the data, used while there is no trace
 * @returns {{value: number | null | undefined, kind: string | null}} undefined: not recorded; null: not finite
 */
export function readValue(ref, trace, session, sample = 0) {
  const path = tracePath(ref);
  if (trace && path) {
    const value = dig(trace, path);
    if (value !== undefined) return { value, kind: trace.nonfinite?.[`/${path.join("/")}`] ?? null };
  }
  const { kind, at } = parseRef(ref);
  const layer = (at[0] ?? 0) - 1;
  if (session && (kind === "w" || kind === "b")) {
    const pointer = ["parameters", kind === "w" ? "weights" : "biases", layer, ...at.slice(1)];
    return { value: dig(session, pointer), kind: session.nonfinite?.[`/${pointer.join("/")}`] ?? null };
  }
  // What the network sees: the rows scaled, and features of them.
  if (session && kind === "a" && layer === -1) return { value: (session.data.network_inputs ?? session.data.inputs)[sample]?.[at[1] ?? 0], kind: null };
  if (session && kind === "t") return { value: (session.data.network_targets ?? session.data.targets)[sample]?.[at[0] ?? 0], kind: null };
  return { value: undefined, kind: null };
}
