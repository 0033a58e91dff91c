// @ts-check
/** The loss curve while training runs: the chart's own canvas, given the latest readings; no marks, nothing to travel on. */
import { effect } from "@preact/signals";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import htm from "htm";
import uPlot from "uplot";
import { useThemeVersion, useWidth } from "../lib/hooks.js";
import { chartOptions, chartRows } from "../lib/loss_chart.js";

const html = htm.bind(h);

/**
 * @param {{live: import("./diagram_live.js").Frames, curve: import("../lib/loss_chart.js").Curve, log: boolean, height: number, theme?: string, more?: import("../lib/loss_chart.js").More}} props `curve`: until the first frame; `more`: what else is drawn
 */
export function LiveChart({ live, curve, log, height, theme, more = {} }) {
  const box = useRef(/** @type {HTMLDivElement|null} */ (null));
  const holder = useRef(/** @type {HTMLDivElement|null} */ (null));
  const width = useWidth(box);
  const themed = useThemeVersion();
  // The next frame draws what has changed.
  const latest = useRef(more);
  latest.current = more;
  useLayoutEffect(() => {
    if (!holder.current) return undefined;
    const rows = () => chartRows(live.value?.curve ?? curve, Infinity, log, latest.current);
    const chart = new uPlot(chartOptions(width, height, log, () => {}), chartRows(live.peek()?.curve ?? curve, Infinity, log, latest.current), holder.current);
    const end = effect(() => chart.setData(rows()));
    return () => {
      end();
      chart.destroy();
    };
  }, [live, width, log, theme, themed]);
  return html`<figure ref=${box} class="lossbox"><div ref=${holder} class="lossc" aria-hidden="true"></div></figure>`;
}
