// @ts-check
/** Undo and redo of whole actions, across rebuilt networks: each is a place to seek. */
import * as api from "../api.js";
import * as store from "../store.js";
import { command } from "./command.js";
import { show } from "./show.js";

/**
 * @param {import("../types.js").Place} to
 * @param {() => void} done
 */
function travel(to, done) {
  return command(async () => {
    await show(await api.seek(to.id, { node: to.node }), to.index);
    store.draft.value = null;
    store.errors.value = {};
    done();
  }, {
    drop: true,
    refused: (error) => {
      if (error.status !== 404) return false;
      store.undoStack.value = [];
      store.redoStack.value = [];
      store.banner.value = { kind: "expired" };
      return true;
    },
  });
}

export function undo() {
  const deed = store.undoStack.value.at(-1);
  if (!deed || store.run.value) return;
  return travel(deed.before, () => {
    store.undoStack.value = store.undoStack.value.slice(0, -1);
    store.redoStack.value = [...store.redoStack.value, deed];
  });
}

export function redo() {
  const deed = store.redoStack.value.at(-1);
  if (!deed || store.run.value) return;
  return travel(deed.after, () => {
    store.redoStack.value = store.redoStack.value.slice(0, -1);
    store.undoStack.value = [...store.undoStack.value, deed];
  });
}
