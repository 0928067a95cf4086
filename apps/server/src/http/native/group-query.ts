import { TelltaleError, type ProjectScope } from "@telltale/model";
import type { GroupListQuery } from "@telltale/model/api";
import type { GroupQuery } from "@telltale/store";
import { type Filter, parseFilter } from "@telltale/model/filter";
import { parseTimestamp } from "./wire/timestamp.ts";

/** What a list of sessions or users asks. Throws `filter_invalid` with the column, `bad_request` for times. */
export function groupQuery(scope: ProjectScope, query: GroupListQuery): GroupQuery {
  const filter = query.filter?.trim() ?? "";
  return {
    scope,
    ...timesOf(query),
    filter: filter === "" ? undefined : parseFilter(filter),
    idPart: query.q,
    orderBy: query.order_by,
    limit: query.limit,
    cursor: query.cursor,
  };
}

export function timesOf({ from, to }: { from?: string | undefined; to?: string | undefined }): { fromNs: bigint | undefined; toNs: bigint | undefined } {
  const fromNs = from === undefined ? undefined : parseTimestamp(from, "from");
  const toNs = to === undefined ? undefined : parseTimestamp(to, "to");
  if (fromNs !== undefined && toNs !== undefined && fromNs > toNs) throw new TelltaleError("bad_request", "from is later than to", { field: "from" });
  return { fromNs, toNs };
}

/** `user = '…'` as the parser would make it: ids need no quoting here. */
export function isUser(userId: string): Filter {
  return { kind: "compare", field: { entity: "trace", name: "user" }, op: "=", values: [{ type: "string", value: userId }], column: 0 };
}
