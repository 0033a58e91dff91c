// @ts-check
/** The bar at the top: wordmark, labs, language, theme, undo, link, help. */
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { LABS } from "../lib/labs.js";
import { SessionMenu } from "./export_menu.js";
import { Icon, Mark } from "./icons.js";

const html = htm.bind(h);

/**
 * @typedef {object} Props
 * @property {string} lab the one that is open
 * @property {string} lang
 * @property {string | null} undoable name of the action that undo takes back
 * @property {string | null} redoable
 * @property {string | null} toast
 * @property {boolean} busy
 * @property {import("../types.js").Translate} t
 * @property {any} actions
 */

/** @param {Props} props */
export function Header(props) {
  const { lab, t } = props;
  return html`<header class="bar">
    <a class="skip" href="#stage" onClick=${(/** @type {Event} */ event) => {
      // The fragment holds the link to this step, so the jump is made by hand.
      event.preventDefault();
      const stage = document.querySelector("#stage");
      /** @type {HTMLElement | null} */ (stage?.querySelector("[tabindex='0']"))?.focus();
    }}>${t("page.skip")}</a>
    <a class="mark" href="/" aria-label="Deltaboard"><${Mark} /><b>Deltaboard</b></a>
    <nav class="labs" aria-label=${t("page.labs")}>${LABS.map(({ name, path }) => html`<a key=${name} href=${path} aria-current=${name === lab ? "page" : undefined} onClick=${name === lab ? (/** @type {Event} */ event) => event.preventDefault() : undefined}>${t(`page.lab.${name}`)}</a>`)}</nav>
    <${Tools} ...${props} />
  </header>`;
}

/** @param {Props} props */
function Tools({ lab, lang, undoable, redoable, toast, busy, t, actions }) {
  return html`<div class="tools">
    <p class="toast" role="status">${toast ? html`<${Icon} name="check" />${t(toast)}` : null}</p>
    <div class="seg lang" role="group" aria-label=${t("page.language")}>
      <button type="button" lang="en" aria-pressed=${String(lang === "en")} onClick=${() => actions.setLang("en")}>EN</button>
      <button type="button" lang="ko" aria-pressed=${String(lang === "ko")} onClick=${() => actions.setLang("ko")}>한국어</button>
    </div>
    <div class="grp2" role="group" aria-label=${t("page.history")}>
      <${Tool} icon="undo" label=${undoable ? t("page.undo", { what: t(`page.deed.${undoable}`) }) : t("page.nothingToUndo")} keys="Control+Z" disabled=${!undoable || busy} onClick=${actions.undo} />
      <${Tool} icon="redo" label=${redoable ? t("page.redo", { what: t(`page.deed.${redoable}`) }) : t("page.nothingToRedo")} keys="Control+Shift+Z" disabled=${!redoable || busy} onClick=${actions.redo} />
    </div>
    <div class="wide-tools">
      <${Tool} icon="theme" label=${t("page.theme")} keys="T" onClick=${actions.toggleTheme} />
      <${Tool} icon="link" label=${t("page.shareHint")} text=${t("page.share")} onClick=${actions.copyLink} />
      ${lab === "network" ? html`<${SessionMenu} t=${t} actions=${actions} />` : null}
      <${Tool} icon="keys" label=${t("page.help")} keys="?" kbd="?" onClick=${() => actions.openDialog("help")} />
    </div>
    <${Menu} lab=${lab} t=${t} actions=${actions} />
  </div>`;
}

/** @param {{icon: string, label: string, text?: string, keys?: string, kbd?: string, disabled?: boolean, onClick: () => unknown}} props */
function Tool({ icon, label, text, keys, kbd, disabled = false, onClick }) {
  return html`<button class="btn quiet" type="button" title=${keys ? `${label} (${keys.replace("Control", "Ctrl")})` : label} aria-label=${text ? `${text}: ${label}` : label} aria-keyshortcuts=${keys}
    disabled=${disabled} onClick=${() => onClick()}><${Icon} name=${icon} />${text ? html`<span class="bt">${text}</span>` : null}${kbd ? html`<kbd>${kbd}</kbd>` : null}</button>`;
}

/**
 * On narrow screens the tools fold into a menu.
 * @param {{lab: string, t: import("../types.js").Translate, actions: any}} props
 */
function Menu({ lab, t, actions }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (!open) return undefined;
    const close = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [open]);
  const item = (/** @type {string} */ icon, /** @type {string} */ key, /** @type {() => unknown} */ act) => html`<li><button type="button" class="btn quiet" onClick=${() => {
    setOpen(false);
    act();
  }}><${Icon} name=${icon} />${t(key)}</button></li>`;
  return html`<div class="menu" ref=${box} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && setOpen(false)}>
    <button class="btn quiet menubtn" type="button" aria-label=${t("page.menu")} aria-expanded=${String(open)} onClick=${() => setOpen(!open)}><${Icon} name=${open ? "close" : "menu"} /></button>
    ${open ? html`<ul class="menulist">
      ${LABS.length > 1 ? LABS.map(({ name, path }) => html`<li key=${name}><a class="btn quiet" href=${path} aria-current=${name === lab ? "page" : undefined}>${t(`page.lab.${name}`)}</a></li>`) : null}
      ${item("undo", "page.undoShort", actions.undo)}
      ${item("redo", "page.redoShort", actions.redo)}
      ${item("theme", "page.theme", actions.toggleTheme)}
      ${item("link", "page.shareHint", actions.copyLink)}
      ${lab === "network" ? [item("export", "export.session", actions.saveFile), item("export", "export.open", actions.pickFile),
        item("export", "export.networkPng", () => actions.exportPicture(document.querySelector("#stage"), "network", "png"))] : null}
      ${item("keys", "page.help", () => actions.openDialog("help"))}
    </ul>` : null}
  </div>`;
}
