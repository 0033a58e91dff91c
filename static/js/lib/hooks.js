// @ts-check
/**
 * What several readings watch: the room they have, the theme, a wait that has become long.
 */

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { onThemeChange } from "./colours.js";

/**
 * The width of an element in whole pixels, followed as it changes.
 * @param {{current: HTMLElement|null}} box
 * @param {number} [first] assumed until the element is there
 */
export function useWidth(box, first = 296) {
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const read = () => {
      const now = Math.floor(element.clientWidth);
      // A hidden tab has no width: what was drawn before stays as it is.
      if (now > 0) setWidth(now);
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** A number that grows each time the theme's tokens may have changed. */
export function useThemeVersion() {
  const [version, setVersion] = useState(0);
  useEffect(() => onThemeChange(() => setVersion((n) => n + 1)), []);
  return version;
}

/**
 * Whether something has been waited for longer than `milliseconds`.
 * @param {boolean} waiting
 * @param {number} milliseconds
 */
export function useLate(waiting, milliseconds) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) {
      setLate(false);
      return undefined;
    }
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late;
}
