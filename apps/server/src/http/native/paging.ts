import { TelltaleError } from "@telltale/model";
import { z } from "zod";

/** `?limit=&cursor=` of every listing. */
export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** Sessions and users are in it by name; a whole request line has 16 kB. */
  cursor: z.string().max(12_000).optional(),
});

/** One page of a small list that is read whole. The cursor is the id of the last entry shown, so entries may come and go. */
export function pageOf<Item extends { id: string }>(
  items: readonly Item[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): { data: Item[]; next_cursor: string | null } {
  const after = cursor === undefined ? -1 : items.findIndex((item) => item.id === cursor);
  if (cursor !== undefined && after < 0)
    throw new TelltaleError("cursor_invalid", "This cursor does not belong to this list; start again without one", { field: "cursor" });
  const data = items.slice(after + 1, after + 1 + limit);
  const last = data.at(-1);
  return { data, next_cursor: last !== undefined && after + 1 + limit < items.length ? last.id : null };
}
