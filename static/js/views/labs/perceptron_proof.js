// @ts-check
/** How learning went, epoch by epoch, and whether any line can separate the classes: the widest street, or the contradiction. */
import { h } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { formatGiven } from "../../lib/format.js";
import { fillSentence, htmlSymbol, symbolLookup } from "../../lib/symbols.js";
import { Icon } from "../icons.js";
import { Tex } from "../tex.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);

/** @param {number | null} value @param {number} decimals */
const number = (value, decimals) => (value === null ? "?" : formatGiven(value, decimals));

/** @param {LabProps} props */
function outcome({ reply, t }) {
  const { outcome: kind, epochs, corrections, most_corrections: most, cycle } = reply;
  const text = t(`perceptron.outcome.${kind}`, { epochs: epochs.length, corrections, first: cycle?.first ?? 0, again: cycle?.again ?? 0, period: cycle?.period ?? 0 });
  const bound = most === null || kind === "unfinished" ? "" : ` ${t("perceptron.bound", { most })}`;
  return text + bound;
}

/** @param {LabProps} props */
export function Epochs(props) {
  const { reply, decimals, symbolOf, disabled, t, actions } = props;
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const loss = reply.epochs[0]?.loss !== undefined && reply.rule.name === "adaline";
  // The present epoch is scrolled into its box, not the page to it.
  useEffect(() => {
    const row = /** @type {HTMLElement | null} */ (box.current?.querySelector(".cur"));
    if (box.current && row) box.current.scrollTop = row.offsetTop - box.current.clientHeight / 2;
  }, [reply.epoch, reply.epochs.length]);
  const bad = reply.outcome === "cycles" || reply.outcome === "diverged";
  return html`<section class="rd map pcepochs"><h2>${t("perceptron.progress")}</h2>
    <p class="pcoutcome ${bad ? "bad" : reply.outcome === "separated" ? "good" : ""}" role="status"><${Icon} name=${bad ? "warn" : reply.outcome === "separated" ? "check" : "next-iteration"} /><span>${outcome(props)}</span></p>
    <div class="outsbox" ref=${box} tabindex="0" role="region" aria-label=${t("perceptron.progress")}><table class="outs all dense"><thead><tr><th scope="col">${t("perceptron.epoch")}</th><th scope="col">${loss ? htmlSymbol({ base: "L", sub: "", sup: "" }) : t("perceptron.corrections")}</th>
      ${["w.0", "w.1", "b"].map((ref) => html`<th key=${ref} scope="col">${htmlSymbol(symbolOf(ref))}</th>`)}<th scope="col">${t("perceptron.wrongCount")}</th></tr></thead>
      <tbody>${reply.epochs.map((/** @type {any} */ epoch) => {
        const again = reply.cycle !== null && epoch.number > reply.cycle.first && (epoch.number - reply.cycle.first) % reply.cycle.period === 0;
        return html`<tr key=${epoch.number} class=${epoch.number === reply.epoch ? "cur" : ""}>
          <th scope="row"><button type="button" disabled=${disabled} aria-label=${t("perceptron.toEpoch", { n: epoch.number })} aria-current=${epoch.number === reply.epoch ? "true" : undefined} onClick=${() => actions.moveTo(epoch.first, -1)}>${epoch.number}${again ? html` <span title=${t("perceptron.again", { n: reply.cycle.first })}>↻</span>` : null}</button></th>
          <td>${loss ? number(epoch.loss, decimals) : epoch.corrections}</td>${epoch.neuron.weights.map((/** @type {number | null} */ weight, /** @type {number} */ at) => html`<td key=${at}>${number(weight, decimals)}</td>`)}<td>${number(epoch.neuron.bias, decimals)}</td><td>${epoch.wrong.length}</td></tr>`;
      })}</tbody></table></div></section>`;
}

