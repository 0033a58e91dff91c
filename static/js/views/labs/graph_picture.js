// @ts-check
/** The graph of gates: value over every wire, gradient under it; values are dragged where they stand. */
import { h } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import htm from "htm";
import { snapped, stepOf } from "../../lib/dragging.js";
import { COPY_RADIUS, RADIUS, layoutGraph } from "../../lib/graph_layout.js";
import { HIDDEN } from "../../lib/format.js";
import { knownAt } from "../../lib/known.js";
import { litWith } from "../../lib/refs.js";
import { shortNumber } from "../../lib/short_number.js";
import { plainSymbol, svgSymbol } from "../../lib/symbols.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
/** What stands in a gate. @type {Record<string, string>} */
export const GLYPHS = {
  add: "+", subtract: "−", multiply: "×", divide: "÷", power: "xʸ", negate: "−x", exp: "exp", log: "ln", sin: "sin", cos: "cos", tanh: "tanh", sigmoid: "σ", relu: "ReLU", abs: "|x|", sqrt: "√", step: "step", max: "max", min: "min",
};
/** Gates whose inputs cannot change places. */
const ORDERED = new Set(["subtract", "divide", "power"]);
/** Smaller than that the picture is scrolled instead: 15 px would be less than 12. */
const SMALLEST = 0.8;
const LARGEST = 1.3;
const DECIMALS = 4;
/** Pixels of the pointer for one step of a value. */
const PIXELS = 3;

/** @param {LabProps} props */
export function GraphPicture(props) {
  const { reply, request, step, index, microsteps, variant, view, t, actions } = props;
  const down = variant === "small";
  const shape = JSON.stringify([reply.nodes.map((/** @type {any} */ node) => [node.id, node.gate, node.inputs, node.outputs, node.base, node.sub]), down]);
  const laid = useMemo(() => layoutGraph(reply.nodes, reply.wires, down), [shape]);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const room = useRoom(box);
  const fit = Math.min(room.width / laid.width, down ? Infinity : room.height / laid.height, LARGEST);
  const scale = view.fit ? fit : Math.max(fit, down ? 0.92 : SMALLEST);
  const known = useMemo(() => knownAt(microsteps, index), [microsteps, index]);
  const focus = new Set(step?.focus ?? []);
  const nodes = new Map(reply.nodes.map((/** @type {any} */ node) => [node.id, node]));
  useEffect(() => {
    const frame = box.current;
    const at = laid.nodes.get(step?.group[0] ?? "");
    if (!frame || !at) return;
    // What is told is in sight.
    const [x, y] = [at.x * scale, at.y * scale];
    if (x < frame.scrollLeft + 90 || x > frame.scrollLeft + frame.clientWidth - 90) frame.scrollLeft = x - frame.clientWidth / 2;
    if (y < frame.scrollTop + 60 || y > frame.scrollTop + frame.clientHeight - 60) frame.scrollTop = y - frame.clientHeight / 2;
  }, [step?.id, laid, scale]);
  /** @type {WireContext} */
  const context = { ...props, laid, known, focus, nodes };
  const active = step?.phase === "backward" ? "back" : "fwd";
  return html`<div class="ggraph ${down ? "down" : ""}" ref=${box} tabindex="-1">
    <svg class="net gg" width=${Math.ceil(laid.width * scale)} height=${Math.ceil(laid.height * scale)} viewBox=${`0 0 ${laid.width} ${laid.height}`} role="group" aria-label=${t("graph.picture", { output: reply.output })}>
      ${[...laid.groups].map(([id, frame]) => html`<g class="gpart" key=${id}><rect x=${frame.x - frame.w / 2} y=${frame.y - frame.h / 2} width=${frame.w} height=${frame.h} rx="6" />
        <${FoldButton} id=${id} x=${frame.x + frame.w / 2 - 13} y=${frame.y - frame.h / 2 + 13} open=${true} request=${request} name=${id} t=${t} actions=${actions} /></g>`)}
      ${reply.wires.map((/** @type {any} */ wire) => html`<${WireLine} key=${wire.id} wire=${wire} active=${active} ...${context} />`)}
      ${reply.nodes.map((/** @type {any} */ node) => html`<${NodeBox} key=${node.id} node=${node} active=${active} ...${context} />`)}
      ${reply.wires.map((/** @type {any} */ wire, /** @type {number} */ at) => html`<${WireLabel} key=${wire.id} wire=${wire} at=${at} active=${active} ...${context} />`)}
    </svg></div>`;
}

