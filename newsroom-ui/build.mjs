// SPDX-License-Identifier: Apache-2.0
// usage: node build.mjs OUT_FOLDER
// Bundles the newsroom's web application into OUT_FOLDER: index.html, hashed scripts and styles, fonts.
// The first load must stay under 250 KB compressed: the build fails above it.
import { build } from "esbuild";
import { brotliCompressSync } from "node:zlib";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
const FIRST_LOAD_LIMIT = 250 * 1024;

mkdirSync(out, { recursive: true });
for (const name of readdirSync(out)) if (/\.(js|css|woff2|html)$/.test(name)) rmSync(join(out, name));
const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.tsx"],
  bundle: true,
  splitting: true,
  format: "esm",
  outdir: out,
  entryNames: "newsroom-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  publicPath: "/newsroom/assets/",
  jsx: "automatic",
  jsxImportSource: "preact",
  target: ["es2022", "safari16", "firefox115", "chrome110"],
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const outputs = Object.entries(result.metafile.outputs);
const name = (path) => basename(path);
const entry = outputs.find(([, output]) => output.entryPoint === "src/main.tsx");
const styles = name(entry[1].cssBundle);
// What the first view loads: the entry with its static imports, the styles, and the list of stories.
const first = new Set();
const follow = (path) => {
  if (first.has(path)) return;
  first.add(path);
  for (const one of result.metafile.outputs[path].imports) if (one.kind === "import-statement" && !one.external) follow(one.path);
};
follow(entry[0]);
const today = outputs.find(([, output]) => output.entryPoint === "src/views/today.tsx");
if (today) follow(today[0]);
writeFileSync(
  join(out, "index.html"),
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="same-origin">
<title>Newsroom</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/newsroom/assets/${styles}">
<script type="module" src="/newsroom/assets/${name(entry[0])}"></script>
</head>
<body>
<div id="newsroom"></div>
<noscript>The newsroom needs JavaScript. The newspaper itself does not.</noscript>
</body>
</html>
`,
);
let bytes = 0, fonts = 0;
for (const path of first) bytes += brotliCompressSync(readFileSync(join(out, name(path)))).length;
bytes += brotliCompressSync(readFileSync(join(out, styles))).length;
for (const file of readdirSync(out)) if (/^(franklin-latin|newsreader-latin)-[A-Z0-9]+\.woff2$/.test(file)) fonts += readFileSync(join(out, file)).length;
const files = readdirSync(out).sort();
// One resource for the binary, with every file of the application.
writeFileSync(
  join(out, "newsroom.gresource.xml"),
  `<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n  <gresource prefix="/broadsheet/newsroom">\n${files.filter((file) => /\.(js|css|woff2|html)$/.test(file)).map((file) => `    <file>${file}</file>`).join("\n")}\n  </gresource>\n</gresources>\n`,
);
console.log(`newsroom-ui: first load ${(bytes / 1024).toFixed(1)} KB compressed and ${(fonts / 1024).toFixed(1)} KB of fonts, ${files.length} files`);
if (bytes + fonts > FIRST_LOAD_LIMIT) {
  console.error(`newsroom-ui: the first load is over ${FIRST_LOAD_LIMIT / 1024} KB`);
  process.exit(1);
}
