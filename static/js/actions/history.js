// @ts-check
/** Undo and redo of whole actions, across rebuilt networks: each is a place to seek. */
import * as api from "../api.js";
import * as store from "../store.js";
import { command, settled } from "./command.js";
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
    refused: (error) => {
      if (error.status !== 404) return false;
      store.undoStack.value = [];
      store.redoStack.value = [];
      store.banner.value = { kind: "expired" };
      return true;
    },
  });
}

let travelling = false;

/**
 * Goes one deed back or forward once what was done before has been carried out: an undo that is pressed right after an
 * edit is meant for that edit. Keys that are pressed meanwhile are dropped.
 * @param {() => Promise<boolean> | undefined} go
 */
async function afterwards(go) {
  if (travelling || store.run.value) return;
  travelling = true;
  try {
    await settled();
    if (!store.run.value) await go();
  } finally {
    travelling = false;
  }
}

export const undo = () => afterwards(() => {
  const deed = store.undoStack.value.at(-1);
  return deed && travel(deed.before, () => {
    store.undoStack.value = store.undoStack.value.slice(0, -1);
    store.redoStack.value = [...store.redoStack.value, deed];
  });
});

export const redo = () => afterwards(() => {
  const deed = store.redoStack.value.at(-1);
  return deed && travel(deed.after, () => {
    store.redoStack.value = store.redoStack.value.slice(0, -1);
    store.undoStack.value = [...store.undoStack.value, deed];
  });
});
