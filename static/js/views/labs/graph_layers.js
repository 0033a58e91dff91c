// @ts-check
/** A network as layers with matrices: the chain of gates with a shape on every wire, and the matrices of the gate that is told. */
import { h } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { HIDDEN, formatNumber } from "../../lib/format.js";
import { knownAt } from "../../lib/known.js";
import { litWith } from "../../lib/refs.js";
import { htmlSymbol, plainSymbol } from "../../lib/symbols.js";
import { Presets } from "../lab_parts.js";
import { Select } from "../setup_fields.js";
import { Tex } from "../tex.js";

/** @typedef {import("../lab.js").LabProps} LabProps */
/** @typedef {{id: string, base: string, sup: string, symbol: string, shape: number[], samples: boolean, values: any, gradient: any, differentiated: boolean, refs: string, gradient_refs: string}} Wire */

const html = htm.bind(h);
/** A larger matrix shows its first rows and columns. */
const MOST = 8;
const DECIMALS = 4;

/** @param {number[]} shape */
const shapeText = (shape) => `(${shape.join(", ")})`;

/** @param {Wire} wire */
const symbolOfWire = (wire) => ({ base: wire.base, sub: "", sup: wire.sup });

/** @param {any} reply @returns {Map<string, Wire & {at: number}>} */
const wiresOf = (reply) => new Map(reply.wires.map((/** @type {Wire} */ wire, /** @type {number} */ at) => [wire.id, { ...wire, at }]));

/** The gate that a micro-step is about: by the matrix that it fills. @param {any} reply @param {any} step */
function gateTold(reply, step) {
  if (!step) return null;
  const matrix = String(step.group[0] ?? "");
  if (step.phase === "backward") return reply.gates.find((/** @type {any} */ gate) => gate.backward.some((/** @type {any} */ one) => `g${one.wire}` === matrix)) ?? null;
  return reply.gates.find((/** @type {any} */ gate) => gate.output === matrix || gate.inner === matrix) ?? null;
}

/** @param {LabProps} props */
export function LayersSetup(props) {
  const { reply, request, presets, disabled, t, actions } = props;
  const { scalar, batch } = reply;
  const options = Array.from({ length: Math.min(batch, 64) }, (_, at) => ({ value: String(at), label: t("graph.sample", { n: at + 1 }) }));
  return html`<${Presets} ...${props} presets=${presets.filter((one) => one.mode === "layers")} />
    <div class="blk"><h2>${t("graph.layers.network")}</h2>
      <dl class="gfacts">${reply.gates.filter((/** @type {any} */ gate) => gate.kind === "affine").map((/** @type {any} */ gate) => html`<div key=${gate.id}><dt>Affine${reply.gates.filter((/** @type {any} */ one) => one.kind === "affine").length > 1 ? ` ${gate.layer}` : ""}</dt><dd>${gate.shapes}</dd></div>`)}
        <div><dt>${t("graph.layers.batch")}</dt><dd>N = ${batch}</dd></div></dl></div>
    <div class="blk"><h2>${t("graph.layers.scalar")}</h2>
      <p class="desc">${t(scalar ? "graph.layers.scalar.note" : "graph.layers.scalar.none")}</p>
      ${scalar ? html`<div class="fld"><span>${t("graph.layers.row")}</span><${Select} id="graph-sample" label=${t("graph.layers.row")} value=${String(request.sample)} options=${options} disabled=${disabled} choose=${(/** @type {string} */ value) => actions.change({ sample: Number(value) }, { deed: "setting" })} /></div>
        <button type="button" class="btn gopen" disabled=${disabled} onClick=${() => actions.openPart("graph", { expression: scalar.expression, values: scalar.values })}>${t("graph.layers.open")}</button>` : null}</div>
    ${reply.source ? html`<div class="blk"><p class="desc">${t("graph.layers.source", { step: reply.source.step + 1 })}</p></div>` : null}
    <p class="apply">${t("graph.layers.foot")}</p>`;
}

