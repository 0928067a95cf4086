// `node scripts/make-scorer-docs.mjs`: writes docs/scorers.md from the built-in scorers. A test says when it is not current.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tsImport } from "tsx/esm/api";
import { root } from "./fingerprint.mjs";

const { scorerPage } = await tsImport("../packages/score/src/scorecards/scorer-page.ts", import.meta.url);
writeFileSync(join(root, "docs/scorers.md"), scorerPage());
