// @ts-check
/** The batch under the microscope: every sample's gradient of one parameter as a bar, and how they combine. */
import { h } from "preact";
import { useRef } from "preact/hooks";
import htm from "htm";
import { formatGiven, formatNumber, HIDDEN } from "../lib/format.js";
import { useWidth } from "../lib/hooks.js";
import { countText } from "../lib/scales.js";
import { htmlSymbol } from "../lib/symbols.js";
import { ParameterChoice } from "./parameter_choice.js";

/**
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {{sample: number, inputs: (number | null)[], targets: (number | null)[], loss: number | null, gradient: number | null}} One
 * @typedef {object} ContributionsRecord
 * @property {number} step
 * @property {string} element
 * @property {number} size
 * @property {One[]} samples
 * @property {number} omitted
 * @property {number | null} omitted_sum
 * @property {number | null} total
 * @property {number | null} positive
 * @property {number | null} negative
 * @property {number} batch_factor
 * @property {number | null} combined
 * @property {number | null} penalty
 * @property {number | null} received
 * @property {number | null} cancellation
 * @property {boolean} frozen
 * @property {Record<string, string>} [nonfinite]
 */

const html = htm.bind(h);
const BAR_HEIGHT = 18;
/** Inputs and targets with a column of their own. */
const MOST_COLUMNS = 4;
/** Below this many pixels there is no room for them. */
const NARROW = 520;
/** Up to this many samples the sums are drawn on the scale of the samples. */
const ONE_SCALE = 16;

/**
 * @param {{data: ContributionsRecord | null, session: import("../types.js").Session, sample: number, decimals: number, element: string | null, hover: string | null, hidden?: Set<string>,
 *   symbolOf: import("../lib/symbols.js").SymbolOf, t: Translate, actions: any, [prop: string]: any}} props
 */
export function SamplesTab({ data, session, sample, decimals, element, hidden = new Set(), symbolOf, t, actions }) {
  if (!element) return html`<p class="dwempty">${t("matrices.noParameter")}</p>`;
  const behind = data !== null && (data.element !== element || (data.step !== session.step && session.status !== "diverged"));
  return html`<div class="bats ${behind ? "behind" : ""}" aria-busy=${behind ? "true" : undefined}>
    <div class="bath"><${ParameterChoice} session=${session} element=${element} symbolOf=${symbolOf} t=${t} actions=${actions} /><p>${data ? t(data.size === 1 ? "matrices.alone" : "matrices.each", { n: countText(data.size) }) : t("matrices.loading")}</p></div>
    ${data ? html`<${Bars} data=${data} session=${session} sample=${sample} decimals=${decimals} hidden=${hidden} symbolOf=${symbolOf} t=${t} actions=${actions} />` : null}
  </div>`;
}

/**
 * @param {{data: ContributionsRecord, session: import("../types.js").Session, sample: number, decimals: number, hidden: Set<string>, symbolOf: import("../lib/symbols.js").SymbolOf, t: Translate, actions: any}} props
 */
