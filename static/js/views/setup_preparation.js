// @ts-check
/** Parts of the data panel that most networks never show: a typed formula, and test rows with scaling. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { MOST_TEST, shapeOf } from "../lib/data_body.js";
import { Icon } from "./icons.js";
import { SliderField } from "./setup_data.js";
import { FieldMessage, NumberField, Select } from "./setup_fields.js";
import { Term } from "./term.js";

const html = htm.bind(h);

/** @typedef {import("./setup.js").Props} Props */
/** @typedef {import("../types.js").DataBody} DataBody */

const SEED = { minimum: 0, maximum: 2 ** 32 - 1, exclusive_minimum: false, exclusive_maximum: false, integer: true };
const SCALINGS = ["none", "standard", "minmax"];

/**
 * The formula above whose graph the second class lies; what cannot be read is marked under its character.
 * @param {{value: string, pending: boolean, errors: Record<string, string>, disabled: boolean, t: import("../types.js").Translate, actions: any}} props
 */
export function Formula({ value, pending, errors, disabled, t, actions }) {
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const error = errors["data.expression"];
  const position = errors["data.expression@"];
  const forgive = () => {
    actions.setError("data.expression", null);
    actions.setError("data.expression@", null);
  };
  const done = async () => {
    if (text === null || text.trim() === value) {
      setText(null);
      if (error) forgive();
    } else if (await actions.changeData({ expression: text.trim() || " " }, "data.expression")) {
      setText(null);
    }
  };
  return html`<div class="formulaf ${pending ? "pend" : ""}"><label for="data-expression"><i class="sy">y</i> > <i class="sy">f</i>(<i class="sy">x</i>) =</label>
    <span class="expr ${error ? "bad" : ""}"><input id="data-expression" class="num code ${error ? "inv" : ""}" autocomplete="off" autocapitalize="off" spellcheck=${false} maxlength="500" disabled=${disabled} value=${text ?? value}
      aria-invalid=${String(Boolean(error))} aria-describedby=${error ? "data-expression-message" : "data-expression-hint"}
      onInput=${(/** @type {any} */ event) => {
        setText(event.currentTarget.value);
        if (error) forgive();
      }}
      onBlur=${done} onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter") void done();
        else if (event.key === "Escape" && (text !== null || error)) {
          event.stopPropagation();
          setText(null);
          forgive();
        }
      }} />${position === undefined ? null : html`<span class="caret" data-position=${position} aria-hidden="true"><span>${(text ?? value).slice(0, Number(position))}</span><b>▲</b></span>`}</span>
    ${error ? html`<${FieldMessage} id="data-expression-message" message=${error} />` : html`<p class="hintf" id="data-expression-hint">${t("data.formulaHint")}</p>`}</div>`;
}

/** Test rows and scaling. @param {Props & {body: DataBody}} props */
export function PreparationFields({ session, catalog, body, draft, errors, disabled, t, actions }) {
  const split = body.split ?? { test_share: 0, seed: 0 };
  const scaling = body.scaling ?? "none";
  const targets = body.target_scaling ?? "none";
  const { data } = session;
  const waits = (/** @type {unknown} */ now, /** @type {unknown} */ then) => Boolean(draft?.data) && now !== then;
  const { kind } = shapeOf(body, catalog, session.data);
  const options = SCALINGS.map((value) => ({ value, label: t(`data.scaling.${value}`) }));
  const range = { minimum: 0, maximum: MOST_TEST, exclusive_minimum: false, exclusive_maximum: false, integer: false };
  return html`<${SliderField} id="test-share" label=${t("data.test")} title=${t("data.testTitle")} value=${split.test_share} range=${range} to=${MOST_TEST} step=${0.05} pending=${waits(split.test_share, data.split.test_share)} disabled=${disabled} t=${t}
      text=${(/** @type {number} */ value) => `${Math.round(value * 100)}\u2009%`} commit=${(/** @type {number} */ value) => actions.changeData({ split: { ...split, test_share: value } }, "data.split")} />
    ${split.test_share > 0 ? html`<div class="fld ${waits(split.seed, data.split.seed) ? "pend" : ""}"><span>${t("data.splitSeed")}</span><span class="seedf"><${NumberField} id="split-seed" label=${t("data.splitSeedTitle")} value=${split.seed} range=${SEED} disabled=${disabled} t=${t} commit=${(/** @type {number} */ value) => actions.changeData({ split: { ...split, seed: value } }, "data.split")} />
      <button type="button" class="btn quiet" aria-label=${t("data.splitAgain")} title=${t("data.splitAgain")} disabled=${disabled} onClick=${() => actions.changeData({ split: { ...split, seed: Math.floor(Math.random() * 10000) } }, "data.split")}><${Icon} name="dice" /></button></span></div>` : null}
    <div class="fld ${waits(scaling, data.scaling.name) ? "pend" : ""}"><span><${Term} name="scaling" t=${t}>${t("data.scaling")}<//></span><${Select} id="scaling" label=${t("data.scalingTitle")} value=${scaling} options=${options} disabled=${disabled} choose=${(/** @type {string} */ value) => actions.changeData({ scaling: value }, "data.scaling")} /></div>
    ${kind === "regression" ? html`<div class="fld ${waits(targets, data.target_scaling.name) ? "pend" : ""}"><span>${t("data.targets")}</span><${Select} id="target-scaling" label=${t("data.targetScalingTitle")} value=${targets} options=${options} disabled=${disabled} choose=${(/** @type {string} */ value) => actions.changeData({ target_scaling: value }, "data.scaling")} /></div>` : null}
    <${FieldMessage} id="split-message" message=${errors["data.split"] ?? errors["data.scaling"] ?? errors["data.features"]} />`;
}
