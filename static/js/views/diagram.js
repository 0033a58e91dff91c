// @ts-check
/** The network diagram: every number of the step where it lives, focusable, editable, lit together with the equation. */
import { h } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { layoutNetwork } from "../lib/layout.js";
import { parseRef } from "../lib/refs.js";
import { Editor } from "./diagram_editor.js";
import { Legend, StageHead } from "./diagram_head.js";
import { planLabels, wireLabels } from "./diagram_labels.js";
import { makeFlow } from "./diagram_live.js";
import { badges, deltaChips, gaugeScale, nodes } from "./diagram_nodes.js";
import { elementName, isFixedBias, makeScene, producerOf, wireValue } from "./diagram_scene.js";
import { edges, gradientChips, lanes, links, weightLabels } from "./diagram_wires.js";
import { Quiet, lazy } from "./lazy.js";
/**
 * @typedef {import("./diagram_scene.js").Scene} Scene
 * @typedef {import("../lib/layout_parts.js").Layout} Layout
 * @typedef {{element: string, touch: boolean}} Shown
 */

const html = htm.bind(h);
const Card = lazy(async () => (await import("./card.js")).Card, Quiet);
const HOVER_DELAY = 250;
const LEAVE_DELAY = 160;
const LARGEST = { width: 1124, height: 520 };
/** Margin of the small variant, which has its row names at the edge. */
const SIDE = 16;
const SMALLEST = { width: 300, height: 200 };

/**
 * The size of the room for the diagram, followed as it changes.
 * @param {import("preact").RefObject<HTMLElement | null>} holder
 */
