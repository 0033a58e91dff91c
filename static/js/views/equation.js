// @ts-check
/** The equation of the current micro-step, in symbols, with numbers, and in words. */
import { h } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { formatGiven, formatNumber } from "../lib/format.js";
import { hostOf, parseRef } from "../lib/refs.js";
import { fillSentence, speakSentence, symbolLookup } from "../lib/symbols.js";
import { expandMacros, linear, release, texNumber, typeset } from "../lib/tex.js";
import { texInWords } from "../lib/tex_words.js";
import { sentence } from "./diagram_head.js";
import { LineBox, LineRow, ProductLine, lineInWords, resultText } from "./equation_lines.js";
import { Tex } from "./tex.js";
/**
 * @typedef {import("../lib/refs.js").MicroStep} MicroStep
 * @typedef {import("../lib/refs.js").LineRecord} LineRecord
 * @typedef {import("./equation_lines.js").Context} Context
 */

const html = htm.bind(h);
const DECIMALS = 8;
const OVERVIEW = 8;
const FEWER = 5;
/** Symbols of an equation that needs the whole width of the overview. */
const LONG = 10;
/** Most rows that are typeset ahead. */
const PREPARED = 12;
/** Quantities that a person wrote: they print as written where that is short. */
const GIVEN = new Set(["t", "eta", "hp", "ap", "w", "b"]);
const MAIN = new Set(["function", "total", "product"]);

/**
 * How the lines of a micro-step are laid out: boxes, one tinted line, rows. Steps with several neurons are rows only.
 * @param {MicroStep} step
 */
function arrange(step) {
  const before = /** @type {LineRecord[]} */ ([]);
  const { lines } = step;
  const count = (/** @type {string} */ kind) => lines.filter((line) => line.kind === kind).length;
  if (step.phase === "forward" && count("sum") === 1 && lines.length === 2) return { boxes: lines, main: null, rows: [], before };
  if (step.phase === "loss" && lines.length <= 2) {
    const main = lines[lines.length - 1] ?? null;
    return { boxes: lines.filter((line) => line.kind === "loss_part"), main: main?.kind === "loss_part" ? null : main, rows: [], before };
  }
  const deltas = new Set(lines.map((line) => line.result_ref).filter((ref) => ref.startsWith("d.")));
  if (step.phase === "backward" && deltas.size === 1) {
    const main = lines.find((line) => line.kind === "product") ?? null;
    const factors = lines.filter((line) => line.kind === "factor");
    const boxes = factors.length <= 2 ? factors : [];
    return { boxes, main, rows: lines.filter((line) => line !== main && line.kind !== "factor"), before: boxes.length > 0 ? before : factors };
  }
  if (lines.length === 1 && lines[0] && MAIN.has(lines[0].kind)) return { boxes: [], main: lines[0], rows: [], before };
  return { boxes: [], main: null, rows: lines, before };
}

/**
 * Typesets what the next step will show while nothing else is to be done, so that a press only fills in numbers.
 * @param {MicroStep | null} step
 */
function usePrepared(step) {
  useEffect(() => {
    if (!step) return undefined;
    const prepare = () => {
      const { boxes, main, rows, before } = arrange(step);
      const inBoxes = boxes.flatMap((line) => [line.symbol, line.formula, line.substitution]).map((tex) => /** @type {const} */ ([tex, true]));
      const inRows = [...before, ...rows].slice(0, PREPARED).flatMap((line) => [line.symbol, line.formula, line.substitution]).map((tex) => /** @type {const} */ ([linear(tex), false]));
      const inMain = main ? [/** @type {const} */ ([main.symbol, true]), /** @type {const} */ ([main.substitution || main.formula, false])] : [];
      const all = [/** @type {const} */ ([step.headline, true]), ...inBoxes, ...inMain, ...inRows];
      for (const made of all.filter(([tex]) => tex !== "").map(([tex, display]) => typeset(tex, display))) release(made);
    };
    if (!("requestIdleCallback" in globalThis)) return undefined;
    const waiting = requestIdleCallback(prepare, { timeout: 1000 });
    return () => cancelIdleCallback(waiting);
  }, [step]);
}

/**
 * The kinds of a step's numbers that are not finite, by line and place.
 * @param {import("../lib/refs.js").MicroStepsRecord} microsteps
 * @param {number} index
 * @returns {Context["reason"]}
 */
function reasons(microsteps, index) {
  const step = microsteps.microsteps[index];
  return (line, place) => microsteps.nonfinite?.[`/microsteps/${index}/lines/${step?.lines.indexOf(line)}/${place}`] ?? null;
}

