// @ts-check
/**
 * Data sets as the bodies of requests: what makes the session's data again, and what a network for it needs.
 * @typedef {import("../types.js").DataRecord} DataRecord
 * @typedef {import("../types.js").DataBody} DataBody
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Layer} Layer
 * @typedef {{inputs: number, columns: number, outputs: number, kind: "classes" | "regression"}} Shape
 */

/** The largest share of test rows that the page offers. */
export const MOST_TEST = 0.5;
/** Columns of which derived inputs are on offer, as the server counts them. */
const DERIVED = 4;

/** @param {DataRecord} data */
export const isOwn = (data) => data.name === "custom" || data.name === "";

/** @param {number} columns */
const plainFeatures = (columns) => Array.from({ length: columns }, (_, k) => `x${k + 1}`);

/** @param {unknown} one @param {unknown} other */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * The whole table, training and test rows each where they were given.
 * @param {DataRecord} data
 * @returns {{inputs: number[][], targets: number[][]}}
 */
export function wholeTable(data) {
  /** @type {number[][]} */
  const inputs = [];
  /** @type {number[][]} */
  const targets = [];
  let [next, test] = [0, 0];
  while (next < data.size || test < data.test_size) {
    // Where training rows were removed, the test rows that are left follow.
    if (test < data.test_size && (data.test_rows[test] === inputs.length || next >= data.size)) {
      inputs.push(data.test_inputs[test] ?? []);
      targets.push(data.test_targets[test] ?? []);
      test += 1;
    } else {
      inputs.push(data.inputs[next] ?? []);
      targets.push(data.targets[next] ?? []);
      next += 1;
    }
  }
  return { inputs, targets };
}

/**
 * The body without what says nothing, so that equal ones read alike.
 * @param {DataBody} body
 * @param {number} columns of the table
 * @returns {DataBody}
 */
export function pruned(body, columns) {
  const { split, features, scaling, target_scaling: targetScaling, expression, ...rest } = body;
  return {
    ...rest,
    ...(expression ? { expression } : {}),
    ...(split && split.test_share > 0 ? { split } : {}),
    ...(features?.length && !same(features, plainFeatures(columns)) ? { features } : {}),
    ...(scaling && scaling !== "none" ? { scaling } : {}),
    ...(targetScaling && targetScaling !== "none" ? { target_scaling: targetScaling } : {}),
  };
}

/**
 * What is done to the rows of a set, as a part of a body.
 * @param {DataRecord} data
 */
export function preparationOf(data) {
  return { split: data.split, features: data.features, scaling: data.scaling.name, target_scaling: data.target_scaling.name };
}

/**
 * The body that gives these rows the names and the preparation of the session's.
 * @param {DataRecord} data
 * @param {{inputs: number[][], targets: number[][]}} rows
 * @returns {DataBody}
 */
export function withRows(data, rows) {
  const plain = data.columns.every((name, k) => name === `x${k + 1}`);
  const count = data.target_columns.length;
  const plainTargets = data.target_columns.every((name, k) => name === (count > 1 ? `t${k + 1}` : "t"));
  return pruned({
    ...rows,
    ...(plain ? {} : { columns: data.columns }),
    ...(plainTargets ? {} : { target_columns: data.target_columns }),
    ...(data.classes.length ? { classes: data.classes } : {}),
    ...preparationOf(data),
  }, data.columns.length);
}

/**
 * The body that makes the session's data set again.
 * @param {DataRecord} data
 * @returns {DataBody}
 */
export function bodyOf(data) {
  if (isOwn(data)) {
    const body = withRows(data, wholeTable(data));
    const stored = data.order.every((row, k) => row === k);
    return data.test_size === 0 && !stored ? { ...body, order: data.order } : body;
  }
  return pruned({ name: data.name, parameters: data.parameters, ...(data.expression ? { expression: data.expression } : {}), ...preparationOf(data) }, data.columns.length);
}

/**
 * What a network for this data set needs.
 * @param {DataBody} body a named one or rows
 * @param {Catalog} catalog
 * @param {DataRecord} data of the session, for rows whose targets are named
 * @returns {Shape}
 */
export function shapeOf(body, catalog, data) {
  const entry = catalog.datasets.find((one) => one.name === body.name);
  if (!entry) {
    const columns = body.inputs?.[0]?.length ?? data.columns.length;
    return { columns, inputs: body.features?.length ?? columns, outputs: body.targets?.[0]?.length ?? data.target_columns.length, kind: data.kind };
  }
  const classes = body.parameters?.classes ?? entry.parameters.find((one) => one.name === "classes")?.default ?? 2;
  return { columns: entry.inputs, inputs: body.features?.length ?? entry.inputs, outputs: entry.kind === "regression" || classes === 2 ? 1 : classes, kind: entry.kind };
}

/**
 * The layers with an output layer that suits the targets: as many neurons, and values that they can take.
 * @param {Layer[]} layers
 * @param {Pick<Shape, "outputs" | "kind">} shape
 * @returns {Layer[]}
 */
export function suited(layers, { outputs, kind }) {
  const last = layers.at(-1);
  if (!last) return layers;
  const real = last.activation === "identity";
  const activation = kind === "regression" ? "identity"
    : outputs > 1 ? (real || (last.activation === "sigmoid" && last.units === 1) ? "softmax" : last.activation)
      : real || last.activation === "softmax" ? "sigmoid" : last.activation;
  const changed = activation === last.activation ? {} : { activation, activation_parameters: {} };
  return [...layers.slice(0, -1), { ...last, ...changed, units: outputs }];
}

/**
 * Every input that can be made of so many columns, in the server's order, with its TeX and its kind.
 * @param {number} columns
 * @param {Catalog} catalog
 * @returns {{name: string, tex: string, kind: string}[]}
 */
export function offered(columns, catalog) {
  const derived = Math.min(columns, DERIVED);
  return catalog.features.flatMap((kind) => {
    const most = kind.name === "column" ? columns : derived;
    const places = Array.from({ length: most }, (_, k) => k + 1);
    const groups = kind.columns === 1 ? places.map((one) => [one]) : places.flatMap((one) => places.filter((other) => other > one).map((other) => [one, other]));
    /** @param {string} text @param {number[]} group */
    const filled = (text, group) => text.replace(/<(\d)>/g, (_, k) => String(group[Number(k)]));
    return groups.map((group) => ({ name: filled(kind.form, group), tex: filled(kind.tex, group), kind: kind.name }));
  });
}

/** @type {Record<string, string>} */
const LOWERED = Object.fromEntries([..."0123456789"].map((digit, k) => [digit, "₀₁₂₃₄₅₆₇₈₉"[k] ?? digit]));

/**
 * A feature's name as one writes it: x₁², x₁x₂, sin x₁.
 * @param {string} name
 */
export function written(name) {
  return name.replace(/x(\d+)/g, (_, digits) => `x${[...digits].map((one) => LOWERED[one]).join("")}`)
    .replace("^2", "²").replace("*", "").replace(/^sin\((.*)\)$/, "sin $1");
}
