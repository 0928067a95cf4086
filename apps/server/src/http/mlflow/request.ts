import { z } from "zod";
import type { FastifyRequest } from "fastify";
import { invalidParameter } from "./errors.ts";

/** protobuf's JSON reader takes `null` for "not set". */
export function maybe<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema> | undefined> {
  return schema.nullish().transform((value) => value ?? undefined) as z.ZodType<z.output<Schema> | undefined>;
}

/** int64: a number, or (protobuf's canonical form) a decimal string. */
export const Int64 = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d{1,19}$/, "expected an integer")
      .transform(Number),
  ])
  .refine((value) => Number.isSafeInteger(value), "expected an integer");

export const RequiredText = z.string().min(1);
/** `map<string, string>`. Any key is a key, `__proto__` too (zod's record would drop that one). */
export const StringMap = z.unknown().transform((value, context): Map<string, string> => {
  const map = new Map<string, string>();
  if (value === null || typeof value !== "object" || Array.isArray(value)) context.addIssue({ code: "custom", message: "expected an object of strings" });
  else {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === "string") map.set(key, item);
      else context.addIssue({ code: "custom", path: [key], message: "expected a string" });
    }
  }
  return map;
});
export const KeyValues = z.array(z.object({ key: z.string(), value: z.string().nullish() }));

/** The request's JSON object. Empty = `{}`. MLflow's own server takes malformed JSON for an empty body; we say what is wrong. */
export function jsonBody(request: FastifyRequest): Record<string, unknown> {
  const body: unknown = request.body;
  if (body === undefined || body === null || !Buffer.isBuffer(body) || body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw invalidParameter(`The request body is not valid JSON: ${error instanceof Error ? error.message.slice(0, 200) : "unreadable"}`);
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) throw invalidParameter("The request body must be a JSON object.");
  return parsed as Record<string, unknown>;
}

/** Reads a request with MLflow's own messages for what is missing or wrong; unknown fields are ignored. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, input: Record<string, unknown>): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String) ?? [];
  const name = path.join(".");
  const value = valueAt(input, path);
  if (value === undefined || value === null || value === "") throw missingParameter(name);
  throw invalidParameter(
    `Invalid value ${JSON.stringify(value).slice(0, 200)} for parameter '${name}' supplied: ${issue?.message ?? "not understood"}. See the API docs for more information about request parameters.`,
  );
}

export function missingParameter(name: string): Error {
  return invalidParameter(`Missing value for required parameter '${name}'. See the API docs for more information about request parameters.`);
}

/** Every value of a repeated query parameter (`trace_ids=a&trace_ids=b`). */
export function queryAll(request: FastifyRequest, name: string): string[] {
  const value = (request.query as Record<string, unknown>)[name];
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === "string" && item !== "");
}

export function queryOne(request: FastifyRequest, name: string): string | undefined {
  return queryAll(request, name)[0];
}

export function requiredQuery(request: FastifyRequest, name: string): string {
  const value = queryOne(request, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

/** `True` / `False` as Python writes them, `true` / `1` as others do. */
export function queryBoolean(request: FastifyRequest, name: string): boolean {
  const value = queryOne(request, name)?.toLowerCase();
  if (value === undefined || value === "false" || value === "0") return false;
  if (value === "true" || value === "1") return true;
  throw invalidParameter(`Invalid value '${value.slice(0, 100)}' for parameter '${name}' supplied: expected a boolean.`);
}

export function queryInteger(request: FastifyRequest, name: string): number | undefined {
  const value = queryOne(request, name);
  return value === undefined ? undefined : parseRequest(z.object({ [name]: Int64 }), { [name]: value })[name];
}

/** A path parameter, percent-decoded by the router. */
export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let value = input;
  for (const key of path) value = value !== null && typeof value === "object" ? (value as Record<string, unknown>)[key] : undefined;
  return value;
}