/**
 * Prints the number in a slot of a line; given numbers as written, computed ones with all decimals.
 * @param {number} decimals
 * @param {Context["reason"]} reason
 * @returns {Context["print"]}
 */
function printer(decimals, reason) {
  return (line, ref) => {
    const own = ref in line.values;
    const value = own ? line.values[ref] : ref === line.result_ref ? line.result : undefined;
    if (value === undefined) return "·";
    const { kind, at } = parseRef(ref);
    const given = GIVEN.has(kind) || (kind === "a" && at[0] === 0);
    const why = value === null ? reason(line, own ? `values/${ref}` : "result") : null;
    return given ? formatGiven(value, decimals, why) : formatNumber(value, decimals, why);
  };
}

/**
 * The micro-step as one TeX block with the numbers put in.
 * @param {MicroStep} step
 * @param {Context} context
 * @returns {string}
 */
export function stepAsTex(step, context) {
  const rows = step.lines.map((line) => {
    const print = (/** @type {string} */ ref) => texNumber(context.print(line, ref));
    const arrow = line.kind === "update" || line.kind === "state" ? "\\leftarrow" : "=";
    const parts = [`${expandMacros(line.symbol, print)} &${arrow} ${expandMacros(line.formula, print)}`];
    if (line.substitution) parts.push(`= ${expandMacros(line.substitution, print)}`);
    parts.push(`= ${texNumber(resultText(line, context))}`);
    return parts.join(" ");
  });
  return `\\begin{aligned}\n${rows.join(" \\\\\n")}\n\\end{aligned}`;
}

/**
 * @param {{microsteps: any, index: number, session: any, decimals: number, hover: string | null, playing?: boolean, lang: "en" | "ko",
 *   t: import("./diagram_scene.js").Translate, actions: any}} props
 */
export function Equation({ microsteps, index, session, decimals, hover, playing = false, lang, t, actions }) {
  const symbolOf = useMemo(() => symbolLookup(session), [session.elements, session.network]);
  const digits = Math.max(DECIMALS, decimals);
  const step = /** @type {MicroStep | null} */ (microsteps?.microsteps[index] ?? null);
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (body.current) body.current.scrollTop = 0;
  }, [step?.id]);
  const handlers = useMemo(() => {
    /** @param {EventTarget | null} target */
    const refOf = (target) => {
      const found = /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest("[data-val],[data-sym],[data-ref]") : null);
      return found?.dataset.val ?? found?.dataset.sym ?? found?.dataset.ref ?? null;
    };
    return {
      onPointerOver: (/** @type {PointerEvent} */ event) => actions.hover(refOf(event.target)),
      onPointerLeave: () => actions.hover(null),
      onClick: (/** @type {PointerEvent} */ event) => {
        const host = hostOf(refOf(event.target));
        if (host) actions.select(host);
      },
    };
  }, [actions]);
  usePrepared(microsteps?.microsteps[index + 1] ?? null);
  const spoken = useSpoken(step, microsteps, index, symbolOf, digits, lang, playing, t);

  if (!microsteps || !step) {
    return html`<section class="equation" aria-label=${t("equation.region")}>
      <div class="eqh"><p class="ask">${t("equation.empty")}</p></div>
      ${microsteps ? html`<${Overview} microsteps=${microsteps} lit=${hover} t=${t} handlers=${handlers} />` : null}
      <p class="sr" aria-live="polite">${spoken}</p>
    </section>`;
  }
  const reason = reasons(microsteps, index);
  /** @type {Context} */
  const context = { microsteps, symbolOf, reason, print: printer(digits, reason), lit: hover, lang, decimals: digits, t };
  const { boxes, main, rows, before } = arrange(step);
  const operator = step.phase === "backward" ? "×" : "→";
  const word = (/** @type {string} */ key) => t(`equation.words.${key}`);
  return html`<section class="equation ${step.phase}" aria-label=${t("equation.region")}>
    <div class="eqh" ...${handlers}>
      <h2><${Tex} tex=${step.headline} display=${true} lit=${hover} label=${texInWords(step.headline, () => "", word)} /></h2>
      <p class="ask">${fillSentence(t(`equation.ask.${step.phase}${several(step) ? ".all" : ""}`), questionRefs(step), symbolOf)}</p>
      <div class="eqt"><${Copy} text=${() => stepAsTex(step, context)} t=${t} /></div>
    </div>
    <div class="eqb" ref=${body} tabindex="0" role="group" aria-label=${t("equation.lines")} ...${handlers}>
      ${boxes.length > 0 ? html`<div class="fbs n${boxes.length} ${rows.length === 0 ? "roomy" : ""}">${boxes.map((line, at) => [at > 0 ? html`<span class="op" aria-hidden="true">${operator}</span>` : null, html`<${LineBox} key=${line.id} line=${line} context=${context} />`])}</div>` : null}
      ${before.length > 0 ? html`<div class="lns">${before.map((line) => html`<${LineRow} key=${line.id} line=${line} context=${context} phase=${step.phase} />`)}</div>` : null}
      ${main ? html`<${ProductLine} line=${main} context=${context} phase=${step.phase} />` : null}
      ${rows.length > 0 ? html`<div class="lns">${rows.map((line) => html`<${LineRow} key=${line.id} line=${line} context=${context} phase=${step.phase} />`)}</div>` : null}
    </div>
    <p class="sr" aria-live="polite">${spoken}</p>
  </section>`;
}

