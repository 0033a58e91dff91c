// @ts-check
/** The clipboard, also where a browser does not offer it: at an http address of a network, as in a class. */

/**
 * Copies a text; rejected where it may not be.
 * @param {string} text
 */
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  let taken = false;
  /** @param {ClipboardEvent} event */
  const take = (event) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
    taken = true;
  };
  document.addEventListener("copy", take, true);
  try {
    document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", take, true);
  }
  if (!taken) throw new Error("the browser did not copy");
}
