// @ts-check
/** The transport: where the reader is in the iteration, and every way to move. */
import { computed } from "@preact/signals";
import { h } from "preact";
import { useMemo } from "preact/hooks";
import htm from "htm";
import { countText } from "../lib/scales.js";
import { fillSentence } from "../lib/symbols.js";
import { batchLength } from "../selectors.js";
import { Icon } from "./icons.js";
import { lazy } from "./lazy.js";
import { Ruler } from "./ruler.js";
import { RunForm } from "./run_form.js";
import { Term } from "./term.js";

const html = htm.bind(h);
const EpochRuler = lazy(async () => (await import("./epoch_ruler.js")).EpochRuler);
export const SPEEDS = [0.25, 0.5, 1, 2, 5, 10, 25];
const GRANULARITIES = /** @type {const} */ (["term", "neuron", "layer", "phase", "epoch"]);
/** @type {Record<number, string>} */
const FRACTIONS = { 0.25: "¼", 0.5: "½" };
/** More samples than that are walked through one by one. */
const PILLS = 12;

/**
 * @typedef {object} Props
 * @property {import("../types.js").Session} session
 * @property {import("../types.js").MicroSteps | null} microsteps
 * @property {number} index
 * @property {number} sample
 * @property {import("../types.js").Granularity} granularity
 * @property {import("./diagram_live.js").Frames | null} live the frames while training runs
 * @property {import("../lib/stop_rules.js").Rules} rules
 * @property {number | null} pace
 * @property {boolean} playing
 * @property {number} speed
 * @property {boolean} disabled the server is needed and away, or a run is on
 * @property {boolean} invitation
 * @property {boolean} shortcuts
 * @property {boolean} narrow
 * @property {string} lang
 * @property {import("../lib/symbols.js").SymbolOf} symbolOf
 * @property {import("../types.js").Translate} t
 * @property {any} actions
 */

/** @param {Props} props */
export function Transport(props) {
  const { session, microsteps, index, granularity, symbolOf, lang, disabled, narrow, t, actions } = props;
  return html`<section class="transport" aria-label=${t("transport.region")}>
    <${Counters} ...${props} />
    ${granularity === "epoch" ? html`<${EpochRuler} ...${{ session, disabled, t, actions }} />` : microsteps ? html`<${Ruler} ...${{ microsteps, index, symbolOf, lang, disabled, narrow, t, actions }} />` : html`<div class="ruler none"></div>`}
    <div class="tpb">
      <${MoveButtons} ...${props} here=${placeOf(session)} />
      <${RunForm} rules=${props.rules} pace=${props.pace} scored=${session.accuracy !== null} tested=${hasTest(session)} disabled=${disabled || session.status === "diverged"} t=${t} actions=${actions} />
      <${Pace} ...${props} />
    </div>
  </section>`;
}

/** Where the moves begin and end. @param {Pick<import("../types.js").Session, "step" | "status">} session */
export const placeOf = (session) => ({ first: session.step === 0, ended: session.status === "diverged" });

/** Whether rows are kept apart for testing. @param {any} session */
const hasTest = (session) => typeof session.test_loss === "number";

/** @param {Props} props */
function Counters({ live, session, microsteps, index, sample, shortcuts, disabled, symbolOf, t, actions }) {
  const total = microsteps?.microsteps.length ?? 0;
  const rows = session.next_batch;
  const only = microsteps?.only ?? null;
  const [step, epoch] = useMemo(() => [computed(() => countText((live?.value?.step ?? session.step) + 1)), computed(() => countText((live?.value?.epoch ?? session.epoch) + 1))], [live, session.step, session.epoch]);
  return html`<div class="tph">
    <p class="counter">
      <span><${Term} name="microstep" t=${t} /> <b>${index + 1}</b> / ${total}</span>
      <span><${Term} name="iteration" t=${t} /> <b>${step}</b></span>
      <span><${Term} name="epoch" t=${t} /> <b>${epoch}</b></span>
    </p>
    ${batchLength(session) > 1
      ? html`<p class="batchsw" role="group" aria-label=${t("transport.batchSample")}>
          <button type="button" class="btn quiet" aria-label=${t("transport.previousSample")} title=${`${t("transport.previousSample")} ([)`} aria-keyshortcuts="[" disabled=${disabled} onClick=${() => actions.moveSample(-1)}><${Icon} name="left" /></button>
          ${rows.length <= PILLS
            ? html`<span class="pills">${rows.map((row) => html`<button key=${row} type="button" class="pill" aria-label=${t("transport.sampleNumber", { n: row + 1 })} aria-pressed=${String(row === sample)} disabled=${disabled} onClick=${() => actions.setSample(row)}>${row + 1}</button>`)}</span>`
            : html`<span>${t("transport.ofBatch", { n: rows.indexOf(sample) + 1, count: rows.length })}</span>`}
          <button type="button" class="btn quiet" aria-label=${t("transport.nextSample")} title=${`${t("transport.nextSample")} (])`} aria-keyshortcuts="]" disabled=${disabled} onClick=${() => actions.moveSample(1)}><${Icon} name="right" /></button>
        </p>`
      : null}
    ${only ? html`<p class="only" role="note">${fillSentence(t("transport.only"), { neuron: only }, symbolOf)}</p>` : null}
    ${shortcuts && !only ? html`<p class="hints">
      <span><kbd>Space</kbd><span>${t("transport.hint.play")}</span></span>
      <span><kbd>←</kbd><kbd>→</kbd><span>${t("transport.hint.step")}</span></span>
      <span><kbd>⇧</kbd><kbd>→</kbd><span>${t("transport.hint.phase")}</span></span>
      <span><kbd>N</kbd><span>${t("transport.hint.iteration")}</span></span>
      <span><kbd>?</kbd><span>${t("transport.hint.keys")}</span></span>
    </p>` : null}
  </div>`;
}

