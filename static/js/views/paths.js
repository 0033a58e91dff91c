// @ts-check
/** The path view: the gradient of one parameter as a sum over every path to the loss, and what reverse mode saves. */
import { h } from "preact";
import { useEffect } from "preact/hooks";
import htm from "htm";
import { formatGiven, formatNumber } from "../lib/format.js";
import { parametersByLayer } from "../lib/parameters.js";
import { litWith } from "../lib/refs.js";
import { countText } from "../lib/scales.js";
import { htmlSymbol, plainSymbol } from "../lib/symbols.js";
import { ParameterChoice } from "./parameter_choice.js";

/**
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {import("../types.js").Session} Session
 * @typedef {import("../lib/symbols.js").SymbolOf} SymbolOf
 * @typedef {{ref: string, value: number | null}} Factor
 * @typedef {{elements: string[], factors: Factor[], product: number | null}} PathRecord
 * @typedef {{paths: number, reverse: number}} Cost
 * @typedef {object} PathsRecord
 * @property {string} element
 * @property {string} gradient_ref
 * @property {number | null} gradient
 * @property {number} count
 * @property {boolean} listed
 * @property {PathRecord[]} paths
 * @property {number} omitted
 * @property {number | null} omitted_sum
 * @property {number | null} total
 * @property {boolean} fused
 * @property {{parameter: Cost, network: Cost}} multiplications
 * @property {number} most_parameters
 * @property {number} most_paths
 * @property {Record<string, string>} [nonfinite]
 */

const html = htm.bind(h);
/** Products print like the results in the equations. */
const DECIMALS = 8;
/** With more factors than this a row would leave the page: they print like the numbers in the diagram. */
const FEW_FACTORS = 5;

/**
 * What a path passes, without the weights between its neurons.
 * @param {PathRecord} path
 */
const stations = (path) => path.elements.filter((ref, place) => place === 0 || !/^[wb]\./.test(ref));

/**
 * The elements that the diagram lights for a path.
 * @param {PathRecord} path
 * @returns {string[]}
 */
export function lightsOf(path) {
  const bias = /^b\.(\d+)/.exec(path.elements[0] ?? "");
  return [...path.elements, ...path.factors.map(({ ref }) => ref), ...(bias ? [`bias.${bias[1]}`] : [])];
}

/**
 * @param {{data: PathsRecord | null, session: Session, decimals: number, element: string | null, hover: string | null, symbolOf: SymbolOf, t: Translate, actions: any}} props
 */
export function PathsTab({ data, session, decimals, element, hover, symbolOf, t, actions }) {
  useEffect(() => () => actions.hoverPath(null), []);
  const chosen = element ?? data?.element ?? null;
  const select = html`<${ParameterChoice} ...${{ session, element: chosen, symbolOf, t, actions }} />`;
  if (!data) return html`<div class="paths"><div class="pvhead">${select}</div><p class="dwempty">${t(chosen ? "paths.waiting" : "paths.empty")}</p></div>`;
  /** @param {string} pointer */
  const reason = (pointer) => data.nonfinite?.[pointer] ?? null;
  const symbol = htmlSymbol(symbolOf(data.gradient_ref));
  const { parameter, network } = data.multiplications;
  return html`<div class="paths">
    <div class="pvhead">
      ${select}
      <p class="pvsum ${litWith(data.gradient_ref, hover) ? "lit" : ""}" data-ref=${data.gradient_ref} ...${linked(data.gradient_ref, actions)}>${symbol} <span class="eq">=</span> <b>${formatNumber(data.gradient, DECIMALS, reason("/gradient"))}</b>
        <span class="eq">=</span> ${t(data.count === 1 ? "paths.sum.one" : "paths.sum", { count: countText(data.count) })}</p>
    </div>
    <p class="pvcost">${t("paths.cost", { paths: countText(parameter.paths), reverse: countText(parameter.reverse) })}
      <span class="dim"> ${t("paths.cost.network", { count: countText(parametersByLayer(session.network).reduce((sum, layer) => sum + layer.refs.length, 0)), paths: countText(network.paths), reverse: countText(network.reverse) })}</span></p>
    ${data.listed ? html`<${Table} ...${{ data, decimals, hover, symbolOf, t, actions, reason }} />`
      : html`<p class="dwempty">${t("paths.large", { parameters: countText(data.most_parameters), paths: countText(data.most_paths) })}</p>`}
    <p class="note">${t("paths.definition")}${data.fused ? ` ${t("paths.fused")}` : ""}</p>
  </div>`;
}