function Bars({ data, session, sample, decimals, hidden, symbolOf, t, actions }) {
  const head = useRef(/** @type {HTMLElement | null} */ (null));
  const width = useWidth(head, 240);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  // A narrow table keeps the gradients and leaves the data to the data table.
  const narrow = useWidth(box, 800) < NARROW;
  const shown = data.element;
  const alone = data.size === 1;
  const cut = data.omitted > 0;
  // A hidden gradient hides every sum that tells it, and the batch's gradient its sum.
  const ownHidden = hidden.has(`g${shown}`) || data.samples.some((one) => hidden.has(`gs.${one.sample}.${shown}`)) || (alone && hidden.has(`G${shown}`));
  const sumHidden = ownHidden || hidden.has(`G${shown}`);
  const print = (/** @type {number | null} */ value, /** @type {string} */ pointer, /** @type {boolean} */ secret) => (secret ? HIDDEN : formatNumber(value, decimals, data.nonfinite?.[pointer] ?? null));
  const sizes = data.samples.map((one) => Math.abs(one.gradient ?? 0));
  const sums = [data.positive, data.negative, data.total].map((value) => Math.abs(value ?? 0));
  const own = Math.max(...sizes, 0);
  const scale = data.size <= ONE_SCALE ? Math.max(own, ...sums) : own;
  const sumScale = data.size <= ONE_SCALE ? scale : Math.max(...sums);
  const inputs = !narrow && session.network.inputs <= MOST_COLUMNS ? session.network.inputs : 0;
  const targets = !narrow && (data.samples[0]?.targets.length ?? 0) <= MOST_COLUMNS ? data.samples[0]?.targets.length ?? 0 : 0;
  const range = (/** @type {number} */ count) => Array.from({ length: count }, (_, k) => k);
  const symbol = htmlSymbol(symbolOf(`g${shown}`));
  const before = 1 + inputs + targets + 1;
  // Its ends would tell how large the largest hidden gradient is.
  const ruler = (/** @type {number} */ most, /** @type {boolean} */ secret) => html`<span class="bsc"><span>${secret || most === 0 ? "" : `−${formatNumber(most, 2)}`}</span><span>0</span><span>${secret || most === 0 ? "" : formatNumber(most, 2)}</span></span>`;
  const bars = (/** @type {any} */ ...given) => html`<td class="gb"><${Bar} values=${sumHidden ? [] : given} scale=${sumScale} width=${width} thick=${given.length === 1} /></td>`;
  // The batch's gradient is that of its loss, with the loss's own letter.
  // Penalty or clipping stand between this gradient and the optimizer.
  const extras = !data.frozen && data.received !== data.combined;
  const whole = alone ? symbol : htmlSymbol({ ...symbolOf("eb"), of: symbolOf("eb"), by: symbolOf(shown) });
  const factor = data.batch_factor === 1 ? "1" : `1/${data.size}`;
  return html`<div>
    <div class="batbox" ref=${box}><table class="bat">
      <thead><tr>
        <th scope="col"><span class="sr">${t("matrices.sample")}</span>#</th>
        ${range(inputs).map((k) => html`<th scope="col" class="num">${htmlSymbol(symbolOf(`a.0.${k}`))}</th>`)}
        ${range(targets).map((k) => html`<th scope="col" class="num">${htmlSymbol(symbolOf(`t.${k}`))}</th>`)}
        <th scope="col" class="num">${htmlSymbol(symbolOf("e"))}</th>
        <th scope="col" class="num grad">${symbol}</th>
        <th scope="col" class="gb" ref=${head}>${ruler(scale, sumHidden)}</th>
      </tr></thead>
      <tbody>${data.samples.map((one, at) => {
        const current = one.sample === sample;
        const secret = ownHidden;
        const ref = current ? `g${shown}` : `gs.${one.sample}.${shown}`;
        return html`<tr key=${one.sample} data-sample=${one.sample} data-ref=${ref} class=${current ? "cur" : ""} aria-current=${current ? "true" : undefined} onClick=${() => actions.setSample(one.sample)}
          onMouseEnter=${() => actions.hover(`g${shown}`)} onMouseLeave=${() => actions.hover(null)}>
          <th scope="row"><button type="button" aria-label=${t("matrices.other", { n: one.sample + 1 })}>${one.sample + 1}</button></th>
          ${range(inputs).map((k) => html`<td class="num">${formatGiven(one.inputs[k], 3)}</td>`)}
          ${range(targets).map((k) => html`<td class="num">${formatGiven(one.targets[k], 3)}</td>`)}
          <td class="num">${print(one.loss, `/samples/${at}/loss`, hidden.has(`es.${one.sample}`) || hidden.has("e"))}</td>
          <td class="num grad">${print(one.gradient, `/samples/${at}/gradient`, secret)}</td>
          <td class="gb"><${Bar} values=${secret ? [] : [one.gradient]} scale=${scale} width=${width} /></td>
        </tr>`;
      })}
      ${cut ? html`<tr class="rest"><th scope="row" colspan=${before}>${t("matrices.rest", { n: countText(data.omitted) })}</th><td class="num">${print(data.omitted_sum, "/omitted_sum", sumHidden)}</td><td class="gb"></td></tr>` : null}
      </tbody>
      ${alone ? null : html`<tbody class="summary">
        ${sumScale !== scale ? html`<tr class="rescale"><td colspan=${before + 1}></td><td class="gb">${ruler(sumScale, sumHidden)}</td></tr>` : null}
        <tr class="sums"><th scope="row" colspan=${before - 1}>${t("matrices.signs")}</th><td class="num" colspan="2"><span data-sum="negative">${print(data.negative, "/negative", sumHidden)}</span><span class="pm">${t("matrices.and")}</span><span data-sum="positive">${print(data.positive, "/positive", sumHidden)}</span></td>${bars(data.negative, data.positive)}</tr>
        <tr class="sums total"><th scope="row" colspan=${before}>${t("matrices.total")}</th><td class="num" data-sum="total">${print(data.total, "/total", sumHidden)}</td>${bars(data.total)}</tr>
      </tbody>`}
    </table></div>
    <div class="batsum" data-ref=${`G${shown}`} onMouseEnter=${() => actions.hover(`G${shown}`)} onMouseLeave=${() => actions.hover(null)}>
      ${alone && extras
        ? html`${whole}<span>=</span><output data-val="combined">${print(data.combined, "/combined", sumHidden)}</output>`
        : alone
        ? html`<span>${t("matrices.goes")}</span><output data-val="combined">${print(data.combined, "/combined", sumHidden)}</output>`
        : html`${whole}<span>=</span><span>${factor} × ${print(data.total, "/total", sumHidden)}</span><span>=</span><output data-val="combined">${print(data.combined, "/combined", sumHidden)}</output>
          <span class="note">${t(data.batch_factor === 1 ? "matrices.summed" : "matrices.averaged", { n: countText(data.size) })}</span>`}
      ${data.frozen ? html`<span class="note">${t("matrices.frozenGets")}</span>` : null}
      ${data.penalty ? html`<span class="note">${t("matrices.penaltyAdds", { number: print(data.penalty, "/penalty", sumHidden) })}</span>` : null}
      ${extras && !data.frozen ? html`<span class="note">${t("matrices.receives", { number: print(data.received, "/received", sumHidden || hidden.has(`C${shown}`) || hidden.has(`J${shown}`)) })}</span>` : null}
      ${alone || sumHidden ? null : html`<p class="cancel">${cancelText(data, t)}</p>`}
    </div>
  </div>`;
}

