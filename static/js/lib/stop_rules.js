// @ts-check
/** The rules that end a run, as they are typed, and as the server takes them. */
import { parseNumber } from "./format.js";

/**
 * What stands in the fields; an empty field is no rule.
 * @typedef {{endless: boolean, epochs: string, loss: string, accuracy: string, patience: string, change: string, best: boolean}} Rules
 * @typedef {"epochs" | "loss" | "accuracy" | "patience" | "change"} Field
 * @typedef {object} Order what the server is asked for
 * @property {number | null} epochs null: until paused
 * @property {number | null} stop_at_loss
 * @property {number | null} stop_at_accuracy
 * @property {{epochs: number, minimum_change: number} | null} patience
 * @property {boolean} restore_best
 */

export const MOST_EPOCHS = 10_000_000;
const MOST_PATIENCE = 1_000_000;

/** @type {Rules} */
export const NO_RULES = { endless: false, epochs: "100", loss: "", accuracy: "", patience: "", change: "0", best: true };

/** @param {string} text */
const given = (text) => text.trim() !== "";

/** @param {string} text @param {number} most */
function isCount(text, most) {
  const { value } = parseNumber(text);
  return value !== null && Number.isInteger(value) && value >= 1 && value <= most;
}

/** @param {string} text @param {(value: number) => boolean} fits */
function isNumber(text, fits) {
  const { value } = parseNumber(text);
  return value !== null && fits(value);
}

/**
 * The fields whose entry cannot be used.
 * @param {Rules} rules
 * @param {boolean} scored whether the data has classes, so that there is an accuracy
 * @returns {Set<Field>}
 */
export function wrongFields(rules, scored) {
  /** @type {Set<Field>} */
  const wrong = new Set();
  if (!rules.endless && !isCount(rules.epochs, MOST_EPOCHS)) wrong.add("epochs");
  if (given(rules.loss) && !isNumber(rules.loss, (value) => value > 0)) wrong.add("loss");
  if (scored && given(rules.accuracy) && !isNumber(rules.accuracy, (value) => value > 0 && value <= 100)) wrong.add("accuracy");
  if (given(rules.patience) && !isCount(rules.patience, MOST_PATIENCE)) wrong.add("patience");
  if (given(rules.patience) && !isNumber(rules.change, (value) => value >= 0)) wrong.add("change");
  return wrong;
}

/**
 * How many rules beside the number of epochs are set.
 * @param {Rules} rules
 * @param {boolean} scored
 */
export function ruleCount(rules, scored) {
  return [rules.loss, scored ? rules.accuracy : "", rules.patience].filter(given).length;
}

/**
 * The request for a run, null while an entry is wrong.
 * @param {Rules} rules
 * @param {boolean} scored
 * @returns {Order | null}
 */
export function orderOf(rules, scored) {
  if (wrongFields(rules, scored).size > 0) return null;
  /** @param {string} text */
  const number = (text) => parseNumber(text).value ?? 0;
  const patient = given(rules.patience);
  return {
    epochs: rules.endless ? null : number(rules.epochs),
    stop_at_loss: given(rules.loss) ? number(rules.loss) : null,
    // Accuracy is typed in percent; the server takes the share.
    stop_at_accuracy: scored && given(rules.accuracy) ? number(rules.accuracy) / 100 : null,
    patience: patient ? { epochs: number(rules.patience), minimum_change: number(rules.change) } : null,
    restore_best: patient && rules.best,
  };
}
