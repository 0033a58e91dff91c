// @ts-check
/** How the pictures call the layers. */

/**
 * @param {{layers: readonly unknown[]}} network
 * @param {number} layer from 1
 * @param {import("../types.js").Translate} t
 */
export function layerName(network, layer, t) {
  const last = network.layers.length;
  if (layer === last) return t("pictures.outputLayer");
  return last === 2 ? t("pictures.onlyHidden") : t("pictures.hiddenLayer", { n: layer });
}
