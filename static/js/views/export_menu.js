// @ts-check
/** A small button that opens a list of what can be saved. */
import { h } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import htm from "htm";
import { Icon } from "./icons.js";

const html = htm.bind(h);

/**
 * @typedef {{key: string, label: string, hint?: string, disabled?: boolean, act: (button: HTMLElement) => unknown}} Item
 */

/**
 * @param {{label: string, text?: string, items: Item[], disabled?: boolean, wide?: boolean}} props `text`: shown beside the icon
 */
export function SaveMenu({ label, text, items, disabled = false, wide = false }) {
  const [open, setOpen] = useState(false);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const id = useId();
  const [up, setUp] = useState(false);
  useLayoutEffect(() => {
    if (!open) return setUp(false);
    const list = box.current?.querySelector(".xlist")?.getBoundingClientRect();
    const bar = document.querySelector(".mbar")?.getBoundingClientRect();
    const foot = bar && bar.height > 0 ? bar.top : innerHeight;
    if (list && list.bottom > foot && list.height < list.top) setUp(true);
  }, [open]);
  useEffect(() => {
    if (!open) return undefined;
    const close = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector("[role='menuitem']"))?.focus();
    return () => document.removeEventListener("pointerdown", close);
  }, [open]);
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const all = /** @type {HTMLElement[]} */ ([...(box.current?.querySelectorAll("[role='menuitem']:not(:disabled)") ?? [])]);
    const here = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape" && open) {
      setOpen(false);
      button.current?.focus();
    } else if (event.key === "Tab" && open) {
      setOpen(false);
      return;
    } else if (by !== 0 && open) all[(here + by + all.length) % all.length]?.focus();
    else if ((event.key === "Home" || event.key === "End") && open) all.at(event.key === "Home" ? 0 : -1)?.focus();
    else if (open && [" ", "Enter"].includes(event.key)) {
      // Pressed by the browser; the page's keys do not get it.
      event.stopPropagation();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<span class="xmenu ${wide ? "wide" : ""}" ref=${box} onKeyDown=${onKeyDown}>
    <button type="button" class="btn quiet" ref=${button} aria-haspopup="menu" aria-expanded=${String(open)} aria-controls=${open ? id : undefined} aria-label=${text ? `${text}: ${label}` : label} title=${label} disabled=${disabled} onClick=${() => setOpen(!open)}><${Icon} name="export" />${text ? html`<span class="bt">${text}</span>` : null}</button>
    ${open ? html`<ul class="xlist ${up ? "up" : ""}" id=${id} role="menu" aria-label=${label}>${items.map((item) => html`<li key=${item.key} role="none"><button type="button" role="menuitem" tabindex="-1" data-export=${item.key} disabled=${item.disabled ?? false} title=${item.hint} onClick=${() => {
      setOpen(false);
      const home = /** @type {HTMLElement} */ (button.current);
      home.focus();
      void item.act(home);
    }}>${item.label}</button></li>`)}</ul>` : null}
  </span>`;
}

/**
 * The menu of a picture: as SVG, as PNG, and as CSV where it has numbers. It belongs to the region with `data-picture` around it.
 * @param {{name: string, csv?: {what: string, about?: Record<string, string | number | null>} | null, t: import("../types.js").Translate, actions: any}} props `name` of the files
 */
export function PictureMenu({ name, csv = null, t, actions }) {
  const items = [...pictureItems(name, (button) => button.closest("[data-picture]"), actions), ...(csv ? [{ key: "csv", label: "CSV", act: () => actions.exportTable(csv.what, csv.about) }] : [])];
  return html`<${SaveMenu} label=${t("export.picture", { what: t(`export.name.${name}`) })} items=${items} />`;
}

/**
 * @param {string} name
 * @param {(button: HTMLElement) => Element | null} find
 * @param {any} actions
 * @returns {Item[]}
 */
function pictureItems(name, find, actions) {
  return ["svg", "png"].map((format) => ({ key: format, label: format.toUpperCase(), act: (button) => actions.exportPicture(find(button), name, format) }));
}

/**
 * One table, saved at once.
 * @param {{what: string, about?: Record<string, string | number | null>, t: import("../types.js").Translate, actions: any}} props
 */
export function TableButton({ what, about = {}, t, actions }) {
  const label = t("export.table", { what: t(`export.name.${what}`) });
  return html`<button type="button" class="btn quiet xtable" data-export=${what} aria-label=${label} title=${label} onClick=${() => actions.exportTable(what, about)}><${Icon} name="export" /></button>`;
}

/** What each drawer tab can be saved as: its table, and whether it is a picture too. @type {Record<string, {tables: string[], picture: boolean}>} */
const DRAWER = {
  matrices: { tables: ["matrices"], picture: false },
  samples: { tables: ["contributions"], picture: true },
  optimizer: { tables: ["optimizer"], picture: false },
  proof: { tables: ["proof"], picture: false },
  history: { tables: ["history"], picture: true },
  compare: { tables: ["runs", "run_curves"], picture: false },
};

/** The tables of the drawer's pictures; the surface's is that which is drawn. @type {Record<string, string | null>} */
const PICTURES = { hidden: null, flow: "metrics", weights: "histogram", surface: "surface", confusion: "confusion" };

/**
 * The menu of the picture that the drawer shows.
 * @param {{picture: string, reply: any, t: import("../types.js").Translate, actions: any}} props
 */
function DrawerPicture({ picture, reply, t, actions }) {
  const what = PICTURES[picture] ?? null;
  const items = [
    ...pictureItems(picture, () => document.querySelector("#drawer-panel .picbody"), actions),
    ...(what ? [{ key: "csv", label: "CSV", disabled: what === "surface" && !reply?.losses, act: () => (what === "surface" ? actions.exportSurface(reply) : actions.exportTable(what)) }] : []),
  ];
  return html`<${SaveMenu} label=${t("export.picture", { what: t(`pictures.${picture}`) })} items=${items} />`;
}

/**
 * What the open drawer tab can be saved as.
 * @param {{tab: string, picture: string | null, reply: any, element: string | null, sample: number, step: number | null, t: import("../types.js").Translate, actions: any}} props
 */
export function DrawerMenu({ tab, picture, reply, element, sample, step, t, actions }) {
  if (tab === "pictures" && picture) return html`<${DrawerPicture} picture=${picture} reply=${reply} t=${t} actions=${actions} />`;
  const known = DRAWER[tab];
  if (!known) return null;
  /** @type {Record<string, Record<string, string | number | null>>} */
  const about = { matrices: { sample, step }, contributions: { element, step }, optimizer: { step }, proof: { step } };
  const tables = known.tables.filter((what) => what !== "contributions" || element);
  const items = [
    ...(known.picture ? pictureItems(tab, () => document.querySelector("#drawer-panel > :first-child"), actions) : []),
    ...tables.map((what) => ({ key: what, label: tables.length > 1 ? `CSV: ${t(`export.name.${what}`)}` : "CSV", act: () => actions.exportTable(what, about[what] ?? {}) })),
  ];
  return html`<${SaveMenu} label=${t("export.picture", { what: t(`drawer.${tab}`) })} items=${items} />`;
}

/**
 * Everything of the session, in the header.
 * @param {{t: import("../types.js").Translate, actions: any}} props
 */
export function SessionMenu({ t, actions }) {
  const network = () => document.querySelector("#stage");
  const items = [
    { key: "session", label: t("export.session"), hint: t("export.sessionHint"), act: () => actions.saveFile() },
    { key: "open", label: t("export.open"), hint: t("page.openFileHint"), act: () => actions.pickFile() },
    { key: "svg", label: t("export.networkSvg"), act: () => actions.exportPicture(network(), "network", "svg") },
    { key: "png", label: t("export.networkPng"), act: () => actions.exportPicture(network(), "network", "png") },
    ...["curve", "parameters", "optimizer", "trace", "samples"].map((what) => ({ key: what, label: t("export.csv", { what: t(`export.name.${what}`) }), act: () => actions.exportTable(what) })),
  ];
  return html`<${SaveMenu} label=${t("export.hint")} text=${t("export.title")} items=${items} wide=${true} />`;
}
