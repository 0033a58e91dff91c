// @ts-check
/** The REST API as functions. Nothing here knows the page; errors are ApiError or OfflineError. */
import { EventParser } from "./lib/events.js";

const PREFIX = "/api/v1";
const PATIENCE = 30_000;
const BUSY_TRIES = 4;
/** Milliseconds without a word after which a stream counts as broken; the server says something more often. */
const SILENCE = 20_000;

/** The language in which the server explains errors. */
export const settings = { language: "en" };

/** Told of every call with its reply; the page shows the last ones. */
export const watch = { called: /** @type {(call: import("./types.js").Call) => void} */ (() => {}) };

/** The server answered, but not with what was asked for. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {{type?: string, title?: string, detail?: string, errors?: {pointer: string, detail: string, position?: number | null}[]}} problem
   */
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? String(status));
    this.status = status;
    this.code = (problem.type ?? "").replace(/^.*\/problems\//, "");
    this.title = problem.title ?? "";
    this.errors = problem.errors ?? [];
  }
}

/** The server did not answer. */
export class OfflineError extends Error {}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {string | null} [key] names a request that must not be carried out twice
 * @returns {Promise<any>}
 */
async function call(method, path, body, key = null) {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await send(method, path, body, key);
    if (reply.ok) {
      const result = reply.status === 204 ? null : await reply.json();
      watch.called({ method, path: PREFIX + path, body: body ?? null, status: reply.status, reply: result });
      return result;
    }
    if (reply.status === 503 && attempt < BUSY_TRIES) {
      await pause(1000 * Math.min(5, Number(reply.headers.get("retry-after")) || 1));
      continue;
    }
    const problem = await reply.json().catch(() => ({}));
    watch.called({ method, path: PREFIX + path, body: body ?? null, status: reply.status, reply: problem });
    throw new ApiError(reply.status, problem);
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {string | null} key
 */
async function send(method, path, body, key) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json", "accept-language": settings.language };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (key !== null) headers["idempotency-key"] = key;
  try {
    return await fetch(PREFIX + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    throw new OfflineError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The events of a stream as they come, each with its data read; ends with the stream, or at once when `signal` is aborted.
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {object | undefined} body
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{name: string, data: any}>}
 */
async function* stream(method, path, body, signal) {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), SILENCE);
  /** @type {Record<string, string>} */
  const headers = { accept: "text/event-stream", "accept-language": settings.language };
  if (body) headers["content-type"] = "application/json";
  try {
    const reply = await fetch(PREFIX + path, { method, headers, body: body ? JSON.stringify(body) : null, cache: "no-store", signal: AbortSignal.any([signal, quiet.signal]) });
    if (!reply.ok || !reply.body) {
      const problem = await reply.json().catch(() => ({}));
      watch.called({ method, path: PREFIX + path, body: body ?? null, status: reply.status, reply: problem });
      throw new ApiError(reply.status, problem);
    }
    const parser = new EventParser();
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), SILENCE);
      for (const { name, data } of parser.feed(part.value)) {
        const read = JSON.parse(data);
        if (name === "end") watch.called({ method, path: PREFIX + path, body: body ?? null, status: reply.status, reply: read });
        yield { name, data: read };
      }
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new OfflineError(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Record<string, string | number | null | undefined>} values */
function query(values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return pairs.length ? `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}` : "";
}

/** @param {string} id */
const at = (id) => `/sessions/${encodeURIComponent(id)}`;

/** Trains, and tells of it. @param {string} id @param {object} order @param {AbortSignal} signal */
export const train = (id, order, signal) => stream("POST", `${at(id)}/train`, order, signal);
/** Tells of the training under way. @param {string} id @param {Record<string, string | number | null>} options @param {AbortSignal} signal */
export const attach = (id, options, signal) => stream("GET", `${at(id)}/train${query(options)}`, undefined, signal);
/** @param {string} id */
export const pauseTraining = (id) => call("POST", `${at(id)}/pause`);
/** Changes the speed of the training under way. @param {string} id @param {object} change */
export const changeTraining = (id, change) => call("PATCH", `${at(id)}/train`, change);
/** Whether there is a server that answers. */
export const answers = () =>
  fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).then(
    () => true,
    () => false,
  );
