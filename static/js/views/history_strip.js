// @ts-check
/**
 * The strip of iterations and epochs: a lane for each branch, from where it leaves its parent to its tip. The way to
 * the present tip is bold; squares mark changes. It is a slider: left and right travel, up and down change the branch.
 */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { formatNumber, textWidth } from "../lib/format.js";
import { changeText, nodeAt, pathTo, readingAt } from "../lib/history.js";
import { countText, linear, tickText, ticks } from "../lib/scales.js";

/** @typedef {import("../lib/history.js").Branch} Branch */
/** @typedef {import("../lib/history.js").Words} Words */

const html = htm.bind(h);
/** The rows of the list beside it have the same height (history.css). */
const PITCH = 28;
const HEAD = 24;
const FOOT = 20;
const LEFT = 12;
const RIGHT = 30;
const KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);
/** Radius of the bend where a branch leaves its parent. */
const BEND = 6;

/**
 * @param {{branches: Branch[], node: number, here: Branch | null, known: boolean, fresh: boolean, session: import("../types.js").Session, width: number, words: Words, disabled: boolean, actions: any}} props
 *   `known`: the branches hold the present node; `fresh`: they are told as of it
 */
export function Strip({ branches, node, here, known, fresh, session, width, words, disabled, actions }) {
  const { t } = words;
  const [drag, setDrag] = useState(/** @type {{branch: Branch, step: number} | null} */ (null));
  const [point, setPoint] = useState(/** @type {{branch: Branch, step: number} | null} */ (null));
  // Where the travels under way lead: until it is reached the next key goes on from there.
  const aim = useRef(/** @type {{step: number, branch: string} | null} */ (null));
  const underWay = useRef(0);
  // A key that came before the branches did, right after a run.
  const early = useRef(/** @type {string | null} */ (null));
  const last = Math.max(1, ...branches.map((branch) => branch.last_step));
  const x = linear(0, last, LEFT, width - RIGHT);
  const path = pathTo(branches);
  const current = branches.find((branch) => branch.current) ?? null;
  const height = HEAD + PITCH * branches.length + FOOT;
  /** @param {Branch} branch */
  const y = (branch) => HEAD + PITCH * (branches.indexOf(branch) + 0.5);
  const step = session.step;
  const shown = drag ?? point;
  const head = drag ?? (here ? { branch: here, step } : null);

  /** @param {PointerEvent} event */
  const at = (event) => {
    const rect = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const row = Math.max(0, Math.min(branches.length - 1, Math.floor((event.clientY - rect.top - HEAD) / PITCH)));
    const branch = /** @type {Branch} */ (branches[row]);
    const wanted = Math.round(x.from(((event.clientX - rect.left) / (rect.width || 1)) * width));
    // Left of where a branch begins its parent's iterations are meant.
    return { branch, step: Math.max(branch.parent === null ? 0 : branch.from_step, Math.min(branch.last_step, wanted)) };
  };
  /** @param {Branch} branch @param {number} to */
  const travel = (branch, to) => {
    const wanted = Math.max(0, Math.min(branch.last_step, to));
    const target = nodeAt(branches, branch, wanted);
    if (target === node && underWay.current === 0) return;
    aim.current = { step: wanted, branch: branch.name };
    underWay.current += 1;
    void Promise.resolve(actions.seekNode(target)).then(() => (underWay.current -= 1));
  };
  /** @param {string} key */
  const follow = (key) => {
    if (!current || !here) return;
    const coming = underWay.current > 0 || !fresh ? aim.current : null;
    const from = coming?.step ?? step;
    const lane = branches.find((branch) => branch.name === coming?.branch) ?? current;
    const far = Math.max(session.steps_per_epoch, Math.round(last / 10), 1);
    /** @type {Record<string, number>} */
    const along = { ArrowLeft: from - 1, ArrowRight: from + 1, PageDown: from - far, PageUp: from + far, Home: 0, End: lane.last_step };
    const target = along[key];
    if (target !== undefined) return travel(lane, target);
    const branch = branches[branches.indexOf(lane) + (key === "ArrowUp" ? -1 : 1)];
    if (!branch) return;
    // To where it differs from this one: before that they are the same.
    const shared = pathTo(branches, lane).get(branch.name);
    travel(branch, Math.max(from, shared ? shared.to + 1 : branch.spans[0]?.step ?? 0));
  };
  useEffect(() => {
    const key = early.current;
    if (!known || key === null) return;
    early.current = null;
    follow(key);
  });
  const handlers = disabled ? {} : {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
      setDrag(at(event));
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      setPoint(at(event));
      if (drag) setDrag(at(event));
    },
    onPointerUp: (/** @type {PointerEvent} */ event) => {
      const target = drag ? at(event) : null;
      setDrag(null);
      if (target) travel(target.branch, target.step);
    },
    onPointerCancel: () => setDrag(null),
    onPointerLeave: () => setPoint(null),
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || !KEYS.has(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (known || underWay.current > 0) follow(event.key);
      else early.current = event.key;
    },
  };
  const loss = formatNumber(session.loss, 8, session.nonfinite?.["/loss"]);
  const spoken = t("history.position", { name: here?.name ?? "", n: countText(step), end: countText(current?.last_step ?? step), loss });
  return html`<div class="hstrip" role="slider" tabindex="0" aria-label=${t("history.strip")} aria-valuemin="0" aria-valuemax=${Math.max(step, current?.last_step ?? last)} aria-valuenow=${step} aria-valuetext=${spoken}
      data-branch=${here?.name} data-step=${step} ...${handlers}>
    <svg width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} aria-hidden="true">
      <${Axis} last=${last} x=${x} height=${height} width=${width} session=${session} branches=${branches} t=${t} />
      ${branches.map((branch) => html`<${Lane} key=${branch.name} branch=${branch} branches=${branches} x=${x} y=${y} end=${width - RIGHT} words=${words} part=${path.get(branch.name) ?? null} />`)}
      ${shown ? html`<path class="hv" d=${`M${x.to(shown.step)} ${HEAD - 4}V${height - FOOT}`} /><circle class="hvc" cx=${x.to(shown.step)} cy=${y(shown.branch)} r="3" />` : null}
      ${head ? html`<path class="phd" d=${`M${x.to(head.step)} ${HEAD - 6}V${height - FOOT}`} /><path class="phk" d=${`M${x.to(head.step) - 5} ${HEAD - 8}h10l-5 7z`} />
        <circle class="phc" cx=${x.to(head.step)} cy=${y(head.branch)} r="4" />` : null}
    </svg>
    ${shown ? html`<${Callout} branch=${shown.branch} step=${shown.step} left=${x.to(shown.step)} top=${y(shown.branch)} width=${width} t=${t} />` : null}
  </div>`;
}

