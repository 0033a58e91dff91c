// @ts-check
/**
 * Notations as the page keeps them: the name of a ready one, and the single choices that differ from it. That is also
 * the query of the micro-steps; an empty record is the page's own notation.
 * @typedef {import("../types.js").Label} Label
 * @typedef {Record<string, string>} Notation
 * @typedef {{name: string, label: Label, tex: string}} Choice
 * @typedef {{name: string, label: Label, choices: Choice[]}} Field
 * @typedef {{name: string, label: Label, description: Label, source: Label, choices: Record<string, string>, losses: string[]}} Preset
 * @typedef {{presets: Preset[], fields: Field[]}} Notations
 */

/** Letters that give way where one letter would mean two things: [field, the other, what the other becomes]. */
const YIELDS = /** @type {const} */ ([["output", "target", "t"], ["target", "output", "o"], ["output", "net_input", "z"], ["net_input", "output", "o"]]);

/**
 * The ready notation that a record starts from.
 * @param {Notation} notation
 * @param {Notations} notations
 * @returns {Preset | undefined}
 */
export function presetOf(notation, notations) {
  return notations.presets.find((one) => one.name === (notation.notation ?? notations.presets[0]?.name));
}

/**
 * The choice of every field.
 * @param {Notation} notation
 * @param {Notations} notations
 * @returns {Record<string, string>}
 */
export function choicesOf(notation, notations) {
  const { notation: _, ...own } = notation;
  return { ...presetOf(notation, notations)?.choices, ...own };
}

/**
 * The record of these choices: a ready notation's name where there is one with just these.
 * @param {Record<string, string>} choices
 * @param {string | undefined} from the ready notation to differ from
 * @param {Notations} notations
 * @returns {Notation}
 */
function recordOf(choices, from, notations) {
  const first = notations.presets[0]?.name;
  const same = (/** @type {Preset} */ preset) => Object.entries(choices).every(([field, value]) => preset.choices[field] === value);
  const preset = notations.presets.find(same) ?? notations.presets.find((one) => one.name === from) ?? notations.presets[0];
  const own = Object.entries(choices).filter(([field, value]) => preset?.choices[field] !== value);
  return { ...(preset && preset.name !== first ? { notation: preset.name } : {}), ...Object.fromEntries(own) };
}

/**
 * The notation with one more choice; a letter that would mean two things gives way.
 * @param {Notation} notation
 * @param {string} field
 * @param {string} value
 * @param {Notations} notations
 * @returns {Notation}
 */
export function withChoice(notation, field, value, notations) {
  const choices = { ...choicesOf(notation, notations), [field]: value };
  for (const [chosen, other, instead] of YIELDS) {
    if (chosen === field && choices[other] === value) choices[other] = instead;
  }
  return recordOf(choices, presetOf(notation, notations)?.name, notations);
}

/**
 * What was kept by an earlier visit, as far as it is still known; {} where it is not.
 * @param {string | null} text
 * @param {Notations} notations
 * @returns {Notation}
 */
export function readNotation(text, notations) {
  try {
    const kept = JSON.parse(text ?? "{}");
    const known = Object.entries(kept).every(([field, value]) => (field === "notation" ? notations.presets : notations.fields.find((one) => one.name === field)?.choices ?? []).some((one) => one.name === value));
    const choices = known ? choicesOf(kept, notations) : {};
    return known && choices.output !== choices.target && choices.output !== choices.net_input ? kept : {};
  } catch {
    return {};
  }
}
