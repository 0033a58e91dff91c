// @ts-check
/** From the Network lab to the layers of the Graph lab: the numbers go along, the session stays here. */
import { postLab } from "../api.js";
import { LONGEST, pack } from "../permalink.js";
import * as store from "../store.js";
import { command } from "./command.js";

/** Opens the step that is shown as layers with matrices. @param {number} step */
export function openAsLayers(step) {
  return command(async () => {
    const session = store.session.value;
    if (!session) return;
    const { request } = await postLab("/graph/layers", { session: session.id, step });
    // What is too large, or drops neurons out, stays with its session, which no address names.
    const fragment = request.session === null ? `lab=${await pack({ mode: "layers", request, view: {} })}` : null;
    if (fragment === null || fragment.length > LONGEST) store.toast.value = "matrices.layers.tooLarge";
    else location.assign(`/labs/graph#${fragment}`);
  });
}
