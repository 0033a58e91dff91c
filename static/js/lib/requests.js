// @ts-check
/** A request to the server as a command line, as a Python program, and its reply as indented JSON. */

/** @typedef {import("../types.js").Call} Call */

/** Characters of a reply that are shown; the rest is for programs. */
const LONGEST = 40_000;

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** What stands for the access code, which the page itself does not have: its cookie is the browser's alone. */
const BEARER = "Bearer ACCESS-CODE";

/**
 * @param {Call} call
 * @param {string} origin
 * @param {boolean} closed whether the server asks for an access code
 */
export function asCurl({ method, path, body }, origin, closed = false) {
  const parts = [`curl${method === "GET" ? "" : ` -X ${method}`} ${quoted(origin + path)}`];
  if (closed) parts.push(`-H 'authorization: ${BEARER}'`);
  if (body !== null) parts.push(`-H 'content-type: application/json'`, `-d ${quoted(JSON.stringify(body))}`);
  return parts.join(" \\\n  ");
}

/** JSON as Python writes it. @param {unknown} value @returns {string} */
function literal(value) {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${literal(one)}`).join(", ")}}`;
  return JSON.stringify(value);
}

/**
 * With nothing but Python's own library.
 * @param {Call} call
 * @param {string} origin
 * @param {boolean} closed whether the server asks for an access code
 */
export function asPython({ method, path, body }, origin, closed = false) {
  const lines = ["import json", "from urllib.request import Request, urlopen", ""];
  if (body !== null) lines.push(`body = ${literal(body)}`);
  const headers = { ...(body !== null ? { "content-type": "application/json" } : {}), ...(closed ? { authorization: BEARER } : {}) };
  const data = `${body !== null ? ", data=json.dumps(body).encode()" : ""}${Object.keys(headers).length ? `, headers=${literal(headers)}` : ""}`;
  const verb = method === "GET" || (method === "POST" && body !== null) ? "" : `, method=${JSON.stringify(method)}`;
  lines.push(`request = Request(${JSON.stringify(origin + path)}${data}${verb})`, "with urlopen(request) as reply:", method === "DELETE" ? "    print(reply.status)" : "    print(json.dumps(json.load(reply), indent=2))");
  return lines.join("\n");
}

/**
 * The reply, arrays of numbers on one line; cut where it is long.
 * @param {unknown} reply
 * @returns {{text: string, cut: boolean}}
 */
export function asText(reply) {
  if (reply === null) return { text: "", cut: false };
  const text = JSON.stringify(reply, null, 2).replace(/\[[^[\]{}"]*\]/g, (numbers) => numbers.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"));
  return { text: text.slice(0, LONGEST), cut: text.length > LONGEST };
}
