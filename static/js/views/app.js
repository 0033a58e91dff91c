// @ts-check
/**
 * The page as a grid of regions. The signals come in as a prop; each region reads only those that it shows, so
 * that a change draws no more than it must.
 */
import { h } from "preact";
import { useMemo } from "preact/hooks";
import htm from "htm";
import { made } from "../lib/made.js";
import { mask } from "../lib/mask.js";
import { maskNumbers } from "../lib/mask_numbers.js";
import { symbolLookup } from "../lib/symbols.js";
import { chosenParameter } from "../selectors.js";
import { BannerArea } from "./banner.js";
import { Diagram } from "./diagram.js";
import { Drawer } from "./drawer.js";
import { Dialog, ShareDialog } from "./dialogs.js";
import { Equation } from "./equation.js";
import { Header } from "./header.js";
import { Loading, lazy } from "./lazy.js";
import { LossCurve } from "./loss_curve.js";
import { OutputMap } from "./map.js";
import { PredictToggle } from "./predict_toggle.js";
import { ProofBadge } from "./proof.js";
import { Tabs, ThumbBar } from "./mobile.js";
import { NeuronMaps } from "./neuron_maps.js";
import { Outputs } from "./outputs.js";
import { Setup } from "./setup.js";
import { Strip } from "./strip.js";
import { Invitation, Transport, placeOf } from "./transport.js";

/** @typedef {typeof import("../store.js")} Store type only: the views never import it */
/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {{store: Store, actions: any, t: Translate}} Context */

const html = htm.bind(h);

const Help = lazy(async () => (await import("./help.js")).Help, Absent);
const NotationDialog = lazy(async () => (await import("./notation_dialog.js")).NotationDialog, Absent);
const TableDialog = lazy(async () => (await import("./table_dialog.js")).TableDialog, Absent);
const WeightsDialog = lazy(async () => (await import("./weights_dialog.js")).WeightsDialog, Absent);

/** @param {Context} context */
export function App(context) {
  const { store, actions, t } = context;
  const session = store.session.value;
  const lang = store.lang.value;
  return html`<${Bar} ...${context} />
    <main class="bench ${store.slow.value && !store.run.value ? "slow" : ""} ${store.sheet.value ? "sheet-open" : ""}" data-live=${liveOf(store) ? "" : undefined} data-tab=${store.tab.value} data-drawer=${store.drawer.value ?? ""}>
      <h1 class="sr">${t("page.title")}</h1>
      <${Tabs} tab=${store.tab.value} pending=${store.draft.value !== null} t=${t} actions=${actions} />
      ${session && store.catalog.value ? html`<${Lab} ...${context} />` : html`<${Waiting} ...${context} />`}
    </main>
    ${session ? html`<${Thumb} ...${context} />` : null}
    <${Dialogs} ...${context} lang=${lang} />`;
}

/** @param {Context} context */
function Bar({ store, actions, t }) {
  return html`<${Header} lab="network" lang=${store.lang.value} undoable=${store.undoStack.value.at(-1)?.name ?? null} redoable=${store.redoStack.value.at(-1)?.name ?? null}
    toast=${store.toast.value} busy=${store.run.value !== null} t=${t} actions=${actions} />`;
}

/** Before the first session is there. @param {Context} context */
function Waiting({ store, actions, t }) {
  return html`<section class="stage" id="stage" aria-label=${t("page.title")}><p class="waiting">${store.slow.value ? t("page.loading") : ""}</p></section>
    <div class="notices"><${BannerArea} banner=${store.banner.value} run=${store.run.value} step=${0} symbolOf=${symbolLookup(null)} t=${t} actions=${actions} /></div>`;
}

/** @param {Context} context */
function Lab(context) {
  return html`<${SetupRegion} ...${context} /><${StageRegion} ...${context} /><${Notices} ...${context} />
    <${TransportRegion} ...${context} /><${EquationRegion} ...${context} /><${DrawerRegion} ...${context} /><${Readings} ...${context} />`;
}

/** @param {Store} store */
const locked = (store) => store.run.value !== null || !store.online.value;

/** The frames while training runs: what they move follows them by itself. @param {Store} store */
const liveOf = (store) => (store.run.value?.key === "transport.training" ? store.frame : null);

/** @param {Store} store */
function useSymbols(store) {
  const session = store.session.value;
  return useMemo(() => symbolLookup(session), [session?.elements, session?.network]);
}

/**
 * The records as the views may see them: without the numbers that Predict hides. Each is read where it is used, so
 * that a region still draws only when what it shows has changed.
 * @param {Store} store
 */
