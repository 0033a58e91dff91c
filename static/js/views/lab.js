// @ts-check
/**
 * A lab's page: header, transport, equation, drawer and notices are those of the Network lab; set-up, stage and
 * readings are the lab's own views (views/labs/NAME.js).
 */
import { h } from "preact";
import { useMemo } from "preact/hooks";
import htm from "htm";
import { made } from "../lib/made.js";
import { mask } from "../lib/mask.js";
import { maskNumbers } from "../lib/mask_numbers.js";
import { countText } from "../lib/scales.js";
import { symbolLookup } from "../lib/symbols.js";
import { BannerArea } from "./banner.js";
import { Drawer } from "./drawer.js";
import { Equation } from "./equation.js";
import { Header } from "./header.js";
import { Icon } from "./icons.js";
import { lazy } from "./lazy.js";
import { LABS } from "./lab_views.js";
import { Tabs, ThumbBar } from "./mobile.js";
import { PredictToggle } from "./predict_toggle.js";
import { ProofBadge } from "./proof.js";
import { Ruler } from "./ruler.js";
import { Term } from "./term.js";
import { MoveButtons, Pace } from "./transport.js";

/** @typedef {typeof import("../store.js")} Store type only: the views never import it */
/** @typedef {import("../types.js").Translate} Translate */
/** @typedef {{store: Store, actions: any, name: string, t: Translate}} Context */
/**
 * @typedef {object} LabProps what the views of a lab get
 * @property {Record<string, any>} request what was asked, with every default
 * @property {any} reply what the server said; without the numbers that Predict hides
 * @property {string} mode which part of the lab
 * @property {Record<string, any>} view how it is looked at
 * @property {import("../lib/refs.js").MicroStep | null} step the micro-step shown
 * @property {number} index
 * @property {any} microsteps
 * @property {Set<string>} hidden references whose numbers Predict hides
 * @property {boolean} hiding some are
 * @property {string | null} hover
 * @property {number} decimals
 * @property {"wide" | "mid" | "small"} variant
 * @property {"light" | "dark"} theme
 * @property {"en" | "ko"} lang
 * @property {any} catalog
 * @property {any[]} presets of this lab
 * @property {Record<string, string>} errors by field
 * @property {boolean} disabled the server is away
 * @property {import("../lib/symbols.js").SymbolOf} symbolOf
 * @property {Translate} t
 * @property {any} actions
 */

const html = htm.bind(h);
const CHOICES = /** @type {const} */ (["term", "group", "phase"]);
const SCOPES = /** @type {const} */ (["one", "phase"]);
const Help = lazy(async () => (await import("./help.js")).Help);

/** @param {Context} context */
export function LabApp(context) {
  const { store, actions, name, t } = context;
  const lab = store.lab.value;
  return html`<${Header} lab=${name} lang=${store.lang.value} undoable=${store.undoStack.value.at(-1)?.name ?? null} redoable=${store.redoStack.value.at(-1)?.name ?? null}
      toast=${store.toast.value} busy=${false} t=${t} actions=${actions} />
    <main class="bench lab ${store.slow.value ? "slow" : ""} ${store.sheet.value ? "sheet-open" : ""}" data-lab=${name} data-mode=${lab?.mode ?? ""} data-tab=${store.tab.value} data-drawer=${store.drawer.value ?? ""}>
      <h1 class="sr">${t(`labs.title.${name}`)}</h1>
      <${Tabs} tab=${store.tab.value} pending=${false} t=${t} actions=${actions} />
      ${lab && store.catalog.value ? html`<${Bench} ...${context} />` : html`<section class="stage" id="stage" aria-label=${t(`labs.title.${name}`)}><p class="waiting">${store.slow.value ? t("page.loading") : ""}</p></section><${Notices} ...${context} />`}
    </main>
    ${lab ? html`<${Thumb} ...${context} />` : null}
    ${store.dialog.value === "help" ? html`<${Help} shortcuts=${store.shortcuts.value} lab=${true} t=${t} actions=${actions} />` : null}`;
}

