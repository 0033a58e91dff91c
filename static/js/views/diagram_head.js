// @ts-check
/** The line above the diagram and the legend below it. */
import { h } from "preact";
import htm from "htm";
import { PictureMenu } from "./export_menu.js";
import { fillSentence, speakSentence } from "../lib/symbols.js";
/**
 * @typedef {import("./diagram_scene.js").Scene} Scene
 * @typedef {import("./diagram_scene.js").Translate} Translate
 * @typedef {import("../lib/refs.js").MicroStepsRecord} MicroStepsRecord
 */

const html = htm.bind(h);
export const MAX_DECIMALS = 8;

/** @type {Record<string, {cls: string, path: string}>} */
export const PHASES = {
  forward: { cls: "fwd", path: "M4 3v10l8.5-5z" },
  loss: { cls: "loss", path: "M8 2.5 13.5 8 8 13.5 2.5 8z" },
  backward: { cls: "back", path: "M12 3v10L3.5 8z" },
  update: { cls: "upd", path: "M3.5 3.5h9v9h-9z" },
};

/**
 * A phase by colour, glyph and word.
 * @param {{phase: string, t: Translate}} props
 */
export function PhaseTag({ phase, t }) {
  const shown = PHASES[phase];
  if (!shown) return null;
  return html`<span class="tag ${shown.cls}"><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path class="solid ns" d=${shown.path} /></svg>${t(`diagram.phase.${phase}`)}</span>`;
}

/**
 * @param {MicroStepsRecord | null} microsteps
 * @param {string} key
 * @param {string} lang
 * @returns {string}
 */
export function sentence(microsteps, key, lang) {
  const entry = microsteps?.sentences[key];
  return (lang === "ko" ? entry?.ko : entry?.en) ?? "";
}

/**
 * @param {{scene: Scene, microsteps: MicroStepsRecord | null, gradients: boolean, setGradients: (on: boolean) => void, decimals: number, lang: string, running: boolean, t: Translate, actions: any}} props
 */
export function StageHead({ scene, microsteps, gradients, setGradients, decimals, lang, running, t, actions }) {
  const { current, trace, session } = scene;
  const row = trace?.sample ?? microsteps?.sample ?? 0;
  const template = current ? sentence(microsteps, current.title.key, lang) : "";
  /** @param {number} change */
  const step = (change) => actions.setDecimals(Math.max(1, Math.min(MAX_DECIMALS, decimals + change)));
  return html`<div class="sth">
    <h1>
      ${current ? html`<${PhaseTag} phase=${current.phase} t=${t} />` : null}
      <span class="what" title=${current ? speakSentence(template, current.title.refs, scene.symbolOf) : ""}>${current ? fillSentence(template, current.title.refs, scene.symbolOf) : t(running ? "live.head" : "diagram.before")}</span>
      ${running ? null : html`<span class="dim">${t("diagram.sample", { number: row + 1, count: session.data.size ?? session.data.inputs.length })}</span>`}
    </h1>
    <div class="stt">
      <div class="seg" role="group" aria-label=${t("diagram.labels")}>
        <button type="button" aria-pressed=${String(!gradients)} onClick=${() => setGradients(false)}>${t("diagram.values")}</button>
        <button type="button" aria-pressed=${String(gradients)} onClick=${() => setGradients(true)}>${t("diagram.gradients")}</button>
      </div>
      <div class="dec" role="group" aria-label=${t("diagram.decimals")}><span>${t("diagram.decimals")}</span><span class="stp">
        <button type="button" aria-label=${t("diagram.fewer")} disabled=${decimals <= 1} onClick=${() => step(-1)}><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M3.5 8h9" /></svg></button>
        <b>${decimals}</b>
        <button type="button" aria-label=${t("diagram.more")} disabled=${decimals >= MAX_DECIMALS} onClick=${() => step(1)}><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 3.5v9M3.5 8h9" /></svg></button>
      </span></div>
      <${PictureMenu} name="network" csv=${{ what: "trace", about: { sample: row } }} t=${t} actions=${actions} />
    </div>
  </div>`;
}

/**
 * @param {{t: Translate, biases: string[], dropout?: boolean}} props `biases`: the bias modes in use
 */
export function Legend({ t, biases, dropout = false }) {
  return html`<ul class="legend" aria-label=${t("diagram.legend")}>
    <li><svg width="34" height="12" aria-hidden="true"><path class="edge pos" stroke-width="3" d="M1 6H33" /></svg><span><i class="m">w</i> > 0</span></li>
    <li><svg width="34" height="12" aria-hidden="true"><path class="edge neg" stroke-width="3" stroke-dasharray="7 5" d="M1 6H33" /></svg><span><i class="m">w</i> ${"<"} 0</span></li>
    <li><svg width="34" height="12" aria-hidden="true"><path class="wedge" d="M1 5.5 33 2.5v7L1 6.5z" /></svg><span>${t("diagram.legend.width")} ∝ |<i class="m">w</i>|</span></li>
    <li><svg width="16" height="16" aria-hidden="true" class="ring"><circle cx="8" cy="8" r="5.5" /><path d="M4.1 11.9A5.5 5.5 0 1 1 13.3 9.5" /></svg>${t("diagram.legend.ring")}</li>
    <li><span class="gcl">∂</span>${t("diagram.legend.gradient")}</li>
    <li><span class="dcl"><i class="m">δ</i></span><span>∂<i class="m">E</i>/∂<i class="m">z</i></span></li>
    ${biases.includes("trained") ? html`<li><svg width="16" height="16" class="bl" aria-hidden="true"><circle cx="8" cy="8" r="6" /></svg>${t("diagram.legend.bias")}</li>` : null}
    ${dropout ? html`<li><svg width="16" height="16" class="xl" aria-hidden="true"><circle cx="8" cy="8" r="6.5" /><path class="xo" d="M3.5 3.5 12.5 12.5M3.5 12.5 12.5 3.5" /></svg>${t("regularization.legend")}</li>` : null}
    ${biases.includes("fixed") ? html`<li><svg width="34" height="12" aria-hidden="true"><path class="edge fixed" d="M1 6H33" /></svg>${t("diagram.legend.fixed")}</li>` : null}
  </ul>`;
}
