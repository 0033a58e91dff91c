// @ts-check
/** Predict first: the field that stands in place of a result until it has been answered. */
import { h } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { parseRef } from "../lib/refs.js";
import { fillSentence, htmlSymbol, plainSymbol } from "../lib/symbols.js";
import { Icon } from "./icons.js";

/**
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {import("../types.js").Predict} Predict
 * @typedef {import("../types.js").Try} Try
 * @typedef {import("../lib/symbols.js").SymbolOf} SymbolOf
 * @typedef {import("../lib/refs.js").LineRecord} LineRecord
 * @typedef {{ref: string, badge: number | null, line: string}} Place where a slip was made
 * @typedef {{ref: string, text: string, verdict: "right" | "wrong" | "error", problem?: string, message?: string}} FactorTry
 * @typedef {object} Asking what the equation needs to know of Predict
 * @property {Predict} state
 * @property {Set<string>} asked results of this micro-step that are asked for
 * @property {LineRecord[]} lines of this micro-step
 * @property {Map<string, {line: LineRecord}>} made the line of every result
 * @property {number} decimals
 * @typedef {{asking: Asking, symbolOf: SymbolOf, lang: string, t: Translate, actions: any}} Common
 */

const html = htm.bind(h);
const MINUS = "\u2212";

/**
 * The symbols of a quantity; a product and a contribution by their two factors.
 * @param {string} ref
 * @param {SymbolOf} symbolOf
 * @returns {import("../lib/symbols.js").Symbol[]}
 */
function symbolsOf(ref, symbolOf) {
  const { kind, at } = parseRef(ref);
  const [layer = 0, first = 0, second = 0] = at;
  if (kind === "p") return [symbolOf(`w.${layer}.${first}.${second}`), symbolOf(`a.${layer - 1}.${first}`)];
  if (kind === "c") return [symbolOf(`d.${layer + 1}.${second}`), symbolOf(`w.${layer + 1}.${first}.${second}`)];
  if (kind === "cs") return [symbolOf(`up.${layer}.${first}`)];
  if (kind === "ps") return [symbolOf(`z.${layer}.${first}`)];
  return [symbolOf(ref)];
}

/** @param {string} ref @param {SymbolOf} symbolOf */
const htmlName = (ref, symbolOf) => html`<span class="symref" data-ref=${ref}>${symbolsOf(ref, symbolOf).map((symbol, at) => html`${at > 0 ? " · " : ""}${htmlSymbol(symbol)}`)}</span>`;
/** @param {string} ref @param {SymbolOf} symbolOf */
const plainName = (ref, symbolOf) => symbolsOf(ref, symbolOf).map(plainSymbol).join(" · ");

/**
 * A sentence of the page whose {symbol} is typeset.
 * @param {string} template
 * @param {string} ref
 * @param {SymbolOf} symbolOf
 */
const withSymbol = (template, ref, symbolOf) => template.split("{symbol}").flatMap((piece, at) => (at > 0 ? [htmlName(ref, symbolOf), piece] : [piece]));

/** The keyboard may be brought into a field by itself only where nothing else has it, and where no screen keyboard would come up. */
function mayFocus() {
  const { activeElement: active } = document;
  return (active === null || active === document.body) && !matchMedia("(pointer: coarse)").matches;
}

/** What was told about an answer is seen whole, also where the panel is low. @param {Element | null} element */
function intoView(element) {
  element?.closest(".prod, .fb, .ln")?.scrollIntoView({ block: "nearest" });
}

/**
 * A field for one number with its button.
 * @param {{label: string, text: string, setText: (text: string) => void, check: () => unknown, bad: boolean, describedBy?: string, decimals: number, focus: boolean, small?: boolean,
 *   field: {current: HTMLInputElement | null}, t: Translate, actions: any}} props
 */
function Field({ label, text, setText, check, bad, describedBy, decimals, focus, small = false, field, t, actions }) {
  useLayoutEffect(() => {
    if (focus && mayFocus()) field.current?.focus({ preventScroll: true });
  }, []);
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      field.current?.blur();
      event.stopPropagation();
      return;
    }
    // While nothing is typed the page's own keys go on: the field was entered by itself.
    if (text !== "") return;
    const name = event.key === "P" ? "p" : event.key;
    /** @type {Record<string, () => unknown>} */
    const moves = { ArrowRight: event.shiftKey ? actions.nextPhase : actions.stepForward, ArrowLeft: event.shiftKey ? actions.previousPhase : actions.stepBack, p: actions.togglePredict };
    const act = moves[name];
    if (!act || event.repeat) return;
    event.preventDefault();
    event.stopPropagation();
    void act();
  };
  const flip = () => {
    setText(/^[-−]/.test(text) ? text.slice(1) : MINUS + text);
    field.current?.focus();
  };
  return html`<form class="pred" onSubmit=${(/** @type {Event} */ event) => {
    event.preventDefault();
    void check();
  }}>
    <button type="button" class="btn pflip" aria-label=${t("predict.flip")} onClick=${flip}>±</button>
    <input class="num ans" ref=${field} inputmode="decimal" autocomplete="off" autocapitalize="off" spellcheck=${false} size="11" placeholder=${(0).toFixed(decimals)} value=${text} aria-label=${label} title=${t("predict.field")}
      aria-invalid=${bad ? "true" : undefined} aria-describedby=${describedBy} onKeyDown=${keys} onInput=${(/** @type {InputEvent} */ event) => setText(/** @type {HTMLInputElement} */ (event.currentTarget).value)} />
    <button class="btn ${small ? "" : "primary"} pcheck" type="submit" aria-keyshortcuts="Enter">${t("predict.check")}<kbd aria-hidden="true">↵</kbd></button>
  </form>`;
}

