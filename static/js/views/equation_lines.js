// @ts-check
/** The lines of one micro-step: factor boxes, the tinted result line, and compact rows. */
import { h } from "preact";
import htm from "htm";
import { formatFull, formatNumber } from "../lib/format.js";
import { made, ownName } from "../lib/made.js";
import { litWith } from "../lib/refs.js";
import { fillSentence, htmlSymbol } from "../lib/symbols.js";
import { linear } from "../lib/tex.js";
import { texInWords } from "../lib/tex_words.js";
import { PHASES, sentence } from "./diagram_head.js";
import { lazy } from "./lazy.js";
import { ProofBadge, isGradient } from "./proof.js";
import { Tex } from "./tex.js";
/**
 * @typedef {import("../lib/refs.js").LineRecord} LineRecord
 * @typedef {import("../lib/refs.js").MicroStep} MicroStep
 * @typedef {object} Context
 * @property {import("../lib/refs.js").MicroStepsRecord} microsteps
 * @property {import("../lib/symbols.js").SymbolOf} symbolOf
 * @property {(line: LineRecord, ref: string) => string} print
 * @property {(line: LineRecord, place: string) => string | null} reason why a number is not finite
 * @property {string | null} lit
 * @property {string} lang
 * @property {number} decimals
 * @property {boolean} full every digit is wanted
 * @property {import("./predict.js").Asking | null} [asking] results that the reader is to predict
 * @property {import("../types.js").Proof | null} [proof] the gradient check of this step
 * @property {any} actions
 * @property {(key: string, values?: Record<string, string | number>) => string} t
 */

const html = htm.bind(h);
/** The field for a predicted result; until it is there, the result's place says that it is hidden. */
const Predicted = lazy(async () => (await import("./predict.js")).Predicted, Hidden);
const ARROWS = new Set(["update", "state"]);

/**
 * Whether the numbers in the formula say no more than the formula or the result.
 * @param {LineRecord} line
 */
const isPlain = ({ formula, substitution }) => substitution === "" || substitution === formula || /^\\val\{[^}]*\}$/.test(substitution);

/** @param {LineRecord} line */
export const sign = (line) => (ARROWS.has(line.kind) ? "←" : "=");

/**
 * @param {LineRecord} line
 * @param {Context} context
 */
export function role(line, { microsteps, symbolOf, lang }) {
  const template = line.sentence ? sentence(microsteps, line.sentence, lang) : "";
  return template ? fillSentence(template, line.refs, symbolOf) : null;
}

/**
 * The result with all its decimals.
 * @param {LineRecord} line
 * @param {Context} context
 */
export function resultText(line, { decimals, full, reason }) {
  const why = line.result === null ? reason(line, "result") : null;
  return full ? formatFull(line.result, why) : formatNumber(line.result, decimals, why);
}

/**
 * A line in words: "E over w5 equals 0.21 times 0.24 equals 0.05".
 * @param {LineRecord} line
 * @param {Context} context
 * @returns {string}
 */
export function lineInWords(line, context) {
  const { t } = context;
  const word = (/** @type {string} */ key) => t(`equation.words.${key}`);
  const print = (/** @type {string} */ ref) => context.print(line, ref);
  const relation = ARROWS.has(line.kind) ? word("becomes") : word("equals");
  const parts = [texInWords(line.symbol, print, word), relation];
  if (line.formula) parts.push(texInWords(line.formula, print, word));
  if (line.substitution && !line.formula) parts.push(texInWords(line.substitution, print, word));
  else if (line.substitution) parts.push(word("equals"), texInWords(line.substitution, print, word));
  parts.push(word("equals"), resultText(line, context));
  return parts.join(" ");
}

/** @param {import("./lazy.js").Place} props */
function Hidden(props) {
  return html`<output>?</output>${props.failed ? html`<button type="button" class="btn" title=${props.t("loading.failed")} onClick=${props.again}>${props.t("loading.again")}</button>` : null}`;
}

/**
 * @param {{line: LineRecord, context: Context}} props
 */
