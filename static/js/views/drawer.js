// @ts-check
/** The drawer under the equation: one tab at a time, closed by its own button, M S O W V H K I A open them. */
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import htm from "htm";
import { DrawerMenu } from "./export_menu.js";
import { Icon } from "./icons.js";
import { lazy } from "./lazy.js";

/** @typedef {import("../types.js").DrawerTab} DrawerTab */

const html = htm.bind(h);

/** The tabs in their order, each with its key. @type {readonly (readonly [DrawerTab, string])[]} */
const TABS = [["matrices", "M"], ["samples", "S"], ["optimizer", "O"], ["paths", "W"], ["proof", "V"], ["history", "H"], ["compare", "K"], ["pictures", "I"], ["api", "A"]];
/** Each tab's view is loaded when it is first opened. @type {Record<DrawerTab, any>} */
const VIEWS = {
  matrices: lazy(async () => (await import("./matrices.js")).MatricesTab),
  samples: lazy(async () => (await import("./batch_bars.js")).SamplesTab),
  optimizer: lazy(async () => (await import("./optimizer_table.js")).OptimizerTab),
  paths: lazy(async () => (await import("./paths.js")).PathsTab),
  proof: lazy(async () => (await import("./proof_tab.js")).ProofTab),
  history: lazy(async () => (await import("./history.js")).HistoryTab),
  compare: lazy(async () => (await import("./compare.js")).CompareTab),
  pictures: lazy(async () => (await import("./pictures.js")).PicturesTab),
  api: lazy(async () => (await import("./api_tab.js")).ApiTab),
};

/**
 * @param {{tab: DrawerTab | null, tabs?: readonly DrawerTab[], t: import("../types.js").Translate, actions: any, [prop: string]: any}} props what the tabs show goes through; `tabs`: those there are, all by default
 */
export function Drawer({ tab, tabs, ...rest }) {
  const { t, actions } = rest;
  const there = tabs ? TABS.filter(([name]) => tabs.includes(name)) : TABS;
  const View = tab ? VIEWS[tab] : null;
  const problem = rest.data?.problem;
  const strip = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // On a phone the tabs are wider than their strip.
    const [box, chosen] = [strip.current, strip.current?.querySelector("[aria-selected='true']")];
    if (box && chosen instanceof HTMLElement) box.scrollLeft = Math.max(Math.min(box.scrollLeft, chosen.offsetLeft - box.offsetLeft), chosen.offsetLeft - box.offsetLeft + chosen.offsetWidth - box.clientWidth);
  }, [tab]);
  return html`<section class="drawer ${tab ? "open" : ""}" aria-label=${t("drawer.region")}>
    <div class="dwh">
      <div class="dwtabs" ref=${strip} role="tablist" aria-label=${t("drawer.region")} onKeyDown=${(/** @type {KeyboardEvent} */ event) => walk(event, tab, there, actions)}>
        ${there.map(([name, key], place) => html`<button key=${name} type="button" role="tab" id=${`drawer-${name}`} aria-selected=${String(name === tab)} aria-controls=${name === tab ? "drawer-panel" : undefined} tabindex=${name === tab || (!tab && place === 0) ? 0 : -1}
          title=${`${t(`drawer.${name}.hint`)} (${key})`} aria-keyshortcuts=${key} onClick=${() => actions.toggleDrawer(name)}>${t(`drawer.${name}`)}</button>`)}
      </div>
      ${tab && rest.session && !problem ? html`<${DrawerMenu} key=${tab} tab=${tab} picture=${rest.pictures?.tab ?? null} reply=${rest.pictureData?.[rest.pictures?.tab] ?? null} element=${rest.element ?? null} sample=${rest.sample ?? 0} step=${rest.session.status === "diverged" ? rest.session.step : null} t=${t} actions=${actions} />` : null}
      ${tab ? html`<button type="button" class="btn quiet" aria-label=${t("drawer.close")} title=${t("drawer.close")} onClick=${() => actions.openDrawer(null)}><${Icon} name="down" /></button>` : null}
    </div>
    ${View ? html`<div class="dwb" id="drawer-panel" role="tabpanel" aria-labelledby=${`drawer-${tab}`} tabindex="0">
      ${problem ? html`<p class="dwempty">${problem}</p>` : html`<${View} ...${rest} />`}
    </div>` : null}
  </section>`;
}

/**
 * Arrow keys go from tab to tab, as in every list of tabs.
 * @param {KeyboardEvent} event
 * @param {DrawerTab | null} tab
 * @param {typeof TABS} there
 * @param {any} actions
 */
function walk(event, tab, there, actions) {
  const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (by === 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  const place = tab ? there.findIndex(([name]) => name === tab) : by > 0 ? -1 : 0;
  const next = there[(place + by + there.length) % there.length]?.[0];
  if (!next) return;
  actions.openDrawer(next);
  requestAnimationFrame(() => document.getElementById(`drawer-${next}`)?.focus());
}
