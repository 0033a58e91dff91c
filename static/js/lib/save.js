// @ts-check
/** Files for the reader. */

/** Milliseconds after which a file has been taken, also by a slow machine. */
const TAKEN = 60_000;

/**
 * @param {Blob} content
 * @param {string} name
 */
export function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), TAKEN);
}
