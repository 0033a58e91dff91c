// @ts-check
/** The address of a lab follows it: the request, how it is looked at, and the micro-step. */
import { effect } from "@preact/signals";
import { LONGEST, LinkError, isObject, pack, unpackJson } from "../permalink.js";
import * as store from "../store.js";
import { openLab, place } from "./lab.js";
import { openDrawer } from "./drawer.js";
import { copyText } from "../lib/clipboard.js";

/** Milliseconds between two changes of the address. */
const PACE = 400;

async function fragment() {
  const now = place();
  if (!now) return "";
  const fields = new URLSearchParams();
  fields.set("lab", await pack({ mode: now.mode, request: now.request, view: now.view }));
  if (now.index >= 0) fields.set("micro", String(now.index + 1));
  if (store.drawer.value) fields.set("drawer", store.drawer.value);
  if (store.granularity.value !== "term") fields.set("granularity", store.granularity.value);
  return fields.toString();
}

/** Opens what the address says; without anything to read, the lab's opening example. */
export async function openLabAddress() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const packed = fields.get("lab");
  const micro = Number(fields.get("micro") ?? 0);
  const found = fields.get("granularity");
  store.granularity.value = found === "group" || found === "phase" ? found : "term";
  const drawer = fields.get("drawer");
  if (drawer) openDrawer(drawer);
  if (packed === null) return openLab(null, {}, -1);
  try {
    const read = /** @type {any} */ (await unpackJson(packed));
    if (!isObject(read) || !isObject(read.request)) throw new LinkError("not a lab");
    store.view.value = isObject(read.view) ? read.view : {};
    return await openLab(typeof read.mode === "string" ? read.mode : null, read.request, Number.isInteger(micro) ? micro - 1 : -1);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    store.banner.value = { kind: "link", text: "" };
    return openLab(null, {}, -1);
  }
}

/** Copies the link to this exact step. */
export async function copyLabLink() {
  const address = `${location.origin}${location.pathname}#${await fragment()}`;
  if (address.length > LONGEST) {
    store.toast.value = "labs.toast.tooLong";
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

/** Keeps the address at the place shown, not more often than the browser likes. */
export function followLabAddress() {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  effect(() => {
    place();
    void [store.drawer.value, store.granularity.value];
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void fragment().then((text) => history.replaceState(null, "", text.length > LONGEST ? "#" : `#${text}`));
    }, PACE);
  });
  addEventListener("hashchange", () => void openLabAddress());
}
