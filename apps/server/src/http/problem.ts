import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { TelltaleError } from "@telltale/model";

/** One field (or place in a filter) the caller got wrong. */
export interface FieldProblem {
  field?: string;
  /** 0-based offset into the text of the field. */
  column?: number;
  message: string;
}

/** RFC 9457. `type` names the code; it need not resolve (RFC 9457 §3.1.1). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: FieldProblem[];
}

/** Anything thrown on the way to an answer, as what the caller may know of it: never a stack, never an inner message. */
export interface KnownError {
  code: string;
  status: number;
  message: string;
  errors?: FieldProblem[];
  retryAfterS?: number;
}

/** Reads what Fastify, zod and we ourselves throw. What nobody foresaw is `internal`, 500, without its message. */
export function knownError(error: unknown): KnownError {
  if (error instanceof TelltaleError) return fromTelltale(error);
  // The caller hung up and the question was stopped: nobody reads this answer.
  if (error instanceof Error && error.name === "AbortError") return { code: "query_cancelled", status: 499, message: "The request was cancelled" };
  if (isFastifyError(error)) {
    if (hasZodFastifySchemaValidationErrors(error)) return fromZod(error);
    const known = FASTIFY_CODES[error.code];
    if (known !== undefined) return known(error);
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) return { code: "bad_request", status, message: error.message.slice(0, 300) };
  }
  return { code: "internal", status: 500, message: "The server failed to answer; its log says why" };
}

/** Sends an error of the native API. */
export function sendProblem(reply: FastifyReply, error: KnownError): FastifyReply {
  const problem: Problem = {
    type: `urn:telltale:error:${error.code}`,
    title: error.code.replaceAll("_", " "),
    status: error.status,
    detail: error.message,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
  if (error.retryAfterS !== undefined) reply.header("retry-after", String(Math.ceil(error.retryAfterS)));
  return reply.code(error.status).header("content-type", "application/problem+json; charset=utf-8").send(JSON.stringify(problem));
}

/** Fastify's error handler for everything that has no dialect of its own. */
export function problemHandler(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = knownError(error);
  if (known.status >= 500 && known.code === "internal")
    request.log.error({ err: error, route: request.routeOptions.url, method: request.method }, "request failed");
  return sendProblem(reply, known);
}

function fromTelltale(error: TelltaleError): KnownError {
  const field: FieldProblem = { message: error.message };
  if (error.field !== undefined) field.field = error.field;
  if (error.column !== undefined) field.column = error.column;
  return {
    code: error.code,
    status: error.status,
    message: error.message,
    ...(error.column === undefined && error.field === undefined ? {} : { errors: [field] }),
    ...(error.retryAfterS === undefined ? {} : { retryAfterS: error.retryAfterS }),
  };
}

function fromZod(error: FastifyError): KnownError {
  const context = error.validationContext ?? "body";
  const errors = (error.validation ?? []).slice(0, 50).map((issue) => ({
    field: `${context}${issue.instancePath.replaceAll("/", ".")}`.replace(/\.$/, ""),
    message: issue.message ?? "not understood",
  }));
  const first = errors[0];
  return { code: "bad_request", status: 400, message: first === undefined ? "The request is not valid" : `${first.field}: ${first.message}`, errors };
}

const FASTIFY_CODES: Record<string, (error: FastifyError) => KnownError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => ({ code: "body_too_large", status: 413, message: "The request body is too large" }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => ({
    code: "content_type_unsupported",
    status: 415,
    message: "This content type is not supported here; send application/json",
  }),
  FST_ERR_CTP_INVALID_JSON_BODY: () => ({ code: "body_malformed", status: 400, message: "The body is not valid JSON" }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => ({ code: "body_malformed", status: 400, message: "The body is empty; JSON is expected" }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => ({ code: "bad_request", status: 400, message: "The body is not as long as Content-Length says" }),
};

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
