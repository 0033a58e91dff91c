// @ts-check
/** The equation of the current micro-step, in symbols, with numbers, and in words. */
import { h } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { arrange } from "../lib/arrange.js";
import { formatFull, formatGiven, formatNumber } from "../lib/format.js";
import { made } from "../lib/made.js";
import { hostOf, parseRef } from "../lib/refs.js";
import { fillSentence, speakSentence } from "../lib/symbols.js";
import { expandMacros, linear, release, texNumber, typeset } from "../lib/tex.js";
import { texInWords } from "../lib/tex_words.js";
import { sentence } from "./diagram_head.js";
import { CopyButton } from "./copy.js";
import { CarriedBox, LineBox, LineRow, ProductLine, ThenRow, lineInWords, resultText } from "./equation_lines.js";
import { TrailButton, useNumbers } from "./equation_numbers.js";
import { Tex } from "./tex.js";
/**
 * @typedef {import("../lib/refs.js").MicroStep} MicroStep
 * @typedef {import("../lib/refs.js").LineRecord} LineRecord
 * @typedef {import("./equation_lines.js").Context} Context
 */

const html = htm.bind(h);
const DECIMALS = 8;
/** Rows that are drawn at a time: each is typeset. */
const ROWS = 40;
const OVERVIEW = 8;
const FEWER = 5;
/** Symbols of an equation that needs the whole width of the overview. */
const LONG = 10;
/** Most rows that are typeset ahead. */
const PREPARED = 12;
/** Quantities that a person wrote: they print as written where that is short. */
const GIVEN = new Set(["t", "eta", "eta0", "epoch", "sched", "reg", "drop", "hp", "ap", "w", "b"]);
/**
 * Typesets what the next step will show while nothing else is to be done, so that a press only fills in numbers.
 * @param {MicroStep | null} step
 * @param {any} microsteps
 */
