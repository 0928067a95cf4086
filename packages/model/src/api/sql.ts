import { z } from "zod";
import { Timestamp } from "./traces.ts";

const SqlScalar = z.union([z.string().max(100_000), z.number(), z.boolean(), z.null()]);

/** POST /sql. Strict: an unknown field is a typo. `from` (inclusive) and `to` (exclusive) are about the start of the trace, in every view. */
export const SqlQuery = z.strictObject({
  /** One SELECT over the documented views. */
  query: z.string().min(1).max(50_000),
  project_ids: z.array(z.string()).max(1000).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  /** Values of `{name:Type}` in the query. */
  params: z.record(z.string().regex(/^[A-Za-z]\w{0,99}$/), z.union([SqlScalar, z.array(z.union([z.string().max(10_000), z.number()])).max(10_000)])).optional(),
});
export type SqlQuery = z.infer<typeof SqlQuery>;

export const SqlAnswer = z.object({
  /** `type` as the engine names it, e.g. `Nullable(Float64)`. */
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** Integers beyond 2^53 are strings, times RFC 3339 in UTC, NaN and infinity `null`. */
  rows: z.array(z.array(z.unknown())),
  row_count: z.number().int(),
  /** True when there were more rows than the 10,000 that are returned. */
  truncated: z.boolean(),
  elapsed_ms: z.number(),
  /** Rows the engine read to answer. */
  rows_read: z.number().int(),
});
export type SqlAnswer = z.infer<typeof SqlAnswer>;

/** What can be queried, for editors: the views with their columns, the functions, examples and limits. */
export const SqlSchemaOut = z.object({
  views: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })),
    }),
  ),
  functions: z.record(z.string(), z.array(z.string())),
  limits: z.object({ rows: z.number().int(), seconds: z.number(), memory_bytes: z.number(), result_bytes: z.number() }),
});
export type SqlSchemaOut = z.infer<typeof SqlSchemaOut>;
