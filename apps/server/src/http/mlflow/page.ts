import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { invalidParameter } from "./errors.ts";
import { queryInteger, queryOne } from "./request.ts";

const MAX_RESULTS = 50_000;
const Token = z.object({ offset: z.number().int().min(0).max(10_000_000) });

/** Where a page of a list begins, and how long it is. */
export interface PageRange {
  offset: number;
  limit: number;
}

/** From `max_results` and `page_token`, which is MLflow's own: base64 of `{"offset": n}`. */
export function pageRange(request: FastifyRequest, usual: number): PageRange {
  const limit = queryInteger(request, "max_results") ?? usual;
  if (limit < 1 || limit > MAX_RESULTS) throw invalidParameter(`max_results must be between 1 and ${MAX_RESULTS}.`);
  const token = queryOne(request, "page_token");
  return { limit, offset: token === undefined ? 0 : readToken(token) };
}

/** The token of the next page; `undefined` when there is none. */
export function nextToken({ offset, limit }: PageRange, hasMore: boolean): string | undefined {
  return hasMore ? Buffer.from(JSON.stringify({ offset: offset + limit })).toString("base64") : undefined;
}

function readToken(token: string): number {
  try {
    return Token.parse(JSON.parse(Buffer.from(token, "base64").toString())).offset;
  } catch {
    throw invalidParameter("Invalid page token, could not base64-decode");
  }
}
