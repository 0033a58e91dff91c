// @ts-check
/** One line across the stage: no server, a divergence, a run with its progress. The screen below stays. */
import { h } from "preact";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { countText } from "../lib/scales.js";
import { plainSymbol } from "../lib/symbols.js";
import { Icon } from "./icons.js";
import { LiveBanner } from "./live_banner.js";
import { plain } from "./setup_fields.js";

/** @typedef {import("../types.js").Translate} Translate */

const html = htm.bind(h);

/**
 * @param {{banner: import("../types.js").Banner | null, run: import("../types.js").Run | null, live?: import("./diagram_live.js").Frames | null, pace?: number | null,
 *   spoken?: {key: string, values?: Record<string, string | number>} | null, step: number, symbolOf: import("../lib/symbols.js").SymbolOf, t: Translate, actions: any}} props
 */
export function BannerArea({ banner, run, live = null, pace = null, spoken = null, step, symbolOf, t, actions }) {
  // Progress is not spoken: who hears the page is told of the start, the end and its reason.
  return html`<div class="banners">
    ${run && live ? html`<${LiveBanner} run=${run} live=${live} pace=${pace} t=${t} actions=${actions} />` : run ? html`<${RunBanner} run=${run} t=${t} actions=${actions} />` : null}
    <div class="said" aria-live="polite">${banner ? html`<${Message} banner=${banner} step=${step} symbolOf=${symbolOf} t=${t} actions=${actions} />` : null}</div>
    <p class="sr" aria-live="polite">${spoken ? t(spoken.key, counted(spoken.values ?? {})) : ""}</p>
  </div>`;
}

/** Numbers as they are counted. @param {Record<string, string | number>} values */
const counted = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number.isInteger(value) ? countText(Number(value)) : plain(Number(value))]));

/** @param {{run: import("../types.js").Run, t: Translate, actions: any}} props */
function RunBanner({ run, t, actions }) {
  const to = run.to ?? run.from;
  const share = to > run.from ? (run.epoch - run.from) / (to - run.from) : 0;
  const text = t(run.key, { n: countText(run.epoch), count: countText(to) });
  return html`<div class="banner live" role="group" aria-label=${t("transport.runRegion")}><i class="pulse"></i>
    <p><b>${text}</b></p>
    <progress max="1" value=${share} aria-label=${text}></progress>
    ${run.loss === null ? null : html`<span class="run-loss"><i class="m">E</i> ${formatNumber(run.loss, 6)}</span>`}
    ${run.key === "history.running" ? html`<button type="button" class="btn primary" onClick=${actions.stopRun}><${Icon} name="stop" />${t("transport.stop")}</button>` : null}</div>`;
}

/**
 * @param {{banner: import("../types.js").Banner, step: number, symbolOf: import("../lib/symbols.js").SymbolOf, t: Translate, actions: any}} props
 */
function Message({ banner, step, symbolOf, t, actions }) {
  const { kind, values = {}, key, text = "", retry } = banner;
  const close = html`<button type="button" class="btn quiet" aria-label=${t("page.dismiss")} title=${t("page.dismiss")} onClick=${actions.dismissBanner}><${Icon} name="close" /></button>`;
  if (kind === "diverged") {
    const element = values.element ? plainSymbol(symbolOf(String(values.element))) : "";
    const half = Number(values.half);
    return html`<div class="banner div" role="alert"><${Icon} name="warn" />
      <p><b>${t("page.banner.diverged", { step: countText(Number(values.step)), epoch: countText(Number(values.epoch)) })}</b> ${t(element ? "page.banner.divergedCause" : "page.banner.divergedRate", { element, rate: plain(Number(values.rate)) })}</p>
      <button type="button" class="btn" onClick=${actions.backOneEpoch}>${t("page.banner.back")}</button>
      <button type="button" class="btn" onClick=${actions.halveRate}>${t("page.banner.halve", { rate: plain(Number(half.toPrecision(6))) })}</button></div>`;
  }
  if (kind === "offline") {
    return html`<div class="banner err" role="alert"><${Icon} name="warn" /><p><b>${t("page.banner.offline")}</b> ${t("page.banner.offlineKept", { n: countText(step + 1) })} ${t("page.banner.offlineLooking")}</p>
      <button type="button" class="btn" onClick=${() => retry?.()}>${t("page.banner.retry")}</button></div>`;
  }
  if (kind === "access") {
    // In a page of its own: what stands here stays.
    return html`<div class="banner err" role="alert"><${Icon} name="warn" /><p><b>${t("page.banner.access")}</b> ${t("page.banner.offlineKept", { n: countText(step + 1) })}</p>
      <a class="btn" href="/login?here=1" target="_blank" rel="noopener">${t("page.banner.accessGive")}</a>
      <button type="button" class="btn" onClick=${() => { actions.dismissBanner(); retry?.(); }}>${t("page.banner.retry")}</button></div>`;
  }
  if (kind === "gone") {
    return html`<div class="banner err" role="alert"><${Icon} name="warn" /><p><b>${t("page.banner.gone")}</b> ${t("page.banner.goneHint")}</p>
      <button type="button" class="btn" onClick=${() => actions.restore()}>${t("page.banner.restore")}</button></div>`;
  }
  if (kind === "ended") {
    return html`<div class="banner ended"><${Icon} name="check" /><p>${t(key ?? "", counted(values))}</p>${close}</div>`;
  }
  const title = kind === "link" ? t(key ?? "page.banner.link") : kind === "expired" ? t("page.banner.expired") : t(key ?? "page.banner.error");
  return html`<div class="banner err" role="alert"><${Icon} name="warn" /><p><b>${title}</b> ${text}${kind === "link" && !key ? html` ${t("page.banner.linkHint")}` : null}</p>
    ${retry ? html`<button type="button" class="btn" onClick=${() => { actions.dismissBanner(); retry(); }}>${t("page.banner.retry")}</button>` : null}${close}</div>`;
}
