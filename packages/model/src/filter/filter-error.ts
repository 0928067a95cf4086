import { TelltaleError } from "../errors.ts";
import { suggest } from "./suggest.ts";

/** A mistake at a 0-based offset; people count columns from 1, so the sentence does as well. */
export function filterError(column: number, problem: string, advice = ""): TelltaleError {
  return new TelltaleError("filter_invalid", `${problem} at column ${column + 1}${advice === "" ? "." : advice}`, { column });
}

/** `; did you mean "x"? Valid fields: a, b.` */
export function adviceFor(written: string, choices: readonly string[], what: string): string {
  const meant = suggest(written, choices);
  return `${meant === undefined ? "." : `; did you mean "${meant}"?`} Valid ${what}: ${choices.join(", ")}.`;
}
