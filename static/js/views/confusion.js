// @ts-check
/** The confusion matrix: how often each class is taken for which, of the training and of the test samples. */
import { h } from "preact";
import htm from "htm";
import { countText } from "../lib/scales.js";
import { Nothing } from "./picture_parts.js";

const html = htm.bind(h);

/** @param {import("./pictures.js").PictureProps} props */
export function Confusion({ reply, disabled, t, actions }) {
  if (!reply.train || (!reply.train.counts && !reply.test?.counts)) {
    return html`<${Nothing} title=${t("pictures.confusion.none")} text=${t("pictures.confusion.noneText")} button=${t("pictures.loadXor")} act=${() => actions.loadPreset("xor-2-2-1")} disabled=${disabled} />`;
  }
  return html`<div class="pic confusion" data-picture="confusion">
    <${Matrix} part=${reply.train} classes=${reply.classes} title=${t("pictures.train")} t=${t} />
    ${reply.test ? html`<${Matrix} part=${reply.test} classes=${reply.classes} title=${t("pictures.test")} t=${t} />` : null}
    <div class="picside">
      <p class="pictext">${t("pictures.confusion.text")}</p>
      <p class="mapn"><span class="ke"><span class="cfk right"></span>${t("readings.right")}</span><span class="ke"><span class="cfk wrong"></span>${t("readings.wrong")}</span></p>
      ${reply.test ? null : html`<p class="pictext dim">${t("pictures.noTest")}</p>`}
    </div>
  </div>`;
}

/** @param {{part: any, classes: string[], title: string, t: import("../types.js").Translate}} props */
function Matrix({ part, classes, title, t }) {
  const counts = /** @type {number[][]} */ (part.counts ?? []);
  const most = Math.max(1, ...counts.flat());
  return html`<table class="cfm">
    <caption>${title}: ${t("readings.accuracy", { right: countText(part.right), all: countText(part.rows) })}</caption>
    <thead><tr><td rowspan="2"></td><th class="cfh" colspan=${classes.length} scope="colgroup">${t("pictures.confusion.predicted")}</th></tr>
      <tr>${classes.map((name) => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
    <tbody>${counts.map((row, i) => html`<tr key=${i}><th scope="row">${i === 0 ? html`<span class="cfr">${t("pictures.confusion.actual")}</span>` : null}${classes[i]}</th>
      ${row.map((count, j) => html`<td key=${j} class=${i === j ? "right" : count > 0 ? "wrong" : "zero"} data-share=${Math.ceil((5 * count) / most)}>${countText(count)}</td>`)}</tr>`)}</tbody>
  </table>`;
}
