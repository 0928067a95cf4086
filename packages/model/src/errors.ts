const catalogue = {
  bad_request: 400,
  filter_invalid: 400,
  cursor_invalid: 400,
  sql_invalid: 400,
  body_malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  project_not_found: 404,
  trace_not_found: 404,
  span_not_found: 404,
  assessment_not_found: 404,
  view_not_found: 404,
  dashboard_not_found: 404,
  slo_not_found: 404,
  scorer_not_found: 404,
  not_found: 404,
  method_not_allowed: 405,
  already_exists: 409,
  version_conflict: 409,
  too_many: 409,
  body_too_large: 413,
  content_type_unsupported: 415,
  encoding_unsupported: 415,
  overloaded: 429,
  query_cancelled: 499,
  disk_full: 503,
  store_unavailable: 503,
  query_limit: 503,
} as const;

export type ErrorCode = keyof typeof catalogue;

export interface ErrorDetails {
  cause?: unknown;
  /** 0-based offset into the input text (a filter) where the mistake is. */
  column?: number;
  /** Field path the caller got wrong. */
  field?: string;
  /** Seconds after which a retry makes sense; becomes `Retry-After`. */
  retryAfterS?: number;
}

/** An error a caller can cause or must handle. `status` is the HTTP status every surface uses for it. */
export class TelltaleError extends Error {
  readonly status: number;
  readonly column: number | undefined;
  readonly field: string | undefined;
  readonly retryAfterS: number | undefined;
  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "TelltaleError";
    this.status = catalogue[code];
    this.column = details.column;
    this.field = details.field;
    this.retryAfterS = details.retryAfterS;
  }
}
