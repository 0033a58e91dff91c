// @ts-check
/** The numbers of the equation panel as ways to their origin, by keyboard too, and the way back. */
import { h } from "preact";
import { useRef, useState } from "preact/hooks";
import htm from "htm";
import { made, ownName } from "../lib/made.js";
import { fillSentence, plainSymbol } from "../lib/symbols.js";
import { sentence } from "./diagram_head.js";
import { Icon } from "./icons.js";
/** @typedef {import("./equation_lines.js").Context} Context */

const html = htm.bind(h);

/**
 * Back along the trail: where the last jump to a number's origin began.
 * @param {{trail: import("../types.js").Waypoint[], microsteps: any, symbolOf: Context["symbolOf"], lang: string, t: Context["t"], actions: any}} props
 */
export function TrailButton({ trail, microsteps, symbolOf, lang, t, actions }) {
  const last = trail.at(-1);
  if (!last) return null;
  const name = fillSentence(sentence(microsteps, last.title.key, lang), last.title.refs, symbolOf);
  return html`<button type="button" class="btn back" title=${t("equation.backHint")} aria-keyshortcuts="Backspace" onClick=${() => actions.goBack()}><${Icon} name="left" /><span>${name}</span></button>`;
}

/**
 * The numbers of the panel by keyboard: up and down choose one, Enter goes to where it was made.
 * @param {{current: HTMLElement | null}} body
 * @param {any} microsteps
 * @param {Context["symbolOf"]} symbolOf
 * @param {string} lang
 * @param {Context["t"]} t
 * @param {any} actions
 */
export function useNumbers(body, microsteps, symbolOf, lang, t, actions) {
  const [spoken, setSpoken] = useState("");
  const chosen = useRef(/** @type {HTMLElement | null} */ (null));
  const leave = () => {
    chosen.current?.classList.remove("cursor");
    chosen.current = null;
    setSpoken("");
  };
  const keys = {
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.target !== body.current || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const ref = chosen.current?.dataset.val;
      if (by !== 0) {
        const all = /** @type {HTMLElement[]} */ ([...(body.current?.querySelectorAll("[data-val]") ?? [])].filter((one) => one.getClientRects().length > 0));
        const at = chosen.current ? all.indexOf(chosen.current) : by > 0 ? -1 : 0;
        const next = all[(at + by + all.length) % all.length];
        if (!next) return;
        leave();
        chosen.current = next;
        next.classList.add("cursor");
        next.scrollIntoView({ block: "nearest", inline: "nearest" });
        const name = next.dataset.val ?? "";
        actions.hover(name);
        const place = made(microsteps).get(ownName(name, microsteps.sample));
        const origin = place ? t("equation.madeIn", { n: place.index + 1 }) : t("equation.given");
        setSpoken(`${plainSymbol(symbolOf(name))} ${next.textContent}, ${origin}`);
      } else if ((event.key === "Enter" || event.key.toLowerCase() === "g") && ref) {
        leave();
        void actions.goToRef(ref);
      } else if (event.key === "Escape" && chosen.current) {
        leave();
        actions.hover(null);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    onBlur: leave,
  };
  return { keys, spoken };
}
