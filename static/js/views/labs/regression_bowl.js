// @ts-check
/** The loss over (w0, w1) as a surface in space, with descent's path on it; dragging or the arrow keys turn it. */
import { h } from "preact";
import { useMemo, useRef } from "preact/hooks";
import htm from "htm";
import { cssRgb } from "../../lib/colours.js";
import { useThemeVersion } from "../../lib/hooks.js";
import { WEIGHTS, lossSymbol, projection, quads } from "../../lib/regression.js";
import { tickText } from "../../lib/scales.js";
import { svgSymbol } from "../../lib/symbols.js";
import { bandTints } from "./regression_surface.js";

/** @typedef {import("../lab.js").LabProps} LabProps */

const html = htm.bind(h);
/** Where it is looked at from at first, in degrees. */
const TURN = 35;
/** Degrees by a press of a key, and by a pixel of a drag. */
const STEP = 10;
const PER_PIXEL = 0.6;

/** @param {LabProps & {size: number}} props */
export function LossBowl({ reply, view, step, size, theme, t, actions }) {
  const themed = useThemeVersion();
  const tints = useMemo(() => bandTints(), [theme, themed]);
  const held = useRef(/** @type {{x: number, turn: number} | null} */ (null));
  const turn = typeof view.turn === "number" ? view.turn : TURN;
  const { surface, path, closed_form: closed } = reply;
  const space = useMemo(() => projection(surface, turn, size), [surface, turn, size]);
  const faces = useMemo(() => quads(surface, space, tints.length), [surface, space, tints]);
  const places = path.w0.map((/** @type {number | null} */ w0, /** @type {number} */ k) => space.at(w0, path.w1[k], path.losses[k]));
  const line = (/** @type {([number, number] | null)[]} */ some) => {
    let pen = false;
    return some.map((one) => {
      const text = one ? `${pen ? "L" : "M"}${one[0].toFixed(1)} ${one[1].toFixed(1)}` : "";
      pen = one !== null;
      return text;
    }).join("");
  };
  const now = reply.at;
  const here = places[now];
  const best = closed.line ? space.at(closed.line.w0, closed.line.w1, closed.line.loss) : null;
  const set = (/** @type {number} */ degrees) => actions.setView({ turn: ((Math.round(degrees) % 360) + 360) % 360 });
  const lit = step?.focus.some((ref) => ref === "w.0" || ref === "w.1" || ref === "L");
  return html`<svg class="rbowl" width=${size + 54} height=${size + 44} tabindex="0" role="slider" aria-label=${t("regression.bowl.label")} aria-valuemin="0" aria-valuemax="359" aria-valuenow=${turn} aria-valuetext=${t("regression.bowl.turned", { n: turn })}
    onPointerDown=${(/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      held.current = { x: event.clientX, turn };
      /** @type {SVGElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    }}
    onPointerMove=${(/** @type {PointerEvent} */ event) => held.current && set(held.current.turn + (event.clientX - held.current.x) * PER_PIXEL)}
    onPointerUp=${() => (held.current = null)} onPointerCancel=${() => (held.current = null)}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      set(turn + by);
    }}>
    <g transform=${`translate(27 22)`}>
      <path class="rfloor" d=${space.floor} />
      ${faces.map((face, k) => html`<path key=${k} class="rface" fill=${cssRgb(tints[face.band] ?? [128, 128, 128])} d=${face.d} />`)}
      <path class="rfuture" d=${line(places.slice(now))} /><path class="trainpath" d=${line(places.slice(0, now + 1))} />
      ${places.length <= 200 ? places.map((/** @type {[number, number] | null} */ one, /** @type {number} */ k) => (one && k > 0 ? html`<circle key=${`v${k}`} class="visit ${k > now ? "later" : ""}" cx=${one[0]} cy=${one[1]} r="1.8" />` : null)) : null}
      ${best ? html`<path class="rmin" d=${`M${best[0]} ${best[1] - 7}v14M${best[0] - 7} ${best[1]}h14`} />` : null}
      ${places[0] ? html`<circle class="visitstart" cx=${places[0][0]} cy=${places[0][1]} r="5" />` : null}
      ${here ? html`<path class="visitend ${lit ? "lit" : ""}" d=${`M${here[0]} ${here[1] - 6}l6 6-6 6-6-6z`} />` : null}
      ${space.labels.map((one, k) => html`<text key=${`l${k}`} class="axn" x=${one.x} y=${one.y} text-anchor=${one.anchor}>${one.name === null ? tickText(Number(one.value.toPrecision(2)), 0) : svgSymbol(one.name === 2 ? lossSymbol(reply) : WEIGHTS[one.name])}</text>`)}
    </g></svg>`;
}
