import type { Socket } from "node:net";
import type { ProblemLog } from "../health/problem-log.ts";

interface ParseError extends Error {
  code?: string;
  rawPacket?: unknown;
}

/**
 * Answers bytes that are no HTTP request (noise, TLS, HTTP/2, headers without end) and closes. What looks like a mistake
 * in a client's settings is noted with a hint.
 */
export function answerClientError(error: ParseError, socket: Socket, problems: ProblemLog): void {
  const hint = hintFor(error.rawPacket);
  if (hint !== undefined) problems.refused({ route: "connection", code: "not_http", message: "The connection does not speak HTTP/1.1", hint });
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, reason] = statusOf(error.code);
  const body = JSON.stringify({ type: "about:blank", title: reason, status, detail: "The server could not read the request" });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function statusOf(code: string | undefined): [number, string] {
  if (code === "HPE_HEADER_OVERFLOW") return [431, "Request Header Fields Too Large"];
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return [408, "Request Timeout"];
  return [400, "Bad Request"];
}

function hintFor(packet: unknown): string | undefined {
  if (!Buffer.isBuffer(packet)) return undefined;
  // TLS record: handshake (22), version 3.x
  if (packet[0] === 0x16 && packet[1] === 0x03) return "This is TLS on a plain port: use http:// instead of https:// (or put a TLS proxy in front)";
  if (packet.subarray(0, 14).toString("latin1") === "PRI * HTTP/2.0")
    return "This is HTTP/2, which gRPC uses: OTLP over gRPC goes to the gRPC port (4317 unless changed)";
  return undefined;
}
