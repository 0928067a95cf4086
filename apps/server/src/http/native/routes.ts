import type { TypedApp } from "../typed-routes.ts";
import { assessmentRoutes } from "./assessments.ts";
import { backupRoutes } from "./backup.ts";
import { blobRoutes } from "./blobs.ts";
import { dashboardRoutes } from "./dashboards.ts";
import type { NativeDeps } from "./deps.ts";
import { demoRoutes } from "./demo.ts";
import { docsRoutes } from "./docs.ts";
import { ingestHealthRoutes } from "./ingest-health.ts";
import { metricsRoutes } from "./metrics.ts";
import { priceRoutes } from "./prices.ts";
import { overviewRoutes } from "./overview.ts";
import { projectRoutes } from "./projects.ts";
import { repriceRoutes } from "./reprice.ts";
import { searchRoutes } from "./search.ts";
import { sloRoutes } from "./slos.ts";
import { sqlRoutes } from "./sql.ts";
import { tailRoutes } from "./tail.ts";
import { traceDetailRoutes } from "./trace-detail.ts";
import { traceExportRoutes } from "./trace-export.ts";
import { traceWriteRoutes } from "./trace-writes.ts";
import { viewRoutes } from "./views.ts";

/** Everything under /api/v1. */
export function nativeRoutes(app: TypedApp, deps: NativeDeps): void {
  projectRoutes(app, deps);
  searchRoutes(app, deps);
  metricsRoutes(app, deps);
  overviewRoutes(app, deps);
  traceExportRoutes(app, deps);
  tailRoutes(app, deps);
  traceDetailRoutes(app, deps);
  traceWriteRoutes(app, deps);
  assessmentRoutes(app, deps);
  viewRoutes(app, deps);
  dashboardRoutes(app, deps);
  blobRoutes(app, deps);
  ingestHealthRoutes(app, deps);
  priceRoutes(app, deps);
  repriceRoutes(app, deps);
  demoRoutes(app, deps);
  backupRoutes(app, deps);
  docsRoutes(app, deps);
  sqlRoutes(app, deps);
  sloRoutes(app, deps);
}
