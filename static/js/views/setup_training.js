// @ts-check
/** Loss, optimizer, learning rate and batches: these act at the next step. */
import { h } from "preact";
import htm from "htm";
import { FieldMessage, NumberField, ParameterRows, Segments, Select, shortName } from "./setup_fields.js";
import { RegularizationRows } from "./setup_regularization.js";
import { Term } from "./term.js";
import { Tex } from "./tex.js";

/** @typedef {import("./setup.js").Props} Props */

const html = htm.bind(h);
const MODES = /** @type {const} */ (["full", "mini", "one"]);
const ORDERS = /** @type {const} */ (["stored", "shuffled"]);
const REDUCTIONS = /** @type {const} */ (["sum", "mean"]);
/** Powers of ten that the slider of the learning rate spans. */
const SLIDER = { low: -4, high: 1 };

/** @param {Props} props */
export function TrainingBlock(props) {
  return html`<div class="blk" id="setup-training"><h2>${props.t("setup.training")}</h2>
    <${LossRows} ...${props} />
    <${OptimizerRows} ...${props} />
    <${BatchRows} ...${props} />
    <${RegularizationRows} ...${props} />
  </div>`;
}

/** @param {Props} props */
function LossRows({ session, draft, catalog, errors, lang, disabled, t, actions }) {
  const loss = draft?.loss ?? session.training.loss;
  const forms = catalog.losses.flatMap((entry) => entry.forms.map((form) => ({ entry, form, value: `${entry.name}/${form.name}` })));
  const shown = forms.find(({ entry, form }) => entry.name === loss.name && form.coefficient === loss.coefficient && form.outputs === loss.outputs && form.batch === loss.batch);
  const entry = catalog.losses.find((one) => one.name === loss.name);
  const options = forms.map(({ form, value }) => ({ value, label: shortName("setup.form", form, lang, t) }));
  if (!shown) options.push({ value: "", label: `${entry ? (lang === "ko" ? entry.label.ko : entry.label.en) : loss.name} · ${t("setup.ownConventions")}` });
  const output = (draft?.layers ?? session.network.layers).at(-1);
  const choose = (/** @type {string} */ value) => {
    const found = forms.find((one) => one.value === value);
    if (!found) return;
    const { coefficient, outputs, batch } = found.form;
    const next = { name: found.entry.name, coefficient, outputs, batch };
    const { accepts } = found.entry;
    if (!accepts || accepts.includes(output?.activation ?? "")) {
      if (draft?.layers) actions.editDraft({ loss: next });
      else actions.editTraining({ loss: next }, "loss");
      return;
    }
    // This loss needs another output activation: both wait together.
    const layers = draft?.layers ?? session.network.layers;
    actions.editDraft({ loss: next, layers: layers.map((layer, k) => (k === layers.length - 1 ? { ...layer, activation: accepts[0] ?? layer.activation, activation_parameters: {} } : layer)) });
  };
  /** @param {object} part */
  const set = (part) => (draft?.loss ? actions.editDraft({ loss: { ...loss, ...part } }) : actions.editTraining({ loss: { ...loss, ...part } }, "loss"));
  return html`<div class="fld ${draft?.loss ? "pend" : ""}"><span><${Term} name="loss" t=${t} /></span><${Select} label=${t("page.word.loss")} value=${shown?.value ?? ""} options=${options} invalid=${Boolean(errors.loss)} disabled=${disabled} choose=${choose} /></div>
    <${FieldMessage} id="loss-message" message=${errors.loss} />
    ${shown ? html`<div class="formula ${draft?.loss ? "pend" : ""}" title=${lang === "ko" ? shown.form.label.ko : shown.form.label.en}><${Tex} tex=${draft?.loss ? shown.form.tex : session.notation?.loss ?? shown.form.tex} /></div>` : null}
    <details class="more" id="setup-conventions"><summary>${t("setup.conventions")}</summary>
      ${loss.name === "squared_error" ? html`<div class="fld perlayer"><span>${t("setup.coefficient")}</span><${Segments} label=${t("setup.coefficient")} value=${String(loss.coefficient)} disabled=${disabled} options=${[{ value: "0.5", label: "½" }, { value: "1", label: "1" }]} choose=${(/** @type {string} */ one) => set({ coefficient: Number(one) })} /></div>` : null}
      ${loss.name === "categorical_cross_entropy" ? null : html`<div class="fld perlayer"><span>${t("setup.overOutputs")}</span><${Segments} label=${t("setup.overOutputs")} value=${loss.outputs} disabled=${disabled} options=${REDUCTIONS.map((one) => ({ value: one, label: t(`setup.reduction.${one}`) }))} choose=${(/** @type {string} */ one) => set({ outputs: one })} /></div>`}
      <div class="fld perlayer"><span>${t("setup.overBatch")}</span><${Segments} label=${t("setup.overBatch")} value=${loss.batch} disabled=${disabled} options=${REDUCTIONS.map((one) => ({ value: one, label: t(`setup.reduction.${one}`) }))} choose=${(/** @type {string} */ one) => set({ batch: one })} /></div>
    </details>`;
}

