import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ProblemLog } from "../../health/problem-log.ts";
import type { Ingest, Received } from "../../pipeline/ingest.ts";
import { decompress } from "../decompress.ts";
import type { InFlightBytes, InFlightShare } from "../in-flight-bytes.ts";
import { knownError } from "../problem.ts";
import { checkContentLength, leftOpen, readBody, shareUntilAnswered } from "../read-body.ts";
import { sendExportResponse, sendOtlpError, type Signal } from "./answer.ts";
import { allowOtlpOrigins } from "./cors.ts";
import { requireOtlpFormat, type OtlpFormat } from "./media-type.ts";
import { projectHint, runIdHeader } from "./project-hint.ts";
import { partlyRefused, refusalHint } from "./refusal-hint.ts";

export interface OtlpDeps {
  ingest: Pick<Ingest, "traces" | "logs" | "metrics">;
  problems: ProblemLog;
  inFlight: InFlightBytes;
  /** As sent, and again after decompression. */
  maxBodyBytes: number;
  otlpCorsOrigins: readonly string[];
}

const paths: readonly { url: string; signal: Signal }[] = [
  { url: "/v1/traces", signal: "traces" },
  { url: "/v1/logs", signal: "logs" },
  { url: "/v1/metrics", signal: "metrics" },
  // Langfuse's SDKs export OTLP here, with Basic credentials that mean nothing until there are members.
  { url: "/api/public/otel/v1/traces", signal: "traces" },
];

export function isOtlpPath(url: string): boolean {
  const path = url.split("?", 1)[0]?.replace(/\/+/g, "/").replace(/\/$/, "");
  return paths.some((known) => known.url === path);
}

declare module "fastify" {
  interface FastifyRequest {
    otlp?: { format: OtlpFormat; share: InFlightShare };
  }
}

/** OTLP/HTTP as the specification says it. In its own context: bodies stay bytes and errors are `google.rpc.Status`. */
export async function otlpRoutes(app: FastifyInstance, deps: OtlpDeps): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", async (request: FastifyRequest, payload: IncomingMessage) =>
    // Only POST has a body of ours; whatever else comes with one is left unread.
    request.otlp === undefined ? undefined : readBody(leftOpen(payload), deps.maxBodyBytes, request.otlp.share),
  );
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, deps));
  allowOtlpOrigins(
    app,
    deps.otlpCorsOrigins,
    paths.map((path) => path.url),
  );
  for (const { url, signal } of paths) {
    app.post(url, { schema: { hide: true }, onRequest: (request, reply) => checkHeaders(request, reply, deps) }, async (request, reply) => {
      const received = await receive(request, signal, deps);
      deps.problems.received(signal, clientOf(request), received);
      if (received.rejected > 0) deps.problems.note({ route: url, ...partlyRefused(received.message), client: clientOf(request) });
      return sendExportResponse(reply, signal, requireOtlpFormat(request.headers["content-type"]), received);
    });
  }
}

async function checkHeaders(request: FastifyRequest, reply: FastifyReply, deps: OtlpDeps): Promise<void> {
  const format = requireOtlpFormat(request.headers["content-type"]);
  checkContentLength(request.raw, deps.maxBodyBytes);
  request.otlp = { format, share: shareUntilAnswered(deps.inFlight, reply.raw) };
}

async function receive(request: FastifyRequest, signal: Signal, deps: OtlpDeps): Promise<Received> {
  const header = (name: string) => headerText(request, name);
  const format = requireOtlpFormat(request.headers["content-type"]);
  const project = projectHint(header);
  const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const body = await decompress(sent, header("content-encoding"), { maxBytes: deps.maxBodyBytes, share: shareOf(request) });
  return deps.ingest[signal]({
    // No bytes are a valid empty message in protobuf; JSON needs at least the object.
    body: body.length === 0 && format === "json" ? Buffer.from("{}") : body,
    format,
    project,
    route: routeOf(request),
    client: clientOf(request),
    runId: runIdHeader(header),
  });
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, deps: OtlpDeps): FastifyReply {
  const known = knownError(error);
  if (known.code === "internal") request.log.error({ err: error, route: routeOf(request) }, "receiving failed");
  deps.problems.refused({ route: routeOf(request), code: known.code, message: known.message, hint: refusalHint(known.code), client: clientOf(request) });
  return sendOtlpError(reply, known, { contentType: request.headers["content-type"], isMlflow: /^mlflow-python-client/i.test(clientOf(request)) });
}

function shareOf(request: FastifyRequest): InFlightShare {
  if (request.otlp === undefined) throw new Error("an OTLP body is read before its headers were checked");
  return request.otlp.share;
}

function clientOf(request: FastifyRequest): string {
  return headerText(request, "user-agent") ?? "";
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? request.url;
}

function headerText(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
