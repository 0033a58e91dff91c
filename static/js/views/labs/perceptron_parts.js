// @ts-check
/** What both parts of the perceptron lab show. */
import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import htm from "htm";
import { Segments } from "../setup_fields.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);

/** The mode's switch in the stage's head. @param {Pick<LabProps, "mode" | "disabled" | "t" | "actions">} props */
export function Modes({ mode, disabled, t, actions }) {
  return html`<${Segments} label=${t("perceptron.parts")} value=${mode} disabled=${disabled} options=${["learn", "xor"].map((one) => ({ value: one, label: t(`perceptron.mode.${one}`) }))} choose=${(/** @type {string} */ next) => actions.setMode(next)} />`;
}

/** A swatch of the key below a picture. @param {{cls: string}} props */
export const Key = ({ cls }) => html`<svg width="14" height="12" aria-hidden="true"><rect class=${cls} x="0.5" y="0.5" width="13" height="11" /></svg>`;

const LOW = "(min-width: 768px) and (max-height: 820px)";

/**
 * Whether a part of the stage stands among the readings, since the stage has no room for it.
 * @param {LabProps["variant"]} variant
 */
export function useAside(variant) {
  const [low, setLow] = useState(() => matchMedia(LOW).matches);
  useEffect(() => {
    const watched = matchMedia(LOW);
    const read = () => setLow(watched.matches);
    watched.addEventListener("change", read);
    return () => watched.removeEventListener("change", read);
  }, []);
  return variant === "mid" || (low && variant !== "small");
}