/** @param {LabProps} props */
export function LayersStage(props) {
  const { reply, step, index, microsteps, view, t } = props;
  const known = useMemo(() => knownAt(microsteps, index), [microsteps, index]);
  const wires = useMemo(() => wiresOf(reply), [reply]);
  const told = gateTold(reply, step);
  // What was pressed stays until the next micro-step.
  const pressed = view.at === (step?.id ?? null) ? reply.gates.find((/** @type {any} */ gate) => gate.id === view.gate) : null;
  const chosen = pressed ?? told ?? reply.gates[0];
  return html`<${Chain} ...${props} wires=${wires} known=${known} chosen=${chosen} />
    <${Matrices} key=${chosen.id} ...${props} wires=${wires} known=${known} gate=${chosen} told=${told !== null} />
    <ul class="legend glegend"><li><span class="gshape">(2, 3)</span> ${t("graph.legend.shape")}</li><li><span class="gcl">∂</span> ${t("graph.legend.same")}</li></ul>`;
}

/** @typedef {LabProps & {wires: Map<string, Wire & {at: number}>, known: (ref: string) => string}} Context */

/**
 * Whether a matrix is there: its first entry that is told says so.
 * @param {Wire} wire
 * @param {boolean} gradient
 * @param {(ref: string) => string} known
 */
const matrixState = (wire, gradient, known) => known((gradient ? wire.gradient_refs : wire.refs).replace("{row}", "0").replace("{column}", "0"));

/** @param {Context & {chosen: any}} props */
function Chain(props) {
  const { reply, wires, chosen, step, t, actions } = props;
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const frame = row.current;
    const here = /** @type {HTMLElement | null | undefined} */ (frame?.querySelector(".gbox.now"));
    if (!frame || !here) return;
    const left = here.offsetLeft - frame.clientWidth / 2 + here.offsetWidth / 2;
    if (here.offsetLeft < frame.scrollLeft + 40 || here.offsetLeft + here.offsetWidth > frame.scrollLeft + frame.clientWidth - 40) frame.scrollLeft = left;
  }, [chosen?.id]);
  const first = wires.get("X");
  return html`<div class="gchain" ref=${row} tabindex="0" role="group" aria-label=${t("graph.layers.chain")}>
    ${first ? html`<${ChainWire} wire=${first} ...${props} />` : null}
    ${reply.gates.map((/** @type {any} */ gate) => {
      const output = wires.get(gate.output);
      const sides = gate.inputs.slice(1).map((/** @type {string} */ id) => wires.get(id)).filter(Boolean);
      const inner = gate.inner ? wires.get(gate.inner) : null;
      return [html`<div key=${gate.id} class="gbox ${gate.kind} ${chosen.id === gate.id ? "now" : ""}">
          <div class="gsides">${sides.map((/** @type {Wire} */ wire) => html`<${SideWire} key=${wire.id} wire=${wire} ...${props} />`)}</div>
          <button type="button" class="gname" aria-pressed=${String(chosen.id === gate.id)} onClick=${() => actions.setView({ gate: gate.id, at: step?.id ?? null })}><b>${t(`graph.layer.${gate.kind}`)}</b><span>${gateWords(gate, props)}</span></button>
          ${inner ? html`<div class="ginner"><${SideWire} wire=${inner} ...${props} /></div>` : null}</div>`,
        output ? html`<${ChainWire} key=${`${gate.id}-out`} wire=${output} ...${props} />` : null];
    })}</div>`;
}

/** What a gate computes, in words or symbols. @param {any} gate @param {Pick<LabProps, "catalog" | "lang" | "t">} props */
function gateWords(gate, { catalog, lang, t }) {
  if (gate.kind === "affine") return "XW + B";
  if (gate.kind === "mask") return "⊙ M";
  const entry = [...catalog.activations, ...catalog.losses].find((/** @type {any} */ one) => one.name === gate.function);
  const also = catalog.losses.find((/** @type {any} */ one) => one.name === gate.also);
  const name = (/** @type {any} */ one) => (lang === "ko" ? one.label.ko : one.label.en);
  return [entry, also].filter(Boolean).map(name).join(` ${t("graph.layers.with")} `);
}

