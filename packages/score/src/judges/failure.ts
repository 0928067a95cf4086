import type { JudgeUsage } from "../outcome.ts";
import { JudgeError } from "./judge.ts";

/** What a call to a model threw, as a `JudgeError` that says what may be done about it. */
export function judgeErrorOf(error: unknown, model: string, signal: AbortSignal, usage: JudgeUsage | undefined): JudgeError {
  if (error instanceof JudgeError) return error;
  const { statusCode, message, responseHeaders, responseBody } = callErrorOf(error);
  const said = `${model}: ${message}`;
  const details = { usage, cause: error };
  if (isTimeout(error, signal)) return new JudgeError("timeout", `${model} did not answer in time`, "transient", details);
  if (statusCode === undefined) return new JudgeError("unavailable", `${said} (no answer)`, "transient", details);
  if (/insufficient_quota|billing|credit balance/i.test(responseBody) || statusCode === 402) return new JudgeError("billing", said, "scorer_broken", details);
  if (statusCode === 429) return new JudgeError("rate_limited", said, "transient", { ...details, retryAfterMs: retryAfterOf(responseHeaders) });
  if (statusCode === 401 || statusCode === 403) return new JudgeError("unauthorized", said, "scorer_broken", details);
  if (statusCode === 404) return new JudgeError("no_model", said, "scorer_broken", details);
  if (statusCode === 413 || /context[_ ]length|too (?:long|large)|maximum context/i.test(responseBody))
    return new JudgeError("too_large", said, "permanent", details);
  if (statusCode === 408 || statusCode >= 500)
    return new JudgeError("unavailable", said, "transient", { ...details, retryAfterMs: retryAfterOf(responseHeaders) });
  return new JudgeError("refused", said, "permanent", details);
}

interface CallError {
  statusCode: number | undefined;
  message: string;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}

const MAX_MESSAGE = 500;

/** The fields of the SDK's `APICallError`, without importing it: it is loaded only when a judge is asked. */
function callErrorOf(error: unknown): CallError {
  const given = (typeof error === "object" && error !== null ? error : {}) as Partial<Record<keyof CallError, unknown>>;
  return {
    statusCode: typeof given.statusCode === "number" ? given.statusCode : undefined,
    message: (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE),
    responseHeaders: (typeof given.responseHeaders === "object" && given.responseHeaders !== null ? given.responseHeaders : {}) as Record<string, string>,
    responseBody: typeof given.responseBody === "string" ? given.responseBody : "",
  };
}

function isTimeout(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError"));
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfterOf(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
