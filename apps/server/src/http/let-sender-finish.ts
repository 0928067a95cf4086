import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";

/** How long a sender whose body is refused may go on sending before it is cut off. */
const LINGER_MS = 10_000;

/**
 * Reads the rest of a refused body into nothing, for a while: most clients look at the answer only after they have sent
 * everything, and would report a broken connection instead of our error. For the same reason the connection does not end
 * with the answer, not even for a client that asked for that: it has the length of the answer and closes by itself.
 */
export function letSenderFinish(app: FastifyInstance): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    if (reply.statusCode >= 400 && !request.raw.complete && request.raw.httpVersion !== "1.0") {
      reply.removeHeader("connection");
      reply.raw.shouldKeepAlive = true;
      readOn(request.raw);
    }
    done(null, payload);
  });
}

function readOn(request: IncomingMessage): void {
  if (request.destroyed) return;
  const cut = setTimeout(() => request.destroy(), LINGER_MS);
  cut.unref();
  request.once("close", () => clearTimeout(cut));
  request.resume();
}