/** @param {LabProps & {isNew: boolean}} props `isNew`: the stage shows the state after the iteration */
export function Proof(props) {
  const { isNew, reply, view, decimals, t, actions } = props;
  const proof = reply.separability;
  const { widest, contradiction } = proof;
  return html`<section class="rd outputs pcproof"><h2>${t("perceptron.separable")}</h2>
    <p class="pcoutcome ${widest ? "good" : "bad"}"><${Icon} name=${widest ? "check" : "warn"} /><span>${t(widest ? "perceptron.separable.yes" : "perceptron.separable.no")}</span></p>
    <${Conditions} ...${{ state: isNew ? reply.after : reply.before, reply, proof, decimals, t }} />
    ${contradiction ? html`<${Contradiction} ...${{ isNew, proof, decimals, t, lang: props.lang }} />
      <p class="pcon"><button type="button" class="btn primary" onClick=${() => actions.setMode("xor")}>${t("perceptron.toXor")}</button></p>` : null}
    ${widest && widest.margin !== null ? html`<p class="note">${t("perceptron.margin", { margin: number(widest.margin, decimals), numbers: `${number(widest.neuron.weights[0], decimals)}, ${number(widest.neuron.weights[1], decimals)}; ${number(widest.neuron.bias, decimals)}` })}</p>
      <p class="pcon"><button type="button" class="tog" aria-pressed=${String(Boolean(view.street))} onClick=${() => actions.setView({ street: !view.street })}>${t("perceptron.street")}</button></p>` : null}
  </section>`;
}

/** The line of the explanation that makes a quantity. @param {any} proof @param {string} ref */
const lineOf = (proof, ref) => proof.explanation.microsteps.flatMap((/** @type {any} */ step) => step.lines).find((/** @type {any} */ line) => line.result_ref === ref);

/** @param {any} props */
function Conditions({ state, reply, proof, decimals, t }) {
  return html`<table class="pcconds"><caption class="sr">${t("perceptron.conditions")}</caption><tbody>${proof.conditions.map((/** @type {any} */ condition) => {
    const line = lineOf(proof, condition.ref);
    const [net, holds] = [state.net_inputs[condition.sample], state.right[condition.sample]];
    return html`<tr key=${condition.ref}><td><${Tex} tex=${`${line.symbol}=${line.formula}`} label=${`z(${reply.inputs[condition.sample].join(", ")})`} /></td><td class="n">= ${number(net, decimals)}</td>
      <td class="must">${condition.relation === ">=" ? t("perceptron.mustOne") : t("perceptron.mustZero")}</td>
      <td class="okm">${holds === null || net === null ? null : html`<span role="img" aria-label=${t(holds ? "perceptron.holds" : "perceptron.broken")} class=${holds ? "" : "pcbad"}><${Icon} name=${holds ? "check" : "close"} /></span>`}</td></tr>`;
  })}</tbody></table>`;
}

/** @param {any} props */
function Contradiction({ isNew, proof, decimals, lang, t }) {
  const symbolOf = useMemo(() => symbolLookup(/** @type {any} */ ({ elements: proof.explanation.elements })), [proof]);
  const print = (/** @type {any} */ line) => (/** @type {string} */ ref) => number(line.values[ref] ?? null, decimals);
  const [one, zero, total] = ["sum.one", "sum.zero", "total"].map((ref) => lineOf(proof, ref));
  const sentence = proof.explanation.sentences[total.sentence][lang];
  const row = (/** @type {any} */ line, /** @type {string} */ must) => html`<div class="pcsum"><${Tex} tex=${`${line.symbol}=${line.formula}=${total.formula}`} label=${must} /><b>${must}</b></div>`;
  return html`<div class="pcsums"><p class="pcadd">${t("perceptron.addUp")}</p>
    ${row(one, t("perceptron.mustOne"))}${row(zero, t("perceptron.mustZero"))}
    <div class="pcsum now"><span class="pcnow">${t(isNew ? "perceptron.beforeSum" : "perceptron.nowSum")}</span><${Tex} tex=${total.substitution} print=${print(total)} label=${t("perceptron.nowSum")} /><b>= ${number(total.result, decimals)}</b></div>
    <p class="note">${fillSentence(sentence, total.refs, symbolOf)}</p></div>`;
}
