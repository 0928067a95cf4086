import { TelltaleError } from "@telltale/model";
import type { TraceSearch } from "@telltale/model/api";
import { parseFilter, parseOrderBy } from "@telltale/model/filter";
import type { TraceQuery } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { narrowedScope } from "../scope.ts";
import { parseTimestamp } from "./wire/timestamp.ts";

const DEFAULT_LIMIT = 50;

/** What a search asks, from its JSON. Throws `filter_invalid` with the column, `bad_request` for times. */
export function traceQuery(request: FastifyRequest, search: TraceSearch): TraceQuery {
  const fromNs = search.from === undefined ? undefined : parseTimestamp(search.from, "from");
  const toNs = search.to === undefined ? undefined : parseTimestamp(search.to, "to");
  if (fromNs !== undefined && toNs !== undefined && fromNs > toNs) throw new TelltaleError("bad_request", "from is later than to", { field: "from" });
  const filter = search.filter?.trim();
  const text = search.text?.trim();
  return {
    scope: narrowedScope(request, search.project_ids),
    filter: filter === undefined || filter === "" ? undefined : parseFilter(filter),
    text: text === "" ? undefined : text,
    orderBy: search.order_by === undefined ? undefined : parseOrderBy(search.order_by),
    limit: search.limit ?? DEFAULT_LIMIT,
    cursor: search.cursor,
    fromNs,
    toNs,
  };
}
