// @ts-check
/** One line across the stage: no server, a divergence, a run with its progress. The screen below stays. */
import { h } from "preact";
import htm from "htm";
import { formatNumber } from "../lib/format.js";
import { countText } from "../lib/scales.js";
import { plainSymbol } from "../lib/symbols.js";
import { Icon } from "./icons.js";
import { plain } from "./setup_fields.js";

/** @typedef {import("../types.js").Translate} Translate */

const html = htm.bind(h);

/**
 * @param {{banner: import("../types.js").Banner | null, run: import("../types.js").Run | null, step: number, symbolOf: import("../lib/symbols.js").SymbolOf, t: Translate, actions: any}} props
 */
export function BannerArea({ banner, run, step, symbolOf, t, actions }) {
  return html`<div class="banners" aria-live="polite">
    ${run ? html`<${RunBanner} run=${run} t=${t} actions=${actions} />` : null}
    ${banner ? html`<${Message} banner=${banner} step=${step} symbolOf=${symbolOf} t=${t} actions=${actions} />` : null}
  </div>`;
}

/** @param {{run: import("../types.js").Run, t: Translate, actions: any}} props */
function RunBanner({ run, t, actions }) {
  const share = run.to > run.from ? (run.epoch - run.from) / (run.to - run.from) : 0;
  const text = t(run.key, { n: countText(run.epoch), count: countText(run.to) });
  return html`<div class="banner live" role="group" aria-label=${t("transport.runRegion")}><i class="pulse"></i>
    <p><b>${text}</b></p>
    <progress max="1" value=${share} aria-label=${text}></progress>
    ${run.loss === null ? null : html`<span class="run-loss"><i class="m">E</i> ${formatNumber(run.loss, 6)}</span>`}
    ${run.key === "transport.training" || run.key === "history.running" ? html`<button type="button" class="btn primary" onClick=${actions.stopRun}><${Icon} name="stop" />${t("transport.stop")}</button>` : null}</div>`;
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
    return html`<div class="banner err" role="alert"><${Icon} name="warn" /><p><b>${t("page.banner.offline")}</b> ${t("page.banner.offlineKept", { n: countText(step + 1) })}</p>
      <button type="button" class="btn" onClick=${() => retry?.()}>${t("page.banner.retry")}</button></div>`;
  }
  if (kind === "gone") {
    return html`<div class="banner err" role="alert"><${Icon} name="warn" /><p><b>${t("page.banner.gone")}</b> ${t("page.banner.goneHint")}</p>
      <button type="button" class="btn" onClick=${() => actions.restore()}>${t("page.banner.restore")}</button></div>`;
  }
  const title = kind === "link" ? t(key ?? "page.banner.link") : kind === "expired" ? t("page.banner.expired") : t(key ?? "page.banner.error");
  return html`<div class="banner err" role="alert"><${Icon} name="warn" /><p><b>${title}</b> ${text}${kind === "link" && !key ? html` ${t("page.banner.linkHint")}` : null}</p>
    ${retry ? html`<button type="button" class="btn" onClick=${() => { actions.dismissBanner(); retry(); }}>${t("page.banner.retry")}</button>` : null}${close}</div>`;
}
