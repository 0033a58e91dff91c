// @ts-check
/** Words of success. */
import { effect } from "@preact/signals";
import * as store from "../store.js";

/** Milliseconds that one stays. */
const TOAST = 2600;

/** From now on a word of success goes by itself. */
export function clearToasts() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  effect(() => {
    if (store.toast.value === null) return;
    clearTimeout(timer);
    timer = setTimeout(() => (store.toast.value = null), TOAST);
  });
}
