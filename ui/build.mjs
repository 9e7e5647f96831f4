// Bundles scripts and styles into crates/web/assets/ under names that carry their content's hash, and writes
// manifest.json (plain name → hashed name), which the web crate embeds.
import { build } from "esbuild";
import { rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

const out = "../crates/web/assets";
await rm(out, { recursive: true, force: true });
const result = await build({
  entryPoints: {
    app: "src/app.ts",
    diagram: "src/diagram.ts",
    grid: "src/grid.ts",
    stocktake: "src/stocktake.ts",
    style: "css/style.css",
  },
  outdir: out,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16"],
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});
const manifest = {};
for (const [path, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint) {
    manifest[basename(entryPoint).replace(/\.ts$/, ".js")] = basename(path);
  }
}
await writeFile(`${out}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");
