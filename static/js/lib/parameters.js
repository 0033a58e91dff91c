// @ts-check
/** The parameters of a network in the order in which a reader goes through them: layer by layer, neuron by neuron. */

/** @typedef {{units: number, bias: {mode: string}}} LayerShape */
/** @typedef {{inputs: number, layers: readonly LayerShape[]}} NetworkShape */

/**
 * The trained parameters that feed one neuron: its weights, then its bias.
 * @param {NetworkShape} network
 * @param {number} layer from 1
 * @param {number} neuron
 * @returns {string[]}
 */
export function parametersOf(network, layer, neuron) {
  const inputs = layer === 1 ? network.inputs : network.layers[layer - 2]?.units ?? 0;
  const refs = Array.from({ length: inputs }, (_, i) => `w.${layer}.${i}.${neuron}`);
  if (network.layers[layer - 1]?.bias.mode === "trained") refs.push(`b.${layer}.${neuron}`);
  return refs;
}

/**
 * All of them, by layer.
 * @param {NetworkShape} network
 * @returns {{layer: number, refs: string[]}[]}
 */
export function parametersByLayer(network) {
  return network.layers.map((shape, at) => ({
    layer: at + 1,
    refs: Array.from({ length: shape.units }, (_, j) => parametersOf(network, at + 1, j)).flat(),
  }));
}

/**
 * What stands at a weight's or bias's place in a record of all parameters.
 * @template T
 * @param {{weights: T[][][], biases: (T[] | null)[]} | null | undefined} record
 * @param {string} ref
 * @returns {T | undefined}
 */
export function atParameter(record, ref) {
  const [kind, layer, first = 0, second = 0] = ref.split(".").map((part, place) => (place === 0 ? part : Number(part)));
  const place = Number(layer) - 1;
  return kind === "w" ? record?.weights[place]?.[Number(first)]?.[Number(second)] : record?.biases[place]?.[Number(first)];
}

/**
 * The same place as a JSON pointer below that of the record.
 * @param {string} ref
 */
export function pointerOf(ref) {
  const [kind, layer, ...rest] = ref.split(".");
  return `/${kind === "w" ? "weights" : "biases"}/${Number(layer) - 1}/${rest.join("/")}`;
}