/**
 * What hovering and clicking a quantity do everywhere on the page.
 * @param {string} ref
 * @param {any} actions
 */
function linked(ref, actions) {
  return {
    onPointerEnter: () => actions.hover(ref),
    onPointerLeave: () => actions.hover(null),
    onClick: () => actions.goToRef(ref),
  };
}

/**
 * @param {{data: PathsRecord, decimals: number, hover: string | null, symbolOf: SymbolOf, t: Translate, actions: any, reason: (pointer: string) => string | null}} props
 */
function Table({ data, decimals, hover, symbolOf, t, actions, reason }) {
  const largest = Math.max(0, ...data.paths.map(({ product }) => Math.abs(product ?? 0)));
  const width = data.paths[0]?.factors.length ?? 0;
  const digits = width <= FEW_FACTORS ? DECIMALS : decimals;
  return html`<div class="pvscroll"><table class="pvtable">
    <caption class="sr">${t("paths.caption", { symbol: plainSymbol(symbolOf(data.gradient_ref)) })}</caption>
    <thead><tr><th scope="col">${t("paths.column.path")}</th><th scope="col" class="num">${t("paths.column.product")}</th><td></td>
      <th scope="colgroup" colspan=${Math.max(1, width)}>${t("paths.column.factors")}</th></tr></thead>
    <tbody>${data.paths.map((path, place) => {
      const lights = lightsOf(path);
      const show = () => actions.hoverPath(lights);
      const leave = () => actions.hoverPath(null);
      return html`<tr key=${path.elements.join()} onPointerEnter=${show} onPointerLeave=${leave}>
        <th scope="row"><button type="button" class="pvway" title=${t("paths.show")} onFocus=${show} onBlur=${leave} onClick=${show}>${stations(path).map((ref, at) => html`${at > 0 ? html`<span class="arrow"> → </span>` : null}${htmlSymbol(symbolOf(ref))}`)}</button></th>
        <td class="num pvprod">${formatNumber(path.product, DECIMALS, reason(`/paths/${place}/product`))}</td>
        <td class="pvbar" aria-hidden="true"><${Bar} value=${path.product} largest=${largest} /></td>
        ${path.factors.map(({ ref, value }, at) => html`<td key=${ref} class="pvfac ${litWith(ref, hover) ? "lit" : ""}" data-ref=${ref} ...${linked(ref, actions)}>
          <span class="pvfnum"><span class="pvtimes">${at > 0 ? "×" : "="}</span>${number(ref, value, digits, reason(`/paths/${place}/factors/${at}/value`))}</span><span class="pvfsym">${htmlSymbol(symbolOf(ref))}</span></td>`)}</tr>`;
    })}</tbody>
    <tfoot>
      ${data.omitted > 0 ? html`<tr><th scope="row">${t("paths.omitted", { count: countText(data.omitted) })}</th><td class="num">${formatNumber(data.omitted_sum, DECIMALS, reason("/omitted_sum"))}</td><td colspan=${width + 1}></td></tr>` : null}
      <tr class="pvtotal"><th scope="row">${htmlSymbol(symbolOf(data.gradient_ref))} <span class="dim">${t(data.count === 1 ? "paths.total.one" : "paths.total", { count: countText(data.count) })}</span></th>
        <td class="num"><b>${formatNumber(data.total, DECIMALS, reason("/total"))}</b></td><td colspan=${width + 1}></td></tr>
    </tfoot>
  </table></div>`;
}

/** @param {string} ref @param {number | null} value @param {number} decimals @param {string | null} kind */
const number = (ref, value, decimals, kind) => (ref.startsWith("a.0.") ? formatGiven(value, decimals, kind) : formatNumber(value, decimals, kind));

/**
 * A product as a bar from the middle: to the right where it is positive, to the left and dashed where it is negative.
 * @param {{value: number | null, largest: number}} props
 */
function Bar({ value, largest }) {
  const share = value === null || largest === 0 ? 0 : value / largest;
  const length = Math.round(Math.abs(share) * 380) / 10;
  return html`<svg width="84" height="14" viewBox="0 0 84 14"><path class="mid" d="M42 0V14" />
    ${length > 0 ? html`<path class=${share > 0 ? "pos" : "neg"} d=${`M42 7H${share > 0 ? 42 + length : 42 - length}`} stroke-dasharray=${share > 0 ? null : "5 3"} />` : null}</svg>`;
}
