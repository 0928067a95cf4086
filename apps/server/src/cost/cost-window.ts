import type { ProjectScope } from "@telltale/model";
import { TelltaleError } from "@telltale/model";
import type { CostQuery } from "@telltale/model/api";
import { parseFilter } from "@telltale/model/filter";
import type { CostWindow } from "@telltale/store";
import { formatTimestamp, parseTimestamp } from "../http/native/wire/timestamp.ts";

const DEFAULT_DAYS = 30;
const NS_PER_DAY = 86_400_000_000_000n;

/** What a question about cost asks, from its query string. Throws `filter_invalid` with the column, `bad_request` for times. */
export function costWindow(scope: ProjectScope, query: CostQuery, nowMs: number): CostWindow {
  const toNs = query.to === undefined ? BigInt(nowMs + 1) * 1_000_000n : parseTimestamp(query.to, "to");
  const asked = query.from === undefined ? toNs - BigInt(DEFAULT_DAYS) * NS_PER_DAY : parseTimestamp(query.from, "from");
  const fromNs = asked < 0n ? 0n : asked;
  if (toNs <= fromNs) throw new TelltaleError("bad_request", "from must be earlier than to", { field: "from" });
  const filter = query.filter?.trim() ?? "";
  return { scope, filter: filter === "" ? undefined : parseFilter(filter), fromNs, toNs };
}

/** The window of the same length before it. */
export function windowBefore(window: CostWindow): CostWindow {
  const fromNs = window.fromNs - (window.toNs - window.fromNs);
  return { ...window, fromNs: fromNs < 0n ? 0n : fromNs, toNs: window.fromNs };
}

export function windowOut(
  window: CostWindow,
  read: { partial: boolean; readFromNs: bigint },
): { from: string; to: string; partial: boolean; read_from: string } {
  return { from: formatTimestamp(window.fromNs), to: formatTimestamp(window.toNs), partial: read.partial, read_from: formatTimestamp(read.readFromNs) };
}
