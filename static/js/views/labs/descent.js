// @ts-check
/** The Descent lab: one variable and two, each with a request and a ruler of its own. */
import { h } from "preact";
import htm from "htm";
import { Segments } from "../setup_fields.js";
import { CurveReadings } from "./descent_curve_readings.js";
import { CurveSetup } from "./descent_curve_setup.js";
import { CurveStage } from "./descent_curve.js";
import { RaceReadings } from "./descent_race_readings.js";
import { RaceSetup } from "./descent_race_setup.js";
import { RaceStage } from "./descent_race.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);

/** @param {LabProps} props */
export function Setup(props) {
  const { mode, disabled, t, actions } = props;
  return html`<div class="blk modes"><${Segments} label=${t("descent.half")} value=${mode} disabled=${disabled} choose=${actions.setMode}
      options=${["curve", "race"].map((value) => ({ value, label: t(`descent.half.${value}`) }))} /></div>
    ${mode === "race" ? html`<${RaceSetup} ...${props} />` : html`<${CurveSetup} ...${props} />`}
    <div class="apply"><p>${t("descent.replays")}</p></div>`;
}

/** @param {LabProps} props */
export function Stage(props) {
  return props.mode === "race" ? html`<${RaceStage} ...${props} />` : html`<${CurveStage} ...${props} />`;
}

/** @param {LabProps} props */
export function Readings(props) {
  return props.mode === "race" ? html`<${RaceReadings} ...${props} />` : html`<${CurveReadings} ...${props} />`;
}
