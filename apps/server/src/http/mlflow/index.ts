import type { FastifyInstance } from "fastify";
import { artifactRoutes } from "./artifacts.ts";
import { assessmentRoutes } from "./assessments.ts";
import { parseAsBytes, parseAsStream } from "./body-parsers.ts";
import { correlationRoutes } from "./correlation.ts";
import { deleteTraceRoutes } from "./delete-traces.ts";
import type { MlflowDeps } from "./deps.ts";
import { mlflowErrorHandler } from "./errors.ts";
import { experimentRoutes } from "./experiments.ts";
import { readTraceRoutes } from "./read-traces.ts";
import { labelSchemaRoutes } from "./label-schemas.ts";
import { mountRoutes, mountUnknown } from "./route-table.ts";
import { reviewItemRoutes } from "./review-items.ts";
import { reviewQueueRoutes } from "./review-queues.ts";
import { scorerRoutes } from "./scorers.ts";
import { searchExperimentRoutes } from "./search-experiments.ts";
import { searchTraceRoutes } from "./search-traces.ts";
import { mountVersion, serverInfoRoutes } from "./server-info.ts";
import { startTraceRoutes } from "./start-trace.ts";
import { traceLinkRoutes } from "./trace-links.ts";
import { traceMetricRoutes } from "./trace-metrics.ts";
import { traceTagRoutes } from "./trace-tags.ts";
import { tracesV2Routes } from "./traces-v2.ts";
import { refuseWorkspaces } from "./workspaces.ts";

export type { MlflowDeps } from "./deps.ts";

/** MLflow's REST API below `/api` and `/ajax-api` (versions 2.0 and 3.0), with its own error shape; and `GET /version`. */
export function registerMlflow(app: FastifyInstance, deps: MlflowDeps): void {
  mountVersion(app);
  app.register(async (scope) => {
    scope.setErrorHandler(mlflowErrorHandler);
    scope.addHook("onRequest", refuseWorkspaces);
    scope.register(async (json) => {
      parseAsBytes(json, deps.inFlight);
      mountRoutes(json, [
        ...serverInfoRoutes,
        ...experimentRoutes(deps),
        ...searchExperimentRoutes(deps),
        ...startTraceRoutes(deps),
        ...readTraceRoutes(deps),
        ...searchTraceRoutes(deps),
        ...assessmentRoutes(deps),
        ...traceTagRoutes(deps),
        ...traceLinkRoutes(deps),
        ...deleteTraceRoutes(deps),
        ...tracesV2Routes(deps),
        ...correlationRoutes(deps),
        ...scorerRoutes(deps),
        ...labelSchemaRoutes(deps),
        ...reviewQueueRoutes(deps),
        ...reviewItemRoutes(deps),
        ...traceMetricRoutes(deps),
      ]);
      mountUnknown(json);
    });
    scope.register(async (streamed) => {
      parseAsStream(streamed);
      mountRoutes(streamed, artifactRoutes(deps));
    });
  });
}
