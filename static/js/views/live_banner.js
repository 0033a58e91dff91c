// @ts-check
/** The line across the foot of the stage while training runs: how far it is, how long it takes, how fast it goes. */
import { computed } from "@preact/signals";
import { h } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { timeLeft } from "../lib/duration.js";
import { formatNumber } from "../lib/format.js";
import { countText } from "../lib/scales.js";
import { Icon } from "./icons.js";
import { PaceSlider } from "./pace.js";

/** @typedef {import("../types.js").Translate} Translate */

const html = htm.bind(h);

/**
 * @param {{run: import("../types.js").Run, live: import("./diagram_live.js").Frames, pace: number | null, t: Translate, actions: any}} props
 */
export function LiveBanner({ run, live, pace, t, actions }) {
  const { from, to, loss } = run;
  const texts = useMemo(() => ({
    where: computed(() => t(to === null ? "live.endless" : "transport.training", { n: countText(live.value?.epoch ?? from), count: countText(to ?? 0) })),
    left: computed(() => {
      const seconds = live.value?.seconds_left;
      return seconds === null || seconds === undefined ? "" : timeLeft(seconds, t);
    }),
    rate: computed(() => {
      const rate = live.value?.epochs_per_second;
      return rate === null || rate === undefined ? "" : t("live.rate", { n: rate >= 10 ? countText(Math.round(rate)) : formatNumber(rate, 1) });
    }),
    share: computed(() => live.value?.progress ?? 0),
    loss: computed(() => formatNumber(live.value ? live.value.loss : loss, 6, live.value?.nonfinite?.["/loss"])),
  }), [live, from, to, t]);
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useLayoutEffect(() => {
    // Whoever started the run from its form can pause it where they are, and is back there afterwards.
    const before = document.activeElement;
    if (before instanceof HTMLElement && before.closest(".runn")) button.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && document.activeElement === button.current) setTimeout(() => before.isConnected && before.focus({ preventScroll: true }), 0);
    };
  }, []);
  const state = run.state ?? "running";
  return html`<div class="banner live ${state}" role="group" aria-label=${t("transport.runRegion")}><i class="pulse"></i>
    <p class="lvw">${state === "lost" ? html`<b>${t("live.lost")}</b>` : state === "pausing" ? html`<b>${t("live.pausing")}</b>` : html`<b>${texts.where}</b>`}
      ${state === "running" ? html`<span class="lvl">${to === null ? texts.rate : texts.left}</span>` : null}</p>
    ${to === null ? null : html`<progress max="1" value=${texts.share} aria-label=${t("transport.runRegion")}></progress>`}
    <span class="run-loss"><i class="m">E</i> <span>${texts.loss}</span></span>
    <${PaceSlider} id="live-pace" pace=${pace} t=${t} choose=${actions.setPace} />
    <button type="button" class="btn primary" ref=${button} aria-disabled=${String(state === "pausing")} aria-keyshortcuts="Space" onClick=${actions.stopRun}><${Icon} name="pause" />${t("transport.pause")}</button></div>`;
}