/** @typedef {LabProps & {laid: import("../../lib/graph_layout.js").Layout, known: (ref: string) => string, focus: Set<string>, nodes: Map<string, any>}} WireContext */

/** The room of an element. @param {{current: HTMLElement | null}} box */
function useRoom(box) {
  const [room, setRoom] = useState({ width: 760, height: 400 });
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) setRoom({ width: element.clientWidth - 2, height: element.clientHeight - 2 });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return room;
}

/**
 * Whether a wire's value is there: what computed it has been told.
 * @param {any} wire
 * @param {WireContext} context
 */
export function valueState(wire, { nodes, known }) {
  const source = nodes.get(wire.source);
  return source.kind === "variable" || source.kind === "constant" ? "given" : known(source.id);
}

/** @param {WireContext & {wire: any, active: string}} context */
function WireLine(context) {
  const { wire, laid, known, focus, step, hover, active, nodes } = context;
  const way = laid.wires.get(wire.id);
  if (!way) return null;
  const gate = step?.group[0] ?? "";
  // The wires of the gate that is told: those that it reads forward, those that it sends back on.
  const told = active === "back" ? (wire.target === gate || wire.source === gate) && wire.differentiated : wire.target === gate || wire.source === gate;
  const there = valueState(wire, context) !== "ahead";
  const state = told && step ? `on ${active}` : there ? "done" : "idle";
  const lit = litWith(wire.id, hover) || litWith(`g${wire.id}`, hover) || litWith(`l${wire.id}`, hover);
  const now = active === "back" ? known(`g${wire.id}`) === "now" || known(`l${wire.id}`) === "now" : valueState(wire, context) === "now" || wire.target === gate;
  void nodes;
  void focus;
  return html`<g class="gw ${state} ${lit ? "lit" : ""}"><path class="gline" d=${way.path} />
    ${told && step && now ? way.marks.map((mark) => html`<path class="gmark" transform=${`translate(${mark.x.toFixed(1)} ${mark.y.toFixed(1)}) rotate(${(mark.angle + (active === "back" ? 180 : 0)).toFixed(1)})`} d="M-3 -3.4 2.4 0-3 3.4" />`) : null}</g>`;
}

/** @param {WireContext & {wire: any, at: number, active: string}} context */
function WireLabel(context) {
  const { wire, at, laid, known, reply, hover, symbolOf, hiding, hidden, t, actions } = context;
  const way = laid.wires.get(wire.id);
  if (!way) return null;
  const { x, y } = way.label;
  const reason = (/** @type {string} */ field) => reply.nonfinite[`/wires/${at}/${field}`] ?? (hiding ? "hidden" : null);
  const state = valueState(wire, context);
  const source = context.nodes.get(wire.source);
  // The reader's own numbers are no secret, whatever is hidden that equals them.
  const own = state === "given" ? givenValue(source, context) : null;
  const value = own ?? (hidden.has(source.id) ? HIDDEN : shortNumber(wire.value, DECIMALS, reason("value")));
  const ref = `g${wire.id}`;
  const back = wire.differentiated ? known(ref) : "none";
  const gradient = back === "ahead" ? "·" : hidden.has(ref) ? HIDDEN : shortNumber(wire.gradient, DECIMALS, reason("gradient"));
  const name = plainSymbol(symbolOf(source.kind === "copy" ? wire.id : wire.source));
  const width = Math.max(34, gradient.length * 7.4 + 22);
  return html`<g class="gl">
    <g class="gv ${state} ${litWith(wire.source, hover) ? "lit" : ""}" data-ref=${wire.source} onPointerEnter=${() => actions.hover(wire.source)} onPointerLeave=${() => actions.hover(null)} onClick=${() => actions.goToRef(wire.source)}>
      <rect x=${x - 35} y=${y - 22} width="70" height="18" /><text class="t15" x=${x} y=${y - 7}>${state === "ahead" ? "·" : value}</text><title>${state === "ahead" ? t("graph.value.ahead", { name }) : `${name} = ${value}`}</title></g>
    ${back === "none" ? null : html`<g class="gc ${back === "now" ? "focus" : back === "ahead" ? "wait" : ""} ${litWith(ref, hover) ? "lit" : ""}" data-ref=${ref} onPointerEnter=${() => actions.hover(ref)} onPointerLeave=${() => actions.hover(null)} onClick=${() => actions.goToRef(ref)}>
      <rect x=${x - width / 2} y=${y + 5} width=${width} height="18" rx="2" /><text class="t13" x=${x} y=${y + 18.5}>${back === "ahead" ? "·" : html`<tspan class="pa">∂</tspan> ${gradient}`}</text><title>${back === "ahead" ? t("graph.gradient.ahead", { name }) : `${plainSymbol(symbolOf(ref))} = ${gradient}`}</title></g>`}
  </g>`;
}

