// @ts-check
/** The ruler: one tick per micro-step, phases coloured and counted, a group of ticks per neuron; it is a slider. */
import { h } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { rulerPhases } from "../selectors.js";
import { htmlSymbol, plainSymbol, speakSentence } from "../lib/symbols.js";
import { Icon } from "./icons.js";

/** @typedef {import("../lib/symbols.js").Symbol} Symbol */
/** @typedef {import("../lib/symbols.js").SymbolOf} SymbolOf */

const html = htm.bind(h);
/** @type {Record<string, string>} */
const CLASSES = { forward: "fwd", loss: "loss", backward: "back", update: "upd" };
const WHEEL = 40;
/** Above this many ticks the gaps between them go. */
const MANY = 120;
/** More groups than that are named by layer, since single names would no longer be readable. */
const NAMED = 46;
/** Above this many ticks there is less than a pixel for each: a group is drawn as a bar that fills. */
const FOLDED = { wide: 380, narrow: 150 };

/**
 * The name under a group: its symbol, or for several the common letter with first and last index.
 * @param {string[]} refs
 * @param {SymbolOf} symbolOf
 * @returns {Symbol[]}
 */
export function groupSymbols(refs, symbolOf) {
  // A derivative goes by what it is taken by: there is no room for a fraction, and the phase says the rest.
  const symbols = refs.map((ref) => symbolOf(ref)).map((symbol) => symbol.by ?? symbol);
  if (symbols.length < 2) return symbols;
  /** @type {Symbol[]} */
  const names = [];
  for (const base of new Set(symbols.map((symbol) => symbol.base))) {
    const same = symbols.filter((symbol) => symbol.base === base);
    const first = same[0];
    const last = same.at(-1);
    if (!first || !last) continue;
    const joint = first === last || first.sup !== last.sup || !/^\d*$/.test(first.sub + last.sub) ? first : { ...first, sub: `${first.sub}–${last.sub}` };
    names.push(joint);
  }
  return names;
}

/**
 * @param {{microsteps: import("../types.js").MicroSteps, index: number, symbolOf: SymbolOf, lang: string, disabled: boolean, narrow?: boolean,
 *   t: import("../types.js").Translate, actions: any}} props
 */
export function Ruler({ microsteps, index, symbolOf, lang, disabled, narrow = false, t, actions }) {
  const bar = useRef(/** @type {HTMLElement | null} */ (null));
  const phases = useMemo(() => {
    const fine = rulerPhases(microsteps);
    return fine.reduce((sum, phase) => sum + phase.groups.length, 0) > NAMED ? rulerPhases(microsteps, true) : fine;
  }, [microsteps]);
  const total = microsteps.microsteps.length;
  const now = microsteps.microsteps[index];
  const words = now ? microsteps.sentences[now.title.key] : null;
  const spoken = now && words ? speakSentence(lang === "ko" ? words.ko : words.en, now.title.refs, symbolOf) : t("transport.before");

  const folded = total > (narrow ? FOLDED.narrow : FOLDED.wide);
  /** @param {number} x */
  const tickAt = (x) => {
    if (folded) return barAt(bar.current, x);
    const ticks = [...(bar.current?.querySelectorAll("[data-tick]") ?? [])];
    let best = -1;
    let distance = Infinity;
    for (const tick of ticks) {
      const box = tick.getBoundingClientRect();
      const away = x < box.left ? box.left - x : x > box.right ? x - box.right : 0;
      if (away < distance) {
        distance = away;
        best = Number(tick.getAttribute("data-tick"));
      }
    }
    const first = ticks[0]?.getBoundingClientRect();
    return first && x < first.left - 8 ? -1 : best;
  };
  useWheel(bar, index, disabled, actions);

  return html`<div class="ruler ${total > MANY ? "many" : ""}" ref=${bar} role="slider" tabindex="0" aria-label=${t("transport.position")} aria-valuemin="0" aria-valuemax=${total} aria-valuenow=${index + 1}
    aria-valuetext=${t("transport.positionText", { n: index + 1, count: total, what: spoken })} aria-disabled=${String(disabled)}
    onPointerDown=${(/** @type {PointerEvent} */ event) => {
      if (event.button !== 0 || disabled) return;
      bar.current?.setPointerCapture(event.pointerId);
      actions.goTo(tickAt(event.clientX));
    }}
    onPointerMove=${(/** @type {PointerEvent} */ event) => {
      if (!disabled && bar.current?.hasPointerCapture(event.pointerId)) actions.goTo(tickAt(event.clientX));
    }}>
    ${phases.map((phase) => html`<${Phase} key=${phase.name} ...${{ phase, index, folded, symbolOf, t }} />`)}
  </div>`;
}

