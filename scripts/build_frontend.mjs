// Builds the front end into static/dist/: one module per frontend/src/*.ts, app.css, icons.svg.
// Run by `make demo` and `make test` through scripts/bootstrap.py, or by `npm run build` / `npm run watch`.

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "frontend", "src");
const built = join(root, "static", "dist");
const watching = process.argv.includes("--watch");
// A build that fails leaves the last good one in place.
const target = watching ? built : join(root, "static", ".dist-draft");

function entryPoints() {
  return readdirSync(source)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && !name.startsWith("_"))
    .map((name) => join(source, name));
}

function scripts() {
  return {
    entryPoints: entryPoints(),
    outdir: target,
    bundle: true,
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    target: "es2022",
    minify: !watching,
    sourcemap: watching ? "inline" : false,
    legalComments: "none",
    logLevel: "warning",
  };
}

function styles() {
  const sheet = sass.compile(join(root, "frontend", "scss", "app.scss"), {
    loadPaths: [join(root, "node_modules"), join(root, "frontend", "scss")],
    style: watching ? "expanded" : "compressed",
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  writeFileSync(join(target, "app.css"), sheet.css);
}

// A sprite of the icons named in frontend/icons.txt ("name" or "filled/name"), as <symbol id="name">.
function icons() {
  const list = join(root, "frontend", "icons.txt");
  if (!existsSync(list)) return;
  const names = readFileSync(list, "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter(Boolean);
  const symbols = [...new Set(names)].map(symbol);
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  writeFileSync(join(target, "icons.svg"), sprite);
}

function symbol(name) {
  const [style, icon] = name.includes("/") ? name.split("/") : ["outline", name];
  const file = join(root, "node_modules", "@tabler", "icons", "icons", style, `${icon}.svg`);
  if (!existsSync(file)) throw new Error(`frontend/icons.txt: Tabler has no ${style} icon "${icon}"`);
  const body = readFileSync(file, "utf8")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s+/g, " ")
    .trim();
  const paint =
    style === "filled"
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  const id = style === "filled" ? `${icon}-filled` : icon;
  return `<symbol id="${id}" viewBox="0 0 24 24" ${paint}>${body}</symbol>`;
}

function fresh() {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
}

function publish() {
  rmSync(built, { recursive: true, force: true });
  renameSync(target, built);
}

function guarded(step) {
  try {
    step();
    console.log(`${new Date().toLocaleTimeString()} ${step.name} rebuilt`);
  } catch (error) {
    console.error(error.message);
  }
}

fresh();
if (watching) {
  const context = await esbuild.context(scripts());
  await context.watch();
  guarded(styles);
  guarded(icons);
  watch(join(root, "frontend"), { recursive: true }, (_event, name) => {
    if (name?.endsWith(".scss")) guarded(styles);
    if (name === "icons.txt") guarded(icons);
  });
} else {
  const bundled = esbuild.build(scripts());
  styles();
  icons();
  await bundled;
  publish();
}