function seen(store) {
  const masked = () => mask({
    microsteps: store.microsteps.value, index: store.index.value, predict: store.predict.value, asking: store.granularity.value !== "epoch" && store.run.value === null,
    trace: store.trace.value, session: store.session.value, sample: store.sample.value, curve: store.curve.value, proof: store.proof.value.data,
  });
  const on = store.predict.value.on;
  return {
    get asked() { return masked().asked; },
    get hidden() { return on ? masked().hidden : NOTHING; },
    get microsteps() { return on ? masked().microsteps : store.microsteps.value; },
    get trace() { return on ? masked().trace : store.trace.value; },
    get session() { return on ? masked().session : store.session.value; },
    get curve() { return on ? masked().curve : store.curve.value; },
    get numbers() { return on ? masked().numbers() : NONE; },
    get proof() { return on ? { ...store.proof.value, data: masked().proof } : store.proof.value; },
  };
}

/** @type {Set<string>} */
const NOTHING = new Set();
/** @type {number[]} */
const NONE = [];

/** @param {Context} context */
function SetupRegion({ store, actions, t }) {
  const session = store.session.value;
  const catalog = store.catalog.value;
  if (!session || !catalog) return null;
  const lang = store.lang.value;
  const draft = store.draft.value;
  // The descriptions of the examples name numbers, too.
  const { numbers, session: hiding } = seen(store);
  const told = numbers.length > 0 ? { ...catalog, presets: maskNumbers(catalog.presets, numbers) } : catalog;
  return html`${store.variant.value === "mid" ? html`<${Strip} session=${session} catalog=${catalog} open=${store.sheet.value} pending=${draft !== null} lang=${lang} t=${t} actions=${actions} />` : null}
    ${store.sheet.value ? html`<div class="scrim" onClick=${() => actions.setSheet(false)}></div>` : null}
    <${Setup} session=${session} rate=${hiding?.learning_rate ?? null} catalog=${told} draft=${draft} initial=${store.initial.value} errors=${store.errors.value} sample=${store.sample.value} running=${liveOf(store) !== null} disabled=${locked(store)} lang=${lang} t=${t} actions=${actions} />`;
}

/** @param {Context} context */
function StageRegion({ store, actions, t }) {
  const { session, trace, microsteps } = seen(store);
  return html`<${Diagram} session=${session} trace=${trace} microsteps=${microsteps} index=${store.index.value} hover=${store.hover.value}
    selected=${store.selected.value} lights=${store.hoverPath.value} decimals=${store.decimals.value} granularity=${store.granularity.value} variant=${store.variant.value} playing=${store.playing.value}
    sample=${store.sample.value} lang=${store.lang.value} live=${liveOf(store)} t=${t} actions=${actions} />`;
}

/** @param {Context} context */
function Notices({ store, actions, t }) {
  const symbolOf = useSymbols(store);
  return html`<div class="notices">
    ${store.invitation.value && !store.run.value ? html`<${Invitation} t=${t} actions=${actions} />` : null}
    <${BannerArea} banner=${store.banner.value} run=${store.run.value} live=${liveOf(store)} pace=${store.pace.value} spoken=${store.spoken.value} step=${store.session.value?.step ?? 0} symbolOf=${symbolOf} t=${t} actions=${actions} />
  </div>`;
}

/** @param {Context} context */
function TransportRegion({ store, actions, t }) {
  return html`<${Transport} live=${liveOf(store)} rules=${store.rules.value} pace=${store.pace.value} session=${store.session.value} microsteps=${store.microsteps.value} index=${store.index.value} sample=${store.sample.value} granularity=${store.granularity.value}
    playing=${store.playing.value} speed=${store.speed.value} disabled=${locked(store)} invitation=${store.invitation.value} shortcuts=${store.shortcuts.value} narrow=${store.variant.value === "small"} lang=${store.lang.value}
    symbolOf=${useSymbols(store)} t=${t} actions=${actions} />`;
}

/** @param {Context} context */
function EquationRegion({ store, actions, t }) {
  const shown = seen(store);
  const predict = store.predict.value;
  const index = store.index.value;
  const { microsteps, proof } = shown;
  const step = microsteps?.microsteps[index];
  const asking = predict.on && step ? { state: predict, asked: shown.asked, lines: step.lines, made: made(microsteps), decimals: store.decimals.value } : null;
  const tools = html`<${ProofBadge} proof=${proof} brief=${true} t=${t} actions=${actions} /><${PredictToggle} predict=${predict} shortcuts=${store.shortcuts.value} t=${t} actions=${actions} />`;
  return html`<${Equation} microsteps=${microsteps} index=${index} granularity=${store.granularity.value} decimals=${store.decimals.value} full=${store.full.value} hover=${store.hover.value} trail=${store.trail.value}
    playing=${store.playing.value} symbolOf=${useSymbols(store)} tools=${tools} asking=${asking} proof=${proof} t=${t} actions=${actions} lang=${store.lang.value} />`;
}

