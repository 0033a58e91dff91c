// @ts-check
/** The ruler at epoch granularity: one tick an epoch, recorded ones to travel to; it is a slider. */
import { h } from "preact";
import { useRef, useState } from "preact/hooks";
import htm from "htm";
import { countText } from "../lib/scales.js";
import { Icon } from "./icons.js";

const html = htm.bind(h);
/** More epochs than that share ticks. */
const TICKS = 120;

/**
 * @param {{session: import("../types.js").Session, disabled: boolean, t: import("../types.js").Translate, actions: any}} props
 */
export function EpochRuler({ session, disabled, t, actions }) {
  const bar = useRef(/** @type {HTMLElement | null} */ (null));
  const [dragged, setDragged] = useState(/** @type {number | null} */ (null));
  const perEpoch = session.steps_per_epoch;
  // Epochs that were recorded on this branch, and the one that comes next.
  const recorded = Math.max(session.epoch, session.epoch + Math.floor((session.epoch_position + session.timeline.last_step - session.step) / perEpoch));
  const count = recorded + 1;
  const ticks = Math.min(count, TICKS);
  const share = count / ticks;
  const now = dragged ?? session.epoch;
  /** The step at which epoch `n` begins. @param {number} n */
  const stepOf = (n) => session.step - session.epoch_position + (n - session.epoch) * perEpoch;
  /** @param {number} epoch */
  const travel = (epoch) => actions.seekStep(stepOf(Math.max(0, Math.min(recorded, epoch))));
  /** @param {number} x */
  const epochAt = (x) => {
    const box = bar.current?.getBoundingClientRect();
    return box ? Math.max(0, Math.min(recorded, Math.floor(((x - box.left) / Math.max(1, box.width)) * count))) : session.epoch;
  };
  return html`<div class="ruler epochs" ref=${bar} role="slider" tabindex="0" aria-label=${t("transport.epochs.position")} aria-valuemin="1" aria-valuemax=${count} aria-valuenow=${now + 1}
    aria-valuetext=${t("transport.epochs.text", { n: countText(now + 1), count: countText(count), step: countText(session.step + 1) })} aria-disabled=${String(disabled)}
    onPointerDown=${(/** @type {PointerEvent} */ event) => {
      if (event.button !== 0 || disabled) return;
      bar.current?.setPointerCapture(event.pointerId);
      setDragged(epochAt(event.clientX));
    }}
    onPointerMove=${(/** @type {PointerEvent} */ event) => dragged !== null && setDragged(epochAt(event.clientX))}
    onPointerUp=${(/** @type {PointerEvent} */ event) => {
      if (dragged === null) return;
      setDragged(null);
      travel(epochAt(event.clientX));
    }}
    onPointerCancel=${() => setDragged(null)}>
    <div class="ph upd now">
      <div class="pn"><${Icon} name="update" /><b>${t("transport.granularity.epoch")}</b><span class="ct">${countText(now + 1)} / ${countText(count)}</span></div>
      <div class="grp"><div class="tks">${Array.from({ length: ticks }, (_, tick) => {
        const first = Math.floor(tick * share);
        const last = Math.floor((tick + 1) * share);
        return html`<i key=${tick} data-tick=${first} class=${now >= first && now < Math.max(last, first + 1) ? "c" : first < now ? "d" : ""}></i>`;
      })}</div><span class="gl ends"><span>1</span><span>${countText(count)}</span></span></div>
    </div>
  </div>`;
}