function usePrepared(step, microsteps) {
  useEffect(() => {
    if (!step) return undefined;
    const prepare = () => {
      const { boxes, main, rows, before } = arrange(step, microsteps);
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
 * The kinds of numbers that are not finite, by line and place.
 * @param {import("../lib/refs.js").MicroStepsRecord} microsteps
 * @returns {Context["reason"]}
 */
function reasons(microsteps) {
  const { nonfinite } = microsteps;
  if (!nonfinite || Object.keys(nonfinite).length === 0) return () => null;
  return (line, place) => {
    // A line may be shown with another micro-step than its own.
    const index = made(microsteps).get(line.result_ref)?.index ?? -1;
    const own = microsteps.microsteps[index]?.lines.includes(line) ? index : microsteps.microsteps.findIndex((step) => step.lines.includes(line));
    return nonfinite[`/microsteps/${own}/lines/${microsteps.microsteps[own]?.lines.indexOf(line)}/${place}`] ?? null;
  };
}

/**
 * Prints the number in a slot of a line; given numbers as written, computed ones with all decimals.
 * @param {number} decimals
 * @param {boolean} full every digit that tells the number from its neighbours
 * @param {Context["reason"]} reason
 * @param {Map<string, unknown> | null} computed what a lab's lines make; null: the kind of a reference tells
 * @returns {Context["print"]}
 */
function printer(decimals, full, reason, computed) {
  return (line, ref) => {
    const own = ref in line.values;
    const value = own ? line.values[ref] : ref === line.result_ref ? line.result : undefined;
    if (value === undefined) return "·";
    const { kind, at } = parseRef(ref);
    const given = computed ? !computed.has(ref) : GIVEN.has(kind) || ref === "clip.limit" || (kind === "a" && at[0] === 0);
    const why = value === null ? reason(line, own ? `values/${ref}` : "result") : null;
    if (full) return formatFull(value, why);
    return given ? formatGiven(value, decimals, why) : formatNumber(value, decimals, why);
  };
}

/**
 * The micro-step as one TeX block with the numbers put in.
 * @param {MicroStep} step
 * @param {Context} context
 * @returns {string}
 */
function stepAsTex(step, context) {
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
 * @param {{microsteps: any, index: number, granularity: import("../types.js").Granularity, decimals: number, full: boolean, hover: string | null, trail: import("../types.js").Waypoint[], playing?: boolean, lang: "en" | "ko",
 *   symbolOf: import("../lib/symbols.js").SymbolOf, tools: any, asking?: Context["asking"], proof?: Context["proof"], lab?: boolean, t: import("./diagram_scene.js").Translate, actions: any}} props `tools`: what stands before the buttons of the head; `lab`: a lab tells, which says itself what each micro-step does
 */
export function Equation({ microsteps, index, granularity, decimals, full, hover, trail, playing = false, lang, symbolOf, tools, asking = null, proof = null, lab = false, t, actions }) {
  const digits = Math.max(DECIMALS, decimals);
  const step = /** @type {MicroStep | null} */ (microsteps?.microsteps[index] ?? null);
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (body.current) body.current.scrollTop = 0;
  }, [step?.id]);
  const handlers = useMemo(() => {
    /** @param {EventTarget | null} target @param {string} what */
    const refOf = (target, what) => {
      const found = /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest(what) : null);
      return found?.dataset.val ?? found?.dataset.sym ?? found?.dataset.ref ?? null;
    };
    return {
      onPointerOver: (/** @type {PointerEvent} */ event) => actions.hover(refOf(event.target, "[data-val],[data-sym],[data-ref]")),
      onPointerLeave: () => actions.hover(null),
      onClick: (/** @type {PointerEvent} */ event) => {
        // A number leads to where it was made, a symbol selects what it names.
        const number = refOf(event.target, "[data-val]");
        const host = hostOf(refOf(event.target, "[data-sym],[data-ref]"));
        if (number) void actions.goToRef(number);
        else if (host) actions.select(host);
      },
    };
  }, [actions]);
  usePrepared(microsteps?.microsteps[index + 1] ?? null, microsteps);
  const spoken = useSpoken(step, microsteps, index, symbolOf, digits, lang, playing, lab, t);
  const numbers = useNumbers(body, microsteps, symbolOf, lang, t, actions);

  const notation = lab ? null : html`<button type="button" class="btn quiet notationb" aria-haspopup="dialog" title=${t("notation.title")} onClick=${() => actions.openDialog("notation")}>${t("notation.open")}</button>`;
  if (!microsteps || !step) {
    return html`<section class="equation" aria-label=${t("equation.region")}>
      <div class="eqh"><p class="ask">${t(lab ? "labs.empty" : granularity === "epoch" ? "equation.empty.epoch" : "equation.empty")}</p><div class="eqt">${tools}${notation}</div></div>
      ${microsteps ? html`<${Overview} microsteps=${microsteps} lit=${hover} t=${t} handlers=${handlers} />` : null}
      <p class="sr" aria-live="polite">${spoken}</p>
    </section>`;
  }
  const reason = reasons(microsteps);
  /** @type {Context} */
  const context = { microsteps, symbolOf, reason, print: printer(digits, full, reason, lab ? made(microsteps) : null), lit: hover, lang, decimals: digits, full, asking, proof, t, actions };
  const { boxes, carried, operator, main, rows, before, then } = arrange(step, microsteps);
  const word = (/** @type {string} */ key) => t(`equation.words.${key}`);
  const count = boxes.length + (carried ? 1 : 0);
  return html`<section class="equation ${step.phase}" aria-label=${t("equation.region")}>
    <div class="eqh" ...${handlers}>
      <${TrailButton} trail=${trail} microsteps=${microsteps} symbolOf=${symbolOf} lang=${lang} t=${t} actions=${actions} />
      <h2><${Tex} tex=${step.headline} display=${true} lit=${hover} label=${texInWords(step.headline, () => "", word)} /></h2>
      <p class="ask">${lab ? fillSentence(sentence(microsteps, step.title.key, lang), step.title.refs, symbolOf) : fillSentence(t(`equation.ask.${question(step, microsteps)}`), questionRefs(step), symbolOf)}</p>
      <div class="eqt">${tools}${notation}<button type="button" class="btn quiet digits" aria-pressed=${String(full)} title=${t("equation.full")} onClick=${() => actions.setFull(!full)}><span aria-hidden="true">${full ? "0.00…" : "0.00"}</span><span class="sr">${t("equation.full")}</span></button>
        <${CopyButton} text=${() => stepAsTex(step, context)} label=${t("equation.copy")} t=${t} /></div>
    </div>
    <div class="eqb" ref=${body} tabindex="0" role="group" aria-label=${`${t("equation.lines")}. ${t("equation.numbersHint")}`} ...${handlers} ...${numbers.keys}>
      ${count > 0 ? html`<div class="fbs n${count} ${rows.length === 0 ? "roomy" : ""}">${boxes.map((line, at) => [at > 0 ? html`<span class="op" aria-hidden="true">${operator}</span>` : null, html`<${LineBox} key=${line.id} line=${line} context=${context} />`])}
        ${carried && main ? html`${boxes.length > 0 ? html`<span class="op" aria-hidden="true">${operator}</span>` : null}<${CarriedBox} key="carried" carried=${carried} line=${main} context=${context} />` : null}</div>` : null}
      ${before.length > 0 ? html`<div class="lns before">${before.map((line) => html`<${LineRow} key=${line.id} line=${line} context=${context} phase=${step.phase} />`)}</div>` : null}
      ${main ? html`<${ProductLine} line=${main} context=${context} phase=${step.phase} />` : null}
      ${rows.length > 0 ? html`<${Rows} key=${step.id} rows=${rows} context=${context} phase=${step.phase} />` : null}
      ${then ? html`<div class="lns then"><${ThenRow} then=${then} context=${context} /></div>` : null}
    </div>
    <p class="sr" aria-live="polite">${numbers.spoken || spoken}</p>
  </section>`;
}

/**
 * The rows of a step; of a long list the first ones, and more as the reader comes to its end.
 * @param {{rows: LineRecord[], context: Context, phase: string}} props
 */
function Rows({ rows, context, phase }) {
  const [count, setCount] = useState(ROWS);
  const end = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const last = end.current;
    if (!last) return undefined;
    const watcher = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setCount((old) => old + ROWS), { rootMargin: "200px" });
    watcher.observe(last);
    return () => watcher.disconnect();
  }, [count]);
  return html`<div class="lns">${rows.slice(0, count).map((line) => html`<${LineRow} key=${line.id} line=${line} context=${context} phase=${phase} />`)}
    ${count < rows.length ? html`<button type="button" class="btn quiet more" ref=${end} onClick=${() => setCount(count + ROWS)}>${context.t("equation.moreRows", { count: rows.length - count })}</button>` : null}</div>`;
}

