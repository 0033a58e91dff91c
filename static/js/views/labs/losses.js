// @ts-check
/** The Losses lab: four topics, each with a set-up, a stage and readings of its own. */
import { h } from "preact";
import htm from "htm";
import { Segments } from "../setup_fields.js";
import { BinaryReadings, BinaryStage } from "./losses_binary.js";
import { LikelihoodReadings, LikelihoodStage } from "./losses_likelihood.js";
import { SaturatedReadings, SaturatedStage } from "./losses_saturated.js";
import { SoftmaxReadings, SoftmaxStage } from "./losses_softmax.js";

export { LossesSetup as Setup } from "./losses_setup.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
/** @type {Record<string, {Stage: any, Readings: any}>} */
const TOPICS = {
  softmax: { Stage: SoftmaxStage, Readings: SoftmaxReadings },
  binary: { Stage: BinaryStage, Readings: BinaryReadings },
  likelihood: { Stage: LikelihoodStage, Readings: LikelihoodReadings },
  saturated: { Stage: SaturatedStage, Readings: SaturatedReadings },
};

/** @param {LabProps} props */
export function Stage(props) {
  const { request, disabled, t, actions } = props;
  const topic = TOPICS[request.topic];
  return html`<div class="labh lsh"><h2>${t(`losses.head.${request.topic}`)}</h2>
      <${Segments} label=${t("losses.topic")} value=${request.topic} disabled=${disabled} options=${Object.keys(TOPICS).map((value) => ({ value, label: t(`losses.topic.${value}`) }))}
        choose=${(/** @type {string} */ value) => value !== request.topic && actions.change({ topic: value }, { index: -1 })} /></div>
    <div class="labbody lsbody">${topic && props.reply[request.topic] ? html`<${topic.Stage} key=${request.topic} ...${props} />` : null}</div>`;
}

/** @param {LabProps} props */
export function Readings(props) {
  const topic = TOPICS[props.request.topic];
  return topic && props.reply[props.request.topic] ? html`<${topic.Readings} key=${props.request.topic} ...${props} />` : null;
}
