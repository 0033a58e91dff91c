// @ts-check
/** "Fork here": another learning rate or optimizer from the present step on, run as far as the branch that is there. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { parseNumber } from "../lib/format.js";
import { optimizerName } from "../lib/history.js";
import { countText } from "../lib/scales.js";
import { FieldMessage, Select, complaint, plain } from "./setup_fields.js";

const html = htm.bind(h);

/**
 * One form a place on the timeline (its key): what was typed is about that place only.
 * @param {{session: import("../types.js").Session, here: string | null, words: import("../lib/history.js").Words, disabled: boolean, actions: any}} props `here` is the name of the branch at the playhead
 */
export function ForkForm({ session, here, words, disabled, actions }) {
  const { t, catalog } = words;
  const { optimizer } = session.training;
  const present = optimizer.parameters.learning_rate ?? 0.1;
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const [chosen, choose] = useState(/** @type {string | null} */ (null));
  const [told, tell] = useState(/** @type {string | null} */ (null));
  const name = chosen ?? optimizer.name;
  const options = (catalog?.optimizers ?? [{ name: optimizer.name }]).map((one) => ({ value: one.name, label: optimizerName(one.name, words) }));
  const range = catalog?.optimizers.find((one) => one.name === name)?.parameters.find((one) => one.name === "learning_rate") ?? null;
  const beyond = session.timeline.last_step - session.step;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (disabled || beyond === 0) return;
    const typed = text ?? plain(present);
    const problem = complaint(typed, range, t);
    const rate = parseNumber(typed).value;
    if (problem || rate === null) return tell(problem ?? t("setup.invalid.number"));
    if (rate === present && name === optimizer.name) return tell(t("history.same"));
    tell(null);
    void actions.forkHere({ learning_rate: rate, optimizer: name }, beyond);
  };
  return html`<form class="hfork" onSubmit=${submit} noValidate aria-label=${t("history.fork")}>
    <b>${session.step === 0 ? t("history.forkStart") : t("history.forkAt", { n: countText(session.step) })}</b>
    ${here === null ? null : html`<span class="hon">${t("history.branch", { name: here })}</span>`}
    <label class="hrate"><i class="m">η</i><input class="num ${told ? "inv" : ""}" id="fork-rate" inputmode="decimal" autocomplete="off" spellcheck=${false} aria-label=${t("page.word.learningRate")} disabled=${disabled}
      value=${text ?? plain(present)} aria-invalid=${String(told !== null)} aria-describedby=${told ? "fork-message" : undefined}
      onInput=${(/** @type {InputEvent} */ event) => {
        setText(/** @type {HTMLInputElement} */ (event.currentTarget).value);
        tell(null);
      }} /></label>
    <${Select} id="fork-optimizer" label=${t("page.word.optimizer")} value=${name} options=${options} disabled=${disabled} choose=${(/** @type {string} */ one) => {
      choose(one);
      tell(null);
    }} />
    <button type="submit" class="btn" disabled=${disabled || beyond === 0} aria-describedby=${beyond === 0 && !disabled ? "fork-end" : undefined}>${beyond === 0 ? t("history.fork") : t("history.forkRun", { n: countText(beyond) })}</button>
    ${beyond === 0 && !disabled ? html`<span class="note" id="fork-end">${t("history.atEnd")}</span>` : null}
    <${FieldMessage} id="fork-message" message=${told} />
  </form>`;
}
