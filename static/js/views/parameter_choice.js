// @ts-check
/** The parameter that a tab is about, chosen from all of them; in a large network first its neuron. */
import { h } from "preact";
import { useMemo } from "preact/hooks";
import htm from "htm";
import { parametersByLayer, parametersOf } from "../lib/parameters.js";
import { plainSymbol } from "../lib/symbols.js";
import { Icon } from "./icons.js";

const html = htm.bind(h);
/** Above this many a list is no longer searched with the eye. */
const MOST_LISTED = 300;

/**
 * @param {{session: import("../types.js").Session, element: string | null, symbolOf: import("../lib/symbols.js").SymbolOf, t: import("../types.js").Translate, actions: any}} props
 */
export function ParameterChoice({ session, element, symbolOf, t, actions }) {
  const { network } = session;
  const layers = useMemo(() => parametersByLayer(network), [network]);
  const many = layers.reduce((sum, layer) => sum + layer.refs.length, 0) > MOST_LISTED;
  const parts = (element ?? "w.1.0.0").split(".").map(Number);
  const [layer, neuron] = [parts[1] ?? 1, parts.at(-1) ?? 0];
  const option = (/** @type {string} */ ref) => html`<option key=${ref} value=${ref}>${plainSymbol(symbolOf(ref))}</option>`;
  const choose = (/** @type {Event} */ event) => actions.chooseParameter(/** @type {HTMLSelectElement} */ (event.currentTarget).value);
  return html`<span class="pchoice">
    ${many ? html`<label class="pcl"><span>${t("matrices.neuron")}</span><span class="sel"><select data-choice="neuron" value=${`${layer}.${neuron}`} onChange=${(/** @type {Event} */ event) => {
      const [l = 1, j = 0] = /** @type {HTMLSelectElement} */ (event.currentTarget).value.split(".").map(Number);
      const first = parametersOf(network, l, j)[0];
      if (first) actions.chooseParameter(first);
    }}>${network.layers.map((shape, at) => html`<optgroup label=${t("matrices.layer", { n: at + 1 })}>${Array.from({ length: shape.units }, (_, j) => html`<option value=${`${at + 1}.${j}`}>${plainSymbol(symbolOf(`a.${at + 1}.${j}`))}</option>`)}</optgroup>`)}</select><${Icon} name="down" /></span></label>` : null}
    <label class="pcl"><span>${t("matrices.parameter")}</span><span class="sel"><select data-choice="parameter" value=${element ?? ""} onChange=${choose}>
      ${many ? parametersOf(network, layer, neuron).map(option) : layers.map((one) => html`<optgroup key=${one.layer} label=${t("matrices.layer", { n: one.layer })}>${one.refs.map(option)}</optgroup>`)}
    </select><${Icon} name="down" /></span></label>
  </span>`;
}
