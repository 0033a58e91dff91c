// @ts-check
/** Reading an event stream (the format of EventSource) out of the text of a reply, which may be cut anywhere. */

/** @typedef {{name: string, data: string}} StreamEvent */

/** Collects text and gives the events that are whole. */
export class EventParser {
  constructor() {
    this.rest = "";
  }

  /**
   * The events that end within `text` and what came before it.
   * @param {string} text
   * @returns {StreamEvent[]}
   */
  feed(text) {
    // A line end may be cut in two: a carriage return at the very end waits for what follows.
    const all = (this.rest + text).replace(/\r\n/g, "\n").replace(/\r(?!$)/g, "\n");
    const blocks = all.split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => {
      const event = readBlock(block);
      return event ? [event] : [];
    });
  }
}

/**
 * One event; null for a block of comments only, which keeps a connection awake.
 * @param {string} block
 * @returns {StreamEvent | null}
 */
function readBlock(block) {
  let name = "message";
  /** @type {string[]} */
  const data = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return data.length > 0 ? { name, data: data.join("\n") } : null;
}
