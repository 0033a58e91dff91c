// The part of tools/build_page.py that needs Node: `node bundle.mjs ROOT OUT '{"scripts": [...], "styles": [...]}'`.
// Prints the manifest: each script's file with those that it imports, the style sheet, and each font's name.
import { createRequire } from "node:module";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { partOfKatex } from "./katex.mjs";

const [root, out, request] = process.argv.slice(2);
const { scripts, styles } = JSON.parse(request);
const { build, transform } = createRequire(join(root, "package.json"))("esbuild");
const sources = join(root, "static", "js");

/** The modules that are imported on demand. */
function onDemand() {
  const found = new Set();
  for (const name of readdirSync(sources, { recursive: true })) {
    if (!name.endsWith(".js")) continue;
    const path = join(sources, name);
    for (const [, target] of readFileSync(path, "utf8").matchAll(/\bimport\("(\.[^"]+)"\)/g)) found.add(resolve(dirname(path), target));
  }
  return found;
}

/**
 * Makes everything that the page starts with one file. esbuild gives each set of modules that the same entries
 * share a file of its own, which would cut the start into some thirty. A module that is imported on demand finds
 * all of the start loaded, so it may say that it needs it whole: then there is one such set.
 */
const oneStart = {
  name: "one-start",
  setup(making) {
    const late = onDemand();
    const start = JSON.stringify(join(sources, `${scripts[0]}.js`));
    making.onLoad({ filter: /\.js$/ }, ({ path }) => (late.has(path) ? { contents: `import ${start};\n${readFileSync(path, "utf8")}` } : undefined));
  },
};

/** d3-contour asks d3-array for levels where none are given; the page always gives one. */
const levelsGiven = {
  name: "levels-given",
  setup(making) {
    making.onResolve({ filter: /^d3-array$/ }, () => ({ path: "d3-array", namespace: "none" }));
    making.onLoad({ filter: /./, namespace: "none" }, () => ({
      contents: "const none = () => { throw new Error('contours without levels'); }; export { none as thresholdSturges, none as extent, none as ticks, none as nice, none as max, none as blur2 };",
    }));
  },
};

const common = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  minify: true,
  metafile: true,
  charset: "utf8",
  // The licences stand on a page of their own, /licences.
  legalComments: "none",
  logLevel: "warning",
  // The oldest browsers that know import maps in modules and the page's other features.
  target: "es2022",
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
};

// KaTeX is an entry too, so that it gets a file of its own: it stays the same when the page changes.
const made = await build({
  ...common,
  entryPoints: [...scripts.map((name) => ({ in: join(sources, `${name}.js`), out: name })), { in: "katex", out: "katex" }],
  format: "esm",
  splitting: true,
  plugins: [oneStart, levelsGiven, partOfKatex(root, transform)],
});
const { outputs } = made.metafile;
const entry = (name) => Object.keys(outputs).find((path) => outputs[path].entryPoint && basename(path).startsWith(`${name}-`));

/** An output and all that it imports before it can run; one that holds nothing itself is left out. */
function needed(path) {
  const found = [path];
  for (const one of found) {
    for (const { path: imported, kind } of outputs[one].imports) {
      if (kind === "import-statement" && !found.includes(imported)) found.push(imported);
    }
  }
  if (Object.keys(outputs[path].inputs).length === 0) found.shift();
  return found.map((one) => basename(one));
}

const styled = await build({
  ...common,
  stdin: {
    contents: styles.map((name) => `@import "./${name}";`).join("\n"),
    resolveDir: join(root, "static"),
    sourcefile: "page.css",
    loader: "css",
  },
  entryNames: "network-[hash]",
  loader: { ".woff2": "file" },
});
const sheets = styled.metafile.outputs;
const fonts = {};
for (const [path, { inputs }] of Object.entries(sheets)) {
  if (path.endsWith(".woff2")) for (const source of Object.keys(inputs)) fonts[basename(source)] = basename(path);
}

// Compressed once here, so that the server compresses nothing and the slowest, best level can be used.
for (const name of readdirSync(out)) {
  if (!/\.(js|css)$/.test(name)) continue;
  const content = readFileSync(join(out, name));
  const params = {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const copies = { br: brotliCompressSync(content, { params }), gz: gzipSync(content, { level: 9 }) };
  for (const [suffix, copy] of Object.entries(copies)) {
    if (copy.length < content.length) writeFileSync(join(out, `${name}.${suffix}`), copy);
  }
}

const manifest = {
  scripts: Object.fromEntries(scripts.map((name) => [name, needed(entry(name))])),
  katex: basename(entry("katex")),
  styles: { network: basename(Object.keys(sheets).find((path) => path.endsWith(".css"))) },
  fonts,
  // What is in each script, in bytes before compression: to see what a budget is spent on.
  contents: Object.fromEntries(
    Object.entries(outputs).map(([path, { inputs }]) => [
      basename(path),
      Object.fromEntries(Object.entries(inputs).map(([name, { bytesInOutput }]) => [relative("static/js", name), bytesInOutput])),
    ]),
  ),
};
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