/**
 * A number that the reader gave.
 * @param {any} node
 * @param {LabProps} props
 */
export function givenValue(node, { request }) {
  if (node.kind === "variable") return shortNumber(request.values?.[node.name], DECIMALS);
  if (node.kind === "constant" && node.span && !node.part_of) return request.expression.slice(node.span[0], node.span[1]);
  return null;
}

/** @param {WireContext & {node: any, active: string}} context */
function NodeBox(context) {
  const { node, laid, known, step, hover, symbolOf, request, active, t, actions } = context;
  const box = laid.nodes.get(node.id);
  if (!box) return null;
  const gate = step?.group[0] === node.id;
  const lit = litWith(node.id, hover) || hover?.startsWith(`l${node.id}`) ? "lit" : "";
  const ring = gate ? `now ${active === "back" ? "path" : "fwdf"}` : "";
  const over = { onPointerEnter: () => actions.hover(node.id), onPointerLeave: () => actions.hover(null), "data-ref": node.id };
  if (node.kind === "variable" || node.kind === "constant") return html`<${GivenBox} ...${context} box=${box} />`;
  if (node.kind === "output") {
    const state = known("out");
    const value = context.hidden.has("out") ? HIDDEN : shortNumber(context.reply.value, DECIMALS, context.reply.nonfinite["/value"] ?? (context.hiding ? "hidden" : null));
    return html`<g class="node output ${ring} ${lit}" ...${over}><rect x=${box.x - box.w / 2} y=${box.y - box.h / 2} width=${box.w} height=${box.h} rx="2" />
      <text class="nm small" x=${box.x} y=${box.y - 6}>${svgSymbol(node)}</text><text class="av t16" x=${box.x} y=${box.y + 14}>${state === "ahead" ? "·" : value}</text></g>`;
  }
  const waiting = known(node.id) === "ahead";
  const label = t("graph.node", { name: plainSymbol(symbolOf(node.id)), gate: t(`graph.gate.${node.gate}`), value: waiting ? "·" : context.hidden.has(node.id) ? HIDDEN : shortNumber(node.value, DECIMALS, "hidden") });
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    actions.goToRef(node.id);
  };
  if (node.kind === "copy") {
    return html`<g class="node copy ${waiting ? "idle" : ""} ${ring} ${lit}" tabindex="0" role="button" aria-label=${label} onClick=${() => actions.goToRef(node.id)} onKeyDown=${press} ...${over}>
      <circle class="sel" cx=${box.x} cy=${box.y} r=${COPY_RADIUS} /><path class="fork" transform=${`translate(${box.x} ${box.y})${laid.nodes.size > 0 && context.variant === "small" ? " rotate(90)" : ""}`} d="M-7 0H-1L5 -5M-1 0L5 5M2.4 -5.2H5.4V-2.2M2.4 5.2H5.4V2.2" />
      <text class="nm small gname" x=${box.x} y=${box.y - COPY_RADIUS - 6}>${svgSymbol(node)}</text></g>`;
  }
  const glyph = GLYPHS[node.gate] ?? node.gate;
  return html`<g class="node gate ${waiting ? "idle" : ""} ${ring} ${lit}" tabindex="0" role="button" aria-label=${label} onClick=${() => actions.goToRef(node.id)} onKeyDown=${press} ...${over}>
      <circle class="sel" cx=${box.x} cy=${box.y} r=${RADIUS} />
      <text class="glyph ${glyph.length > 2 ? "long" : ""}" x=${box.x} y=${box.y + (glyph.length > 2 ? 5 : 7)}>${glyph}</text>
      <text class="nm small gname" x=${box.x} y=${box.y - RADIUS - 6}>${svgSymbol(node)}</text>
      ${ORDERED.has(node.gate) ? node.inputs.map((/** @type {string} */ id, /** @type {number} */ slot) => {
        const end = laid.wires.get(id)?.end;
        return end ? html`<text class="slot" x=${end.x + (context.variant === "small" ? 0 : 8)} y=${end.y + (context.variant === "small" ? 12 : 4)}>${slot + 1}</text>` : null;
      }) : null}</g>
    ${node.foldable ? html`<${FoldButton} id=${node.id} x=${box.x + RADIUS - 3} y=${box.y + RADIUS - 3} open=${false} request=${request} name=${node.id} t=${t} actions=${actions} />` : null}`;
}