/** @param {{text: string, problem?: string, message?: string}} entry @param {Translate} t */
function complaint({ text, problem, message }, t) {
  if (problem === "refused") return message || t("predict.error.number");
  return t(`predict.error.${problem ?? "number"}`, { fixed: text.trim().replace(",", ".") });
}

/**
 * A result that may be asked for: the field, what became of the answer, and at last the number (the children).
 * @param {Common & {line: LineRecord, children?: any}} props
 */
export function Predicted({ line, asking, symbolOf, lang, t, actions, children }) {
  const ref = line.result_ref;
  const asked = asking.asked.has(ref);
  const entry = asking.state.tries[ref] ?? null;
  const wasAsked = useRef(asked);
  if (asked) wasAsked.current = true;
  const done = !asked && entry !== null && (entry.verdict === "right" || entry.shown);
  if (!asked && !done) return children;
  const fresh = done && wasAsked.current && Object.keys(asking.state.tries).at(-1) === ref;
  const common = { asking, symbolOf, lang, t, actions };
  return html`<span class="predicted ${asked ? "asked" : "done"} ${entry?.verdict ?? ""}" data-ask=${ref}>
    ${asked ? html`<${Box} line=${line} entry=${entry} ...${common} />` : html`${children}<span class="pv" role="status">${entry?.verdict === "right" ? html`<span class="verdict ok"><${Icon} name="check" />${t("predict.right")}</span>` : html`<span class="verdict">${t("predict.shown")}</span>`}</span>`}
    ${fresh ? html`<${Next} more=${asking.asked.size > 0} t=${t} actions=${actions} />` : null}
  </span>`;
}

/**
 * After an answer: Enter goes on, to the next field of this micro-step or to the next micro-step.
 * @param {{more: boolean, t: Translate, actions: any}} props
 */
function Next({ more, t, actions }) {
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useLayoutEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, []);
  const go = () => {
    const field = more ? button.current?.closest(".equation")?.querySelector(".pred .ans") : null;
    if (field instanceof HTMLElement) field.focus();
    else void actions.stepForward();
  };
  return html`<button type="button" class="btn quiet pnext" ref=${button} onClick=${go}>${t(more ? "predict.nextField" : "predict.next")}<kbd aria-hidden="true">↵</kbd></button>`;
}

/**
 * @param {Common & {line: LineRecord, entry: Try | null}} props
 */
function Box({ line, entry, asking, symbolOf, lang, t, actions }) {
  const ref = line.result_ref;
  const [text, setText] = useState(entry?.text ?? "");
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const verdict = entry?.verdict ?? null;
  const told = entry !== null && entry.text === text;
  const bad = told && verdict !== null && verdict !== "right";
  const id = `predict-${ref.replaceAll(".", "-")}`;
  const first = [...asking.asked][0] === ref;
  const again = () => {
    field.current?.focus();
    field.current?.select();
  };
  // After a slip the field is ready for another answer; the first wrong factor asks for its own.
  useEffect(() => {
    if (!entry || !field.current?.closest(".predicted")?.contains(document.activeElement)) return;
    if (verdict === "slip" || verdict === "error") again();
    intoView(field.current);
  }, [entry]);
  const common = { asking, symbolOf, lang, t, actions };
  return html`<${Field} label=${t("predict.label", { symbol: plainName(ref, symbolOf) })} text=${text} setText=${setText} check=${() => actions.answer(ref, text)} bad=${bad} describedBy=${`${id}-verdict`}
      decimals=${asking.decimals} focus=${first} small=${!first} field=${field} t=${t} actions=${actions} />
    <span class="pv" role="status" id=${`${id}-verdict`}>${verdict === "error" && entry ? html`<span class="verdict bad"><${Icon} name="warn" />${complaint(/** @type {any} */ (entry), t)}</span>`
      : verdict === "slip" && entry ? html`<${Slip} slip=${entry.slip} ...${common} />`
      : verdict === "wrong" ? html`<span class="verdict bad"><${Icon} name="close" />${t("predict.wrong")}</span>` : null}</span>
    ${verdict === "slip" || verdict === "wrong" ? html`<span class="pacts">
      <button type="button" class="btn quiet" onClick=${again}>${t("predict.again")}</button>
      <button type="button" class="btn quiet" onClick=${() => actions.reveal(ref)}>${t("predict.reveal")}</button></span>` : null}
    ${verdict === "wrong" && entry ? html`<${Factors} target=${ref} entry=${entry} ...${common} />` : null}`;
}

