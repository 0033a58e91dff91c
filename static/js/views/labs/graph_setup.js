// @ts-check
/** The Graph lab's set-up: ready examples, the expression, its numbers, and gates that have parts. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { reachOf, stepOf } from "../../lib/dragging.js";
import { htmlSymbol } from "../../lib/symbols.js";
import { Presets, Slide } from "../lab_parts.js";
import { FieldMessage } from "../setup_fields.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const NAMES = /[A-Za-z_가-힣][A-Za-z0-9_가-힣]*/g;

/** @param {LabProps} props */
export function GraphSetup(props) {
  const { reply, request, presets, disabled, t, actions } = props;
  const variables = reply.nodes.filter((/** @type {any} */ node) => node.kind === "variable");
  const gates = reply.forward.length;
  return html`<${Presets} ...${props} presets=${presets.filter((one) => one.mode === "graph")} />
    <div class="blk"><h2>${t("graph.expression")}</h2>
      <${Expression} ...${props} />
      <p class="note gcount">${t("graph.count", { gates, inputs: variables.length })}</p></div>
    ${variables.length > 0 ? html`<div class="blk gvals"><h2>${t("graph.values")}</h2>
      ${variables.map((/** @type {any} */ node) => html`<${Value} key=${node.name} node=${node} ...${props} />`)}
      <p class="note">${t("graph.values.note")}</p></div>` : null}
    ${reply.foldable.length > 0 ? html`<div class="blk"><h2>${t("graph.parts")}</h2>
      ${reply.foldable.map((/** @type {string} */ id) => {
        const open = request.unfolded.includes(id);
        const [kind = "", number = ""] = id.split(".");
        const many = reply.foldable.filter((/** @type {string} */ one) => one.startsWith(`${kind}.`)).length > 1;
        return html`<label class="ck gpartline" key=${id}><input type="checkbox" checked=${open} disabled=${disabled} onChange=${() => actions.change({ unfolded: open ? request.unfolded.filter((/** @type {string} */ one) => one !== id) : [...request.unfolded, id] }, { deed: "fold" })} /><span>${htmlSymbol({ base: kind, sub: many ? number : "", sup: "" })} ${t(`graph.parts.${kind}`)}</span></label>`;
      })}</div>` : null}
    <p class="apply">${t("graph.foot")}</p>`;
}

/** One variable: slider and field. @param {LabProps & {node: any}} props */
function Value({ node, request, errors, disabled, t, actions }) {
  const value = request.values[node.name];
  const [reach, setReach] = useState(() => reachOf(value));
  useEffect(() => {
    // The ends stay while they hold the value, so that a slider under the hand does not jump.
    if (value < reach[0] || value > reach[1] || Math.abs(value) * 40 < reach[1]) setReach(reachOf(value));
  }, [value]);
  return html`<${Slide} field=${`values.${node.name}`} symbol=${{ base: node.base, sub: node.sub, sup: "" }} value=${value} minimum=${reach[0]} maximum=${reach[1]} step=${stepOf(reach[1]) / 10}
    patch=${(/** @type {number} */ next) => ({ values: { ...request.values, [node.name]: next } })} errors=${errors} disabled=${disabled} t=${t} actions=${actions} />`;
}

/**
 * The expression: what the present step computes is marked in it; pressed, it can be edited. A refused text stays, with the
 * character that is meant.
 * @param {LabProps} props
 */
function Expression({ request, reply, step, errors, disabled, t, actions }) {
  const [draft, setDraft] = useState(/** @type {string | null} */ (null));
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const sent = useRef(/** @type {string | null} */ (null));
  const error = errors.expression ?? null;
  const position = errors["expression:position"] === undefined ? null : Number(errors["expression:position"]);
  useEffect(() => setDraft(null), [request.expression]);
  useEffect(() => {
    if (draft !== null && position !== null) {
      field.current?.focus();
      field.current?.setSelectionRange(position, Math.min(draft.length, position + 1));
    }
  }, [position]);
  const editing = draft !== null;
  useEffect(() => {
    if (editing) field.current?.focus();
  }, [editing]);
  useEffect(() => {
    // Its height is that of its text.
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [draft]);
  const send = async (/** @type {string} */ text) => {
    if (text.trim() === request.expression.trim()) {
      setDraft(null);
      return;
    }
    if (sent.current === text) return;
    sent.current = text;
    // Numbers of names that are still there are kept.
    const names = new Set(text.match(NAMES) ?? []);
    const values = Object.fromEntries(Object.entries(request.values).filter(([name]) => names.has(name)));
    const good = await actions.change({ expression: text, values, unfolded: [] }, { deed: "expression", index: -1 });
    sent.current = null;
    if (good) setDraft(null);
  };
  if (draft === null) {
    const node = reply.nodes.find((/** @type {any} */ one) => one.id === step?.group[0]);
    const [first, end] = node?.span ?? [0, 0];
    const text = request.expression;
    return html`<button type="button" class="gexpr" disabled=${disabled} aria-keyshortcuts="E" title=${t("graph.expression.edit")} onClick=${() => setDraft(text)} onFocus=${() => undefined}>${text.slice(0, first)}${end > first ? html`<mark class=${step?.phase === "backward" ? "back" : "fwd"}>${text.slice(first, end)}</mark>` : null}${text.slice(end)}</button>`;
  }
  return html`<textarea class="num gexpr ${error ? "inv" : ""}" id="field-expression" ref=${field} rows="2" spellcheck=${false} autocomplete="off" aria-label=${t("graph.expression")} aria-invalid=${String(Boolean(error))} aria-describedby="field-expression-message" value=${draft} disabled=${disabled}
      onInput=${(/** @type {Event} */ event) => {
        setDraft(/** @type {HTMLTextAreaElement} */ (event.currentTarget).value);
        if (error) {
          actions.forgive("expression");
          actions.forgive("expression:position");
        }
      }}
      onBlur=${() => !error && void send(draft)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          void send(draft);
        } else if (event.key === "Escape") {
          event.stopPropagation();
          actions.forgive("expression");
          actions.forgive("expression:position");
          setDraft(null);
        }
      }}></textarea>
    ${error && position !== null ? html`<p class="gwhere" aria-hidden="true">${draft.slice(0, position)}<mark>${draft.slice(position, position + 1) || " "}</mark>${draft.slice(position + 1)}</p>` : null}
    <${FieldMessage} id="field-expression-message" message=${error} />`;
}