/** @param {Context & {wire: Wire}} props */
function ChainWire({ wire, known, hover, step, t, actions }) {
  const there = wire.id === "L" ? known("L") : matrixState(wire, false, known);
  const back = wire.differentiated ? (wire.id === "L" ? "before" : matrixState(wire, true, known)) : "none";
  const told = step?.group[0] === wire.id ? "on" : step?.group[0] === `g${wire.id}` ? "on back" : "";
  return html`<div class="gcw ${there === "ahead" ? "idle" : ""} ${told} ${litWith(wire.id, hover) ? "lit" : ""}" data-ref=${wire.id} onPointerEnter=${() => actions.hover(wire.id)} onPointerLeave=${() => actions.hover(null)}>
    <span class="gsym">${htmlSymbol(symbolOfWire(wire))} <span class="gshape">${wire.shape.length ? shapeText(wire.shape) : t("graph.layers.number")}</span></span>
    <span class="garrow" aria-hidden="true"></span>
    ${back === "none" ? html`<span class="ggrad"></span>` : html`<span class="ggrad ${back === "ahead" ? "wait" : ""}">${wire.id === "L" ? "1" : html`<span class="pd">∂</span><i>L</i>/<span class="pd">∂</span>${htmlSymbol(symbolOfWire(wire))} <span class="gshape">${shapeText(wire.shape)}</span>`}</span>`}</div>`;
}

/** @param {Context & {wire: Wire}} props */
function SideWire({ wire, known, hover, step, actions }) {
  const back = wire.differentiated ? matrixState(wire, true, known) : "none";
  const told = step?.group[0] === wire.id ? "on" : step?.group[0] === `g${wire.id}` ? "on back" : "";
  return html`<span class="gside ${told} ${litWith(wire.id, hover) ? "lit" : ""}" data-ref=${wire.id} onPointerEnter=${() => actions.hover(wire.id)} onPointerLeave=${() => actions.hover(null)}>${htmlSymbol(symbolOfWire(wire))} <span class="gshape">${shapeText(wire.shape)}</span>${back === "none" ? null : html`<span class="gdot ${back === "ahead" ? "wait" : ""}" aria-hidden="true">∂</span>`}</span>`;
}

/** @param {Context & {gate: any, told: boolean}} props */
function Matrices(props) {
  const { gate, wires, step, t } = props;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const matrix = step?.group[0] ?? "";
  useEffect(() => {
    const here = /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector(".gid.now"));
    if (box.current && here) box.current.scrollTop = Math.max(0, here.offsetTop - box.current.offsetTop - 8);
  }, [matrix]);
  const get = (/** @type {string} */ id) => /** @type {Wire & {at: number}} */ (wires.get(id));
  const grid = (/** @type {string} */ id, /** @type {boolean} */ gradient, /** @type {boolean} */ turned = false) => html`<${Grid} ...${props} wire=${get(id)} gradient=${gradient} turned=${turned} />`;
  const op = (/** @type {string} */ sign) => html`<span class="gop" aria-hidden="true">${sign}</span>`;
  const [input = "", second = "", third = ""] = gate.inputs;
  const forward = gate.kind === "affine" ? html`${grid(gate.output, false)}${op("=")}${grid(input, false)}${op("·")}${grid(second, false)}${third ? html`${op("+")}${grid(third, false)}` : null}`
    : gate.kind === "activation" ? html`${grid(gate.output, false)}${op("=")}<span class="gfn">f</span>${grid(input, false)}`
    : gate.kind === "mask" ? html`${grid(gate.output, false)}${op("=")}${grid(input, false)}${op("⊙")}${grid(second, false)}`
    : gate.kind === "activation-loss" ? html`${grid(gate.inner, false)}${op("=")}<span class="gfn">f</span>${grid(input, false)}<span class="gcomma">,</span>${grid(second, false)}${op("→")}${grid(gate.output, false)}`
    : html`${grid(input, false)}<span class="gcomma">,</span>${grid(second, false)}${op("→")}${grid(gate.output, false)}`;
  const now = (/** @type {boolean} */ is) => (is ? "now" : "");
  return html`<div class="gmats" ref=${box} tabindex="0" role="group" aria-label=${t("graph.layers.matrices")}>
    <section class="gid fwd ${now(step?.phase !== "backward" && (matrix === gate.output || matrix === gate.inner))}"><h3><${Tex} tex=${gate.forward} /><span class="gshape">${gate.shapes}</span></h3><div class="ggrids">${forward}</div></section>
    ${gate.backward.map((/** @type {any} */ one) => html`<section key=${one.wire} class="gid back ${now(matrix === `g${one.wire}`)}"><h3><${Tex} tex=${`${one.symbol}=${one.formula}`} /><span class="gshape">${one.shapes}</span></h3>
      <div class="ggrids">${grid(one.wire, true)}${op("=")}${factors(gate, one.wire, grid, op)}</div></section>`)}</div>`;
}

