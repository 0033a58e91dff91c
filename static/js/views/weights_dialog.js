// @ts-check
/** Initial weights and biases as text, layer by layer: to copy the present ones, or to paste others. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { copyText } from "../lib/clipboard.js";
import { readMatrix, writeMatrix } from "../lib/matrix_text.js";
import { Dialog } from "./dialogs.js";
import { Icon } from "./icons.js";
import { FieldMessage } from "./setup_fields.js";

/** @typedef {import("../types.js").Parameters} Parameters */

const html = htm.bind(h);

/**
 * The fields of the dialog: per layer the weights, and the biases where it has any.
 * @param {number} inputs
 * @param {import("../types.js").Layer[]} layers
 */
function fieldsOf(inputs, layers) {
  return layers.flatMap((layer, k) => {
    const rows = k === 0 ? inputs : layers[k - 1]?.units ?? 1;
    const weights = { id: `w${k}`, layer: k, kind: /** @type {const} */ ("weights"), rows, columns: layer.units };
    return layer.bias.mode === "absent" ? [weights] : [weights, { id: `b${k}`, layer: k, kind: /** @type {const} */ ("biases"), rows: 1, columns: layer.units }];
  });
}

/**
 * @param {Parameters | null | undefined} parameters
 * @param {ReturnType<typeof fieldsOf>} fields
 * @returns {Record<string, string>}
 */
function textsOf(parameters, fields) {
  return Object.fromEntries(fields.map(({ id, layer, kind, rows, columns }) => {
    const found = kind === "weights" ? parameters?.weights[layer] : parameters?.biases[layer] ? [parameters.biases[layer] ?? []] : undefined;
    return [id, found && found.length === rows && found[0]?.length === columns ? writeMatrix(found) : ""];
  }));
}

/**
 * @param {{session: import("../types.js").Session, draft: import("../types.js").Draft | null, initial: Parameters | null, errors: Record<string, string>, disabled: boolean,
 *   t: import("../types.js").Translate, actions: any}} props
 */
export function WeightsDialog({ session, draft, initial, errors, disabled, t, actions }) {
  const layers = draft?.layers ?? session.network.layers;
  const fields = fieldsOf(session.network.inputs, layers);
  const [texts, setTexts] = useState(() => textsOf(initial ?? session.parameters, fields));
  const [told, setTold] = useState(/** @type {Record<string, string>} */ ({}));
  const [copied, setCopied] = useState(false);
  const title = (/** @type {typeof fields[number]} */ field) => {
    const layer = field.layer === layers.length - 1 ? t("setup.output") : t("setup.hiddenNumber", { n: field.layer + 1 });
    return t(`setup.table.${field.kind}`, { layer, rows: field.rows, columns: field.columns });
  };
  const send = async () => {
    const read = fields.map((field) => ({ field, result: readMatrix(texts[field.id] ?? "", field.rows, field.columns) }));
    const wrong = read.flatMap(({ field, result }) => (result.problem ? [[field.id, t(`setup.table.${result.problem.key}`, result.problem.values)]] : []));
    setTold(Object.fromEntries(wrong));
    if (wrong.length > 0) return;
    const rowsOf = (/** @type {string} */ id) => read.find(({ field }) => field.id === id)?.result.rows ?? null;
    const parameters = { weights: layers.map((_, k) => rowsOf(`w${k}`) ?? []), biases: layers.map((_, k) => rowsOf(`b${k}`)?.[0] ?? null) };
    if (await actions.startFrom(parameters)) actions.openDialog(null);
  };
  const copy = async () => {
    await copyText(fields.map((field) => `${title(field)}\n${texts[field.id] ?? ""}`).join("\n\n")).then(() => setCopied(true), () => {});
  };
  return html`<${Dialog} title=${t("setup.table.title")} t=${t} wide=${true} close=${() => { actions.setError("weights", null); actions.openDialog(null); }}>
    <p class="note">${t("setup.table.hint")}</p>
    <p class="dlga"><button type="button" class="btn" disabled=${!initial} onClick=${() => { setTexts(textsOf(initial, fields)); setTold({}); }}>${t("setup.table.initial")}</button>
      <button type="button" class="btn" onClick=${() => { setTexts(textsOf(session.parameters, fields)); setTold({}); }}>${t("setup.table.present", { n: session.step })}</button>
      <button type="button" class="btn quiet" onClick=${copy}><${Icon} name=${copied ? "check" : "link"} />${t(copied ? "setup.table.copied" : "setup.table.copy")}</button></p>
    <div class="tables">${fields.map((field) => html`<label key=${field.id} class="tbl"><span>${title(field)}</span>
      <textarea class=${told[field.id] ? "inv" : ""} rows=${Math.min(8, Math.max(field.rows, field.kind === "weights" ? 2 : 1))} wrap="off" spellcheck=${false} value=${texts[field.id] ?? ""} aria-invalid=${String(Boolean(told[field.id]))} aria-describedby=${`${field.id}-message`}
        onInput=${(/** @type {Event} */ event) => {
          setTexts({ ...texts, [field.id]: /** @type {HTMLTextAreaElement} */ (event.currentTarget).value });
          setCopied(false);
        }}></textarea><${FieldMessage} id=${`${field.id}-message`} message=${told[field.id]} /></label>`)}</div>
    <${FieldMessage} id="weights-message" message=${errors.weights} />
    <p class="dlga end"><span class="note">${t("setup.price")}</span><button type="button" class="btn primary" disabled=${disabled} onClick=${send}><${Icon} name="reset" />${t("setup.apply")}</button></p>
  <//>`;
}