/** @param {Props} props */
function OptimizerRows({ session, catalog, errors, lang, disabled, running, t, actions }) {
  const { optimizer } = session.training;
  const entry = catalog.optimizers.find((one) => one.name === optimizer.name);
  const rate = entry?.parameters.find((one) => one.name === "learning_rate") ?? null;
  const value = optimizer.parameters.learning_rate ?? rate?.default ?? 0.1;
  /** @param {string} name @param {number} one */
  const set = (name, one) => actions.editTraining({ optimizer: { name: optimizer.name, parameters: { ...optimizer.parameters, [name]: one } } }, `optimizer.${name}`);
  const choose = (/** @type {string} */ name) => {
    const next = catalog.optimizers.find((one) => one.name === name);
    // The rate stays; everything else starts at the new optimizer's defaults.
    const parameters = Object.fromEntries((next?.parameters ?? []).map((one) => [one.name, one.name === "learning_rate" ? value : one.default]));
    actions.editTraining({ optimizer: { name, parameters } }, "optimizer");
  };
  const slide = (/** @type {Event} */ event) => {
    const power = Number(/** @type {HTMLInputElement} */ (event.currentTarget).value);
    set("learning_rate", Number((10 ** power).toPrecision(2)));
  };
  // The learning rate is the one setting that makes sense to turn while training runs.
  const locked = disabled && !running;
  return html`<div class="fld"><span><${Term} name="optimizer" t=${t} /></span><${Select} label=${t("page.word.optimizer")} value=${optimizer.name} invalid=${Boolean(errors.optimizer)} disabled=${disabled}
      options=${catalog.optimizers.map((one) => ({ value: one.name, label: shortName("setup.short", one, lang, t) }))} choose=${choose} /></div>
    <${FieldMessage} id="optimizer-message" message=${errors.optimizer} />
    <div class="fld"><span><${Term} name="learningRate" t=${t}>${t("setup.rate")}<//> <i class="m">${session.notation?.rate_symbol ?? "η"}</i></span><span class="rate">
      <${NumberField} id="learning-rate" label=${t("page.word.learningRate")} value=${value} range=${rate} error=${errors["optimizer.learning_rate"] ?? null} disabled=${locked} t=${t} commit=${(/** @type {number} */ one) => set("learning_rate", one)} forgive=${() => actions.setError("optimizer.learning_rate", null)} />
      <input type="range" min=${SLIDER.low} max=${SLIDER.high} step="0.05" value=${Math.log10(value)} aria-label=${t("setup.rateSlider")} aria-valuetext=${String(value)} disabled=${locked} onChange=${slide} /></span></div>
    <${ParameterRows} id="optimizer" parameters=${(entry?.parameters ?? []).filter((one) => one.name !== "learning_rate")} values=${optimizer.parameters} errors=${errors} lang=${lang} disabled=${disabled} t=${t}
      commit=${set} forgive=${(/** @type {string} */ field) => actions.setError(field, null)} />`;
}

/** @param {Props} props */
function BatchRows({ session, errors, disabled, t, actions }) {
  const { batch } = session.training;
  const { size } = session.data;
  /** @param {object} part @param {string} field */
  const set = (part, field) => actions.editTraining({ batch: { ...batch, ...part } }, field);
  return html`<div class="fld"><span><${Term} name="batch" t=${t} /></span><${Segments} label=${t("page.word.batch")} value=${batch.mode} disabled=${disabled}
      options=${MODES.map((one) => ({ value: one, label: t(`setup.batch.${one}`), title: t(`setup.batchHint.${one}`) }))} choose=${(/** @type {string} */ mode) => set({ mode, ...(mode === "mini" ? { size: Math.max(2, Math.min(batch.size > 1 ? batch.size : 2, size)) } : {}) }, "batch")} /></div>
    ${batch.mode === "mini" ? html`<div class="fld"><span>${t("setup.batchSize")}</span><${NumberField} id="batch-size" label=${t("setup.batchSize")} value=${batch.size} error=${errors["batch.size"] ?? null} disabled=${disabled} t=${t}
      range=${{ minimum: 1, maximum: Math.max(1, size), exclusive_minimum: false, exclusive_maximum: false, integer: true }} commit=${(/** @type {number} */ one) => set({ size: one }, "batch.size")} forgive=${() => actions.setError("batch.size", null)} /></div>` : null}
    ${batch.mode === "full" || size < 2 ? null : html`<div class="fld"><span>${t("setup.order")}</span><${Segments} label=${t("setup.order")} value=${batch.order} disabled=${disabled}
      options=${ORDERS.map((one) => ({ value: one, label: t(`setup.order.${one}`), title: t(`setup.orderHint.${one}`) }))} choose=${(/** @type {string} */ order) => set({ order }, "batch")} /></div>`}
    <${FieldMessage} id="batch-message" message=${errors.batch} />`;
}