/** @param {Context} context */
function Bench(context) {
  const { store, actions, name, t } = context;
  const lab = /** @type {import("../types.js").Lab} */ (store.lab.value);
  const told = store.microsteps.value;
  const symbolOf = useMemo(() => symbolLookup(/** @type {any} */ ({ elements: told?.elements ?? [] })), [told]);
  const index = store.index.value;
  const predict = store.predict.value;
  const shown = mask({ microsteps: told, index, predict, asking: true, trace: null, session: null, sample: 0, curve: null, proof: store.proof.value.data });
  const masked = useMemo(() => shown.microsteps === told ? lab.reply : maskNumbers({ ...lab.reply, explanation: null }, shown.numbers()), [lab.reply, shown.microsteps]);
  const proof = shown.proof === store.proof.value.data ? store.proof.value : { ...store.proof.value, data: shown.proof };
  const step = shown.microsteps?.microsteps[index] ?? null;
  const disabled = !store.online.value;
  /** @type {LabProps} */
  const props = {
    request: lab.request, reply: masked, mode: lab.mode, view: store.view.value, step, index, microsteps: shown.microsteps, hidden: shown.hidden, hiding: predict.on, hover: store.hover.value,
    decimals: store.decimals.value, variant: store.variant.value, theme: store.shownTheme.value, lang: store.lang.value, catalog: store.catalog.value,
    presets: /** @type {any} */ (store.catalog.value)?.labs?.[name]?.presets ?? [], errors: store.errors.value, disabled, symbolOf, t, actions,
  };
  const { Setup, Stage, Readings } = LABS[name] ?? {};
  const asking = predict.on && step ? { state: predict, asked: shown.asked, lines: step.lines, made: made(told ?? /** @type {any} */ ({ microsteps: [] })), decimals: store.decimals.value } : null;
  const checked = store.proof.value.data !== null;
  const tools = html`${checked ? html`<${ProofBadge} proof=${proof} brief=${true} t=${t} actions=${actions} />` : null}<${PredictToggle} predict=${predict} scopes=${SCOPES} shortcuts=${store.shortcuts.value} t=${t} actions=${actions} />`;
  const tab = store.drawer.value;
  return html`
    <${Strip} ...${context} />
    ${store.sheet.value ? html`<div class="scrim" onClick=${() => actions.setSheet(false)}></div>` : null}
    <aside class="setup" id="setup" aria-label=${t("setup.region")}><${Setup} ...${props} /></aside>
    <section class="stage labstage" id="stage" aria-label=${t(`labs.title.${name}`)}><${Stage} ...${props} /></section>
    <${Notices} ...${context} />
    <${LabTransport} ...${context} microsteps=${shown.microsteps} symbolOf=${symbolOf} disabled=${disabled} />
    <${Equation} lab=${true} microsteps=${shown.microsteps} index=${index} granularity=${store.granularity.value} decimals=${store.decimals.value} full=${store.full.value} hover=${store.hover.value} trail=${store.trail.value}
      playing=${store.playing.value} symbolOf=${symbolOf} tools=${tools} asking=${asking} proof=${checked ? proof : null} t=${t} actions=${actions} lang=${store.lang.value} />
    <${Drawer} tabs=${DRAWER} tab=${tab === "proof" || tab === "api" ? tab : null} data=${tab === "proof" ? proof.data : null} proof=${proof} hover=${store.hover.value} calls=${store.calls.value} hiding=${predict.on} session=${null} trace=${null} symbolOf=${symbolOf} t=${t} actions=${actions} />
    <aside class="read" aria-label=${t("page.readings")}><${Readings} ...${props} /></aside>`;
}

const DRAWER = /** @type {const} */ (["proof", "api"]);

/** On a narrow window the set-up is a sheet. @param {Context} context */
function Strip({ store, actions, name, t }) {
  if (store.variant.value !== "mid") return null;
  return html`<div class="strip"><span class="sm"><span>${t(`labs.title.${name}`)}</span></span>
    <button type="button" class="btn" aria-expanded=${String(store.sheet.value)} aria-controls="setup" onClick=${() => actions.setSheet(!store.sheet.value)}>${t("page.tab.setup")}<${Icon} name="down" /></button></div>`;
}

/** @param {Context} context */
function Notices({ store, t, actions }) {
  const step = store.lab.value?.reply.at ?? 0;
  return html`<div class="notices"><${BannerArea} banner=${store.banner.value} run=${null} step=${step} symbolOf=${symbolLookup(null)} t=${t} actions=${actions} /></div>`;
}

/** @param {Context} context */
function hereOf({ store }) {
  const reply = store.lab.value?.reply;
  return { first: (reply?.at ?? 0) === 0, ended: reply ? reply.last !== null && reply.at >= reply.last : true };
}

/** @param {Context & {microsteps: any, symbolOf: import("../lib/symbols.js").SymbolOf, disabled: boolean}} props */
function LabTransport(props) {
  const { store, microsteps, symbolOf, disabled, t, actions } = props;
  const reply = store.lab.value?.reply;
  const total = microsteps?.microsteps.length ?? 0;
  const { last } = reply;
  return html`<section class="transport" aria-label=${t("transport.region")}>
    <div class="tph"><p class="counter">
      <span><${Term} name="microstep" t=${t} /> <b>${store.index.value + 1}</b> / ${total}</span>
      ${last === 0 ? null : html`<span><${Term} name="iteration" t=${t} /> <b>${countText(reply.at + 1)}</b>${last === null ? null : html` / ${countText(last + 1)}`}</span>`}
    </p>
    ${store.shortcuts.value ? html`<p class="hints">
      <span><kbd>Space</kbd><span>${t("transport.hint.play")}</span></span>
      <span><kbd>←</kbd><kbd>→</kbd><span>${t("transport.hint.step")}</span></span>
      ${last === 0 ? null : html`<span><kbd>N</kbd><span>${t("transport.hint.iteration")}</span></span>`}
      <span><kbd>?</kbd><span>${t("transport.hint.keys")}</span></span>
    </p>` : null}</div>
    ${total > 0 ? html`<${Ruler} microsteps=${microsteps} index=${store.index.value} symbolOf=${symbolOf} lang=${store.lang.value} disabled=${disabled} narrow=${store.variant.value === "small"} t=${t} actions=${actions} />` : html`<div class="ruler none"></div>`}
    <div class="tpb">
      <${MoveButtons} here=${hereOf(props)} microsteps=${microsteps} index=${store.index.value} playing=${store.playing.value} disabled=${disabled} t=${t} actions=${actions} />
      <${Pace} choices=${CHOICES} granularity=${store.granularity.value} speed=${store.speed.value} disabled=${disabled} t=${t} actions=${actions} />
    </div>
  </section>`;
}

/** @param {Context} context */
function Thumb(context) {
  const { store, t, actions } = context;
  return html`<${ThumbBar} here=${hereOf(context)} microsteps=${store.microsteps.value} index=${store.index.value} playing=${store.playing.value} disabled=${!store.online.value} t=${t} actions=${actions} />`;
}
