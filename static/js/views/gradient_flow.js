// @ts-check
/** Gradient flow: each layer's mean gradient along the run, and how many of its neurons no longer learn. */
import { h } from "preact";
import { useMemo, useState } from "preact/hooks";
import htm from "htm";
import { layerName } from "../lib/layer_names.js";
import { LAYER_STYLES, significant } from "../lib/pictures.js";
import { countText, nearestIndex, tickText } from "../lib/scales.js";
import { LineChart } from "./line_chart.js";

const html = htm.bind(h);

const HEIGHT = 172;
const MOST_ROWS = 12;

/** @param {import("./pictures.js").PictureProps} props */
export function GradientFlow({ reply, session, disabled, narrow, t, theme, actions }) {
  const [cursor, setCursor] = useState(/** @type {{at: number, spoken: boolean} | null} */ (null));
  const { layers } = session.network;
  const steps = /** @type {number[]} */ (reply.steps);
  const styleOf = (/** @type {number} */ k) => LAYER_STYLES[k % LAYER_STYLES.length] ?? { token: "--ink", dash: [], width: 1.6 };
  const endOf = (/** @type {number} */ k) => (k === layers.length - 1 ? t("pictures.flow.out") : String(k + 1));
  const gradients = useMemo(() => layers.map((_, k) => ({ ...styleOf(k), values: reply.gradients[k], end: endOf(k) })), [reply, layers, t]);
  const idle = useMemo(() => layers.flatMap((_, k) => (reply.idle[k] ? [{ ...styleOf(k), values: reply.idle[k], end: endOf(k) }] : [])), [reply, layers, t]);
  const at = cursor && cursor.at < steps.length ? cursor.at : null;
  const shown = at ?? nearestIndex(steps, session.step);
  const setAt = (/** @type {number | null} */ index, /** @type {boolean} */ spoken) => setCursor(index === null ? null : { at: index, spoken });
  const where = (/** @type {number} */ index) => ((steps[index] ?? 0) === 0 ? t("readings.start") : t("readings.afterIteration", { n: countText(steps[index] ?? 0) }));
  const gradientAt = (/** @type {number} */ k, /** @type {number} */ index) => significant(reply.gradients[k]?.[index], reply.nonfinite?.[`/gradients/${k}/${index}`]);
  const idleAt = (/** @type {number} */ k, /** @type {number} */ index) => {
    const value = reply.idle[k]?.[index];
    return value === null || value === undefined ? "–" : t("pictures.percent", { n: percent(value) });
  };
  const told = (/** @type {number} */ index) => `${where(index)}: ${layers.map((_, k) => `${layerName(session.network, k + 1, t)} ${gradientAt(k, index)}`).join(", ")}`;
  const toldIdle = (/** @type {number} */ index) => `${where(index)}: ${layers.map((_, k) => `${layerName(session.network, k + 1, t)} ${idleAt(k, index)}`).join(", ")}`;
  const kinds = [...new Set(reply.idle_kinds.filter((/** @type {string | null} */ kind) => kind !== null))];
  const idleTitle = kinds.length === 1 ? t(`pictures.flow.${kinds[0]}`) : t("pictures.flow.idle");
  const common = { steps, height: HEIGHT, step: session.step, at, setAt, choose: disabled ? undefined : actions.seekStep, theme };
  return html`<div class="pic flow" data-picture="flow">
    <figure class="flowfig"><figcaption>${t("pictures.flow.gradients")}</figcaption>
      <${LineChart} id="flow-gradients" ...${common} lines=${gradients} log=${true} label=${t("pictures.flow.gradientsLabel")} told=${told} /></figure>
    ${idle.length > 0 ? html`<figure class="flowfig"><figcaption>${idleTitle}</figcaption>
      <${LineChart} id="flow-idle" ...${common} lines=${idle} range=${FULL} label=${t("pictures.flow.idleLabel", { what: idleTitle })} told=${toldIdle} yText=${(/** @type {number} */ v) => t("pictures.percent", { n: percent(v) })} /></figure>` : null}
    <div class="picside">
      <table class="flowt"><caption role=${cursor?.spoken ? "status" : undefined}>${where(shown)}</caption>
        <thead><tr><th scope="col">${t("pictures.layer")}</th><th scope="col">${t("pictures.flow.mean")}</th><th scope="col">${t("pictures.flow.share")}</th></tr></thead>
        <tbody>${layers.map((layer, k) => html`<tr key=${k} title=${layer.activation}><th scope="row"><${Swatch} style=${styleOf(k)} />${layerName(session.network, k + 1, t)}</th>
          <td>${gradientAt(k, shown)}</td><td title=${reply.idle_kinds[k] ? t(`pictures.flow.${reply.idle_kinds[k]}`) : ""}>${idleAt(k, shown)}</td></tr>`)}</tbody></table>
      ${steps.length < 2 ? html`<p class="pictext">${t("pictures.flow.empty")} <button type="button" class="btn" disabled=${disabled} onClick=${() => actions.trainEpochs(100)}>${t("pictures.train100")}</button></p>` : html`<p class="pictext">${kinds.map((kind) => `${t(`pictures.flow.${kind}Text`)} `)}${t("pictures.flow.text")}</p>`}
      ${narrow ? null : html`<p class="picrow"><button type="button" class="btn small" disabled=${disabled} onClick=${() => actions.loadPreset("deep-sigmoid")}>${t("pictures.flow.sigmoid")}</button><button type="button" class="btn small" disabled=${disabled} onClick=${() => actions.loadPreset("deep-relu")}>${t("pictures.flow.relu")}</button></p>`}
    </div>
    <${Table} steps=${steps} layers=${layers} where=${where} gradientAt=${gradientAt} idleAt=${idleAt} session=${session} t=${t} />
  </div>`;
}

/** The axis of a share. */
const FULL = /** @type {const} */ ([0, 1]);

/** @param {number} share */
const percent = (share) => tickText(Number((100 * share).toPrecision(4)), 0);

/** @param {{style: {token: string, dash: readonly number[], width: number}}} props */
function Swatch({ style }) {
  return html`<svg width="28" height="10" aria-hidden="true"><path d="M1 5H27" fill="none" stroke=${`var(${style.token})`} stroke-width=${style.width} stroke-dasharray=${style.dash.join(" ") || undefined} /></svg>`;
}

/** The curves as a table of at most twelve rows. @param {{steps: number[], layers: readonly unknown[], where: (index: number) => string, gradientAt: (k: number, index: number) => string, idleAt: (k: number, index: number) => string, session: import("../types.js").Session, t: import("../types.js").Translate}} props */
function Table({ steps, layers, where, gradientAt, idleAt, session, t }) {
  const count = Math.min(MOST_ROWS, steps.length);
  const picked = Array.from({ length: count }, (_, k) => Math.round((k * (steps.length - 1)) / Math.max(1, count - 1)));
  return html`<div class="sr"><table><caption>${t("pictures.flow.table")}</caption>
    <thead><tr><th scope="col">${t("readings.iterationHead")}</th>${layers.map((_, k) => html`<th scope="col">${layerName(session.network, k + 1, t)}</th>`)}</tr></thead>
    <tbody>${picked.map((index) => html`<tr key=${index}><th scope="row">${where(index)}</th>${layers.map((_, k) => html`<td>${gradientAt(k, index)}, ${idleAt(k, index)}</td>`)}</tr>`)}</tbody></table></div>`;
}
