// @ts-check
/** Running many epochs: how many, and beside it what else ends a run. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { countText } from "../lib/scales.js";
import { MOST_EPOCHS, orderOf, ruleCount, wrongFields } from "../lib/stop_rules.js";
import { Icon } from "./icons.js";
import { PaceSlider } from "./pace.js";

/** @typedef {import("../lib/stop_rules.js").Rules} Rules */
/** @typedef {import("../lib/stop_rules.js").Field} Field */
/** @typedef {import("../types.js").Translate} Translate */

const html = htm.bind(h);

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
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector(".rules input"))?.focus();
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

/**
 * @param {{rules: Rules, pace: number | null, wrong: Set<Field>, scored: boolean, tested: boolean, t: Translate, actions: any, close: () => void}} props
 */
function StopRules({ rules, pace, wrong, scored, tested, t, actions, close }) {
  /** @param {Field} name @param {boolean} [off] */
  const field = (name, off = false) => html`<input class="num ${wrong.has(name) ? "inv" : ""}" id=${`rule-${name}`} inputmode="decimal" autocomplete="off" size="6" disabled=${off} value=${rules[name]} aria-label=${t(`live.rules.${name}.label`)}
    placeholder=${name === "change" ? "0" : "–"} aria-invalid=${String(wrong.has(name))} aria-describedby=${wrong.has(name) ? `rule-${name}-message` : undefined}
    onInput=${(/** @type {InputEvent} */ event) => actions.setRules({ [name]: /** @type {HTMLInputElement} */ (event.currentTarget).value })} />`;
  /** @param {Field} name */
  const message = (name) => (wrong.has(name) ? html`<p class="fmsg" id=${`rule-${name}-message`} role="alert"><${Icon} name="warn" /><span>${t(`live.rules.${name}.invalid`)}</span></p>` : null);
  /** @param {"endless" | "best"} name @param {boolean} [off] */
  const tick = (name, off = false) => html`<label class="tickl"><input type="checkbox" id=${`rule-${name}`} checked=${rules[name]} disabled=${off} onChange=${(/** @type {Event} */ event) => actions.setRules({ [name]: /** @type {HTMLInputElement} */ (event.currentTarget).checked })} /><span>${t(`live.rules.${name}`)}</span></label>`;
  const patient = rules.patience.trim() !== "";
  return html`<div class="rules" id="run-rules" role="group" aria-label=${t("live.rules.title")}>
    <div class="rulesh"><b>${t("live.rules.title")}</b><button type="button" class="btn quiet" aria-label=${t("page.dismiss")} title=${t("page.dismiss")} onClick=${close}><${Icon} name="close" /></button></div>
    ${tick("endless")}
    <div class="rule"><label for="rule-loss">${t("live.rules.loss")}</label>${field("loss")}</div>${message("loss")}
    <div class="rule"><label for="rule-accuracy">${t("live.rules.accuracy")}</label><span class="unit">${field("accuracy", !scored)}<span>%</span></span></div>
    ${scored ? message("accuracy") : html`<p class="rulen">${t("live.rules.noAccuracy")}</p>`}
    <div class="rule"><label for="rule-patience">${t("live.rules.patience")}</label><span class="unit">${field("patience")}<span>${t("transport.epochs")}</span></span></div>${message("patience")}
    ${patient ? html`<div class="rule sub"><label for="rule-change">${t("live.rules.change")}</label>${field("change")}</div>${message("change")}
      ${tick("best")}<p class="rulen">${t(tested ? "live.rules.watchTest" : "live.rules.watchTraining")}</p>` : null}
    <div class="rule speedr"><span>${t("live.pace")}</span><${PaceSlider} id="rule-pace" pace=${pace} t=${t} choose=${actions.setPace} /></div>
  </div>`;
}
