import type { FastifyInstance } from "fastify";
import type { ProblemLog } from "../health/problem-log.ts";

/** Paths on which MLflow's client sends traces; what is refused there is as interesting as a refused OTLP request. */
const SENDING = /^\/(?:ajax-)?api\/[23]\.0\/(?:mlflow\/traces(?:\/[^/?]+\/assessments)?|mlflow-artifacts\/artifacts\/.+)(?:\?|$)/;
const WRITES = new Set(["POST", "PUT", "PATCH"]);

/** Notes refused traces of MLflow clients in ingest health. Their answers are made elsewhere. */
export function noteMlflowProblems(app: FastifyInstance, problems: ProblemLog): void {
  app.addHook("onError", async (request, _reply, error) => {
    if (!WRITES.has(request.method) || !SENDING.test(request.url)) return;
    const code = "code" in error && typeof error.code === "string" ? error.code : "internal";
    problems.refused({
      route: `${request.method} ${request.routeOptions.url ?? "unknown"}`,
      code: code.toLowerCase(),
      message: error.message,
      client: request.headers["user-agent"],
    });
  });
}
