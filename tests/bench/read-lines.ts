import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The rows of `NAME.jsonl` in a folder of data that is not part of this repository. */
export function readLines<Row>(folder: string, name: string): Row[] {
  const path = join(folder, `${name}.jsonl`);
  if (!existsSync(path)) throw new Error(`there is no ${path}`);
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}
