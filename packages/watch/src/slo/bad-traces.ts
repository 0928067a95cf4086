import { indicatorClauses, type SloObjective } from "@telltale/model";
import { type Filter, formatFilter, parseFilter } from "@telltale/model/filter";

/** The filter that finds exactly the traces that consume the budget. Throws `filter_invalid`. */
export function badTracesFilter({ filter, indicator }: Pick<SloObjective, "filter" | "indicator">): string {
  const { counted, bad } = indicatorClauses(indicator);
  const items = [filter.trim(), bad, counted].map((text) => parseFilter(text)).filter((item): item is Filter => item !== undefined);
  return formatFilter({ kind: "and", items });
}
