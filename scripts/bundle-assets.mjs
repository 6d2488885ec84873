// Bundles web/assets and the NHS design system into web/static. Called by scripts/build-assets, which fetches what
// this imports: node scripts/bundle-assets.mjs BUILD-DIRECTORY OUTPUT-DIRECTORY
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const [build, output] = process.argv.slice(2).map((each) => path.resolve(each));
const { build: bundle } = createRequire(path.join(build, "package.json"))("esbuild");
const sources = path.resolve("web/assets");
const nhsuk = path.join(build, "node_modules/nhsuk-frontend/dist/nhsuk");

// The design system's font is licensed, and fetched from another host: Arial is its official fallback.
async function stylesOfTheDesignSystem() {
  const styles = await readFile(path.join(nhsuk, "nhsuk-frontend.css"), "utf8");
  const without = styles.replace(/@font-face\s*\{[^}]*\}/g, "").replaceAll("/assets/images/", "/static/images/");
  const elsewhere = without.match(/url\(\s*["']?(?:https?:)?\/\/[^)]*\)/);
  if (elsewhere) throw new Error(`the design system's styles fetch ${elsewhere[0]}`);
  return without;
}

await rm(output, { recursive: true, force: true });
await mkdir(path.join(output, "images"), { recursive: true });
await writeFile(path.join(build, "nhsuk.css"), await stylesOfTheDesignSystem());
for (const image of ["cross", "arrow-down", "arrow-up", "arrow-up-down"]) {
  const name = `nhsuk-icon-${image}.svg`;
  await cp(path.join(nhsuk, "assets/images", name), path.join(output, "images", name));
}
await cp(path.join(sources, "favicon.svg"), path.join(output, "images/favicon.svg"));

const shared = {
  bundle: true,
  minify: true,
  legalComments: "inline",
  target: ["es2022", "safari16"],
  nodePaths: [path.join(build, "node_modules")],
  logLevel: "warning",
};
await bundle({
  ...shared,
  stdin: {
    contents: `@import "${path.join(build, "nhsuk.css")}"; @import "${path.join(sources, "handrail.css")}";`,
    loader: "css",
    resolveDir: sources,
  },
  external: ["/static/*"],
  outfile: path.join(output, "handrail.css"),
});
await bundle({
  ...shared,
  entryPoints: [path.join(sources, "handrail.js")],
  format: "esm",
  outfile: path.join(output, "handrail.js"),
});
