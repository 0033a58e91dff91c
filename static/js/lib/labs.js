// @ts-check
/**
 * The labs in the order of the header. A lab's calls are named by its modes: parts of it that each have micro-steps
 * of their own.
 * @typedef {{name: string, path: string, calls: Record<string, string>}} LabEntry
 */

/** @type {readonly LabEntry[]} */
export const LABS = [
  { name: "network", path: "/", calls: {} },
  { name: "perceptron", path: "/labs/perceptron", calls: { learn: "/perceptron", xor: "/perceptron/xor" } },
  { name: "descent", path: "/labs/descent", calls: { curve: "/descent", race: "/descent/race" } },
  { name: "regression", path: "/labs/regression", calls: { main: "/regression" } },
  { name: "losses", path: "/labs/losses", calls: { main: "/losses" } },
  { name: "graph", path: "/labs/graph", calls: { graph: "/graph", layers: "/graph/layers" } },
];

/** The lab that an address names, null for the Network lab. @param {string} pathname */
export const labOf = (pathname) => LABS.find((lab) => lab.path === pathname && lab.name !== "network") ?? null;
