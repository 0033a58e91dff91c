// @ts-check
/**
 * The wires while training runs: width, dash, sign and number of each follow the frames as attributes and texts of
 * their own, so that a frame draws nothing else of the diagram.
 */
import { computed } from "@preact/signals";
import { fitNumber } from "../lib/format.js";
import { parseRef } from "../lib/refs.js";
import { wireValue } from "./diagram_scene.js";
import { wireStroke } from "./diagram_wires.js";
/**
 * @typedef {import("./diagram_scene.js").Scene} Scene
 * @typedef {import("../lib/layout_parts.js").Layout} Layout
 * @typedef {import("@preact/signals").ReadonlySignal<import("../types.js").Frame | null>} Frames
 */
/**
 * @template T
 * @typedef {import("@preact/signals").ReadonlySignal<T>} Live
 */

/**
 * @typedef {object} Flow
 * @property {(ref: string, rest: string) => {width: Live<number>, dash: Live<string | null>, cls: Live<string>}} stroke `rest`: the other classes
 * @property {(ref: string, decimals: number, width: number) => Live<string>} text what fits into `width` px
 * @property {(ref: string, rest: string) => Live<string>} sign the classes of a label
 */

/**
 * @param {Frames} frames
 * @param {Scene} scene what was there before the first frame
 * @param {Layout} layout
 * @returns {Flow}
 */
export function makeFlow(frames, scene, layout) {
  const largest = computed(() => {
    const parameters = frames.value?.parameters;
    if (!parameters) return scene.largest;
    let most = 0;
    for (const matrix of parameters.weights) for (const row of matrix) for (const value of row) most = Math.max(most, Math.abs(value ?? 0));
    parameters.biases.forEach((row, layer) => {
      if (scene.session.network.layers[layer]?.bias.mode === "trained") for (const value of row ?? []) most = Math.max(most, Math.abs(value ?? 0));
    });
    return most || 1;
  });
  const thin = layout.wires.length > 60;
  /** @type {Map<string, Live<number | null | undefined>>} */
  const values = new Map();
  /** @param {string} ref */
  const valueOf = (ref) => {
    const known = values.get(ref);
    if (known) return known;
    const { kind, at: [layer = 0, first = 0, second = 0] } = parseRef(ref);
    const start = wireValue(scene, ref).value;
    const value = computed(() => {
      const parameters = frames.value?.parameters;
      if (!parameters) return start;
      return kind === "w" ? parameters.weights[layer - 1]?.[first]?.[second] : parameters.biases[layer - 1]?.[first];
    });
    values.set(ref, value);
    return value;
  };
  /** @param {string} ref */
  const strokeOf = (ref) => {
    const value = valueOf(ref);
    return computed(() => wireStroke(value.value ?? 0, largest.value, thin));
  };
  /** @param {string} ref @param {string} rest */
  const sign = (ref, rest) => {
    const value = valueOf(ref);
    return computed(() => `${rest} ${(value.value ?? 0) < 0 ? "neg" : "pos"}`);
  };
  return {
    stroke: (ref, rest) => {
      const stroke = strokeOf(ref);
      return { width: computed(() => stroke.value.width), dash: computed(() => stroke.value.dash), cls: sign(ref, rest) };
    },
    text: (ref, decimals, width) => {
      const value = valueOf(ref);
      return computed(() => fitNumber(value.value, decimals, width, 13));
    },
    sign,
  };
}