/**
 * The micro-step at a place of bars that stand for many ticks each.
 * @param {HTMLElement | null} ruler
 * @param {number} x
 */
function barAt(ruler, x) {
  const bars = /** @type {HTMLElement[]} */ ([...(ruler?.querySelectorAll("[data-first]") ?? [])]);
  let best = -1;
  for (const bar of bars) {
    const { left, width } = bar.getBoundingClientRect();
    if (x < left - (best < 0 ? 8 : 0)) break;
    const count = Number(bar.dataset.count);
    best = Number(bar.dataset.first) + Math.max(0, Math.min(count - 1, Math.floor(((x - left) / Math.max(1, width)) * count)));
  }
  return best;
}

/**
 * @param {{phase: ReturnType<typeof rulerPhases>[number], index: number, folded: boolean, symbolOf: SymbolOf, t: import("../types.js").Translate}} props
 */
function Phase({ phase, index, folded, symbolOf, t }) {
  const here = index >= phase.first && index < phase.first + phase.count;
  return html`<div class="ph ${CLASSES[phase.name] ?? ""} ${here ? "now" : ""}" style=${{ flexGrow: phase.count }}>
    <div class="pn"><${Icon} name=${phase.name} /><b>${t(`transport.phase.${phase.name}`)}</b><span class="ct">${phase.count}</span></div>
    <div class="grps">${phase.groups.map((group) => {
      const on = index >= group.first && index < group.first + group.count;
      const names = groupSymbols(group.refs, symbolOf);
      return html`<div key=${group.first} class="grp ${on ? "on" : ""}" style=${{ flexGrow: group.count }}>
        <div class="tks">${folded ? html`<${Bar} group=${group} index=${index} />` : Array.from({ length: group.count }, (_, k) => {
          const at = group.first + k;
          return html`<i key=${at} data-tick=${at} class=${at === index ? "c" : at < index ? "d" : ""}></i>`;
        })}</div>
        <span class="gl" title=${names.map(plainSymbol).join(", ")}>${names.map((name, k) => html`${k > 0 ? ", " : ""}${htmlSymbol(name)}`)}</span>
      </div>`;
    })}</div>
  </div>`;
}

/**
 * Many ticks as one bar: filled as far as the reader is, with the playhead.
 * @param {{group: {first: number, count: number}, index: number}} props
 */
function Bar({ group, index }) {
  const done = Math.max(0, Math.min(group.count, index + 1 - group.first));
  const here = index >= group.first && index < group.first + group.count;
  const at = (/** @type {number} */ share) => `${(100 * share).toFixed(2)}%`;
  return html`<i class="fold" data-first=${group.first} data-count=${group.count} data-tick=${group.first}><span class="d" style=${{ width: at(done / group.count) }}></span>${here ? html`<span class="c" style=${{ left: at((index - group.first + 0.5) / group.count) }}></span>` : null}</i>`;
}

/**
 * The wheel turns micro-steps; the listener must not be passive, so that the page stays where it is.
 * @param {{current: HTMLElement | null}} bar
 * @param {number} index
 * @param {boolean} disabled
 * @param {any} actions
 */
function useWheel(bar, index, disabled, actions) {
  const state = useRef({ index, disabled, rest: 0 });
  state.current.index = index;
  state.current.disabled = disabled;
  useEffect(() => {
    const element = bar.current;
    const turn = (/** @type {WheelEvent} */ event) => {
      if (event.ctrlKey || state.current.disabled) return;
      event.preventDefault();
      state.current.rest += event.deltaY + event.deltaX;
      const steps = Math.trunc(state.current.rest / WHEEL);
      if (steps === 0) return;
      state.current.rest -= steps * WHEEL;
      actions.goTo(state.current.index + Math.sign(steps));
    };
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, []);
}
