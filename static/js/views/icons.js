// @ts-check
/** Line icons of 16 × 16; decoration only, the control beside them carries the name. */
import { h } from "preact";
import htm from "htm";

const html = htm.bind(h);

/** A path may be solid. @type {Record<string, [string, boolean?]>} */
const PATHS = {
  "to-start": ["M3.5 3v10M12.5 3.5v9L6 8z"],
  "step-back": ["M10.5 3.5 5 8l5.5 4.5z"],
  play: ["M5 3.2v9.6L12.6 8z", true],
  pause: ["M5.5 3.5v9M10.5 3.5v9"],
  stop: ["M4 4h8v8H4z", true],
  step: ["M5.5 3.5 11 8l-5.5 4.5z"],
  "next-phase": ["M3 3.5 7.5 8 3 12.5zM8 3.5 12.5 8 8 12.5z"],
  "next-iteration": ["M12.9 6.2A5.2 5.2 0 1 0 13.2 9M13.6 2.8v3.6H10"],
  undo: ["M5.5 2.8 2.5 5.8l3 3M2.8 5.8h6.4a4 4 0 0 1 0 8H6"],
  redo: ["M10.5 2.8l3 3-3 3M13.2 5.8H6.8a4 4 0 0 0 0 8H10"],
  theme: ["M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1.2v2M8 12.8v2M1.2 8h2M12.8 8h2M3.2 3.2l1.4 1.4M11.4 11.4l1.4 1.4M12.8 3.2l-1.4 1.4M4.6 11.4l-1.4 1.4"],
  link: ["M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3L8.2 4.1M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8"],
  keys: ["M2.5 4h11a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4 6.8h.01M6.6 6.8h.01M9.2 6.8h.01M11.8 6.8h.01M5 9.8h6"],
  down: ["M4 6.2 8 10l4-3.8"],
  right: ["M6.2 4 10 8l-3.8 4"],
  left: ["M9.8 4 6 8l3.8 4"],
  plus: ["M8 3.5v9M3.5 8h9"],
  minus: ["M3.5 8h9"],
  reset: ["M3.4 5.6A5.2 5.2 0 1 1 2.9 9M2.6 2.6v3.4H6"],
  check: ["M3 8.5 6.4 12 13 4.5"],
  warn: ["M8 2.2 14.4 13.4H1.6zM8 6.4v3.4M8 11.6h.01"],
  menu: ["M2.5 4.5h11M2.5 8h11M2.5 11.5h11"],
  sliders: ["M2 5h6M12 5h2M2 11h2M8 11h6M10 3.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM6 9.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z"],
  pen: ["M3 13l.6-2.8 7-7a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7l-7 7zM9.6 4.2l2.2 2.2"],
  export: ["M8 10V2.6M5.2 5.2 8 2.4l2.8 2.8M3 9.5v3.6h10V9.5"],
  close: ["M4 4l8 8M12 4l-8 8"],
  dice: ["M2.5 3.5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM5.5 5.5h.01M10.5 5.5h.01M8 8h.01M5.5 10.5h.01M10.5 10.5h.01"],
  forward: ["M4 3v10l8.5-5z", true],
  loss: ["M8 2.5 13.5 8 8 13.5 2.5 8z", true],
  backward: ["M12 3v10L3.5 8z", true],
  update: ["M3.5 3.5h9v9h-9z", true],
};

/** @param {{name: string}} props */
export function Icon({ name }) {
  const [path, solid] = PATHS[name] ?? [""];
  return html`<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d=${path} class=${solid ? "solid ns" : ""} /></svg>`;
}

/** The wordmark's triangle: three neurons, one strong weight. */
export function Mark() {
  return html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M10 3.2 17.3 16.3H2.7z" fill="none" stroke="currentColor" stroke-width="1.3" /><path d="M10 3.2 17.3 16.3" stroke="currentColor" stroke-width="3" /><circle cx="2.9" cy="16.3" r="1.9" fill="currentColor" /><circle cx="10" cy="3.4" r="1.9" fill="currentColor" /><circle cx="17.1" cy="16.3" r="1.9" fill="currentColor" /></svg>`;
}
