import { TelltaleError, type ErrorCode } from "@telltale/model";
import type { FastifyReply, FastifyRequest } from "fastify";
import { knownError } from "../problem.ts";

/** Codes of MLflow's `databricks.proto` that we use, with their HTTP status. The client acts on the code, not on the status. */
const statuses = {
  INVALID_PARAMETER_VALUE: 400,
  FEATURE_DISABLED: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  BAD_REQUEST: 400,
  REQUEST_LIMIT_EXCEEDED: 429,
  CANCELLED: 499,
  INTERNAL_ERROR: 500,
  TEMPORARILY_UNAVAILABLE: 503,
} as const;
export type MlflowErrorCode = keyof typeof statuses;

/** An error in MLflow's words. */
export class MlflowError extends Error {
  readonly status: number;
  constructor(
    readonly code: MlflowErrorCode,
    message: string,
    status?: number,
  ) {
    super(message);
    this.name = "MlflowError";
    this.status = status ?? statuses[code];
  }
}

export function invalidParameter(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}

export function missingResource(message: string): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
}

/**
 * Our codes in MLflow's. A query over its limit is the caller's to narrow: as 503 the client would repeat it seven times.
 */
const codes: Partial<Record<ErrorCode, MlflowErrorCode>> = {
  bad_request: "INVALID_PARAMETER_VALUE",
  filter_invalid: "INVALID_PARAMETER_VALUE",
  cursor_invalid: "INVALID_PARAMETER_VALUE",
  body_malformed: "INVALID_PARAMETER_VALUE",
  content_type_unsupported: "INVALID_PARAMETER_VALUE",
  encoding_unsupported: "INVALID_PARAMETER_VALUE",
  query_limit: "BAD_REQUEST",
  unauthorized: "UNAUTHENTICATED",
  forbidden: "PERMISSION_DENIED",
  project_not_found: "RESOURCE_DOES_NOT_EXIST",
  trace_not_found: "RESOURCE_DOES_NOT_EXIST",
  span_not_found: "RESOURCE_DOES_NOT_EXIST",
  assessment_not_found: "RESOURCE_DOES_NOT_EXIST",
  scorer_not_found: "RESOURCE_DOES_NOT_EXIST",
  not_found: "RESOURCE_DOES_NOT_EXIST",
  already_exists: "RESOURCE_ALREADY_EXISTS",
  overloaded: "REQUEST_LIMIT_EXCEEDED",
  query_cancelled: "CANCELLED",
  disk_full: "TEMPORARILY_UNAVAILABLE",
  store_unavailable: "TEMPORARILY_UNAVAILABLE",
};

/** The client parses the body of an error; these two fields are optional for it, and constant. */
const errorClasses: Partial<Record<MlflowErrorCode, string>> = { RESOURCE_DOES_NOT_EXIST: "RESOURCE_NOT_FOUND" };

/** Seconds the client should wait when we know no better; without the header it would start at once. */
const DEFAULT_RETRY_S = 1;

/** Whatever was thrown, as MLflow would say it. What nobody foresaw keeps its message to itself. */
export function mlflowErrorOf(error: unknown): MlflowError {
  if (error instanceof MlflowError) return error;
  if (error instanceof TelltaleError && codes[error.code] !== undefined) return new MlflowError(codes[error.code] ?? "BAD_REQUEST", error.message);
  const known = knownError(error);
  if (known.status >= 500) return new MlflowError("INTERNAL_ERROR", known.message);
  return new MlflowError("BAD_REQUEST", known.message, known.status);
}

/** Fastify's error handler for all MLflow routes. */
export function mlflowErrorHandler(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const said = mlflowErrorOf(error);
  if (said.status === 500) request.log.error({ err: error, route: request.routeOptions.url, method: request.method }, "request failed");
  if (said.status === 429 || said.status === 503) {
    const seconds = error instanceof TelltaleError ? error.retryAfterS : undefined;
    reply.header("retry-after", String(Math.ceil(seconds ?? DEFAULT_RETRY_S)));
  }
  const body = { error_code: said.code, message: said.message, sqlstate: "KAM00", error_class: errorClasses[said.code] ?? said.code };
  return reply.code(said.status).header("content-type", "application/json; charset=utf-8").send(JSON.stringify(body));
}