function Result({ line, context }) {
  const lit = litWith(line.result_ref, context.lit) ? "lit" : "";
  const output = html`<output class=${lit} data-val=${line.result_ref}>${resultText(line, context)}</output>`;
  const { asking, symbolOf, lang, t, actions } = context;
  return asking ? html`<${Predicted} key=${line.result_ref} ...${{ line, asking, symbolOf, lang, t, actions }}>${output}<//>` : output;
}

/**
 * The numbers of a sum, part by part, where each part is a product of its own.
 * @param {LineRecord} line
 * @param {Context} context
 */
function partSum(line, { decimals, full, reason }) {
  const print = (/** @type {number | null} */ value, /** @type {string} */ place) => (full ? formatFull(value, reason(line, place)) : formatNumber(value, decimals, reason(line, place)));
  const texts = line.parts.map((part, index) => print(part.result, `parts/${index}/result`));
  // The parts are the products; a bias is added to them as it is.
  for (const [ref, value] of line.kind === "sum" ? Object.entries(line.values) : []) {
    if (ref.startsWith("b.")) texts.push(print(value, `values/${ref}`));
  }
  return texts.map((text, index) => (index > 0 && text.startsWith("−") ? ` − ${text.slice(1)}` : `${index > 0 ? " + " : ""}${text}`)).join("");
}

/**
 * A factor of the chain rule, or the sum and the activation of a neuron, as a box.
 * @param {{line: LineRecord, context: Context}} props
 */
export function LineBox({ line, context }) {
  const print = (/** @type {string} */ ref) => context.print(line, ref);
  const showParts = line.parts.length > 1 && line.parts.length <= 4;
  const plain = isPlain(line);
  const equals = html`<span class="eq">=</span>`;
  return html`<div class="fb" role="group" aria-label=${lineInWords(line, context)}>
    <div class="fh">${line.badge ? html`<span class="no">${line.badge}</span>` : null}<span class="fc">${role(line, context)}</span></div>
    <div class="fm"><${Tex} tex=${line.symbol} display=${true} lit=${context.lit} print=${print} /></div>
    ${line.formula ? html`<div class="ff"><span class="eq">${sign(line)}</span><${Tex} tex=${line.formula} display=${true} lit=${context.lit} print=${print} /></div>` : null}
    <div class="fv">
      ${plain ? null : html`<span class="fs">${equals}<${Tex} tex=${line.substitution} display=${true} lit=${context.lit} print=${print} /></span>`}
      ${showParts ? html`<span class="psum">${equals}${partSum(line, context)}</span>` : null}
      <span class="fr">${equals}<${Result} line=${line} context=${context} /></span>
    </div>
  </div>`;
}

/**
 * The line that a micro-step is about: tinted, with a large result.
 * @param {{line: LineRecord, context: Context, phase: string}} props
 */
export function ProductLine({ line, context, phase }) {
  const print = (/** @type {string} */ ref) => context.print(line, ref);
  return html`<div class="prod ${PHASES[phase]?.cls ?? ""}" role="group" aria-label=${lineInWords(line, context)}>
    <${Tex} class="ps" tex=${line.symbol} display=${true} lit=${context.lit} print=${print} />
    <span class="ex"><span class="eq">${sign(line)}</span><${Tex} tex=${line.substitution || line.formula} lit=${context.lit} print=${print} /></span>
    ${line.kind === "update" && line.parts.length > 1 ? html`<span class="psum"><span class="eq">=</span>${partSum(line, context)}</span>` : null}
    <span class="eq">=</span><span class="big"><${Result} line=${line} context=${context} /></span>
    <span class="role">${role(line, context)}</span>
    ${context.proof && isGradient(line, context.proof.data) && !context.asking?.asked.has(line.result_ref) ? html`<${ProofBadge} proof=${context.proof} line=${line} t=${context.t} actions=${context.actions} />` : null}
  </div>`;
}

/**
 * A line as one compact row.
 * @param {{line: LineRecord, context: Context, phase: string}} props
 */