/**
 * The buttons that move; `bar` is the short row at the thumb.
 * @param {Pick<Props, "microsteps" | "index" | "playing" | "disabled" | "t" | "actions"> & {live?: Props["live"], here: {first: boolean, ended: boolean}, bar?: boolean, invitation?: boolean}} props
 *   `here`: whether this is the first iteration, and whether none follows
 */
export function MoveButtons({ here, microsteps, index, playing, disabled, live, t, actions, bar = false, invitation = false }) {
  const stuck = here.ended;
  // The update that failed can be read to its end, but not be passed.
  const ends = stuck && index >= (microsteps?.microsteps.length ?? 0) - 1;
  const first = index < 0 && here.first;
  const button = (/** @type {string} */ icon, /** @type {string} */ key, /** @type {string} */ keys, /** @type {boolean} */ off, /** @type {() => unknown} */ act) =>
    html`<button class="btn" type="button" title=${`${t(`transport.${key}`)} (${keys})`} aria-label=${t(`transport.${key}`)} aria-keyshortcuts=${keys} disabled=${disabled || off} onClick=${() => act()}><${Icon} name=${icon} /></button>`;
  return html`<div class="grpb" role="group" aria-label=${t("transport.move")}>
    ${bar ? null : button("to-start", "toStart", "Home", index < 0, actions.toStart)}
    ${button("step-back", "stepBack", "ArrowLeft", first, actions.stepBack)}
    ${live ? html`<button class="btn" type="button" title=${`${t("transport.pause")} (Space)`} aria-label=${t("transport.pause")} aria-keyshortcuts="Space" onClick=${actions.stopRun}><${Icon} name="pause" /></button>`
      : button(playing ? "pause" : "play", playing ? "pause" : "play", "Space", ends, actions.togglePlay)}
    <button class="btn primary ${invitation ? "invited" : ""}" type="button" title=${`${t("transport.stepHint")} (ArrowRight)`} aria-keyshortcuts="ArrowRight" disabled=${disabled || ends} onClick=${() => actions.stepForward()}><${Icon} name="step" /><span class="bt">${t("transport.step")}</span></button>
    ${button("next-phase", "nextPhase", "Shift+ArrowRight", ends, actions.nextPhase)}
    ${button("next-iteration", "nextIteration", "N", stuck, actions.nextIteration)}
  </div>`;
}

/** @param {{t: import("../types.js").Translate, actions: any}} props */
export function Invitation({ t, actions }) {
  return html`<p class="invite" role="note"><span>${t("transport.invitation")}</span>
    <button type="button" class="btn" onClick=${() => actions.loadPreset("xor-2-2-1")}>${t("transport.tryXor")}</button>
    <button type="button" class="btn quiet" aria-label=${t("page.dismiss")} title=${t("page.dismiss")} onClick=${actions.dismissInvitation}><${Icon} name="close" /></button></p>`;
}

/**
 * How finely, and how fast.
 * @param {Pick<Props, "granularity" | "speed" | "disabled" | "t" | "actions"> & {choices?: readonly Props["granularity"][]}} props
 */
export function Pace({ choices = GRANULARITIES, granularity, speed, disabled, t, actions }) {
  return html`<div class="pace">
    <div class="seg gran" role="group" aria-label=${t("transport.granularity")}>
      ${choices.map((one, k) => html`<button key=${one} type="button" title=${`${t(`transport.granularityHint.${one}`)} (${k + 1})`} aria-keyshortcuts=${String(k + 1)} aria-pressed=${String(one === granularity)} disabled=${disabled} onClick=${() => actions.setGranularity(one)}>${t(`transport.granularity.${one}`)}</button>`)}
    </div>
    <label class="speed gransel"><select aria-label=${t("transport.granularity")} value=${granularity} disabled=${disabled} onChange=${(/** @type {Event} */ event) => actions.setGranularity(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
      ${choices.map((one) => html`<option key=${one} value=${one} selected=${one === granularity}>${t(`transport.granularity.${one}`)}</option>`)}
    </select><${Icon} name="down" /></label>
    <label class="speed"><select aria-label=${t("transport.speed")} title=${t("transport.speed")} value=${String(speed)} onChange=${(/** @type {Event} */ event) => actions.setSpeed(Number(/** @type {HTMLSelectElement} */ (event.currentTarget).value))}>
      ${SPEEDS.map((one) => html`<option key=${one} value=${String(one)} selected=${one === speed}>${FRACTIONS[one] ?? one}×</option>`)}
    </select><${Icon} name="down" /></label>
  </div>`;
}
