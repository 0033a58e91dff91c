// @ts-check
/** What else ends a run: a loss, an accuracy, patience; and how fast it goes. */
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import htm from "htm";
import { Icon } from "./icons.js";
import { PaceSlider } from "./pace.js";

/** @typedef {import("../lib/stop_rules.js").Rules} Rules */
/** @typedef {import("../lib/stop_rules.js").Field} Field */
/** @typedef {import("../types.js").Translate} Translate */

const html = htm.bind(h);

/**
 * @param {{rules: Rules, pace: number | null, wrong: Set<Field>, scored: boolean, tested: boolean, t: Translate, actions: any, close: () => void}} props
 */
export function StopRules({ rules, pace, wrong, scored, tested, t, actions, close }) {
  /** @param {Field} name @param {boolean} [off] */
  const field = (name, off = false) => html`<input class="num ${wrong.has(name) ? "inv" : ""}" id=${`rule-${name}`} inputmode="decimal" autocomplete="off" size="6" disabled=${off} value=${rules[name]} aria-label=${t(`live.rules.${name}.label`)}
    placeholder=${name === "change" ? "0" : "–"} aria-invalid=${String(wrong.has(name))} aria-describedby=${wrong.has(name) ? `rule-${name}-message` : undefined}
    onInput=${(/** @type {InputEvent} */ event) => actions.setRules({ [name]: /** @type {HTMLInputElement} */ (event.currentTarget).value })} />`;
  /** @param {Field} name */
  const message = (name) => (wrong.has(name) ? html`<p class="fmsg" id=${`rule-${name}-message`} role="alert"><${Icon} name="warn" /><span>${t(`live.rules.${name}.invalid`)}</span></p>` : null);
  /** @param {"endless" | "best"} name @param {boolean} [off] */
  const tick = (name, off = false) => html`<label class="tickl"><input type="checkbox" id=${`rule-${name}`} checked=${rules[name]} disabled=${off} onChange=${(/** @type {Event} */ event) => actions.setRules({ [name]: /** @type {HTMLInputElement} */ (event.currentTarget).checked })} /><span>${t(`live.rules.${name}`)}</span></label>`;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector("input"))?.focus();
  }, []);
  const patient = rules.patience.trim() !== "";
  return html`<div class="rules" id="run-rules" ref=${box} role="group" aria-label=${t("live.rules.title")}>
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