/**
 * What a gradient is made of.
 * @param {any} gate
 * @param {string} wire
 * @param {(id: string, gradient: boolean, turned?: boolean) => any} grid
 * @param {(sign: string) => any} op
 */
function factors(gate, wire, grid, op) {
  const [input = "", second = ""] = gate.inputs;
  if (gate.kind === "affine") {
    if (wire === input) return html`${grid(gate.output, true)}${op("·")}${grid(second, false, true)}`;
    if (wire === second) return html`${grid(input, false, true)}${op("·")}${grid(gate.output, true)}`;
    return html`<span class="gfn">Σ₀</span>${grid(gate.output, true)}`;
  }
  if (gate.kind === "activation") return html`${grid(gate.output, true)}${op("⊙")}<span class="gfn">f′</span>${grid(input, false)}`;
  if (gate.kind === "mask") return html`${grid(gate.output, true)}${op("⊙")}${grid(second, false)}`;
  // What stands before the brackets: 1/N, or 2 of a square.
  const formula = gate.backward[0]?.formula ?? "";
  const share = formula.slice(0, Math.max(0, formula.indexOf("\\left(")));
  return html`${share ? html`<span class="gfn"><${Tex} tex=${share} /></span>` : null}<span class="gfn">(</span>${grid(gate.inner || input, false)}${op("−")}${grid(second, false)}<span class="gfn">)</span>`;
}

