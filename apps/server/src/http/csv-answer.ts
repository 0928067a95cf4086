import type { FastifyRequest } from "fastify";

export const CSV_TYPE = "text/csv; charset=utf-8; header=present";

/** RFC 9110 §12.5.1, as far as it matters here: CSV is named, and not refused with q=0. */
export function wantsCsv(request: FastifyRequest): boolean {
  return (request.headers.accept ?? "").split(",").some((offer) => /^\s*text\/csv\s*(?:;|$)/i.test(offer) && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(offer));
}
