import { TelltaleError } from "@telltale/model";
import { NewDashboard } from "@telltale/model/api";
import { parseFilter } from "@telltale/model/filter";
import type { z } from "zod";

/** What is stored of a dashboard besides its name and project. */
const DashboardContent = NewDashboard.omit({ name: true, project_id: true });
export type DashboardContent = z.infer<typeof DashboardContent>;

/** The stored document, understood. One that this version does not understand surfaces as what it is: a fault of ours. */
export function readContent(stored: unknown): DashboardContent {
  return DashboardContent.parse(stored);
}

/** What a change says; what it leaves out stays as it was. */
export function contentOf(changed: { [Key in keyof DashboardContent]?: DashboardContent[Key] | undefined }): Partial<DashboardContent> {
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined)) as Partial<DashboardContent>;
}

/** Throws `filter_invalid` that names the tile: a mistake is told when it is written, not when the tile fails. */
export function checkDashboard({ filter, tiles }: DashboardContent, at: string): void {
  checkFilter(filter, `${at}.filter`);
  for (const [index, tile] of tiles.entries()) {
    if (tile.kind === "text") continue;
    for (const [number, query] of tile.queries.entries()) {
      const place = `${at}.tiles.${index}.queries.${number}`;
      checkFilter(query.filter ?? "", `${place}.filter`);
      if (query.order_by !== undefined && query.aggregations?.includes(query.order_by) === false)
        throw new TelltaleError("bad_request", `order_by "${query.order_by}" is none of this query's aggregations`, { field: `${place}.order_by` });
    }
  }
}

function checkFilter(filter: string, field: string): void {
  if (filter.trim() === "") return;
  try {
    parseFilter(filter);
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error;
    throw new TelltaleError(error.code, `${field}: ${error.message}`, { field, ...(error.column === undefined ? {} : { column: error.column }), cause: error });
  }
}
