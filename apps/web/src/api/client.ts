/** One thing wrong with what was sent; `column` is a 0-based offset into a filter. */
export interface FieldProblem {
  field?: string;
  column?: number;
  message: string;
}

/** The server said no (RFC 9457), or could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: readonly FieldProblem[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Where in a filter the mistake is, when the server knows. */
  get column(): number | undefined {
    return this.problems.find((problem) => problem.column !== undefined)?.column;
  }
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/**
 * Calls `/api/v1${path}` and returns its JSON, typed by the caller with the schema the server validates against.
 * Throws `ApiError` for every refusal, and for a server that cannot be reached.
 */
export async function call<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  try {
    return (text === "" ? undefined : JSON.parse(text)) as T;
  } catch {
    throw new ApiError(response.status, "answer_malformed", "The server's answer is not valid JSON");
  }
}

/** The same for an answer that is a file, which may be large: it is handed on as it is. */
export async function callForFile(path: string, options: RequestOptions = {}): Promise<{ file: Blob; headers: Headers }> {
  const response = await send(path, options);
  try {
    return { file: await response.blob(), headers: response.headers };
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "broken_off", "The file broke off before its end; try again");
  }
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  const init: RequestInit = { method: options.method ?? "GET", headers };
  if (options.signal !== undefined) init.signal = options.signal;
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "The Telltale server cannot be reached. Is it running?");
  }
  if (!response.ok) throw await readProblem(response);
  return response;
}

async function readProblem(response: Response): Promise<ApiError> {
  const fallback = `The server answered ${response.status} ${response.statusText}`.trim();
  try {
    const problem: unknown = await response.json();
    if (!isRecord(problem)) return new ApiError(response.status, "unknown", fallback);
    const detail = typeof problem["detail"] === "string" ? problem["detail"] : typeof problem["title"] === "string" ? problem["title"] : fallback;
    const type = typeof problem["type"] === "string" ? (problem["type"].split(":").at(-1) ?? "unknown") : "unknown";
    const errors = Array.isArray(problem["errors"]) ? problem["errors"].filter(isFieldProblem) : [];
    return new ApiError(response.status, type, detail, errors);
  } catch {
    return new ApiError(response.status, "unknown", fallback);
  }
}

/** True for a plain JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && typeof value["message"] === "string";
}
