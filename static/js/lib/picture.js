// @ts-check
/**
 * A part of the page as one SVG that needs nothing else: drawings with their computed styles as attributes, charts
 * drawn anew as lines and text, maps as embedded images, words where they stand. No style sheet, no script, no request.
 */

import { chartSvg } from "./chart_picture.js";
import { cssToken } from "./colours.js";
import { chartOf } from "./known_charts.js";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 10;
/** What is for working with the picture, not part of it. */
const SKIP = ".sr, .seg, .btn, .stt, .xmenu, select, input, [data-noexport], .hfork, .bcall, .cmpat, .cmpcur, title";
/** Presentation attributes that children inherit; those of the root count once. */
const INHERITED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "dominant-baseline", "paint-order"];
const KEPT = /^(?:xmlns|viewBox|preserveAspectRatio|d|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|dx|dy|width|height|points|transform|href|clip-path|clipPathUnits|id|offset|refX|refY|orient|markerWidth|markerHeight|markerUnits|marker-start|marker-end|rotate|textLength|lengthAdjust|gradientUnits|gradientTransform)$/;

/**
 * @param {Element} root
 * @param {string} title
 * @returns {{svg: string, width: number, height: number}}
 */
export function pictureOf(root, title) {
  const area = extent(root);
  const [width, height] = [Math.ceil(area.width) + 2 * MARGIN, Math.ceil(area.height) + 2 * MARGIN];
  const picture = make("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  picture.append(Object.assign(make("title", {}), { textContent: title }));
  picture.append(make("rect", { width, height, fill: cssToken("--paper") }));
  draw(root, picture, area.left - MARGIN, area.top - MARGIN);
  return { svg: `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`, width, height };
}

/** What is really seen of it: the boxes of all that is drawn. @param {Element} root */
function extent(root) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const one of root.querySelectorAll("*")) {
    const drawn = one.matches("canvas, svg, svg text") || [...one.childNodes].some((child) => child instanceof Text && child.data.trim());
    if (!drawn || one.closest(SKIP)) continue;
    const box = one.getBoundingClientRect();
    if (box.width === 0 || hidden(one)) continue;
    [left, top, right, bottom] = [Math.min(left, box.left), Math.min(top, box.top), Math.max(right, box.right), Math.max(bottom, box.bottom)];
  }
  if (right < left) return { left: 0, top: 0, width: 0, height: 0 };
  return { left, top, width: right - left, height: bottom - top };
}

/** @param {Element} element */
function hidden(element) {
  const style = getComputedStyle(element);
  return style.display === "none" || style.visibility === "hidden" || style.opacity === "0";
}

/**
 * @param {string} name
 * @param {Record<string, string | number | null>} attributes null: not at all
 */
function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(key, String(value));
  return element;
}

/**
 * @param {Element} element
 * @param {Element} into
 * @param {number} left of the picture in the window
 * @param {number} top
 */
function draw(element, into, left, top) {
  if (element.matches(SKIP) || hidden(element)) return;
  const box = element.getBoundingClientRect();
  if (element instanceof SVGSVGElement) {
    const copy = drawing(element);
    for (const [name, value] of Object.entries({ x: box.left - left, y: box.top - top, width: box.width, height: box.height })) copy.setAttribute(name, String(round(value)));
    into.append(copy);
    return;
  }
  const chart = chartOf(element);
  if (chart) {
    into.append(place(chartSvg(chart), box.left - left, box.top - top));
    return;
  }
  boxOf(element, box, into, left, top);
  if (element instanceof HTMLCanvasElement) {
    if (element.width > 0 && box.width > 0) into.append(make("image", { x: round(box.left - left), y: round(box.top - top), width: round(box.width), height: round(box.height), href: element.toDataURL("image/png"), preserveAspectRatio: "none" }));
    return;
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) draw(child, into, left, top);
    else if (child instanceof Text && child.data.trim()) words(child, into, left, top);
  }
}