/**
 * A variable or a constant: dragged sideways, or moved by arrow keys; Enter goes to its field.
 * @param {WireContext & {node: any, box: import("../../lib/graph_layout.js").Box}} context
 */
function GivenBox(context) {
  const { node, box, hover, request, disabled, symbolOf, t, actions } = context;
  const begun = useRef(/** @type {{x: number, value: number, step: number, moved: boolean} | null} */ (null));
  const constant = node.kind === "constant";
  const fixed = constant && (!node.span || node.part_of !== "");
  const text = givenValue(node, context) ?? shortNumber(node.value, DECIMALS);
  const value = constant ? Number(text) : request.values[node.name];
  const patch = (/** @type {number} */ next) => {
    if (!constant) return { values: { ...request.values, [node.name]: next } };
    // A number of the expression is written anew where it stands; a sign would be another gate.
    const [first, end] = node.span;
    return { expression: request.expression.slice(0, first) + String(Math.abs(next)) + request.expression.slice(end), unfolded: request.unfolded };
  };
  const name = constant ? text : plainSymbol(symbolOf(node.id));
  /** @type {Record<string, any>} */
  const handles = fixed || disabled ? {} : {
    tabindex: 0, role: "slider", "aria-label": constant ? t("graph.constant", { value: text }) : name, "aria-valuenow": value, "aria-valuetext": t("graph.slider", { name, value: text }),
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
      begun.current = { x: event.clientX, value, step: stepOf(value), moved: false };
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      const start = begun.current;
      if (!start) return;
      const steps = Math.trunc((event.clientX - start.x) / PIXELS);
      if (steps === 0 && !start.moved) return;
      start.moved = true;
      const next = snapped(start.value + steps * start.step, start.step);
      if (next !== value) actions.drag(patch(constant ? Math.max(0, next) : next));
    },
    onPointerUp: () => {
      if (begun.current?.moved) actions.drop("value");
      begun.current = null;
    },
    onPointerCancel: () => {
      begun.current = null;
      actions.drop("value");
    },
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      const way = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (event.key === "Enter" && !constant) {
        event.preventDefault();
        /** @type {HTMLElement | null} */ (document.getElementById(`field-values-${node.name}`))?.focus();
      }
      if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const size = stepOf(value) * (event.shiftKey ? 10 : 1);
      const next = snapped(value + way * size, stepOf(value));
      actions.change(patch(constant ? Math.max(0, next) : next), { deed: "value" });
    },
  };
  return html`<g class="node given ${node.kind} ${litWith(node.id, hover) ? "lit" : ""} ${fixed ? "fixed" : ""}" data-ref=${node.id} ...${handles} onPointerEnter=${() => actions.hover(node.id)} onPointerLeave=${() => actions.hover(null)}>
    <rect x=${box.x - box.w / 2} y=${box.y - box.h / 2} width=${box.w} height=${box.h} rx="2" />
    ${constant ? html`<text class="av t15" x=${box.x} y=${box.y + 5}>${text}</text>`
      : html`<text class="nm" data-anchor="start" x=${box.x - box.w / 2 + 10} y=${box.y + 5}>${svgSymbol(node)}</text><text class="av t15" data-anchor="end" x=${box.x + box.w / 2 - 10} y=${box.y + 5}>${text}</text>`}
    ${fixed || disabled ? null : html`<path class="grip" d=${`M${box.x - 7} ${box.y + box.h / 2 - 3.5}H${box.x + 7}`} />`}</g>`;
}

/**
 * Shows a gate as its parts, or the parts as the gate.
 * @param {{id: string, x: number, y: number, open: boolean, name: string} & Pick<LabProps, "request" | "t" | "actions">} props
 */
function FoldButton({ id, x, y, open, request, name, t, actions }) {
  const act = () => actions.change({ unfolded: open ? request.unfolded.filter((/** @type {string} */ one) => one !== id) : [...request.unfolded, id] }, { deed: "fold" });
  const label = t(open ? "graph.fold" : "graph.unfold", { name: name.replace(".", " ") });
  return html`<g class="gfold" tabindex="0" role="button" aria-label=${label} aria-expanded=${String(open)} onClick=${(/** @type {Event} */ event) => {
      event.stopPropagation();
      act();
    }} onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act();
    }}><title>${label}</title><circle class="aim" cx=${x} cy=${y} r="14" /><circle cx=${x} cy=${y} r="9" /><path d=${`M${x - 4} ${y}H${x + 4}${open ? "" : `M${x} ${y - 4}V${y + 4}`}`} /></g>`;
}
