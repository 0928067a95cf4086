import { encodeStatus } from "@telltale/ingest";
import type { FastifyReply } from "fastify";
import type { Received } from "../../pipeline/ingest.ts";
import type { KnownError } from "../problem.ts";
import { encodeExportResponse, type Signal } from "./encode-answer.ts";
import { otlpFormat, type OtlpFormat } from "./media-type.ts";
import { rpcCodeOf } from "./rpc-code.ts";

export type { Signal };

const CONTENT_TYPE = { protobuf: "application/x-protobuf", json: "application/json" } as const;
/** A full disk is not repaired in a second. */
const DEFAULT_RETRY_AFTER_S = { 429: 1, 503: 10 } as const;

/** 200 in the encoding of the request, with `partial_success` where something was refused. */
export function sendExportResponse(reply: FastifyReply, signal: Signal, format: OtlpFormat, received: Received): FastifyReply {
  return reply
    .code(200)
    .header("content-type", CONTENT_TYPE[format])
    .send(encodeExportResponse(signal, format, received));
}

/** An error as `google.rpc.Status` in the encoding of the request; MLflow's client gets the `{"detail"}` it knows. */
export function sendOtlpError(reply: FastifyReply, error: KnownError, request: { contentType: string | undefined; isMlflow: boolean }): FastifyReply {
  const retryAfterS = error.retryAfterS ?? (error.status === 429 || error.status === 503 ? DEFAULT_RETRY_AFTER_S[error.status] : undefined);
  if (retryAfterS !== undefined) reply.header("retry-after", String(Math.max(1, Math.ceil(retryAfterS))));
  reply.code(error.status);
  if (request.isMlflow) return reply.header("content-type", CONTENT_TYPE.json).send(JSON.stringify({ detail: error.message }));
  const format = otlpFormat(request.contentType) ?? "json";
  return reply.header("content-type", CONTENT_TYPE[format]).send(encodeStatus(rpcCodeOf(error.code, error.status), error.message, format));
}