/** @param {string} markup @param {number} x @param {number} y */
function place(markup, x, y) {
  const group = new DOMParser().parseFromString(`<svg xmlns="${SVG}">${markup}</svg>`, "image/svg+xml").documentElement;
  const moved = make("g", { transform: `translate(${round(x)} ${round(y)})` });
  for (const child of [...group.children]) moved.append(document.importNode(child, true));
  return moved;
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/**
 * A drawing without its style sheet: what the style sheet says stands at the elements.
 * @param {SVGElement} original
 * @param {CSSStyleDeclaration | null} [outer] the parent's styles
 * @returns {Element}
 */
function drawing(original, outer = null) {
  const style = getComputedStyle(original);
  const copy = document.createElementNS(SVG, original.localName);
  for (const { name, value } of original.attributes) if (KEPT.test(name)) copy.setAttribute(name, value);
  for (const name of INHERITED) {
    const value = style.getPropertyValue(name);
    if (value !== "" && value !== outer?.getPropertyValue(name)) attribute(copy, name, value);
  }
  if (style.opacity !== "1") copy.setAttribute("opacity", style.opacity);
  if (original.localName === "svg") copy.setAttribute("overflow", style.overflow === "visible" ? "visible" : "hidden");
  if (!original.hasAttribute("transform") && style.transform !== "none" && style.transform !== "") copy.setAttribute("transform", style.transform);
  if (original instanceof SVGTextElement && original.childElementCount === 0 && (original.textContent ?? "").length > 1) {
    copy.setAttribute("textLength", String(round(original.getComputedTextLength())));
    copy.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
  for (const child of original.childNodes) {
    if (child instanceof SVGElement) {
      const inside = getComputedStyle(child);
      if (inside.display !== "none" && inside.visibility !== "hidden" && !child.matches(SKIP)) copy.append(drawing(child, style));
    } else if (child instanceof Text && child.data.trim()) copy.append(child.data);
  }
  return copy;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
function attribute(element, name, value) {
  if (name === "fill" || name === "stroke") {
    const { colour, opacity } = paint(value);
    element.setAttribute(name, colour);
    if (opacity !== 1) element.setAttribute(`${name}-opacity`, String(opacity));
  } else if (name === "font-family") element.setAttribute(name, families(value));
  else if (!(name.endsWith("-opacity") && value === "1")) element.setAttribute(name, value.replaceAll("px", ""));
}

/** Colours with their opacity apart, as every program reads them. @param {string} value */
function paint(value) {
  const parts = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(value);
  if (!parts) return { colour: value.replaceAll('"', ""), opacity: 1 };
  const opacity = Number(parts[4]);
  return { colour: opacity === 0 ? "none" : `rgb(${parts[1]}, ${parts[2]}, ${parts[3]})`, opacity: opacity === 0 ? 1 : opacity };
}

/** The page's own fonts are not in the file: after them comes what every system has. @param {string} value */
function families(value) {
  const names = value.split(",").map((name) => name.trim()).filter((name) => !/^"?(Deltaboard|KaTeX)/.test(name));
  return (names.some((name) => /^(serif|sans-serif|monospace|math)$/.test(name)) ? names : [...names, "serif"]).join(", ");
}

/**
 * Background, borders and outline.
 * @param {Element} element
 * @param {DOMRect} box
 * @param {Element} into
 * @param {number} left
 * @param {number} top
 */
function boxOf(element, box, into, left, top) {
  const style = getComputedStyle(element);
  const [x, y] = [round(box.left - left), round(box.top - top)];
  const [width, height] = [round(box.width), round(box.height)];
  const { colour, opacity } = paint(style.backgroundColor);
  const radius = parseFloat(style.borderTopLeftRadius) || 0;
  // The region's own paper is that of the picture.
  const region = element.hasAttribute("data-picture");
  if (colour !== "none" && !region) into.append(make("rect", { x, y, width, height, rx: radius || null, fill: colour, "fill-opacity": opacity === 1 ? null : opacity }));
  if (region) return;
  const sides = [["Top", x, y, x + width, y], ["Right", x + width, y, x + width, y + height], ["Bottom", x, y + height, x + width, y + height], ["Left", x, y, x, y + height]];
  for (const [side, x1, y1, x2, y2] of sides) {
    const wide = parseFloat(style.getPropertyValue(`border-${String(side).toLowerCase()}-width`));
    const line = style.getPropertyValue(`border-${String(side).toLowerCase()}-style`);
    const ink = paint(style.getPropertyValue(`border-${String(side).toLowerCase()}-color`));
    if (!(wide > 0) || line === "none" || ink.colour === "none") continue;
    into.append(make("path", { d: `M${x1} ${y1}L${x2} ${y2}`, stroke: ink.colour, "stroke-width": wide, "stroke-dasharray": line === "dashed" ? "4 3" : line === "dotted" ? "1 2" : null }));
  }
  const outline = parseFloat(style.outlineWidth);
  if (outline > 0 && style.outlineStyle === "solid" && !element.matches(":focus-visible")) {
    into.append(make("rect", { x: x - outline / 2, y: y - outline / 2, width: width + outline, height: height + outline, fill: "none", stroke: paint(style.outlineColor).colour, "stroke-width": outline }));
  }
}

/**
 * A line that runs up or down the page.
 * @param {string} text
 * @param {DOMRect} box
 * @param {CSSStyleDeclaration} style
 * @param {number} left
 * @param {number} top
 */
function upright(text, box, style, left, top) {
  const [x, y] = [round((box.left + box.right) / 2 - left), round((box.top + box.bottom) / 2 - top)];
  const turned = style.transform.startsWith("matrix(-1") || style.rotate === "180deg";
  const line = make("text", {
    transform: `translate(${x} ${y}) rotate(${turned ? -90 : 90})`, y: round(0.35 * parseFloat(style.fontSize)), "text-anchor": "middle", fill: paint(style.color).colour,
    "font-family": families(style.fontFamily), "font-size": parseFloat(style.fontSize), textLength: round(box.height), lengthAdjust: "spacingAndGlyphs",
  });
  line.textContent = text;
  return line;
}

const measure = document.createElement("canvas").getContext("2d");

/**
 * A text line by line, each where it stands.
 * @param {Text} node
 * @param {Element} into
 * @param {number} left
 * @param {number} top
 */
function words(node, into, left, top) {
  const parent = node.parentElement;
  if (!parent) return;
  const style = getComputedStyle(parent);
  if (style.writingMode.startsWith("vertical")) {
    into.append(upright(node.data.trim(), parent.getBoundingClientRect(), style, left, top));
    return;
  }
  const range = document.createRange();
  /** @type {{text: string, box: DOMRect, end: number}[]} */
  const lines = [];
  for (let k = 0; k < node.data.length; k += 1) {
    range.setStart(node, k);
    range.setEnd(node, k + 1);
    const box = range.getClientRects()[0];
    const letter = node.data[k] ?? "";
    if (!box) continue;
    const line = lines.at(-1);
    if (line && Math.abs(line.box.top - box.top) < 3) {
      line.text += letter;
      if (letter.trim()) line.end = box.right;
    } else if (letter.trim()) lines.push({ text: letter, box, end: box.right });
  }
  const size = parseFloat(style.fontSize);
  const family = families(style.fontFamily);
  let ascent = 0.8 * size;
  let content = size;
  if (measure) {
    measure.font = `${style.fontStyle} ${style.fontWeight} ${size}px ${style.fontFamily}`;
    const found = measure.measureText("x");
    ascent = found.fontBoundingBoxAscent;
    content = ascent + found.fontBoundingBoxDescent;
  }
  const { colour, opacity } = paint(style.color);
  for (const { text, box, end } of lines) {
    const shown = text.trim().replace(/\s+/g, " ");
    const at = make("text", {
      x: round(box.left - left), y: round(box.top - top + (box.height - content) / 2 + ascent), fill: colour, "fill-opacity": opacity === 1 ? null : opacity, "font-family": family, "font-size": size,
      "font-weight": style.fontWeight === "400" ? null : style.fontWeight, "font-style": style.fontStyle === "normal" ? null : style.fontStyle,
      // As wide as on the page, whatever font another program takes.
      textLength: round(end - box.left), lengthAdjust: "spacingAndGlyphs",
    });
    at.textContent = style.textTransform === "uppercase" ? shown.toUpperCase() : shown;
    into.append(at);
  }
}

/**
 * The picture as PNG, twice as fine as on a plain screen.
 * @param {{svg: string, width: number, height: number}} picture
 * @param {number} [scale]
 * @returns {Promise<Blob>}
 */
export async function pngOf({ svg, width, height }, scale = 2) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
