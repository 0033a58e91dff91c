// @ts-check
/** The answer of a network with one column as a graph over it, with the samples. */
import { h } from "preact";
import { useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { written } from "../lib/data_body.js";
import { formatNumber } from "../lib/format.js";
import { useWidth } from "../lib/hooks.js";
import { columnNames } from "../lib/samples.js";
import { linear, tickText, ticks } from "../lib/scales.js";
import { plainSymbol, symbolLookup } from "../lib/symbols.js";
import { SvgName } from "./map_parts.js";

const html = htm.bind(h);
const HEIGHT = 196;
const TOP = 8;
const BOTTOM = 24;
const MOST_POINTS = 1000;

/** @typedef {{xs: number[], outputs: (number | null)[][]}} Graph */

/**
 * @param {{graph: Graph | null, session: import("../lib/samples.js").SessionView, sample: number, veiled: boolean, t: import("../lib/samples.js").Translate, actions: any}} props
 *   `veiled`: the output is to be predicted, so that its graph is not shown
 */
export function GraphView({ graph, session, sample, veiled, t, actions }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const width = Math.max(200, useWidth(box));
  const symbolOf = useMemo(() => symbolLookup(session), [session.elements]);
  const data = /** @type {Partial<import("../types.js").DataRecord> & {inputs: number[][], targets: number[][]}} */ (session.data);
  const x = columnNames(session, symbolOf)[0] ?? symbolOf("a.0.0");
  const line = veiled ? null : graph;
  const values = [...data.targets.map((row) => row[0] ?? 0), ...(line?.outputs.map((row) => row[0] ?? 0) ?? [])];
  const xs = graph ? [graph.xs[0] ?? 0, graph.xs.at(-1) ?? 1] : [Math.min(...data.inputs.map((row) => row[0] ?? 0)), Math.max(...data.inputs.map((row) => row[0] ?? 0))];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.06 * (high - low || 1);
  const xTicks = ticks(xs[0] ?? 0, xs[1] ?? 1, 5);
  const yTicks = ticks(low - margin, high + margin, 4);
  const left = Math.max(30, ...yTicks.values.map((v) => 10 + 6.2 * tickText(v, yTicks.step).length));
  const sx = linear(xs[0] ?? 0, (xs[1] ?? 1) === xs[0] ? (xs[0] ?? 0) + 1 : xs[1] ?? 1, left, width - 4);
  const sy = linear(low - margin, high + margin, HEIGHT - BOTTOM, TOP);
  const path = line ? line.xs.map((at, k) => ({ at, y: line.outputs[k]?.[0] })).filter((one) => typeof one.y === "number").map(({ at, y: value }, k) => `${k ? "L" : "M"}${sx.to(at).toFixed(1)} ${sy.to(/** @type {number} */ (value)).toFixed(1)}`).join("") : "";
  const every = Math.ceil(data.inputs.length / MOST_POINTS);
  const current = data.inputs[sample];
  const title = t("data.graph", { x: x.sub ? written(`x${x.sub}`) : x.base });
  /** @param {MouseEvent} event */
  const pick = (event) => {
    const at = sx.from(event.clientX - /** @type {SVGElement} */ (event.currentTarget).getBoundingClientRect().left);
    let best = 0;
    data.inputs.forEach((row, k) => {
      if (Math.abs((row[0] ?? 0) - at) < Math.abs((data.inputs[best]?.[0] ?? 0) - at)) best = k;
    });
    actions.setSample(best);
  };
  return html`<section class="rd map" aria-labelledby="map-title"><h2 id="map-title">${title}</h2>
    <figure ref=${box} class="graphf"><svg class="graph1" height=${HEIGHT} viewBox=${`0 0 ${width} ${HEIGHT}`} role="img" aria-label=${title} onClick=${pick}>
      <path class="ax" d=${`M${left} ${TOP}V${HEIGHT - BOTTOM}H${width - 4}`} />
      ${xTicks.values.map((v) => html`<path class="axt" d=${`M${sx.to(v)} ${HEIGHT - BOTTOM}v4`} />${sx.to(v) < width - 24 && html`<text class="axn" x=${sx.to(v)} y=${HEIGHT - BOTTOM + 17} text-anchor="middle">${tickText(v, xTicks.step)}</text>`}`)}
      ${yTicks.values.map((v) => html`<path class="axt" d=${`M${left} ${sy.to(v)}h-4`} />${sy.to(v) > TOP + 20 && html`<text class="axn" x=${left - 7} y=${sy.to(v) + 4} text-anchor="end">${tickText(v, yTicks.step)}</text>`}`)}
      <${SvgName} symbol=${x.sub ? x : { base: "x", sub: "1", sup: "" }} x=${width - 4} y=${HEIGHT - BOTTOM + 17} anchor="end" /><${SvgName} symbol=${symbolOf("t.0")} x=${left - 8} y=${TOP + 10} anchor="end" />
      ${data.inputs.map((row, k) => (k % every ? null : html`<circle class="gp" key=${k} cx=${sx.to(row[0] ?? 0)} cy=${sy.to(data.targets[k]?.[0] ?? 0)} r="3" />`))}
      ${(data.test_inputs ?? []).slice(0, MOST_POINTS).map((row, k) => html`<circle class="gt" key=${`t${k}`} cx=${sx.to(row[0] ?? 0)} cy=${sy.to(data.test_targets?.[k]?.[0] ?? 0)} r="3" />`)}
      <path class="gl" d=${path} />
      ${current ? html`<circle class="cr" cx=${sx.to(current[0] ?? 0)} cy=${sy.to(data.targets[sample]?.[0] ?? 0)} r="7" />` : null}
    </svg>
    ${line ? html`<div class="sr"><table><caption>${t("data.graphTable", { x: plainSymbol(x) })}</caption><tbody>${line.xs.map((at, k) => (k % 20 ? null : html`<tr key=${k}><th scope="row">${formatNumber(at, 4)}</th><td>${formatNumber(line.outputs[k]?.[0] ?? NaN, 4)}</td></tr>`))}</tbody></table></div>` : null}
    <p class="mapn"><span class="ke"><svg width="14" height="12" aria-hidden="true"><circle class="gp" cx="7" cy="6" r="3.5" /></svg>${t("readings.sample")}</span>${data.test_inputs?.length ? html`<span class="ke"><svg width="14" height="12" aria-hidden="true"><circle class="gt" cx="7" cy="6" r="3.5" /></svg>${t("data.test")}</span>` : null}<span class="ke"><svg width="20" height="10" aria-hidden="true"><path class="gl" d="M1 5h18" /></svg>${t("readings.output")}</span></p>
    </figure></section>`;
}
