import type { FastifyInstance } from "fastify";

const ALLOWED_HEADERS = "content-type, content-encoding, authorization, traceparent, x-mlflow-experiment-id, x-telltale-project";

/** Lets pages of the configured origins send OTLP from the browser. Without any (the default) no CORS header is ever sent. */
export function allowOtlpOrigins(app: FastifyInstance, origins: readonly string[], paths: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook("onRequest", async (request, reply) => {
    const origin = request.headers.origin;
    reply.header("vary", "Origin");
    if (origin !== undefined && origins.includes(origin)) reply.header("access-control-allow-origin", origin);
  });
  for (const url of paths) {
    app.options(url, { schema: { hide: true } }, async (request, reply) => {
      const isAllowed = origins.includes(request.headers.origin ?? "");
      if (!isAllowed) return reply.code(403).send();
      return reply
        .header("access-control-allow-methods", "POST")
        .header("access-control-allow-headers", ALLOWED_HEADERS)
        .header("access-control-max-age", "7200")
        .code(204)
        .send();
    });
  }
}
