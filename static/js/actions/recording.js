// @ts-check
/** Remembers the requests behind what the reader did, so that a script can do the same. */
import { watch } from "../api.js";
import * as store from "../store.js";

/** Requests that are kept; the replies of some are large. */
const KEPT = 8;
/** What the page asks for by itself to draw its readings is not what an action did. */
const READINGS = /\/(boundary|curve|verification|history|predict|matrices|contributions|paths|comparison)(\?|$)|\/catalog$|\/locales\//;
/** The session itself is looked at while training runs. */
const SESSION = /\/sessions\/[^/]+$/;

/** Keeps the requests from now on. */
export function followCalls() {
  watch.called = (call) => {
    if (READINGS.test(call.path) || (call.method === "GET" && SESSION.test(call.path))) return;
    const name = nameOf(call);
    store.calls.value = [call, ...store.calls.value.filter((one) => nameOf(one) !== name)].slice(0, KEPT);
  };
}

/** Of each kind the last one is enough. @param {import("../types.js").Call} call */
function nameOf({ method, path }) {
  return `${method} ${path.replace(/\?.*/, "").replace(/\/sessions\/[^/]+/, "/sessions/id")}`;
}
