// @ts-check
/** The address as a link: copied on demand, and kept at the place that is shown. */
import { effect } from "@preact/signals";
import { copyText } from "../lib/clipboard.js";
import { LONGEST } from "../permalink.js";
import * as store from "../store.js";

/** Milliseconds between two changes of the address: browsers refuse more. */
const PACE = 400;

/**
 * Puts the link to this place into the address and onto the clipboard.
 * @param {string} fragment
 * @param {() => void} tooLong what to offer in place of a link that is too long
 */
export async function copyAddress(fragment, tooLong) {
  const address = `${location.origin}${location.pathname}#${fragment}`;
  if (address.length > LONGEST) {
    tooLong();
    return;
  }
  history.replaceState(null, "", address);
  try {
    await copyText(address);
    store.toast.value = "page.toast.linkCopied";
  } catch {
    // Without a clipboard the address bar holds the link.
    store.toast.value = "page.toast.linkInAddress";
  }
}

/**
 * Keeps the address at the place shown, and opens one that the reader types.
 * @param {() => unknown} seen reads all signals that the link depends on
 * @param {() => Promise<string | null>} write the fragment, null while the address is to stay
 * @param {() => unknown} open
 */
export function keepAddress(seen, write, open) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  effect(() => {
    seen();
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void write().then((fragment) => fragment !== null && history.replaceState(null, "", fragment.length > LONGEST ? "#" : `#${fragment}`));
    }, PACE);
  });
  addEventListener("hashchange", () => void open());
}