/**
 * How much of the samples' pull cancels, in a sentence.
 * @param {ContributionsRecord} data
 * @param {Translate} t
 */
function cancelText({ cancellation }, t) {
  if (cancellation === null) return t("matrices.cancel.nothing");
  if (cancellation < 1e-9) return t("matrices.cancel.none");
  // What is left over, however little, must not round away.
  const percent = cancellation < 1 ? Math.min(99.99, 100 * cancellation) : 100;
  return t("matrices.cancel", { percent: formatNumber(percent, cancellation > 0.99 || cancellation < 0.01 ? 2 : 0) });
}

/**
 * Bars from the zero line: to the right above zero, filled, and to the left below zero, hatched.
 * @param {{values: (number | null)[], scale: number, width: number, thick?: boolean}} props
 */
function Bar({ values, scale, width, thick = false }) {
  const middle = Math.round(width / 2) + 0.5;
  const height = thick ? 12 : 9;
  const top = (BAR_HEIGHT - height) / 2;
  return html`<svg class="gbar ${thick ? "thick" : ""}" width=${width} height=${BAR_HEIGHT} viewBox=${`0 0 ${width} ${BAR_HEIGHT}`} aria-hidden="true">
    <path class="zero" d=${`M${middle} 0V${BAR_HEIGHT}`} />
    ${values.map((value) => {
      if (!value || scale === 0) return null;
      // A number that is not zero is seen, however short its bar.
      const length = Math.max(1, (Math.abs(value) / scale) * (middle - 4));
      return value > 0
        ? html`<rect class="pos" x=${middle} y=${top} width=${length} height=${height} />`
        : html`<rect class="neg" x=${middle - length} y=${top} width=${length} height=${height} /><path class="hatch" d=${hatch(middle - length, top, length, height)} />`;
    })}
  </svg>`;
}

/**
 * Slanting strokes within a rectangle.
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 */
function hatch(left, top, width, height) {
  let path = "";
  for (let x = 3; x < width + height; x += 5) {
    const [from, to] = [Math.max(0, x - height), Math.min(width, x)];
    if (to > from) path += `M${left + from} ${top + x - from}L${left + to} ${top + x - to}`;
  }
  return path;
}
