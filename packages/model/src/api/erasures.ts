import { z } from "zod";
import { Timestamp } from "./traces.ts";

/** POST /users/{id}/erase and /export. Without projects: in all of them. */
export const EraseIn = z.strictObject({ dry_run: z.boolean().default(false), project_ids: z.array(z.string().min(1).max(100)).min(1).max(1000).optional() });
export const PersonExportIn = EraseIn.omit({ dry_run: true });

export const ErasureCounts = z.object({
  traces: z.number(),
  /** Sessions in which the person has traces; those of others in them stay. */
  sessions: z.number(),
  spans: z.number(),
  /** Spans with content. */
  payloads: z.number(),
  logs: z.number(),
  assessments: z.number(),
  /** What judges keep of the person's traces: examples and labels of alignments, anchors. */
  copies: z.number(),
  /** Content of its own file that only this person's traces link to. */
  blobs: z.number(),
  /** Linked to by others as well, and therefore kept. */
  blobs_kept: z.number(),
});
export type ErasureCounts = z.infer<typeof ErasureCounts>;

/** What an erasure would take, with `dry_run`. */
export const ErasurePreview = z.object({ dry_run: z.literal(true), counts: ErasureCounts, traces_sha256: z.string() });
export type ErasurePreview = z.infer<typeof ErasurePreview>;

/** In the order in which they are done. */
export const erasureSteps = ["choose", "hide", "rows", "blobs", "files", "journal", "parts", "finished"] as const;

/** The receipt: kept for good, without anything of the person. */
export const ErasureOut = z.object({
  erasure_id: z.string(),
  /** SHA-256 of the user id, in UTF-8, in hex. */
  user_sha256: z.string(),
  /** `null` = all projects. */
  project_ids: z.array(z.string()).nullable(),
  requested_by: z.string(),
  requested_at: Timestamp,
  finished_at: Timestamp.nullable(),
  state: z.enum(["running", "done", "failed"]),
  step: z.enum(erasureSteps),
  counts: ErasureCounts.extend({
    /** Requests that the engine had refused, kept for people to look at. */
    quarantined: z.number(),
  }),
  /** SHA-256 over the lines `project_id/trace_id`, sorted, each ended by a newline; `null` until they are chosen. */
  traces_sha256: z.string().nullable(),
  error: z.string().nullable(),
});
export type ErasureOut = z.infer<typeof ErasureOut>;
export const ErasureListOut = z.object({ data: z.array(ErasureOut), next_cursor: z.string().nullable() });
