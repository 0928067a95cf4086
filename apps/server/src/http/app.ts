import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { ServerMetrics } from "../health/metrics.ts";
import { healthRoutes } from "../health/routes.ts";
import { describeApi } from "./api-docs.ts";
import { guardAgainstBrowsers } from "./browser-guard.ts";
import { cancelWithConnection } from "./cancel-with-connection.ts";
import { answerClientError } from "./client-error.ts";
import type { InFlightBytes } from "./in-flight-bytes.ts";
import { letSenderFinish } from "./let-sender-finish.ts";
import { JSON_BODY_LIMIT_BYTES, MAX_CONNECTIONS, MAX_PATH_PARAM, socketLimits } from "./limits.ts";
import { noteMlflowProblems } from "./mlflow-problems.ts";
import type { NativeDeps } from "./native/deps.ts";
import { nativeRoutes } from "./native/routes.ts";
import { answerUnknown, rememberRoutes } from "./not-found.ts";
import { isOtlpPath, otlpRoutes } from "./otlp/routes.ts";
import { problemHandler } from "./problem.ts";
import { sendSecurityHeaders } from "./security-headers.ts";
import { serveWebApp } from "./web-app.ts";

export interface ReceiveDeps extends Pick<NativeDeps, "ingest" | "problems" | "storeHealth"> {
  inFlight: InFlightBytes;
  metrics: ServerMetrics;
  maxBodyBytes: number;
  allowedHosts: readonly string[];
  otlpCorsOrigins: readonly string[];
  log: FastifyBaseLogger;
}

export interface AppDeps extends ReceiveDeps, NativeDeps {
  version: string;
  /** Folder of the built web app. */
  webFolder: string | undefined;
  /** MLflow's REST surface, which keeps its own errors. */
  registerMlflow: ((app: FastifyInstance) => void | Promise<void>) | undefined;
}

/** The main port: web app, native API, MLflow REST, OTLP/HTTP, health. Not listening yet. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = bareApp(deps);
  const allowedMethods = rememberRoutes(app);
  guardAgainstBrowsers(app, { ...deps, isReceiving: isOtlpPath });
  sendSecurityHeaders(app);
  await describeApi(app, deps.version);
  healthRoutes(app, deps);
  await app.register(async (scope) => otlpRoutes(scope, deps));
  await app.register(async (scope) => nativeRoutes(scope.withTypeProvider<ZodTypeProvider>(), deps), { prefix: "/api/v1" });
  noteMlflowProblems(app, deps.problems);
  if (deps.registerMlflow !== undefined) await app.register(async (scope) => deps.registerMlflow?.(scope));
  const page = await serveWebApp(app, deps.webFolder);
  app.setNotFoundHandler((request, reply) => page(request, reply) ?? answerUnknown(request, reply, allowedMethods, deps.problems));
  return app;
}

/** The standard OTLP/HTTP port: receiving and health only. */
export async function createOtlpApp(deps: ReceiveDeps): Promise<FastifyInstance> {
  const app = bareApp(deps);
  const allowedMethods = rememberRoutes(app);
  guardAgainstBrowsers(app, { ...deps, isReceiving: isOtlpPath });
  sendSecurityHeaders(app);
  healthRoutes(app, deps);
  await app.register(async (scope) => otlpRoutes(scope, deps));
  app.setNotFoundHandler((request, reply) => answerUnknown(request, reply, allowedMethods, deps.problems));
  return app;
}

function bareApp(deps: ReceiveDeps): FastifyInstance {
  const app = fastify({
    ...socketLimits,
    // Fastify itself only speaks when something is wrong: `serve` says that it is ready.
    loggerInstance: deps.log.child({}, { level: deps.log.level === "silent" ? "silent" : "warn" }),
    // A line per request would cost more than the request; errors are logged where they are handled.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_BODY_LIMIT_BYTES,
    // Requests on open connections during shutdown are still answered: what was sent may be acknowledged.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: MAX_PATH_PARAM },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, deps.problems),
    frameworkErrors: (error, request, reply) => problemHandler(error, request, reply),
  });
  // Fastify's own parser of text/plain would let a form of another page through to routes that expect JSON.
  app.removeContentTypeParser("text/plain");
  app.server.maxConnections = MAX_CONNECTIONS;
  app.setValidatorCompiler(validatorCompiler);
  // Where everything in a body has a default, no body says the same as `{}`; a body that is `null` does not.
  app.addHook("preValidation", (request, _reply, done) => {
    if (request.body === undefined && request.routeOptions.schema?.body !== undefined) request.body = {};
    done();
  });
  // Answers are typed by the same schema; checking them again at run time would double the work of large lists.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler(problemHandler);
  cancelWithConnection(app);
  letSenderFinish(app);
  return app;
}