/**
 * Whether a micro-step is about several neurons at once.
 * @param {MicroStep} step
 */
function several(step) {
  return step.group.length > 1 && step.lines.length > 1 && step.phase !== "loss" && step.phase !== "update";
}

/** Results of single terms with a question of their own. @type {Record<string, string>} */
const TERMS = { p: "p", ps: "ps", z: "z", a: "a", up: "up", c: "c", cs: "cs", loc: "loc", d: "d", s: "state", o: "state", lw: "state", lb: "state" };

/**
 * Which question a micro-step answers.
 * @param {MicroStep} step
 * @param {any} microsteps
 */
function question(step, microsteps) {
  const term = microsteps.granularity === "term" ? TERMS[parseRef(step.lines[0]?.result_ref ?? "").kind] : undefined;
  return term ? `term.${term}` : `${step.phase}${several(step) ? ".all" : ""}`;
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
 * @param {boolean} lab
 * @param {Context["t"]} t
 */
function useSpoken(step, microsteps, index, symbolOf, decimals, lang, playing, lab, t) {
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    if (playing || !step) return;
    const reason = reasons(microsteps);
    /** @type {Context} */
    const context = { microsteps, symbolOf, reason, print: printer(decimals, false, reason, lab ? made(microsteps) : null), lit: null, lang, decimals, full: false, t, actions: null };
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
