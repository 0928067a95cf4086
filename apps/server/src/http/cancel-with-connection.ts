import type { FastifyInstance } from "fastify";

/**
 * Makes `request.signal` abort when the caller hangs up. Fastify's own waits for the end of the request, which of a POST has
 * come before its handler runs: what such a caller asked for would run on for nobody.
 */
export function cancelWithConnection(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    let controller: AbortController | undefined;
    const signal = (): AbortSignal => {
      if (controller !== undefined) return controller.signal;
      const made = new AbortController();
      controller = made;
      const onClose = (): void => {
        if (!reply.raw.writableFinished) made.abort();
      };
      if (reply.raw.closed) onClose();
      else reply.raw.once("close", onClose);
      return made.signal;
    };
    Object.defineProperty(request, "signal", { get: signal, configurable: true });
    done();
  });
}
