// @ts-check
/** Tables of numbers as text: what a person pastes from a page or a spreadsheet, and what the page copies for others. */
import { MINUS } from "./format.js";

/**
 * @param {readonly (readonly number[])[]} rows
 */
export function writeMatrix(rows) {
  return rows.map((row) => row.join("  ")).join("\n");
}

/**
 * @typedef {{key: "rows" | "columns" | "number" | "comma", values: Record<string, string | number>}} Problem
 */

/**
 * Reads `height` rows of `width` numbers. Columns part at spaces, tabs, commas or semicolons; brackets are skipped.
 * @param {string} text
 * @param {number} height
 * @param {number} width
 * @returns {{rows: number[][], problem: null} | {rows: null, problem: Problem}}
 */
export function readMatrix(text, height, width) {
  const plain = text.replaceAll(MINUS, "-").replace(/[[\](){}]/g, " ");
  // A decimal comma: digits on both sides of it and blanks between the columns.
  const comma = /^\s*-?\d+,\d+(\s+-?\d+,\d+)*\s*$/m.exec(plain);
  if (comma && /\d,\d+\s+-?\d+,\d/.test(comma[0])) return fail("comma", { wrong: comma[0].trim().split(/\s+/)[0] ?? "" });
  const lines = plain.split("\n").map((line) => line.split(/[\s,;]+/).filter((cell) => cell !== "")).filter((line) => line.length > 0);
  if (lines.length !== height) return fail("rows", { found: lines.length, wanted: height });
  /** @type {number[][]} */
  const rows = [];
  for (const [at, line] of lines.entries()) {
    if (line.length !== width) return fail("columns", { row: at + 1, found: line.length, wanted: width });
    const values = line.map(Number);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) return fail("number", { row: at + 1, wrong: line[bad] ?? "" });
    rows.push(values);
  }
  return { rows, problem: null };
}

/**
 * @param {Problem["key"]} key
 * @param {Problem["values"]} values
 * @returns {{rows: null, problem: Problem}}
 */
function fail(key, values) {
  return { rows: null, problem: { key, values } };
}

/**
 * Arrays as a Python program that makes them again; what is cut says so.
 * @param {readonly {variable: string, numpy: string, limited: boolean, first_row: number, shape: number[], values: any[]}[]} matrices
 */
export function numpyProgram(matrices) {
  const lines = matrices.map(({ variable, numpy, limited, first_row: first, shape, values }) => {
    const cut = limited ? `# rows ${first} to ${first + values.length - 1} of ${shape[0]}\n` : "";
    return `${cut}${variable} = ${numpy.replaceAll("\n", `\n${" ".repeat(variable.length + 3)}`)}`;
  });
  return `from numpy import array, inf, nan\n\n${lines.join("\n")}\n`;
}

/**
 * A table as tab-separated text, as a spreadsheet takes it; numbers with every digit and an ordinary minus sign.
 * @param {readonly (readonly (string | number | null | undefined)[])[]} rows null and undefined: an empty cell
 */
export function tabSeparated(rows) {
  return rows.map((row) => row.map((cell) => String(cell ?? "")).join("\t")).join("\n") + "\n";
}
