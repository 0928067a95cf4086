import type { FastifyInstance } from "fastify";
import type { MlflowRoute } from "./route-table.ts";

/** The version whose API we speak. Below 3.4 the client would not send spans to `/v1/traces`. */
export const MLFLOW_VERSION = "3.18.0";

/** What the client reads (once a minute) before it uploads artifacts. What we do not have is said so. */
const info = {
  store_type: "SqlStore",
  workspaces_enabled: false,
  trace_archival_enabled: false,
  multipart_uploads_enabled: false,
  multipart_downloads_enabled: false,
  artifact_serving_enabled: true,
  skill_content_max_size: 0,
  skill_content_max_files: 0,
  presigned_upload_run_id_supported: false,
  presigned_upload_model_id_supported: false,
  model_artifact_presigned_downloads_supported: false,
  features_enabled: { gateway: false, scheduled_issue_detection: false },
  tracking_auth: "",
  artifacts_presigned_only: false,
};

export const serverInfoRoutes: MlflowRoute[] = [{ method: "GET", path: "3.0/mlflow/server-info", handle: () => info }];

/** `GET /version`: plain text, open to all, the first thing a client asks. */
export function mountVersion(app: FastifyInstance): void {
  app.get("/version", { schema: { hide: true } }, (_request, reply) => reply.header("content-type", "text/plain; charset=utf-8").send(MLFLOW_VERSION));
}
