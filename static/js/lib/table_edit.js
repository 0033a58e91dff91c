// @ts-check
/**
 * The data table while it is edited: drafts of single cells over the recorded rows, and blocks pasted from elsewhere.
 *
 * A draft that is no number stays a draft: the recorded value counts until it is mended.
 */

import { parseNumber } from "./format.js";

/** The largest absolute value that the server takes. */
const LARGEST = 1e6;

/** Texts of edited cells by "row,column"; columns count through inputs, then targets. */
/** @typedef {Map<string, string>} Drafts */

/**
 * What is wrong with a cell: the key of its message and what the message names.
 * @typedef {{key: string, row: number, column: number, text: string, right: string}} CellProblem
 */

/** @typedef {{inputs: number[][], targets: number[][]}} Rows */

/**
 * @param {number} row
 * @param {number} column
 */
export function cellKey(row, column) {
  return `${row},${column}`;
}

/**
 * Read a cell's text.
 * @param {string} text
 * @param {number} row
 * @param {number} column
 * @returns {{value: number, problem: null} | {value: null, problem: CellProblem}}
 */
export function readCell(text, row, column) {
  const { value, problem } = parseNumber(text);
  const plain = text.trim();
  /** @param {string} key @returns {{value: null, problem: CellProblem}} */
  const wrong = (key) => ({ value: null, problem: { key, row, column, text: shortened(plain), right: shortened(plain.replace(",", ".")) } });
  if (value === null) return wrong(problem === "comma" ? "writePoint" : problem === "empty" ? "cellEmpty" : "cellNumber");
  return Math.abs(value) > LARGEST ? wrong("cellLarge") : { value, problem: null };
}

/** @param {string} text */
function shortened(text) {
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}

/**
 * The rows with every valid draft in them, and the first problem among the others.
 * @param {Rows} rows
 * @param {Drafts} drafts
 * @returns {{rows: Rows, problem: CellProblem|null, changed: boolean}}
 */
export function withDrafts(rows, drafts) {
  const width = rows.inputs[0]?.length ?? 0;
  const inputs = rows.inputs.map((row) => [...row]);
  const targets = rows.targets.map((row) => [...row]);
  /** @type {CellProblem|null} */
  let first = null;
  let changed = false;
  for (const [key, text] of drafts) {
    const [row = 0, column = 0] = key.split(",").map(Number);
    const { value, problem } = readCell(text, row, column);
    const line = column < width ? inputs[row] : targets[row];
    const at = column < width ? column : column - width;
    if (problem) {
      first = first === null || problem.row < first.row ? problem : first;
    } else if (line && line[at] !== value) {
      line[at] = value;
      changed = true;
    }
  }
  return { rows: { inputs, targets }, problem: first, changed };
}

/**
 * The cells of a block copied from a spreadsheet: lines of cells between tabs (or between semicolons).
 * @param {string} text
 * @returns {string[][]} empty if the text is a single cell
 */
export function pastedCells(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  const separator = text.includes("\t") ? "\t" : text.includes(";") ? ";" : /^\S+( +\S+)+$/m.test(text.trim()) ? / +/ : "\t";
  const cells = lines.map((line) => line.trim().split(separator).map((cell) => cell.trim()));
  return cells.length === 1 && cells[0]?.length === 1 ? [] : cells;
}

/**
 * Rows with a block laid over them from (row, column) on; rows that are missing are appended, cells beyond the last
 * column are left out. All or nothing: one cell that is no number leaves the rows as they were.
 * @param {Rows} rows
 * @param {string[][]} cells
 * @param {number} row
 * @param {number} column
 * @returns {{rows: Rows, problem: null} | {rows: null, problem: CellProblem}}
 */
export function withBlock(rows, cells, row, column) {
  const width = rows.inputs[0]?.length ?? 0;
  const height = rows.targets[0]?.length ?? 0;
  const inputs = rows.inputs.map((line) => [...line]);
  const targets = rows.targets.map((line) => [...line]);
  for (const [down, line] of cells.entries()) {
    const y = row + down;
    if (y === inputs.length) {
      inputs.push(new Array(width).fill(0));
      targets.push(new Array(height).fill(0));
    }
    for (const [across, text] of line.slice(0, width + height - column).entries()) {
      const x = column + across;
      const { value, problem } = readCell(text, y, x);
      if (problem) return { rows: null, problem };
      const into = x < width ? inputs[y] : targets[y];
      if (into) into[x < width ? x : x - width] = value;
    }
  }
  return { rows: { inputs, targets }, problem: null };
}
