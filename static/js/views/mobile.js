// @ts-check
/** Narrow screens: the tabs at the top and the bar at the thumb. */
import { h } from "preact";
import htm from "htm";
import { MoveButtons } from "./transport.js";

const html = htm.bind(h);
const TABS = /** @type {const} */ (["steps", "setup", "maps", "numbers"]);

/** @param {{tab: string, pending: boolean, t: import("../types.js").Translate, actions: any}} props */
export function Tabs({ tab, pending, t, actions }) {
  return html`<div class="mtabs" role="tablist" aria-label=${t("page.views")} onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.stopPropagation();
    event.preventDefault();
    const next = TABS[(TABS.findIndex((one) => one === tab) + by + TABS.length) % TABS.length];
    actions.setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  }}>${TABS.map((one) => html`<button key=${one} type="button" role="tab" id=${`tab-${one}`} aria-selected=${String(one === tab)} tabindex=${one === tab ? 0 : -1} onClick=${() => actions.setTab(one)}>${t(`page.tab.${one}`)}${one === "setup" && pending ? html`<i class="dot" aria-label=${t("setup.pending")}></i>` : null}</button>`)}</div>`;
}

/** @param {Omit<Parameters<typeof MoveButtons>[0], "bar">} props */
export function ThumbBar(props) {
  return html`<nav class="mbar" aria-label=${props.t("transport.region")}><${MoveButtons} ...${props} bar=${true} /></nav>`;
}
