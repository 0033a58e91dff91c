// @ts-check
/** The Graph lab: an expression gate by gate, or a network as layers with matrices. */
import { h } from "preact";
import htm from "htm";
import { fillSentence } from "../../lib/symbols.js";
import { Icon } from "../icons.js";
import { Segments } from "../setup_fields.js";
import { GraphPicture } from "./graph_picture.js";
import { GraphReadings } from "./graph_readings.js";
import { GraphSetup } from "./graph_setup.js";
import { LayersReadings, LayersSetup, LayersStage } from "./graph_layers.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
const PHASES = /** @type {Record<string, string>} */ ({ forward: "fwd", loss: "loss", backward: "back" });

/** @param {LabProps} props */
export function Setup(props) {
  return props.mode === "layers" ? html`<${LayersSetup} ...${props} />` : html`<${GraphSetup} ...${props} />`;
}

/** @param {LabProps} props */
export function Readings(props) {
  return props.mode === "layers" ? html`<${LayersReadings} ...${props} />` : html`<${GraphReadings} ...${props} />`;
}

/** @param {LabProps} props */
export function Stage(props) {
  const { mode, step, view, symbolOf, disabled, t, actions } = props;
  const layers = mode === "layers";
  return html`<div class="labh ghead">${step ? html`<span class="tag ${PHASES[step.phase]}"><${Icon} name=${step.phase} />${t(`transport.phase.${step.phase}`)}</span><h2>${fillSentence(t("graph.through"), { group: step.group[0] ?? "" }, symbolOf)}</h2>` : html`<h2>${t(layers ? "graph.head.layers" : "graph.head")}</h2>`}
      <${Segments} label=${t("graph.view")} value=${mode} disabled=${disabled} options=${[{ value: "graph", label: t("graph.view.graph") }, { value: "layers", label: t("graph.view.layers") }]} choose=${(/** @type {string} */ value) => value !== mode && actions.setMode(value)} />
      ${layers ? null : html`<button type="button" class="btn quiet gfit" aria-pressed=${String(Boolean(view.fit))} title=${t("graph.fit")} onClick=${() => actions.setView({ fit: !view.fit })}><svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3" /></svg><span class="sr">${t("graph.fit")}</span></button>`}</div>
    ${layers ? html`<${LayersStage} ...${props} />` : html`<${GraphPicture} ...${props} />
      <ul class="legend glegend"><li><b>200</b> ${t("graph.legend.value")}</li><li><span class="gcl">∂ 1.1</span> ${t("graph.legend.gradient")}</li><li><span class="gcl wait">·</span> ${t("graph.legend.ahead")}</li><li><span class="gcl const">2</span> ${t("graph.legend.constant")}</li></ul>`}`;
}
