// @ts-check
/**
 * Views whose modules are loaded when they are first shown, so that a first visit loads only what it shows.
 * A module that has been loaded draws at once from then on.
 */
import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import htm from "htm";

/**
 * @typedef {import("../types.js").Translate} Translate
 * @typedef {{failed: boolean, again: () => void, t: Translate, actions?: any, [prop: string]: any}} Place what stands there until the view does
 */

const html = htm.bind(h);

/**
 * @param {() => Promise<any>} load gives the view, a component
 * @param {any} [Meanwhile] what is drawn until then, a component with the props of Place; it says if loading has failed
 * @returns {(props: any) => any} the component to use in the view's place
 */
export function lazy(load, Meanwhile = Loading) {
  /** @type {any} */
  let view = null;
  /** @type {Promise<void> | null} */
  let coming = null;
  const begin = () =>
    (coming ??= load().then(
      (loaded) => void (view = loaded),
      (error) => {
        // Without a server it may come later; an error in the module itself must be seen.
        coming = null;
        throw error;
      },
    ));
  return function Lazy(props) {
    const [attempt, setAttempt] = useState(0);
    const [failed, setFailed] = useState(false);
    const [, draw] = useState(false);
    useEffect(() => {
      if (view) return undefined;
      let alive = true;
      begin().then(
        () => alive && draw(true),
        (error) => {
          reportError(error);
          if (alive) setFailed(true);
        },
      );
      return () => void (alive = false);
    }, [attempt]);
    if (view) return h(view, props);
    const again = () => {
      setFailed(false);
      setAttempt(attempt + 1);
    };
    return h(Meanwhile, { ...props, failed, again });
  };
}

/** Nothing: where the view is an addition that comes and goes. A failure is told by what cannot be done without it. */
export function Quiet() {
  return null;
}

/**
 * A line of text where the view will stand.
 * @param {Place} props
 */
export function Loading({ failed, again, t }) {
  return failed
    ? html`<p class="lazy failed" role="alert">${t("loading.failed")} <button type="button" class="btn" onClick=${again}>${t("loading.again")}</button></p>`
    : html`<p class="lazy" role="status">${t("loading.wait")}</p>`;
}
