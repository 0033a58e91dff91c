// KaTeX without what the page never writes, from the sources in its package: a third of its size.
//
// The whole library stays in static/vendor for the unbuilt page. tests/browser/test_delivery.py compares the two:
// every command that a file of the server names must be known here, and what the server sends must look the same.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Files of katex/src/functions. A missing one shows as "Undefined control sequence" in that test.
const FUNCTIONS = ["accent", "color", "delimsizing", "environment", "font", "genfrac", "html", "kern", "mclass", "op", "operatorname", "ordgroup", "overline", "phantom", "relax", "rule", "sizing", "sqrt", "styling", "supsub", "symbolsOp", "symbolsOrd", "symbolsSpacing", "text", "underline", "cr"];
// Commands that KaTeX defines by others: dots, spaces, stars, and the names that need them.
const MACROS = /^(@(ifstar|ifnextchar|firstoftwo|secondoftwo|hspacer?)|TextOrMath|noexpand|expandafter|bgroup|egroup|~|not|neq?|notin|vdots|var[A-Z]\w+|colon|iff|implies|dots\w*|cdots|DOTS[BIX]|tmspace|[ >;:,!]|\w*space|quad|qquad|hspace|mathstrut|argm(in|ax)|R|N)$/;
// Signs with a name, but for Greek letters; those that are a character by themselves all stay.
const GREEK = /^(var)?(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega)$/i;
const SIGNS = /^(cdotp?|times|div|pm|mp|ast|star|circ|bullet|odot|oplus|ominus|otimes|leq?|geq?|lt|gt|ll|gg|neq?|@not|approx|sim|simeq|equiv|cong|propto|mid|parallel|perp|in|ni|subset|supset|(sub|sup)seteq|cup|cap|setminus|emptyset|wedge|vee|land|lor|neg|lnot|forall|exists|infty|partial|nabla|prime|ell|hbar|Re|Im|angle|triangle|top|bot|to|gets|mapsto|(left|right|leftright|Left|Right|Leftright|long(left|right)|Long(left|right)|up|down)arrow|[lr]?[vV]ert|[lr]angle|[lr](floor|ceil)|[lr]brac[ek]|\||ldots|ldotp|cdots|@cdots|ddots|dots|sum|prod|int|surd|colon|vdots|varvdots|backslash|space|nobreakspace|textendash|textemdash|textquote\w+|textunderscore|text(dollar|sterling|degree|percent|bar|less|greater|ellipsis|braceleft|braceright|backslash)|acute|grave|ddot|tilde|bar|breve|check|hat|vec|dot|mathring|[_$%&#{}]|['"^~=.`])$/;
// Of the environments, those for cases, matrices and lines under each other.
const ENVIRONMENTS = /"(cases|matrix|aligned)"/;
// Measures of letters and signs, by font. Others are drawn by the browser and measured like an M.
const FONTS = { "Main-Regular": () => true, "Math-Italic": () => true, "Main-Bold": isLetter, "Main-Italic": isLetter, "Caligraphic-Regular": () => true, "Size1-Regular": () => true, "Size2-Regular": () => true, "Size3-Regular": () => true, "Size4-Regular": () => true };

/** Basic Latin and Greek. @param {number} code */
function isLetter(code) {
  return code < 0x7f || (code >= 0x391 && code <= 0x3f5);
}

const ENTRY = `
  import Settings from "./Settings";
  import { buildHTMLTree } from "./buildTree";
  import parseTree from "./parseTree";
  /** As katex.render with output "html". */
  function render(expression, element, options) {
    const settings = new Settings(options);
    element.replaceChildren(buildHTMLTree(parseTree(expression, settings), settings).toNode());
  }
  export default { render };`;

/** Whether a statement of symbols.ts names nothing, or something that the page writes. @param {string} statement */
function known(statement) {
  const [, name] = /^defineSymbol\([^"]*"(?:[^"]|\\")*", "\\\\([^"]+|\\?")"/.exec(statement) ?? [];
  // A character of the keyboard is written as itself, whatever its name is.
  if (/^defineSymbol\([^"]*"([\x20-\x7e]|\\.)",/.test(statement)) return true;
  return name === undefined || GREEK.test(name) || SIGNS.test(name.replace("\\", ""));
}

/** Parts that the page does not use, with what is imported from them. */
const EMPTY = {
  "buildMathML.ts": "const none = () => null; export default none; export { none as makeText, none as makeRow, none as getVariant, none as buildExpression, none as buildExpressionRow, none as buildGroup };",
  "mathMLTree.ts": "export class MathNode {} export class TextNode {} export class SpaceNode {} export const newDocumentFragment = null;",
  // Braces and arrows that stretch: drawings in SVG.
  "stretchy.ts": "const none = () => { throw new Error('no stretched sign'); }; export { none as stretchyMathML, none as stretchySvg, none as stretchyEnclose };",
  "functions/horizBrace.ts": "export const htmlBuilder = null;",
  "environments/cd.ts": "export const parseCD = () => null;",
};

/** The text of a module cut into its statements at the outermost level. @param {string} text of esbuild's writing */
function statements(text) {
  return text.split(/\n(?=(?:import|export|const|let|for|function|wideChar)\b|define\w+\()/);
}

/**
 * @param {string} root of the project
 * @param {(text: string, options: object) => Promise<{code: string}>} transform esbuild's
 * @returns an esbuild plugin that answers for "katex"
 */
export function partOfKatex(root, transform) {
  const sources = join(root, "node_modules", "katex", "src");
  const read = async (/** @type {string} */ path) => (await transform(readFileSync(path, "utf8"), { loader: "ts", charset: "utf8" })).code;

  /** What a module that imports nothing exports. */
  const evaluated = async (/** @type {string} */ path) => import(`data:text/javascript,${encodeURIComponent(await read(path))}`);

  /** The module as it is, but for the statements that `keep` refuses; at least one must be refused. */
  async function without(/** @type {string} */ path, /** @type {(statement: string) => boolean} */ keep) {
    const all = statements(await read(path));
    const kept = all.filter(keep);
    if (kept.length === all.length) throw new Error(`nothing was left out of ${path}: is it written in another way?`);
    return { contents: kept.join("\n"), loader: /** @type {const} */ ("js") };
  }

  return {
    name: "part-of-katex",
    setup(/** @type {any} */ making) {
      making.onResolve({ filter: /^katex$/ }, () => ({ path: "katex", namespace: "part" }));
      making.onLoad({ filter: /^katex$/, namespace: "part" }, () => ({ contents: ENTRY, resolveDir: sources, loader: "js" }));
      making.onLoad({ filter: /[\\/]katex[\\/]src[\\/].*\.[jt]s$/ }, async (/** @type {{path: string}} */ { path }) => {
        const name = path.slice(sources.length + 1).replaceAll("\\", "/");
        if (name in EMPTY) return { contents: EMPTY[/** @type {keyof typeof EMPTY} */ (name)], loader: "js" };
        if (name === "functions.ts") {
          const missing = FUNCTIONS.filter((one) => !existsSync(join(sources, "functions", `${one}.ts`)));
          if (missing.length > 0) throw new Error(`KaTeX has no ${missing}`);
          return { contents: `import { _functions } from "./defineFunction"; export default _functions;\n${FUNCTIONS.map((one) => `import "./functions/${one}";`).join("\n")}`, loader: "js" };
        }
        if (name === "macros.ts") {
          return without(path, (one) => {
            const [, command] = /^defineMacro\(\s*"\\{0,2}([^"]+)"/.exec(one) ?? [];
            return command === undefined || MACROS.test(command);
          });
        }
        // The signs of the AMS fonts, and letters of other alphabets as code points of their own.
        if (name === "symbols.ts") return without(path, (one) => known(one) && !/^defineSymbol\((math|text), ams,|^wideChar = |^let wideChar|^for \(let i = 0; i < (letters\.length|10); i\+\+\) \{[^]*wideChar/.test(one) && !/^defineSymbol\((math|text), \w+, \w+, "k", wideChar/.test(one));
        if (name === "svgGeometry.ts") {
          const { contents, loader } = await without(path, (one) => !one.startsWith("export const path = {"));
          return { contents: `export const path = {};\n${contents}`, loader };
        }
        if (name === "fontMetricsData.js") {
          const { default: all } = await evaluated(path);
          const kept = Object.entries(FONTS).map(([font, wanted]) => [font, Object.fromEntries(Object.entries(all[font]).filter(([code]) => wanted(Number(code))))]);
          return { contents: `export default ${JSON.stringify(Object.fromEntries(kept))}`, loader: "js" };
        }
        if (name === "Settings.ts") {
          // What the command line says about each setting.
          return { contents: (await read(path)).replace(/^ +(description|cliDescription): "[^"\n]*",?$/gm, ""), loader: "js" };
        }
        // A function's MathML stands in one property of what it defines.
        if (/^(functions|environments)\//.test(name)) {
          const text = statements(await read(path)).filter((one) => !one.startsWith("defineEnvironment(") || ENVIRONMENTS.test(one)).join("\n");
          return { contents: text.replace(/^  mathmlBuilder(\(|: |,?$)[^]*?(?<=^  \}|^  mathmlBuilder|: \w+),?$/gm, ""), loader: "js" };
        }
        return undefined;
      });
    },
  };
}
