// @ts-check
/** A learning-rate sweep: where each run of one start came to, over its learning rate on a logarithmic axis. */
import { h } from "preact";
import { useRef, useState } from "preact/hooks";
import htm from "htm";
import { markerPath, sweepOf } from "../lib/compare.js";
import { formatNumber } from "../lib/format.js";
import { plain } from "../lib/history.js";
import { useWidth } from "../lib/hooks.js";
import { linearRange, logRange } from "../lib/loss_chart.js";
import { decades, linear, tickText } from "../lib/scales.js";
import { PictureMenu } from "./export_menu.js";

const html = htm.bind(h);
const HEIGHT = 150;
const LEFT = 52;
const RIGHT = 14;
const TOP = 22;
const FOOT = 24;
const CSV = { what: "runs" };

/**
 * @param {{rows: import("./compare.js").Row[], sweep: boolean, setSweep: (on: boolean) => void, words: import("../lib/history.js").Words, actions: any}} props
 */
export function SweepChart({ rows, setSweep, words, actions }) {
  const { t } = words;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const width = useWidth(box, 320);
  const [log, setLog] = useState(true);
  const { points, best } = sweepOf(rows.map(({ run }) => run));
  const shown = points.filter((point) => !point.diverged && point.loss !== null && (!log || point.loss > 0));
  const losses = shown.map((point) => /** @type {number} */ (point.loss));
  const [low, high] = log ? logRange(losses.length ? Math.min(...losses) : 0, Math.max(...losses)) : linearRange(losses.length ? Math.min(...losses) : 0, losses.length ? Math.max(...losses) : 1);
  const [first, last] = [points[0]?.rate ?? 0.1, points.at(-1)?.rate ?? 1];
  const x = linear(Math.log10(first), Math.log10(last), LEFT + 10, width - RIGHT - 10);
  const y = log ? linear(Math.log10(low), Math.log10(high), HEIGHT - FOOT, TOP) : linear(low, high, HEIGHT - FOOT, TOP);
  const toX = (/** @type {number} */ rate) => x.to(Math.log10(rate));
  const toY = (/** @type {number} */ loss) => y.to(log ? Math.log10(loss) : loss);
  const told = best ? t("compare.best", { rate: plain(best.rate), loss: formatNumber(best.loss, 6) }) : t("compare.noBest");
  const spoken = points.map((point) => `η ${plain(point.rate)}: ${point.diverged ? t("compare.diverged") : formatNumber(point.loss, 6)}`).join(", ");
  return html`<section class="cmpplot" data-picture="sweep" aria-label=${t("compare.sweepChart")}>
    <div class="cmphead"><h2>${t("compare.sweepChart")}</h2>
      <span class="seg" role="group" aria-label=${t("readings.lossAxis")}><button type="button" aria-pressed=${String(!log)} onClick=${() => setLog(false)}>${t("readings.linear")}</button><button type="button" aria-pressed=${String(log)} onClick=${() => setLog(true)}>${t("readings.log")}</button></span>
      <button type="button" class="btn quiet" id="show-curves" onClick=${() => setSweep(false)}>${t("compare.showCurves")}</button>
      <${PictureMenu} name="sweep" csv=${CSV} t=${t} actions=${actions} />
    </div>
    <div ref=${box} class="cmpbox"><svg class="cmpsweep" width=${width} height=${HEIGHT} role="img" aria-label=${`${t("compare.sweepChart")}. ${spoken}. ${told}`}>
      ${(log ? decades(low, high, 4) : [low, high / 2, high]).map((value) => html`<g key=${value}><path class="grid" d=${`M${LEFT} ${toY(value)}H${width - RIGHT}`} /><text x=${LEFT - 6} y=${toY(value) + 4} text-anchor="end">${tickText(value, 0)}</text></g>`)}
      ${decades(first, last, 6).map((value) => html`<text key=${value} x=${toX(value)} y=${HEIGHT - 6} text-anchor="middle">${tickText(value, 0)}</text>`)}
      <text class="ax" x=${LEFT - 6} y=${HEIGHT - 6} text-anchor="end"><tspan class="m">η</tspan></text>
      <path class="line" d=${shown.length > 1 ? `M${shown.map((point) => `${toX(point.rate).toFixed(1)} ${toY(/** @type {number} */ (point.loss)).toFixed(1)}`).join("L")}` : ""} />
      ${points.map((point) => (point.diverged
        ? html`<g key=${point.id} class="gone"><path d=${markerPath("cross", toX(point.rate), TOP, 4.5)} /><title>${`η ${plain(point.rate)}: ${t("compare.diverged")}`}</title></g>`
        : point.loss === null || (log && point.loss <= 0)
          ? null
          : html`<g key=${point.id} class=${best?.rate === point.rate ? "best" : ""}><path d=${markerPath("circle", toX(point.rate), toY(point.loss), 4)} /><title>${`η ${plain(point.rate)}: ${formatNumber(point.loss, 8)}`}</title></g>`))}
      ${points.some((point) => point.diverged) ? html`<text class="gone" x=${toX(points.find((point) => point.diverged)?.rate ?? first) - 10} y=${TOP - 10} text-anchor="start">${t("compare.diverged")}</text>` : null}
    </svg></div>
    <p class="note">${told}</p>
  </section>`;
}