export function LineRow({ line, context, phase }) {
  const print = (/** @type {string} */ ref) => context.print(line, ref);
  const shown = PHASES[phase];
  const tag = line.kind === "update" && shown
    ? html`<span class="tag upd"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path class="solid ns" d=${shown.path} /></svg></span>`
    : line.badge ? html`<span class="no">${line.badge}</span>` : html`<span class="dot" aria-hidden="true"></span>`;
  const plain = isPlain(line);
  return html`<div class="ln ${line.kind}" role="group" aria-label=${lineInWords(line, context)}>
    ${tag}<span class="role">${role(line, context)}</span>
    <span class="lx"><span class="lf"><${Tex} tex=${linear(line.symbol)} lit=${context.lit} print=${print} />${line.formula ? html`<span class="fx"><span class="eq">${sign(line)}</span><${Tex} tex=${linear(line.formula)} lit=${context.lit} print=${print} /></span>` : null}</span>
    ${plain ? null : html`<span class="sub"><span class="eq">=</span><${Tex} tex=${linear(line.substitution)} lit=${context.lit} print=${print} /></span>`}</span>
    <span class="lr"><span class="eq">=</span><${Result} line=${line} context=${context} /></span>
  </div>`;
}

/**
 * The third factor of a gradient: what the wire carried, made long before, or the 1 that every bias carries.
 * @param {{carried: import("../lib/arrange.js").Carried, line: LineRecord, context: Context}} props
 */
export function CarriedBox({ carried, line, context }) {
  const { ref } = carried;
  const place = ref ? made(context.microsteps).get(ownName(ref, context.microsteps.sample)) : null;
  const { t } = context;
  const role = t(ref === null ? "equation.carried.bias" : "equation.carried");
  const number = ref === null ? "1" : context.print(line, ref);
  const origin = place ? t("equation.madeIn", { n: place.index + 1 }) : ref === null ? "" : t("equation.given");
  return html`<div class="fb" role="group" aria-label=${`${role}: ${number}`}>
    <div class="fh"><span class="no">3</span><span class="fc">${role}</span></div>
    <div class="fm"><${Tex} tex=${carried.symbol} display=${true} lit=${context.lit} /></div>
    ${ref === null ? null : html`<div class="ff"><span class="eq">=</span>${htmlSymbol(context.symbolOf(ref))}</div>`}
    <div class="fv">${origin ? html`<span class="fs dim">${origin}</span>` : null}<span class="fr"><span class="eq">=</span><output class=${ref !== null && litWith(ref, context.lit) ? "lit" : ""} data-val=${ref ?? undefined}>${number}</output></span></div>
  </div>`;
}

/**
 * What the result is for, shown ahead with the micro-step at which it will happen.
 * @param {{then: {index: number, line: LineRecord}, context: Context}} props
 */
export function ThenRow({ then, context }) {
  const { line, index } = then;
  const print = (/** @type {string} */ ref) => context.print(line, ref);
  const { t } = context;
  const update = line.kind === "update";
  return html`<div class="ln ahead ${line.kind}" role="group" aria-label=${lineInWords(line, context)}>
    <button type="button" class="tag ${update ? "upd" : "back"}" onClick=${(/** @type {Event} */ event) => {
      event.stopPropagation();
      context.actions.goTo(index);
    }}><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path class="solid ns" d=${PHASES[update ? "update" : "backward"]?.path} /></svg>${t(update ? "equation.then.update" : "equation.then.combine", { n: index + 1 })}</button>
    <span class="lx"><span class="lf"><${Tex} tex=${linear(line.symbol)} lit=${context.lit} print=${print} /><span class="fx"><span class="eq">${sign(line)}</span><${Tex} tex=${linear(line.formula)} lit=${context.lit} print=${print} /></span></span>
      <span class="sub"><span class="eq">=</span><${Tex} tex=${linear(line.substitution)} lit=${context.lit} print=${print} /></span></span>
    <span class="lr"><span class="eq">=</span><${Result} line=${line} context=${context} /></span>
  </div>`;
}
