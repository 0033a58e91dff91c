// @ts-check
/** The request behind the last action, as a command and as a program, with its reply; and the link to this micro-step. */
import { h } from "preact";
import { useMemo, useState } from "preact/hooks";
import htm from "htm";
import { asCurl, asPython, asText } from "../lib/requests.js";
import { CopyButton } from "./copy.js";
import { Icon } from "./icons.js";

/** @typedef {import("../types.js").Call} Call */

const html = htm.bind(h);
const FORMS = /** @type {const} */ (["curl", "python"]);

/** @param {Call} call */
const label = ({ method, path }) => `${method} ${decodeURIComponent(path.replace(/\/sessions\/[^/?]+/, "/sessions/…").replace("/api/v1", ""))}`;

/**
 * @param {{calls: Call[], hiding: boolean, t: import("../types.js").Translate, actions: any}} props `hiding`: numbers are hidden by Predict
 */
export function ApiTab({ calls, hiding, t, actions }) {
  const [chosen, choose] = useState(/** @type {string | null} */ (null));
  const [form, setForm] = useState(/** @type {"curl" | "python"} */ ("curl"));
  const call = calls.find((one) => label(one) === chosen) ?? calls.find((one) => one.method !== "GET") ?? calls[0];
  const program = call ? (form === "curl" ? asCurl : asPython)(call, location.origin, document.documentElement.hasAttribute("data-closed")) : "";
  const reply = useMemo(() => asText(call?.reply ?? null), [call]);
  if (!call) return html`<p class="dwempty">${t("drawer.api.empty")}</p>`;
  const copying = { t, label: t("drawer.copy") };
  return html`<div class="apitab">
    <div class="apihead">
      <label class="apiwhich"><span>${t("drawer.api.request")}</span> <span class="sel"><select value=${label(call)} onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
        ${calls.map((one) => html`<option key=${label(one)} value=${label(one)} selected=${one === call}>${label(one)}</option>`)}
      </select><${Icon} name="down" /></span></label>
      <div class="seg" role="group" aria-label=${t("drawer.api.form")}>${FORMS.map((one) => html`<button key=${one} type="button" aria-pressed=${String(one === form)} onClick=${() => setForm(one)}>${t(`drawer.api.${one}`)}</button>`)}</div>
      <button type="button" class="btn" onClick=${() => actions.copyLink()}>${t("drawer.api.link")}</button>
      <a href="/api">${t("drawer.api.reference")}</a>
    </div>
    <div class="apicols">
      <figure><figcaption>${t("drawer.api.send")}<${CopyButton} ...${copying} text=${() => program} /></figcaption><pre tabindex="0" aria-label=${t("drawer.api.send")}>${program}</pre></figure>
      <figure><figcaption>${t("drawer.api.reply")} <span class="dim">${call.status}</span>${hiding ? null : html`<${CopyButton} ...${copying} text=${() => JSON.stringify(call.reply, null, 2)} />`}</figcaption>
        ${hiding ? html`<p class="dwempty">${t("drawer.api.hidden")}</p>` : html`<pre tabindex="0" aria-label=${t("drawer.api.reply")}>${reply.text}${reply.cut ? `\n… ${t("drawer.api.cut")}` : ""}</pre>`}</figure>
    </div>
  </div>`;
}
