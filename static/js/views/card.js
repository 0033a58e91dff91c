// @ts-check
/** The card that hover and focus show: full precision, where a number came from, and what it becomes. */
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import htm from "htm";
import { formatGiven, formatNumber } from "../lib/format.js";
import { parseRef } from "../lib/refs.js";
import { htmlSymbol } from "../lib/symbols.js";
import { biasUnit, isDropped, isFixedBias, producerOf } from "./diagram_scene.js";
/**
 * @typedef {import("./diagram_scene.js").Scene} Scene
 * @typedef {import("./diagram_scene.js").Translate} Translate
 * @typedef {{label: any, ref: string, tone?: string, always?: boolean}} Row
 */

const html = htm.bind(h);
const DECIMALS = 8;
const GAP = 10;

/**
 * The quantities a card lists for an element.
 * @param {Scene} scene
 * @param {string} element
 * @param {Translate} t
 * @returns {Row[]}
 */
function rows(scene, element, t) {
  const { kind, at } = parseRef(element);
  const place = at.join(".");
  if (kind === "w" || kind === "b") {
    if (isFixedBias(scene.session, element)) return [{ label: t("diagram.card.value"), ref: element }];
    const gradient = scene.gradientRef(element);
    const [layer = 0, from = 0, to = 0] = at;
    const product = (/** @type {string} */ left, /** @type {string} */ right) => html`${htmlSymbol(scene.symbolOf(left))} × ${htmlSymbol(scene.symbolOf(right))}`;
    // Products and contributions are numbers of their own only where micro-steps are single terms.
    const terms = kind === "b" ? [] : [
      { label: product(element, `a.${layer - 1}.${from}`), ref: `p.${layer}.${from}.${to}`, tone: "f" },
      { label: product(`d.${layer}.${to}`, element), ref: `c.${layer - 1}.${from}.${to}`, tone: "g" },
    ].filter(({ ref }) => scene.known(ref));
    return [
      { label: t("diagram.card.value"), ref: element },
      ...terms,
      { label: htmlSymbol(scene.symbolOf(gradient)), ref: gradient, tone: "g" },
      { label: t("diagram.card.next"), ref: `n${element}`, tone: "u", always: true },
    ];
  }
  if (kind === "e") {
    const target = `t.${at[0] ?? 0}`;
    const parts = at.length > 0 || scene.session.network.layers[scene.session.network.layers.length - 1]?.units === 1;
    return [
      { label: htmlSymbol(scene.symbolOf(element)), ref: element },
      ...(parts ? [{ label: htmlSymbol(scene.symbolOf(target)), ref: target }] : []),
      ...((scene.trace?.batch.length ?? 1) > 1 && element === "e" ? [{ label: t("diagram.card.batch"), ref: "eb" }] : []),
      ...(element === "e" && (scene.trace?.penalties?.length ?? 0) > 0 ? [
        ...(scene.trace?.penalties ?? []).map(({ name }) => ({ label: html`${t("regularization.penalty")} ${htmlSymbol(scene.symbolOf(`pen.${name}`))}`, ref: `pen.${name}` })),
        { label: html`${t("regularization.objective")} ${htmlSymbol(scene.symbolOf("obj"))}`, ref: "obj" },
      ] : []),
    ];
  }
  if (at[0] === 0) return [{ label: t("diagram.card.value"), ref: element }];
  return [
    { label: t("diagram.card.net_input"), ref: `z.${place}` },
    { label: htmlSymbol(scene.symbolOf(`f.${place}`)), ref: `f.${place}` },
    { label: t("diagram.card.activation"), ref: `a.${place}` },
    { label: htmlSymbol(scene.symbolOf(`up.${place}`)), ref: `up.${place}`, tone: "g" },
    { label: htmlSymbol(scene.symbolOf(`loc.${place}`)), ref: `loc.${place}`, tone: "g" },
    { label: htmlSymbol(scene.symbolOf(`d.${place}`)), ref: `d.${place}`, tone: "g" },
  ].filter(({ ref }) => scene.known(ref) || ref.startsWith("z.") || ref.startsWith("a."));
}

/**
 * @param {Scene} scene
 * @param {string} element
 * @param {Translate} t
 */
function heading(scene, element, t) {
  const { kind, at } = parseRef(element);
  if (kind === "bias") return [t("diagram.card.unit"), null];
  const symbol = htmlSymbol(scene.symbolOf(element));
  const [layer = 0, first = 0, second = first] = at;
  if (kind === "w") {
    const from = htmlSymbol(scene.symbolOf(`a.${layer - 1}.${first}`));
    return [html`${t("diagram.card.weight")} ${symbol}`, html`${from} → ${htmlSymbol(scene.symbolOf(`a.${layer}.${second}`))}`];
  }
  if (kind === "b") return [html`${t("diagram.card.bias")} ${symbol}`, html`→ ${htmlSymbol(scene.symbolOf(`a.${layer}.${first}`))}`];
  if (kind === "e") return [html`${t("diagram.card.loss")} ${symbol}`, null];
  if (layer === 0) return [html`${t("diagram.card.input")} ${symbol}`, null];
  return [html`${t("diagram.card.neuron")} ${symbol}`, scene.session.network.layers[layer - 1]?.activation ?? null];
}

