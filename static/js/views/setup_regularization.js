// @ts-check
/** Penalties, dropout, clipping and the learning rate's schedule: folded away, since a first lesson needs none of them. */
import { h } from "preact";
import { useState } from "preact/hooks";
import htm from "htm";
import { formatGiven } from "../lib/format.js";
import { lazy } from "./lazy.js";

/** @typedef {import("./setup.js").Props} Props */

const html = htm.bind(h);
const RuleFields = lazy(async () => (await import("./setup_rules.js")).RuleFields);

/** @param {Props} props */
export function RegularizationRows(props) {
  const { session, catalog, errors, lang, t } = props;
  const [unfolded, setUnfolded] = useState(false);
  const inUse = activeRules(session, catalog, lang, t);
  const refused = Object.keys(errors).some((field) => /^(regularization|dropout|clipping|schedule)\b/.test(field));
  return html`<details class="more reg" id="setup-regularization" open=${refused || undefined} onToggle=${() => setUnfolded(true)}><summary>${t("regularization.title")}${inUse.length > 0 ? html`<small class="regon">${inUse.join(" · ")}</small>` : null}</summary>
    ${unfolded || refused ? html`<${RuleFields} ...${props} />` : null}
  </details>`;
}

/**
 * The rules that are switched on, each in a few characters.
 * @param {import("../types.js").Session} session
 * @param {import("../types.js").Catalog} catalog
 * @param {string} lang
 * @param {import("../types.js").Translate} t
 * @returns {string[]}
 */
export function activeRules({ training }, catalog, lang, t) {
  const { regularization, dropout, clipping, schedule } = training;
  return [
    ...catalog.penalties.filter(({ name }) => (regularization[name] ?? 0) > 0).map(({ name }) => t(`regularization.${name}.short`)),
    ...(dropout > 0 ? [`${t("page.word.dropout")} ${formatGiven(dropout, 4)}`] : []),
    ...(clipping.name === "none" ? [] : [t("regularization.clipping")]),
    ...(schedule.name === "constant" ? [] : [t(`regularization.schedule.${schedule.name}`)]),
  ];
}
