// @ts-check
/** Running many epochs: how many, and beside it what else ends a run. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { countText } from "../lib/scales.js";
import { MOST_EPOCHS, orderOf, ruleCount, wrongFields } from "../lib/stop_rules.js";
import { Icon } from "./icons.js";
import { Quiet, lazy } from "./lazy.js";

/** @typedef {import("../lib/stop_rules.js").Rules} Rules */
/** @typedef {import("../lib/stop_rules.js").Field} Field */
/** @typedef {import("../types.js").Translate} Translate */

const html = htm.bind(h);
const StopRules = lazy(async () => (await import("./run_rules.js")).StopRules, Quiet);

/**
 * @param {{rules: Rules, pace: number | null, scored: boolean, tested: boolean, disabled: boolean, t: Translate, actions: any}} props
 *   `scored`: the data has classes; `tested`: it has a test set
 */
export function RunForm({ rules, pace, scored, tested, disabled, t, actions }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLFormElement | null} */ (null));
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const wrong = wrongFields(rules, scored);
  const good = orderOf(rules, scored) !== null;
  const count = ruleCount(rules, scored);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const more = [...wrong].some((field) => field !== "epochs");
  return html`<form class="runn" ref=${box} onSubmit=${(/** @type {Event} */ event) => {
    event.preventDefault();
    if (!good) setOpen(more);
    if (!good || disabled) return;
    setOpen(false);
    actions.train();
  }} onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    close();
  }}>
    <label for="run-epochs">${t("transport.run")}</label>
    <input class="num" id="run-epochs" inputmode="numeric" autocomplete="off" size="5" disabled=${rules.endless} value=${rules.endless ? "∞" : rules.epochs} aria-label=${t("transport.epochsToRun")} aria-invalid=${String(wrong.has("epochs"))} aria-describedby=${wrong.has("epochs") ? "run-message" : undefined}
      onInput=${(/** @type {InputEvent} */ event) => actions.setRules({ epochs: /** @type {HTMLInputElement} */ (event.currentTarget).value })} />
    <span class="split"><button class="btn" type="submit" title=${`${t(rules.endless ? "live.endlessHint" : "transport.runHint")} (R)`} aria-keyshortcuts="R" disabled=${disabled || wrong.has("epochs")}>${t("transport.epochs")}<${Icon} name="play" /></button>
      <button class="btn more ${count > 0 || rules.endless ? "set" : ""}" type="button" ref=${button} aria-expanded=${String(open)} aria-controls="run-rules" title=${t("live.rules.open")} aria-label=${count > 0 ? t("live.rules.openSet", { n: count }) : t("live.rules.open")} disabled=${disabled}
        onClick=${() => (open ? close() : setOpen(true))}><${Icon} name="sliders" />${count > 0 ? html`<b>${count}</b>` : null}</button></span>
    ${wrong.has("epochs") ? html`<span class="fmsg" id="run-message"><${Icon} name="warn" />${t("transport.runInvalid", { most: countText(MOST_EPOCHS) })}</span>` : null}
    ${open ? html`<${StopRules} ...${{ rules, pace, wrong, scored, tested, t, actions, close }} />` : null}
  </form>`;
}