/**
 * Where the present value came from, in one sentence.
 * @param {Scene} scene
 * @param {string} element
 * @param {Translate} t
 */
function origin(scene, element, t) {
  const { kind, at } = parseRef(element);
  if (kind === "bias") return t("diagram.card.from.unit");
  if (kind === "w" || kind === "b") {
    if (isFixedBias(scene.session, element)) return t("diagram.card.from.fixed");
    return (scene.trace?.step ?? scene.session.step) === 0 ? t("diagram.card.from.start") : t("diagram.card.from.update", { count: scene.trace?.step ?? scene.session.step });
  }
  if (kind === "a" && at[0] === 0) return t("diagram.card.from.data", { number: (scene.trace?.sample ?? 0) + 1 });
  const made = scene.producer(element) ?? scene.producer("e.0");
  return made === null ? "" : t("diagram.card.from.step", { number: made + 1 });
}

/**
 * @param {{scene: Scene, element: string, anchor: DOMRect, t: Translate, actions: any, onEdit: (ref: string) => void, onEnter: () => void, onLeave: () => void, touch: boolean}} props
 */
export function Card({ scene, element, anchor, t, actions, onEdit, onEnter, onLeave, touch }) {
  const holder = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const card = holder.current;
    if (!card) return;
    // Beside the thing it describes, never over it.
    const { width, height } = card.getBoundingClientRect();
    const fits = (/** @type {number} */ x, /** @type {number} */ y) => x >= 4 && y >= 4 && x + width <= innerWidth - 4 && y + height <= innerHeight - 4;
    const middle = Math.max(4, Math.min(innerHeight - height - 4, anchor.top + anchor.height / 2 - height / 2));
    const centre = Math.max(4, Math.min(innerWidth - width - 4, anchor.left + anchor.width / 2 - width / 2));
    /** @type {[number, number][]} */
    const places = [[anchor.right + GAP, middle], [anchor.left - width - GAP, middle], [centre, anchor.bottom + GAP], [centre, anchor.top - height - GAP]];
    const [x, y] = places.find(([left, top]) => fits(left, top)) ?? [centre, Math.min(innerHeight - height - 4, anchor.bottom + GAP)];
    card.style.left = `${Math.round(x)}px`;
    card.style.top = `${Math.round(y)}px`;
  });
  const [title, aside] = heading(scene, element, t);
  const { kind, at } = parseRef(element);
  const parameter = (kind === "w" || kind === "b") && !isFixedBias(scene.session, element);
  const frozen = parameter && scene.frozen(element);
  return html`<div class="tip" ref=${holder} role="tooltip" id="diagram-card" onPointerEnter=${onEnter} onPointerLeave=${onLeave}>
    <p class="tiph"><b>${title}</b><span>${aside}</span></p>
    <table><tbody>${kind === "bias" ? html`<tr><th scope="row">${t("diagram.card.value")}</th><td>${biasUnit(scene.session, at[0] ?? 1)}</td></tr>` : rows(scene, element, t).map(({ label, ref, tone, always }) => {
      const { value, kind: reason } = scene.read(ref);
      const visible = (always || scene.known(ref)) && value !== undefined;
      const given = ref.startsWith("t.") || ref.startsWith("a.0.");
      return html`<tr key=${ref}><th scope="row">${label}</th><td class=${tone ?? ""}>${!visible ? "·" : given ? formatGiven(value, DECIMALS, reason) : formatNumber(value, DECIMALS, reason)}</td></tr>`;
    })}</tbody></table>
    <p class="from">${origin(scene, element, t)}</p>
    ${frozen ? html`<p class="from">${t("diagram.card.frozen")}</p>` : null}
    ${isDropped(scene, element) ? html`<p class="from">${t("regularization.droppedName")}</p>` : null}
    <div class="kh">
      ${parameter ? html`<button type="button" class="btn" onClick=${() => onEdit(element)}>${touch ? null : html`<kbd>↵</kbd>`}${t("diagram.card.edit")}</button>
        <button type="button" class="btn" aria-pressed=${String(frozen)} onClick=${() => actions.freezeParameter(element, !frozen)}>${t(frozen ? "diagram.card.unfreeze" : "diagram.card.freeze")}</button>` : null}
      ${producerOf(scene, element) !== null ? html`<button type="button" class="btn" onClick=${() => actions.goTo(producerOf(scene, element))}>${touch ? null : html`<kbd>G</kbd>`}${t("diagram.card.go")}</button>` : null}
    </div>
  </div>`;
}
