// @ts-check
/** How the lines of a micro-step are laid out: what was needed as boxes, one tinted line, rows. */
import { made, ownName } from "./made.js";
import { group } from "./tex.js";

/**
 * @typedef {import("./refs.js").MicroStep} MicroStep
 * @typedef {import("./refs.js").LineRecord} LineRecord
 * @typedef {import("./refs.js").MicroStepsRecord & {granularity?: string}} Reply
 * @typedef {object} Carried the third factor of a gradient: what the wire carried, made by no line of its own
 * @property {string} symbol
 * @property {string | null} ref null: the constant 1 of a bias
 * @typedef {object} Arrangement
 * @property {LineRecord[]} boxes
 * @property {Carried | null} carried
 * @property {string} operator between the boxes
 * @property {LineRecord | null} main
 * @property {LineRecord[]} before
 * @property {LineRecord[]} rows
 * @property {{index: number, line: LineRecord} | null} then what will use the result, shown ahead
 */

const MAIN = new Set(["function", "total", "product"]);
/** Kinds whose operands are multiplied or added; between those of others stands no sign. @type {Record<string, string>} */
const OPERATORS = { product: "×", gradient: "×", term: "×", sum: "+", running: "+", factor: "+", total: "+" };
/** More operands than that have no room as boxes. */
const MOST_BOXES = 4;

/**
 * A product in pieces, split where factors meet.
 * @param {string} tex
 * @param {string} sign "\\cdot" or "\\times"
 * @returns {string[]}
 */
function factorsOf(tex, sign) {
  const pieces = [];
  let piece = "";
  for (let index = 0; index < tex.length;) {
    if (tex.startsWith(sign, index)) {
      pieces.push(piece.trim());
      piece = "";
      index += sign.length;
    } else if (tex[index] === "{") {
      const [inner, end] = group(tex, index);
      piece += `{${inner}}`;
      index = end;
    } else {
      piece += tex[index];
      index += 1;
    }
  }
  return [...pieces, piece.trim()];
}

/** @param {string} tex the references of the numbers in it, each once, in order */
function slots(tex) {
  return [...new Set([...tex.matchAll(/\\val\{([^}]*)\}/g)].map((match) => match[1] ?? ""))];
}

/**
 * @param {MicroStep} step
 * @param {Reply} reply
 * @returns {Arrangement}
 */
export function arrange(step, reply) {
  return reply.granularity === "term" ? arrangeTerm(step, reply) : { carried: null, then: null, ...arrangeNeuron(step) };
}

/**
 * One result: the lines that made what it needs as boxes, then its own line, then what it is for.
 * @param {MicroStep} step
 * @param {Reply} reply
 * @returns {Arrangement}
 */
function arrangeTerm(step, reply) {
  const line = /** @type {LineRecord} */ (step.lines[0]);
  const table = made(reply);
  const needed = slots(line.substitution).map((ref) => table.get(ownName(ref, reply.sample)));
  const gradient = line.kind === "gradient";
  const operands = gradient ? slots(line.substitution).slice(0, -1).map((ref) => table.get(ref)) : needed;
  let boxes = operands.flatMap((one) => (one && one.line !== line ? [one.line] : []));
  /** @type {Carried | null} */
  let carried = null;
  if (gradient) {
    const symbol = factorsOf(line.formula, "\\cdot").at(-1) ?? "";
    const number = factorsOf(line.substitution, "\\times").at(-1) ?? "";
    carried = { symbol, ref: slots(number)[0] ?? null };
    if (carried.ref === null) boxes = slots(line.substitution).flatMap((ref) => table.get(ref)?.line ?? []);
  }
  if (boxes.length > MOST_BOXES) boxes = [];
  const operator = boxes.length + (carried ? 1 : 0) > 1 ? OPERATORS[line.kind] ?? "" : "";
  const after = gradient ? nextUse(line.result_ref, reply) : null;
  return { boxes, carried, operator, main: line, before: [], rows: [], then: after };
}

/**
 * What becomes of a gradient: the batch's, or the new value.
 * @param {string} ref
 * @param {Reply} reply
 */
function nextUse(ref, reply) {
  const table = made(reply);
  return ["G", "J", "C", "n"].map((kind) => table.get(`${kind}${ref.slice(1)}`)).find((one) => one !== undefined) ?? null;
}

/**
 * A neuron's lines; steps with several neurons are rows only.
 * @param {MicroStep} step
 * @returns {{boxes: LineRecord[], operator: string, main: LineRecord | null, rows: LineRecord[], before: LineRecord[]}}
 */
function arrangeNeuron(step) {
  const before = /** @type {LineRecord[]} */ ([]);
  const { lines } = step;
  const operator = step.phase === "backward" ? "×" : "→";
  const count = (/** @type {string} */ kind) => lines.filter((line) => line.kind === kind).length;
  // With dropout a third line says what is left of the activation.
  if (step.phase === "forward" && count("sum") === 1 && (lines.length === 2 || lines.length === 3)) return { boxes: lines.slice(0, 2), operator, main: lines[2] ?? null, rows: [], before };
  if (step.phase === "loss" && lines.length <= 2 && lines.slice(0, -1).every((line) => line.kind === "loss_part")) {
    const main = lines[lines.length - 1] ?? null;
    return { boxes: lines.filter((line) => line.kind === "loss_part"), operator, main: main?.kind === "loss_part" ? null : main, rows: [], before };
  }
  const deltas = new Set(lines.map((line) => line.result_ref).filter((ref) => ref.startsWith("d.")));
  if (step.phase === "backward" && deltas.size === 1) {
    const main = lines.find((line) => line.kind === "product") ?? null;
    const factors = lines.filter((line) => line.kind === "factor");
    const boxes = factors.length <= 2 ? factors : [];
    return { boxes, operator, main, rows: lines.filter((line) => line !== main && line.kind !== "factor"), before: boxes.length > 0 ? before : factors };
  }
  if (lines.length === 1 && lines[0] && MAIN.has(lines[0].kind)) return { boxes: [], operator, main: lines[0], rows: [], before };
  return { boxes: [], operator, main: null, rows: lines, before };
}