/**
 * Whether a micro-step is about several neurons at once.
 * @param {MicroStep} step
 */
function several(step) {
  return step.group.length > 1 && step.lines.length > 1 && step.phase !== "loss" && step.phase !== "update";
}

/**
 * The placeholders of the question above the lines: what the step makes.
 * @param {MicroStep} step
 * @returns {Record<string, string>}
 */
function questionRefs(step) {
  const last = step.lines[step.lines.length - 1];
  const gradient = step.lines.find((line) => line.kind === "gradient" || line.kind === "combine");
  const made = (gradient ?? last)?.result_ref ?? "";
  return { made, host: hostOf(made) ?? made, neuron: step.group[0] ?? made };
}

/**
 * The text of the live region; it keeps still while the steps play by themselves.
 * @param {MicroStep | null} step
 * @param {any} microsteps
 * @param {number} index
 * @param {import("../lib/symbols.js").SymbolOf} symbolOf
 * @param {number} decimals
 * @param {"en" | "ko"} lang
 * @param {boolean} playing
 * @param {Context["t"]} t
 */
function useSpoken(step, microsteps, index, symbolOf, decimals, lang, playing, t) {
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    if (playing || !step) return;
    const reason = reasons(microsteps, index);
    /** @type {Context} */
    const context = { microsteps, symbolOf, reason, print: printer(decimals, reason), lit: null, lang, decimals, t };
    const title = speakSentence(sentence(microsteps, step.title.key, lang), step.title.refs, symbolOf);
    const lines = step.lines.length > 6 ? step.lines.slice(-1) : step.lines;
    setSpoken([title, ...lines.map((line) => lineInWords(line, context))].join(". "));
  }, [step?.id, microsteps, lang, playing]);
  return spoken;
}

/**
 * Before the first micro-step: what this network will compute, in symbols.
 * @param {{microsteps: any, lit: string | null, t: Context["t"], handlers: Record<string, any>}} props
 */
function Overview({ microsteps, lit, t, handlers }) {
  const steps = microsteps.microsteps.filter((/** @type {MicroStep} */ step) => step.phase === "forward" || step.phase === "loss");
  const word = (/** @type {string} */ key) => t(`equation.words.${key}`);
  const long = (/** @type {MicroStep} */ step) => (step.headline.match(/\\sym|\^\{\(/g) ?? []).length > LONG;
  const most = steps.slice(0, OVERVIEW).filter(long).length > 2 ? FEWER : OVERVIEW;
  return html`<div class="eqb overview" tabindex="0" role="group" aria-label=${t("equation.overview")} ...${handlers}>
    ${steps.slice(0, most).map((/** @type {MicroStep} */ step) => html`<div class="ov ${step.phase} ${long(step) ? "long" : ""}" key=${step.id}><${Tex} tex=${linear(step.headline)} lit=${lit} label=${texInWords(step.headline, () => "", word)} /></div>`)}
    ${steps.length > most ? html`<div class="ov dim">${t("equation.overview.more", { count: steps.length - most })}</div>` : null}
  </div>`;
}

/**
 * @param {{text: () => string, t: Context["t"]}} props
 */
function Copy({ text, t }) {
  const [state, setState] = useState("");
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
    } catch {
      setState("failed");
    }
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setState(""), 2000);
  };
  return html`<button class="btn quiet" type="button" onClick=${copy} title=${t("equation.copy")} aria-label=${t("equation.copy")}>
    <svg class="i" viewBox="0 0 16 16" aria-hidden="true">${state === "copied" ? html`<path d="M3 8.5 6.4 12 13 4.5" />` : html`<rect x="5.5" y="5.5" width="8" height="8" rx="1" /><path d="M10.5 5.5v-3h-8v8h3" />`}</svg>
    <span class="ct" role="status">${state ? t(`equation.${state}`) : ""}</span></button>`;
}
