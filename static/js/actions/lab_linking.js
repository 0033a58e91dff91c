// @ts-check
/** The address of a lab follows it: the request, how it is looked at, and the micro-step. */
import { LinkError, isObject, pack, unpackJson } from "../permalink.js";
import * as store from "../store.js";
import { copyAddress, keepAddress } from "./address.js";
import { openLab, place } from "./lab.js";
import { openDrawer } from "./drawer.js";

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
export const copyLabLink = async () => copyAddress(await fragment(), () => (store.toast.value = "labs.toast.tooLong"));

/** Keeps the address at the place shown. */
export function followLabAddress() {
  keepAddress(() => [place(), store.drawer.value, store.granularity.value], fragment, openLabAddress);
}
