import { jsonText, parsedJson } from "./canonical.ts";

/** Only the beginning of a result says whether it is an error. */
const MAX_READ_CHARS = 2_000;

const saysError =
  /^\s*["'[(]*\s*(?:[a-z_.]{0,60}(?:error|exception)\b|traceback \(most recent|failed\b|failure\b|fatal\b|http (?:error )?[45]\d\d\b|tool (?:call )?(?:failed|error))/i;
const passesByItself =
  /\b(?:408|425|429|500|502|503|504|529|rate[ _-]?limit\w*|too many requests|time[ _-]?out|timed[ _-]?out|temporar\w+|unavailable|overloaded|connection (?:reset|refused|aborted|closed|error)|econn\w+|etimedout|try again|retry later|throttl\w+|deadline exceeded|busy|bad gateway|internal server error)\b/i;

/** The error a result tells of, as text; `""` when it is none. Conservative: a result that merely mentions errors is none. */
export function errorIn(result: unknown): string {
  const whole = parsedJson(result);
  // A list of one, as MCP servers answer.
  const value: unknown = Array.isArray(whole) && whole.length === 1 ? whole[0] : whole;
  if (typeof value === "string") return saysError.test(value.slice(0, MAX_READ_CHARS)) ? value.slice(0, MAX_READ_CHARS) : "";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  const fields = value as Record<string, unknown>;
  const named = fields["error"] ?? fields["errors"] ?? fields["exception"] ?? fields["error_message"];
  if (isSaid(named)) return short(named);
  const said = fields["isError"] === true || fields["is_error"] === true || fields["success"] === false || fields["ok"] === false;
  const status = fields["status"];
  const code = fields["status_code"] ?? fields["statusCode"] ?? fields["code"] ?? status;
  const isFailure = typeof status === "string" && /^(?:error|failed|failure)$/i.test(status);
  const isHttpError = typeof code === "number" && code >= 400 && code <= 599;
  return said || isFailure || isHttpError ? short(fields["message"] ?? fields["detail"] ?? fields["content"] ?? fields) : "";
}

/** Errors that may be gone a moment later: limits, timeouts, connections, 5xx. */
export function isTransient(error: string): boolean {
  return passesByItself.test(error.slice(0, MAX_READ_CHARS));
}

function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === 0) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function short(value: unknown): string {
  return jsonText(value).slice(0, MAX_READ_CHARS) || "error";
}
