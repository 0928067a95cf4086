import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { TelltaleError } from "@telltale/model";
import type { InFlightBytes, InFlightShare } from "./in-flight-bytes.ts";

/** Reads a body into memory, taking every chunk from the shared budget. Throws `body_too_large`, `overloaded`, `bad_request` (cut off). */
export async function readBody(payload: AsyncIterable<Buffer>, maxBytes: number, share: InFlightShare): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of payload) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw bodyTooLarge(maxBytes);
      share.take(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof TelltaleError) throw error;
    throw new TelltaleError("bad_request", "The connection broke before the body was complete", { cause: error });
  }
  const only = chunks.length === 1 ? chunks[0] : undefined;
  return only ?? Buffer.concat(chunks, bytes);
}

/** Refuses by its header a body that would be refused after reading it. */
export function checkContentLength(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw bodyTooLarge(maxBytes);
}

/** A share of the budget that ends with the answer, however the answer ends. */
export function shareUntilAnswered(budget: InFlightBytes, response: ServerResponse): InFlightShare {
  const share = budget.share();
  response.once("close", () => share.release());
  return share;
}

/** Who stops reading half-way would destroy the stream, and with it the connection that the refusal is to be sent on. */
export function leftOpen(payload: Readable): AsyncIterable<Buffer> {
  return payload.iterator({ destroyOnReturn: false });
}

function bodyTooLarge(maxBytes: number): TelltaleError {
  return new TelltaleError("body_too_large", `The request body is larger than ${maxBytes} bytes`);
}