/** One matrix, or its gradient, or either transposed. @param {Context & {wire: Wire & {at: number}, gradient: boolean, turned: boolean}} props */
function Grid(props) {
  const { wire, gradient, turned, reply, known, hover, step, hiding, hidden, request, actions } = props;
  const field = gradient ? "gradient" : "values";
  const data = wire[field];
  const flat = wire.shape.length < 2;
  /** @type {(number | null)[][]} */
  const rows = wire.shape.length === 0 ? [[data]] : flat ? [data ?? []] : data ?? [];
  const count = rows.length;
  const width = rows[0]?.length ?? 0;
  const [down, across] = turned ? [width, count] : [count, width];
  const template = gradient ? wire.gradient_refs : wire.refs;
  const given = wire.id === "X" || wire.id === "T" || wire.id[0] === "W" || wire.id[0] === "B";
  const own = given && !gradient ? givenOf(wire, request) : null;
  const cell = (/** @type {number} */ i, /** @type {number} */ j) => {
    const [row, column] = turned ? [j, i] : [i, j];
    const ref = template.replace("{row}", String(row)).replace("{column}", String(column));
    const place = wire.shape.length === 0 ? "" : flat ? `/${column}` : `/${row}/${column}`;
    // Of a large network not every entry is told: those go with the first.
    const state = known(ref) === "given" && !(given && !gradient) ? matrixState(wire, gradient, known) : known(ref);
    const value = own ? own[row]?.[column] ?? null : rows[row]?.[column] ?? null;
    const text = state === "ahead" ? "·" : hidden.has(ref) ? HIDDEN : formatNumber(value, own ? shortest(value) : DECIMALS, reply.nonfinite[`/wires/${wire.at}/${field}${place}`] ?? (hiding ? "hidden" : null));
    return html`<td key=${ref} class="${state === "now" && step?.produces.includes(ref) ? "now" : ""} ${step?.uses.includes(ref) ? "used" : ""} ${litWith(ref, hover) ? "lit" : ""} ${typeof value === "number" && value < 0 ? "minus" : ""}" data-ref=${ref} onPointerEnter=${() => actions.hover(ref)} onPointerLeave=${() => actions.hover(null)} onClick=${() => actions.goToRef(ref)}>${text}</td>`;
  };
  const name = symbolOfWire(wire);
  const shape = turned ? [...wire.shape].reverse() : wire.shape;
  return html`<figure class="ggrid ${gradient ? "gr" : ""}"><figcaption>${gradient ? html`<span class="pd">∂</span><i>L</i>/<span class="pd">∂</span>` : null}${htmlSymbol(name)}${turned ? html`<sup>⊤</sup>` : null}</figcaption>
    <table aria-label=${`${gradient ? "∂L/∂" : ""}${plainSymbol(name)}${turned ? "⊤" : ""} ${shapeText(shape)}`}><tbody>${Array.from({ length: Math.min(down, MOST) }, (_, i) => html`<tr key=${i}>${Array.from({ length: Math.min(across, MOST) }, (_unused, j) => cell(i, j))}${across > MOST ? html`<td class="more">…</td>` : null}</tr>`)}${down > MOST ? html`<tr><td class="more">⋮</td></tr>` : null}</tbody></table></figure>`;
}

/** The reader's own numbers, which nothing hides. @param {Wire} wire @param {Record<string, any>} request @returns {number[][] | null} */
function givenOf(wire, request) {
  if (!request.network?.parameters || !request.data) return null;
  if (wire.id === "X") return request.data.inputs;
  if (wire.id === "T") return request.data.targets;
  const [letter, layer] = wire.id.split(".");
  const at = Number(layer) - 1;
  return letter === "W" ? request.network.parameters.weights[at] : [request.network.parameters.biases?.[at] ?? []];
}

/** The decimals that a given number was written with. @param {number | null} value */
const shortest = (value) => Math.min(DECIMALS, (String(value ?? 0).split(".")[1] ?? "").length);

/** @param {LabProps} props */
export function LayersReadings(props) {
  const { reply, step, t } = props;
  const gate = gateTold(reply, step) ?? reply.gates[0];
  const kinds = ["affine", "activation", "activation-loss", "loss"].filter((kind) => reply.gates.some((/** @type {any} */ one) => one.kind === kind));
  return html`<section class="rd map"><h2>${t("graph.layers.rules")}</h2>
      <dl class="gcards">${kinds.map((kind) => html`<div key=${kind} class=${gate.kind === kind ? "on" : ""}><dt>${t(`graph.layer.${kind}.short`)}</dt><dd>${t(`graph.layer.${kind}.does`)}</dd></div>`)}</dl></section>
    <section class="rd map"><h2>${t("graph.layers.shapes")}</h2><p class="note">${t("graph.layers.shapes.note")}</p>
      <table class="outs"><thead><tr><th scope="col">${t("graph.layers.wire")}</th><th scope="col">${t("graph.layers.shape")}</th></tr></thead><tbody>${reply.wires.filter((/** @type {Wire} */ wire) => wire.differentiated && wire.id !== "L").map((/** @type {Wire} */ wire) => html`<tr key=${wire.id}><th scope="row">${htmlSymbol(symbolOfWire(wire))}, <span class="pd">∂</span><i>L</i>/<span class="pd">∂</span>${htmlSymbol(symbolOfWire(wire))}</th><td>${shapeText(wire.shape)}</td></tr>`)}</tbody></table></section>
    <section class="rd outputs"><h2>${t("graph.layers.agree")}</h2><p class="note">${t("graph.layers.agree.note")}</p></section>`;
}
