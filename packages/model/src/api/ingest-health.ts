import { z } from "zod";
/** GET /api/v1/ingest/health: what arrived, what was refused and why, since this process started, newest problems first. */
export const IngestHealth = z.object({
  since: z.string(),
  totals: z.object({
    requests: z.number(),
    spans: z.number(),
    logs: z.number(),
    metric_points: z.number(),
    rejected_requests: z.number(),
    rejected_spans: z.number(),
    refused_overload: z.number(),
    duplicates: z.number(),
    late_spans: z.number(),
  }),
  journal: z.object({
    pending_records: z.number(),
    pending_bytes: z.number(),
    bytes_on_disk: z.number(),
    oldest_pending_s: z.number(),
    last_error: z.string().nullable(),
  }),
  engine: z.object({
    state: z.enum(["starting", "ready", "restarting", "failed"]),
    restarts: z.number(),
    rows: z.number().nullable(),
    bytes_on_disk: z.number().nullable(),
  }),
  disk: z.object({ free_bytes: z.number().nullable(), full: z.boolean() }),
  /** Grouped by reason, most recent first, at most 200. */
  problems: z.array(
    z.object({
      at: z.string(),
      first_at: z.string(),
      count: z.number(),
      route: z.string(),
      code: z.string(),
      message: z.string(),
      hint: z.string().nullable(),
      client: z.string().nullable(),
    }),
  ),
  clients: z.array(z.object({ name: z.string(), requests: z.number(), spans: z.number(), last_at: z.string() })),
});
export type IngestHealth = z.infer<typeof IngestHealth>;
/** GET /api/v1/server: what the app shell needs. */
export const ServerInfo = z.object({
  version: z.string(),
  url: z.string(),
  otlp_http: z.string().nullable(),
  otlp_grpc: z.string().nullable(),
  auth: z.enum(["none"]),
  demo: z.object({ state: z.enum(["absent", "creating", "present", "removing"]), project_id: z.string().nullable(), progress: z.number() }),
});
export type ServerInfo = z.infer<typeof ServerInfo>;
