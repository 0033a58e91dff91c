// @ts-check
/** An equation as a component: typeset when its TeX changes, filled and lit as values and hover change. */
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import htm from "htm";
import { litWith } from "../lib/refs.js";
import { fill, light, release, typeset } from "../lib/tex.js";

const html = htm.bind(h);

/**
 * @param {{tex: string, print?: (ref: string) => string, lit?: string | null, display?: boolean, label?: string, class?: string}} props
 *   `label`: the equation in words; without it the equation is hidden from assistive technology
 */
export function Tex({ tex, print, lit = null, display = false, label, class: className = "" }) {
  const holder = useRef(/** @type {HTMLElement | null} */ (null));
  const equation = useRef(/** @type {import("../lib/tex.js").Typeset | null} */ (null));
  useLayoutEffect(() => {
    const set = typeset(tex, display);
    equation.current = set;
    holder.current?.replaceChildren(set.element);
    return () => {
      light(set, () => false);
      release(set);
      equation.current = null;
    };
  }, [tex, display]);
  useLayoutEffect(() => {
    if (!equation.current) return;
    if (print) fill(equation.current, print);
    light(equation.current, (ref) => litWith(ref, lit));
  });
  return label
    ? html`<span class="eqtex ${className}" role="math" aria-label=${label}><span aria-hidden="true" ref=${holder}></span></span>`
    : html`<span class="eqtex ${className}" aria-hidden="true" ref=${holder}></span>`;
}
