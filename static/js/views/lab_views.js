// @ts-check
/** The views of each lab, loaded when its page is opened. */
import { lazy } from "./lazy.js";

/** @param {() => Promise<{Setup: any, Stage: any, Readings: any}>} load */
const parts = (load) => ({ Setup: lazy(async () => (await load()).Setup), Stage: lazy(async () => (await load()).Stage), Readings: lazy(async () => (await load()).Readings) });

/** @type {Record<string, {Setup: any, Stage: any, Readings: any}>} */
export const LABS = {
  perceptron: parts(() => import("./labs/perceptron.js")),
  descent: parts(() => import("./labs/descent.js")),
  regression: parts(() => import("./labs/regression.js")),
  losses: parts(() => import("./labs/losses.js")),
  graph: parts(() => import("./labs/graph.js")),
};