function useRoom(holder) {
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const measure = () => {
      const width = Math.floor(element.clientWidth);
      const height = Math.floor(element.clientHeight);
      setRoom((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return room;
}

/**
 * @param {{session: any, trace: any, microsteps: any, index: number, hover: string | null, selected: string | null, decimals: number,
 *   variant: "wide" | "mid" | "small", playing: boolean, sample?: number, lang?: string, lights?: string[] | null,
 *   live?: import("./diagram_live.js").Frames | null, t: import("./diagram_scene.js").Translate, actions: any}} props `live`: the frames while training runs
 */
export function Diagram({ session, trace, microsteps, index, hover, selected, decimals, variant, playing, sample = 0, lang, lights = null, live = null, t, actions }) {
  const canvas = useRef(/** @type {HTMLElement | null} */ (null));
  const room = useRoom(canvas);
  const [gradients, setGradients] = useState(true);
  const [shown, setShown] = useState(/** @type {Shown | null} */ (null));
  const [editing, setEditing] = useState(/** @type {string | null} */ (null));
  const [roving, setRoving] = useState("a.0.0");
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const language = lang ?? document.documentElement.lang.slice(0, 2);
  const scene = useMemo(() => makeScene({ session, trace, microsteps, index, decimals, sample, lights }), [session, trace, microsteps, index, decimals, sample, lights]);
  const sizes = [session.network.inputs, ...session.network.layers.map((/** @type {{units: number}} */ layer) => layer.units)];
  const biases = session.network.layers.map((/** @type {{bias: {mode: "trained" | "fixed" | "absent"}}} */ layer) => layer.bias.mode);
  const width = Math.max(SMALLEST.width, Math.min(room.width - (variant === "small" ? 2 * SIDE : 0), LARGEST.width));
  const height = Math.max(SMALLEST.height, Math.min(room.height, LARGEST.height));
  const shapeKey = `${sizes.join()}|${biases.join()}|${width}|${variant === "small" ? 0 : height}|${variant}`;
  const layout = useMemo(() => layoutNetwork({ sizes, biases }, width, height, variant), [shapeKey]);
  const widths = layout.wires.length > 24 ? "" : layout.wires.map((wire) => formatNumber(wireValue(scene, wire.ref).value, decimals).length).join();
  const plan = useMemo(() => planLabels(scene, layout, gradients), [layout, gradients, decimals, widths, session.elements, session.frozen]);
  const lit = scene.host(hover);
  const order = useMemo(() => dataOrder(layout), [layout]);
  const roved = order.includes(roving) ? roving : order[0] ?? "";
  const { labels, chips } = wireLabels(scene, layout, plan, gradients, lit ?? selected);

  /** @param {string} element */
  const target = (element) => canvas.current?.querySelector(`[tabindex][data-ref="${element}"]`) ?? null;
  const hide = () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setShown(null), LEAVE_DELAY);
  };
  /** @param {string} element @param {number} delay @param {boolean} touch */
  const show = (element, delay, touch) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setShown({ element, touch }), delay);
  };
  /** @param {string} element */
  const edit = (element) => {
    const { kind } = parseRef(element);
    if ((kind !== "w" && kind !== "b") || isFixedBias(session, element) || live) return false;
    clearTimeout(timer.current);
    setShown(null);
    setEditing(element);
    return true;
  };
  /** @param {string} ref */
  const go = (ref) => {
    const step = producerOf(scene, ref);
    if (step !== null) actions.goTo(step);
  };
  /** For wires and chips, which only the pointer reaches. @param {string} ref @returns {Record<string, any>} */
  const pointers = (ref) => {
    const element = scene.host(ref) ?? ref;
    return {
      onPointerEnter: (/** @type {PointerEvent} */ event) => {
        if (event.pointerType === "touch") return;
        actions.hover(ref);
        show(element, HOVER_DELAY, false);
      },
      onPointerLeave: () => {
        actions.hover(null);
        hide();
      },
      onClick: (/** @type {PointerEvent} */ event) => {
        actions.select(element);
        const again = shown?.element === element;
        if (event.pointerType === "touch" && !again) {
          actions.hover(ref);
          show(element, 0, true);
        } else edit(element);
      },
    };
  };
  /**
   * For nodes and labels, which the keyboard reaches as well. Not for others: an SVG element that listens to focus
   * takes part in the order of Tab.
   * @param {string} ref @returns {Record<string, any>}
   */
  const handlers = (ref) => {
    const element = scene.host(ref) ?? ref;
    return {
      ...pointers(ref),
      onFocus: (/** @type {FocusEvent} */ event) => {
        setRoving(element);
        if (!(/** @type {Element} */ (event.currentTarget)).matches(":focus-visible")) return;
        actions.hover(ref);
        show(element, 0, false);
      },
      onBlur: () => {
        actions.hover(null);
        hide();
      },
    };
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const element = /** @type {HTMLElement} */ (event.target).closest("[data-ref]")?.getAttribute("data-ref");
    if (!element || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (move) {
      const next = order[(order.indexOf(element) + move + order.length) % order.length] ?? element;
      setRoving(next);
      /** @type {HTMLElement | null} */ (target(next))?.focus();
    } else if (event.key === "Enter") {
      if (!edit(element)) actions.select(element);
    } else if (event.key === "g" || event.key === "G") go(element);
    else if (event.key === "Escape" && shown) {
      clearTimeout(timer.current);
      setShown(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const flow = useMemo(() => (live ? makeFlow(live, scene, layout) : null), [live, scene, layout]);
  const touch = { lit: lit ?? selected, roving: roved, handlers, pointers, t, flow };
  const box = editing ? labels.find((label) => label.ref === editing)?.box ?? middleOf(layout, editing) : null;
  // A card's numbers would be those of the step at which the run began.
  const anchor = shown && !editing && !live ? anchorOf(target(shown.element), canvas.current?.querySelector(`.gc[data-wire="${shown.element}"]`) ?? null) : undefined;
  const fits = variant === "small" || room.height >= height;
  const pixels = { width, height: layout.height };
  const last = sizes.length - 1;

  return html`<section class="stage" id="stage" data-picture="network" aria-label=${t("diagram.region")}>
    <${StageHead} ...${{ scene, microsteps, gradients, setGradients, decimals, lang: language, running: live !== null, t, actions }} />
    <div class="canvas ${variant}" ref=${canvas}>
      ${room.width > 0 ? html`<div class="netbox" style=${{ width: `${width}px`, height: fits ? `${layout.height}px` : "100%" }}>
        <svg class="net ${layout.vertical ? "vertical" : ""} ${playing ? "playing" : ""}" viewBox="0 0 ${pixels.width} ${pixels.height}" width=${pixels.width} height=${fits ? pixels.height : "100%"}
          role="group" aria-roledescription=${t("diagram.roledescription")} aria-label=${t("diagram.label", { shape: sizes.join("-") })} onKeyDown=${onKeyDown}>
          ${layout.columns.map((column) => html`<text key=${column.layer} class="col" x=${column.x} y=${column.y} data-anchor=${column.anchor}>${columnName(scene, column.layer, last, layout, t)}</text>`)}
          ${edges(scene, layout, touch)}
          ${links(scene, layout)}
          ${lanes(scene, layout)}
          ${nodes(scene, layout, touch)}
          ${layout.more.map(({ x, y, count }) => html`<g class="more" transform="translate(${x} ${y})"><text y="4">${layout.vertical ? "…" : "⋮"} +${count}</text></g>`)}
          ${deltaChips(scene, layout, touch, go, [...labels, ...chips].map(({ box: place }) => place))}
          ${weightLabels(scene, layout, labels, touch)}
          ${gradientChips(chips, touch, go)}
          ${badges(scene, layout)}
        </svg>
        ${editing && box && !live ? html`<${Editor} key=${editing} element=${editing} name=${elementName(scene, editing, t)} value=${scene.read(editing).value} x=${box.x} y=${box.y} width=${width}
          frozen=${scene.frozen(editing)} t=${t} actions=${actions} onClose=${() => {
            const back = editing;
            setEditing(null);
            // Not when another field has been opened meanwhile: it would close again.
            setTimeout(() => canvas.current?.querySelector(".inplace") ?? /** @type {HTMLElement | null} */ (target(back))?.focus(), 0);
          }} />` : null}
        ${shown && anchor ? html`<${Card} scene=${scene} element=${shown.element} anchor=${anchor} t=${t} actions=${actions} touch=${shown.touch} onEdit=${edit}
          onEnter=${() => clearTimeout(timer.current)} onLeave=${hide} />` : null}
      </div>` : null}
    </div>
    <${Legend} t=${t} biases=${biases} dropout=${(scene.trace?.layers ?? []).some((layer) => layer.mask)} />
  </section>`;
}

/**
 * Nodes and wires in the order in which the numbers flow.
 * @param {Layout} layout
 * @returns {string[]}
 */
function dataOrder(layout) {
  const layers = Math.max(...layout.nodes.map((node) => node.layer));
  /** @type {string[]} */
  const order = [];
  for (let layer = 0; layer <= layers; layer += 1) {
    order.push(...layout.wires.filter((wire) => wire.layer === layer).map((wire) => wire.ref));
    order.push(...layout.nodes.filter((node) => node.layer === layer).map((node) => node.ref));
  }
  return order;
}

/**
 * The space a card must leave free: the element, and its gradient chip.
 * @param {Element | null} element
 * @param {Element | null} chip
 * @returns {DOMRect | undefined}
 */
function anchorOf(element, chip) {
  const box = element?.getBoundingClientRect();
  const more = chip?.getBoundingClientRect();
  if (!box || !more) return box;
  const left = Math.min(box.left, more.left);
  const top = Math.min(box.top, more.top);
  return new DOMRect(left, top, Math.max(box.right, more.right) - left, Math.max(box.bottom, more.bottom) - top);
}

/**
 * @param {Layout} layout
 * @param {string} ref
 */
function middleOf(layout, ref) {
  const wire = layout.wires.find((one) => one.ref === ref);
  return wire ? { x: (wire.x1 + wire.x2) / 2, y: (wire.y1 + wire.y2) / 2, w: 70, h: 20 } : null;
}

/**
 * @param {Scene} scene
 * @param {number} layer
 * @param {number} last
 * @param {Layout} layout
 * @param {import("./diagram_scene.js").Translate} t
 */
function columnName(scene, layer, last, layout, t) {
  const short = layout.vertical || layout.clear < 64;
  if (layer > last) return t("diagram.column.loss");
  if (layer === 0) return t(short ? "diagram.column.input.short" : "diagram.column.input");
  const kind = layer === last ? "output" : "hidden";
  if (short) return t(`diagram.column.${kind}.short`, { number: last > 2 && kind === "hidden" ? layer : "" }).trim();
  const activation = t(`diagram.activation.${scene.session.network.layers[layer - 1]?.activation ?? ""}`);
  const { printed } = gaugeScale(scene, layer);
  const name = t(`diagram.column.${kind}`, { number: last > 2 && kind === "hidden" ? layer : "", activation: activation.startsWith("diagram.") ? scene.session.network.layers[layer - 1]?.activation ?? "" : activation });
  return printed === null ? name.replace(/\s+/g, " ") : `${name.replace(/\s+/g, " ")} · ${t("diagram.scale", { value: formatNumber(printed, 2) })}`;
}
