// @ts-check
/** How the page looks and behaves for this reader; kept in the browser, never a session's id. */
import { ApiError, settings } from "../api.js";
import { loadLanguage } from "../i18n.js";
import * as store from "../store.js";

/** @param {string} key */
export function recall(key) {
  try {
    return localStorage.getItem(`deltaboard.${key}`);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
export function keep(key, value) {
  try {
    localStorage.setItem(`deltaboard.${key}`, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function applyTheme() {
  const dark = store.theme.value === "dark" || (store.theme.value === "system" && darkSystem.matches);
  store.shownTheme.value = dark ? "dark" : "light";
  document.documentElement.dataset.theme = store.shownTheme.value;
}

/** @param {import("../types.js").Theme} theme */
export function setTheme(theme) {
  store.theme.value = theme;
  keep("theme", theme);
  applyTheme();
}

/** From what is seen now to the other; back to the system's where that is the same. */
export function toggleTheme() {
  const wanted = store.shownTheme.value === "dark" ? "light" : "dark";
  setTheme(darkSystem.matches === (wanted === "dark") ? "system" : wanted);
}

/** @param {string} language */
export async function setLang(language) {
  try {
    await loadLanguage(language);
  } catch (error) {
    store.banner.value = error instanceof ApiError ? { kind: "error", text: error.message } : { kind: "offline", retry: () => void setLang(language) };
    return;
  }
  settings.language = store.lang.value;
  keep("lang", store.lang.value);
  document.cookie = `lang=${store.lang.value}; path=/; max-age=31536000; samesite=lax`;
}

export const toggleLang = () => setLang(store.lang.value === "en" ? "ko" : "en");

/** @param {boolean} on */
export function setShortcuts(on) {
  store.shortcuts.value = on;
  keep("shortcuts", on ? "on" : "off");
}

/** @param {number} decimals */
export function setDecimals(decimals) {
  store.decimals.value = Math.max(1, Math.min(8, decimals));
  keep("decimals", String(store.decimals.value));
}

/** @param {boolean} on */
export function setFull(on) {
  store.full.value = on;
  keep("full", on ? "on" : "off");
}

/** @param {"steps" | "setup" | "maps" | "numbers"} tab */
export function setTab(tab) {
  store.tab.value = tab;
  scrollTo(0, 0);
}

/** Reads what was kept, and follows the system's theme and the window's width from now on. */
export async function loadPreferences() {
  const theme = recall("theme");
  store.theme.value = theme === "dark" || theme === "light" ? theme : "system";
  store.shortcuts.value = recall("shortcuts") !== "off";
  const decimals = Number(recall("decimals") ?? 4);
  if (Number.isInteger(decimals) && decimals >= 1 && decimals <= 8) store.decimals.value = decimals;
  store.full.value = recall("full") === "on";
  applyTheme();
  darkSystem.addEventListener("change", applyTheme);

  const wide = matchMedia("(min-width: 1280px)");
  const small = matchMedia("(max-width: 767px)");
  const fit = () => {
    store.variant.value = wide.matches ? "wide" : small.matches ? "small" : "mid";
    if (wide.matches || small.matches) store.sheet.value = false;
  };
  wide.addEventListener("change", fit);
  small.addEventListener("change", fit);
  fit();
  // The server has chosen by address and cookie; where cookies are refused, storage remembers instead.
  const chosen = new URLSearchParams(location.search).has("lang") || /(^|; )lang=/.test(document.cookie);
  await setLang((chosen ? null : recall("lang")) ?? document.documentElement.lang);
}
