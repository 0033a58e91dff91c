// @ts-check
/** The page's words: catalogues from the server, switched while the page runs. */
import { signal } from "@preact/signals";
import { lang } from "./store.js";

/** @typedef {import("./types.js").Label} Label */

const LANGUAGES = /** @type {const} */ (["en", "ko"]);
const catalogues = signal(/** @type {Record<string, Record<string, string>>} */ ({}));

/**
 * The text of `key` in the page's language, its {placeholders} filled; the key itself where there is none.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = catalogues.value[lang.value]?.[key] ?? catalogues.value.en?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * A label of the catalogue of settings in the page's language.
 * @param {Label | null | undefined} label
 */
export function name(label) {
  return label?.[lang.value] ?? label?.en ?? "";
}

/** @param {string} wanted */
export async function loadLanguage(wanted) {
  const language = LANGUAGES.find((known) => known === wanted) ?? "en";
  if (!catalogues.value[language]) {
    const reply = await fetch(`/locales/${language}.json`);
    if (!reply.ok) throw new Error(`no messages for ${language}`);
    catalogues.value = { ...catalogues.value, [language]: await reply.json() };
  }
  lang.value = language;
  document.documentElement.lang = language;
  document.title = t("page.title");
}