/** @param {Context} context */
function DrawerRegion({ store, actions, t }) {
  const tab = store.drawer.value;
  const shown = seen(store);
  const { session } = shown;
  const symbolOf = useSymbols(store);
  if (!tab || !session) return html`<${Drawer} tab=${null} t=${t} actions=${actions} />`;
  const { microsteps, proof } = shown;
  const index = store.index.value;
  const loaded = tab === "proof" ? null : store.drawerData.value[tab] ?? null;
  const data = tab === "proof" ? proof.data : maskNumbers(loaded, shown.numbers);
  return html`<${Drawer} tab=${tab} data=${data} session=${session} trace=${shown.trace} microsteps=${microsteps} index=${index} sample=${store.sample.value} decimals=${store.decimals.value}
    element=${chosenParameter(session, microsteps, index, store.parameter.value)} hover=${store.hover.value} calls=${store.calls.value} proof=${proof} hidden=${shown.hidden} hiding=${store.predict.value.on} catalog=${store.catalog.value}
    kept=${store.kept.value} removed=${store.removed.value} lost=${store.lost.value} experiment=${store.experiment.value} errors=${store.errors.value} theme=${store.shownTheme.value} pictures=${store.pictures.value} pictureData=${tab === "pictures" ? store.pictureData.value : null}
    notation=${session.notation ?? null} lang=${store.lang.value} symbolOf=${symbolOf} disabled=${locked(store)} t=${t} actions=${actions} />`;
}

/** What was measured along the run, null while it is not looked at. @param {Store} store */
function metricsOf(store) {
  const found = store.pictureData.value.flow;
  return found?.steps ? found : null;
}

/** @param {Context} context */
function Readings({ store, actions, t }) {
  const { session, trace, curve, hidden, numbers } = seen(store);
  const symbolOf = useSymbols(store);
  const theme = store.shownTheme.value;
  const sample = store.sample.value;
  const live = liveOf(store);
  // On a narrow screen what another tab shows is not drawn.
  const watched = store.variant.value !== "small" || store.tab.value === "maps" ? live : null;
  return html`<aside class="read" aria-label=${t("page.readings")}>
    <${OutputMap} brush=${store.brush.value} plane=${store.plane.value} graph=${store.graph.value} errors=${store.errors.value} disabled=${locked(store)} live=${watched} pictures=${store.pictures.value} pictureData=${store.pictureData.value} boundary=${store.boundary.value} session=${session} sample=${sample} hidden=${hidden} t=${t} actions=${actions} theme=${theme} />
    <${NeuronMaps} neuronMaps=${store.neuronMaps.value} element=${store.boundary.value?.element ?? ""} session=${session} t=${t} theme=${theme} actions=${actions} />
    <${LossCurve} curve=${curve} branches=${maskNumbers(store.history.value?.branches ?? null, numbers)} words=${{ catalog: store.catalog.value, lang: store.lang.value, symbolOf }} step=${session?.step ?? 0} session=${session} live=${watched} pictures=${store.pictures.value} metrics=${metricsOf(store)} t=${t} theme=${theme} actions=${actions} />
    <${Outputs} session=${live ? store.glance.value ?? session : session} live=${live} stale=${live !== null && store.glance.value === null} sample=${sample} trace=${live ? null : trace} t=${t} actions=${actions} />
  </aside>`;
}

/** @param {Context} context */
function Thumb({ store, actions, t }) {
  return html`<${ThumbBar} live=${liveOf(store)} here=${placeOf(/** @type {import("../types.js").Session} */ (store.session.value))} microsteps=${store.microsteps.value} index=${store.index.value} playing=${store.playing.value} disabled=${locked(store)} invitation=${store.invitation.value} t=${t} actions=${actions} />`;
}

/** In a dialog's place until it is loaded: nothing, or why it does not come. @param {import("./lazy.js").Place} props */
function Absent(props) {
  return props.failed ? html`<${Dialog} title=${props.t("loading.dialog")} t=${props.t} close=${() => props.actions.openDialog(null)}><${Loading} ...${props} /><//>` : null;
}

/** @param {Context} context */
function Dialogs({ store, actions, t }) {
  const open = store.dialog.value;
  if (open === "help") return html`<${Help} shortcuts=${store.shortcuts.value} t=${t} actions=${actions} />`;
  if (open === "notation" && store.session.value && store.catalog.value) {
    return html`<${NotationDialog} catalog=${store.catalog.value} notation=${store.notation.value} session=${store.session.value} microsteps=${store.microsteps.value} disabled=${locked(store)} lang=${store.lang.value} t=${t} actions=${actions} />`;
  }
  if (open === "table" && store.table.value) return html`<${TableDialog} table=${store.table.value} errors=${store.errors.value} disabled=${locked(store)} t=${t} actions=${actions} />`;
  if (open === "share") return html`<${ShareDialog} t=${t} actions=${actions} />`;
  if (open === "weights" && store.session.value) {
    return html`<${WeightsDialog} session=${store.session.value} draft=${store.draft.value} initial=${store.initial.value} errors=${store.errors.value} disabled=${locked(store)} t=${t} actions=${actions} />`;
  }
  return null;
}
