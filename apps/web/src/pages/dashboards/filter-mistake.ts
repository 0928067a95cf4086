import { TelltaleError } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";

/** What is wrong with a filter, by the grammar the server uses; said before every tile fails for it. */
export function filterMistake(filter: string): { message: string; column: number | undefined } | undefined {
  if (filter.trim() === "") return undefined;
  try {
    parseFilter(filter);
    return undefined;
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error;
    return { message: error.message, column: error.column };
  }
}