/**
 * What the wrong answer is, and where in the equation the slip was made.
 * @param {Common & {slip: {text: Record<string, string>, refs: Record<string, string>, place: Place | null}}} props
 */
function Slip({ slip, asking, symbolOf, lang, t, actions }) {
  return html`<span class="verdict bad"><${Icon} name="close" /><span>${fillSentence(slip.text[lang] ?? slip.text.en ?? "", slip.refs, symbolOf)}</span></span>
    ${slip.place ? html`<${PlaceLink} place=${slip.place} lines=${asking.lines} symbolOf=${symbolOf} t=${t} actions=${actions} />` : null}`;
}

/**
 * Lights the place of a slip; goes to its micro-step where this one does not show it.
 * @param {{place: Place, lines: LineRecord[], symbolOf: SymbolOf, t: Translate, actions: any}} props
 */
function PlaceLink({ place, lines, symbolOf, t, actions }) {
  const { ref, badge, line } = place;
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const here = lines.some((one) => one.id === line || one.result_ref === ref || ref in one.values);
  const go = (/** @type {Event} */ event) => {
    event.stopPropagation();
    actions.hover(ref);
    if (!here) actions.goToRef(ref);
    else [...(button.current?.closest(".equation")?.querySelectorAll(`[data-val="${ref}"], [data-sym="${ref}"]`) ?? [])][0]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const name = plainName(ref, symbolOf);
  return html`<button type="button" class="btn quiet pplace" ref=${button} data-ref=${ref} aria-label=${t(badge ? "predict.place.badge" : "predict.place", { symbol: name, badge: badge ?? "" })} title=${t(badge ? "predict.place.badge" : "predict.place", { symbol: name, badge: badge ?? "" })}
    onFocus=${() => actions.hover(ref)} onBlur=${() => actions.hover(null)} onClick=${go}>${badge ? html`<span class="no" aria-hidden="true">${badge}</span>` : null}<span aria-hidden="true">${htmlName(ref, symbolOf)}</span></button>`;
}

/**
 * The search for the first wrong factor: one after the other is asked for.
 * @param {Common & {target: string, entry: Try}} props
 */
function Factors({ target, entry, asking, symbolOf, lang, t, actions }) {
  const dialogue = /** @type {FactorTry[]} */ (entry.dialogue ?? []);
  const right = dialogue.filter((one) => one.verdict === "right");
  const last = dialogue.at(-1);
  const asked = entry.factors.find((ref) => !right.some((one) => one.ref === ref)) ?? null;
  const common = { asking, symbolOf, lang, t, actions };
  if (entry.factors.length === 0) return null;
  return html`<span class="pfactors">
    ${right.map((one) => html`<span class="pfac ok" key=${one.ref}><${Icon} name="check" />${htmlName(one.ref, symbolOf)} = ${one.text.trim().replaceAll("-", MINUS)}</span>`)}
    ${asked === null
      ? html`<span class="pfac" role="status">${t("predict.factors.right")}</span>`
      : html`<${Factor} key=${asked} target=${target} factor=${asked} last=${last?.ref === asked ? last : null} ...${common} />`}
  </span>`;
}

/**
 * One factor of a wrong answer.
 * @param {Common & {target: string, factor: string, last: FactorTry | null}} props
 */
function Factor({ target, factor, last, asking, symbolOf, t, actions }) {
  const [text, setText] = useState("");
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const holder = useRef(/** @type {HTMLElement | null} */ (null));
  const inside = () => holder.current?.closest(".predicted")?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    // The answer before was given here: its question follows at once, before a key can reach the page's shortcuts.
    if (inside() || mayFocus()) field.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (last && inside()) field.current?.select();
    if (inside()) intoView(holder.current);
  }, [last]);
  const line = asking.made.get(factor)?.line;
  const id = `factor-${factor.replaceAll(".", "-")}`;
  return html`<span class="pfac now" ref=${holder}>
    <span class="pquestion">${withSymbol(t("predict.factors.ask"), factor, symbolOf)}</span>
    <${Field} label=${t("predict.label", { symbol: plainName(factor, symbolOf) })} text=${text} setText=${setText} check=${() => actions.answerFactor(target, factor, text)} bad=${last !== null && last.text === text}
      describedBy=${`${id}-verdict`} decimals=${asking.decimals} focus=${false} small=${true} field=${field} t=${t} actions=${actions} />
    <span class="pv" role="status" id=${`${id}-verdict`}>${last?.verdict === "error" ? html`<span class="verdict bad"><${Icon} name="warn" />${complaint(last, t)}</span>`
      : last?.verdict === "wrong" ? html`<span class="verdict bad"><${Icon} name="close" />${t("predict.factors.found")}</span>
        <${PlaceLink} place=${{ ref: factor, badge: line?.badge ?? null, line: line?.id ?? "" }} lines=${asking.lines} symbolOf=${symbolOf} t=${t} actions=${actions} />` : null}</span>
  </span>`;
}