export const getCatalog = () => call("GET", "/catalog");
/** @param {object} body */
export const createSession = (body) => call("POST", "/sessions", body);
/** @param {string} id @param {object} patch */
export const patchSession = (id, patch) => call("PATCH", at(id), patch);
/** @param {string} text of a CSV file */
export const previewTable = (text) => call("POST", "/data/preview", { csv: { text } });
/** @param {string} id @param {object} data */
export const putData = (id, data) => call("PUT", `${at(id)}/data`, data);
/** @param {string} id @param {number} count @param {"step" | "epoch"} [unit] @param {string | null} [key] the same for a retry, which must not step again */
export const step = (id, count, unit = "step", key = null) => call("POST", `${at(id)}/step`, { count, unit, trace: false }, key);
/** @param {string} id @param {{node: number} | {step: number}} target */
export const seek = (id, target) => call("POST", `${at(id)}/seek`, target);
/** @param {string} id */
export const getCurve = (id) => call("GET", `${at(id)}/curve`);
/** @param {string} id @param {number} sample @param {number | null} [step] null: the next update */
export const getTrace = (id, sample, step = null) => call("GET", `${at(id)}/trace${query({ sample, step })}`);
/** @param {string} id @param {number} sample @param {string} granularity @param {number | null} [step] null: the next update @param {string | null} [neuron] the only one wanted @param {Record<string, string>} [notation] */
export const getMicrosteps = (id, sample, granularity, step = null, neuron = null, notation = {}) => call("GET", `${at(id)}/microsteps${query({ sample, granularity, step, neuron, ...notation })}`);
/** @param {string} id @param {string | null} element @param {number} resolution @param {readonly [number, number]} plane its columns */
export const getBoundary = (id, element, resolution = 64, [x, y] = [0, 1]) => call("GET", `${at(id)}/boundary${query({ resolution, element, encoding: "base64", ...(x === 0 && y === 1 ? {} : { x, y }) })}`);
/** @param {string} id @param {readonly string[]} elements @param {number} resolution @param {readonly [number, number]} plane */
export const getMaps = (id, elements, resolution, [x, y] = [0, 1]) => call("GET", `${at(id)}/maps${query({ elements: elements.join(","), resolution, ...(x === 0 && y === 1 ? {} : { x, y }) })}`);
/** @param {string} id */
export const getMetrics = (id) => call("GET", `${at(id)}/metrics`);
/** @param {string} id @param {number} layer @param {readonly [number, number]} plane */
export const getZeroLines = (id, layer, [x, y] = [0, 1]) => call("GET", `${at(id)}/zero-lines${query({ layer, ...(x === 0 && y === 1 ? {} : { x, y }) })}`);
/** @param {string} id @param {{layer: number, output: number, axes: string}} options */
export const getHiddenSpace = (id, options) => call("GET", `${at(id)}/hidden-space${query(options)}`);
/** @param {string} id @param {{kind: string, x?: string, y?: string, seed?: number | null, radius?: number | null}} options */
export const getLossSurface = (id, options) => call("GET", `${at(id)}/loss-surface${query(options)}`);
/** @param {string} id */
export const getConfusion = (id) => call("GET", `${at(id)}/confusion`);
/** @param {string} id @param {number} bins */
export const getHistogram = (id, bins) => call("GET", `${at(id)}/histogram${query({ bins })}`);
/** @param {string} id @param {number[][]} inputs */
export const predict = (id, inputs) => call("POST", `${at(id)}/predict`, { inputs });
/** @param {string} id @param {number | null} [step] */
export const getVerification = (id, step = null) => call("GET", `${at(id)}/verification${query({ step })}`);
/** @param {string} id @param {number | null} step @param {number} sample */
export const getMatrices = (id, step, sample) => call("GET", `${at(id)}/matrices${query({ step, sample })}`);
/** @param {string} id @param {string} element @param {number | null} step */
export const getContributions = (id, element, step) => call("GET", `${at(id)}/contributions${query({ element, step })}`);
/** @param {string} id @param {string} element @param {number | null} step @param {number} sample */
export const getPaths = (id, element, step, sample) => call("GET", `${at(id)}/paths${query({ element, step, sample })}`);
/** @param {string} id @param {object} body */
export const postAnswers = (id, body) => call("POST", `${at(id)}/answers`, body);
/** Asks a lab. @param {string} path of its call @param {object} body */
export const postLab = (path, body) => call("POST", path, body);
/** @param {string} id */
export const getHistory = (id) => call("GET", `${at(id)}/history`);
/** @param {string} id @param {{node?: number, step?: number, training?: object}} body */
export const fork = (id, body) => call("POST", `${at(id)}/fork`, body);
/** @param {string} id @param {{step?: number, epochs?: number, optimizers?: true, learning_rates?: {lowest: number, highest: number, count: number}}} body */
export const beginExperiment = (id, body) => call("POST", `${at(id)}/experiments`, body);
/** @param {string} id @param {string[]} others */
export const getComparison = (id, others) => call("GET", `${at(id)}/comparison${query({ with: others.join(",") })}`);
/** @param {string} id */
export const getSession = (id) => call("GET", at(id));
/** @param {string} id */
export const deleteSession = (id) => call("DELETE", at(id));
/** @param {object} document */
export const importSession = (document) => call("POST", "/sessions/import", document);
/**
 * A file.
 * @param {string} id
 * @param {Record<string, string | number | null>} about
 * @returns {Promise<Blob>}
 */
export async function getExport(id, about) {
  const path = `${at(id)}/export${query(about)}`;
  const reply = await send("GET", path, undefined, null);
  if (!reply.ok) throw new ApiError(reply.status, await reply.json().catch(() => ({})));
  return reply.blob();
}