/**
 * Iterations above, and below the lanes where epochs end, while all have the present length.
 * @param {{last: number, x: import("../lib/scales.js").Linear, height: number, width: number, session: import("../types.js").Session, branches: Branch[], t: import("../types.js").Translate}} props
 */
function Axis({ last, x, height, width, session, branches, t }) {
  const { steps_per_epoch: length, epoch, epoch_position: position, step } = session;
  const even = length > 1 && epoch * length + position === step && branches.every((branch) => branch.changes.every((change) => !change.kinds.includes("data") && !change.kinds.includes("batch")));
  const iterations = ticks(0, last, Math.max(2, Math.floor(width / 90))).values.filter((value) => Number.isInteger(value));
  const epochs = even ? ticks(0, last / length, Math.max(2, Math.floor(width / 110))).values.filter((value) => Number.isInteger(value) && value > 0) : [];
  return html`<g class="hax">
    ${iterations.map((value) => html`<path d=${`M${x.to(value)} ${HEAD - 4}V${height - FOOT}`} />${value === 0
      ? html`<text x="0" y=${HEAD - 9}>${t("readings.iterationHead")} 0</text>`
      : html`<text x=${x.to(value)} y=${HEAD - 9} text-anchor="middle">${tickText(value, 1)}</text>`}`)}
    ${epochs.map((value) => html`<path class="ep" d=${`M${x.to(value * length)} ${HEAD}V${height - FOOT + 4}`} /><text x=${x.to(value * length)} y=${height - 4} text-anchor=${x.to(value * length) > width - 2 * RIGHT ? "end" : "middle"}>${t("readings.epoch", { n: countText(value) })}</text>`)}
  </g>`;
}

/**
 * @param {{branch: Branch, branches: Branch[], x: import("../lib/scales.js").Linear, y: (branch: Branch) => number, end: number, words: Words, part: {from: number, to: number} | null}} props
 *   `part` are its steps on the way to the present tip
 */
function Lane({ branch, branches, x, y, end, words, part }) {
  const parent = branches.find((one) => one.name === branch.parent) ?? null;
  const own = y(branch);
  const from = x.to(branch.from_step);
  const to = Math.max(x.to(branch.last_step), from + (parent ? BEND : 0));
  const leave = parent ? `M${from} ${y(parent)}V${own - BEND}Q${from} ${own} ${from + BEND} ${own}` : `M${from} ${own}`;
  const bold = part ? `${leave}H${Math.max(from + (parent ? BEND : 0), x.to(part.to))}` : null;
  return html`<g class="hl ${branch.current ? "now" : ""}">
    <path d=${`${leave}H${to}`} />
    ${branch.parent !== null && !parent ? html`<path class="cut" d=${`M${from - 8} ${own}H${from}`} />` : null}
    ${bold ? html`<path class="way" d=${bold} />` : null}
    ${branch.changes.map((change, k) => {
      // What began the branch stands on the way down to it.
      const begins = parent !== null && change.step === branch.from_step;
      const place = x.to(change.step);
      const top = begins ? own - BEND - 5 : own;
      const next = branch.changes[k + 1];
      const text = changeText(change, words);
      const room = (next ? x.to(next.step) : Math.max(to, end)) - place - 10;
      return html`<g class="hchange"><rect x=${place - 3.5} y=${top - 3.5} width="7" height="7"><title>${text}</title></rect>
        ${textWidth(text, 12) + 8 < room ? html`<text x=${place + 7} y=${own - 6}>${text}</text>` : null}</g>`;
    })}
    ${branch.diverged ? html`<path class="gone" d=${`M${to - 3} ${own - 3}l6 6M${to + 3} ${own - 3}l-6 6`} />` : html`<circle class="tip" cx=${to} cy=${own} r="3" />`}
    <text class="hname" x=${to + 9} y=${own + 4}>${branch.name}</text>
  </g>`;
}

/**
 * What stands where the pointer is.
 * @param {{branch: Branch, step: number, left: number, top: number, width: number, t: import("../types.js").Translate}} props
 */
function Callout({ branch, step, left, top, width, t }) {
  const found = readingAt({ name: branch.name, dash: "", label: "", steps: branch.curve.steps, last: branch.curve.last }, step);
  const loss = found ? formatNumber(found.loss, 6) : null;
  const side = left < width / 2 ? { left: `${left + 8}px` } : { right: `${width - left + 8}px` };
  return html`<div class="hcall" style=${{ ...side, top: `${top + 4}px` }}><b>${branch.name}</b> ${step === 0 ? t("readings.start") : t("readings.afterIteration", { n: countText(step) })}
    ${loss === null || !found ? null : html` · <i class="m">E</i> ${found.step === step ? loss : t("history.readingAt", { loss, n: countText(found.step) })}`}</div>`;
}
