import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { InFlightBytes, InFlightShare } from "../in-flight-bytes.ts";
import { checkContentLength, leftOpen, readBody, shareUntilAnswered } from "../read-body.ts";

/** Trace infos with long previews and many assessments stay far below. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

/** Bodies as bytes, whatever their content type says: they are JSON, read where they are needed, DELETE's too. */
export function parseAsBytes(app: FastifyInstance, inFlight: InFlightBytes): void {
  const shares = new WeakMap<FastifyRequest, InFlightShare>();
  app.addHook("preParsing", async (request, reply) => {
    shares.set(request, shareUntilAnswered(inFlight, reply.raw));
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", async (request: FastifyRequest, payload: IncomingMessage) => {
    checkContentLength(request.raw, MAX_JSON_BYTES);
    return readBody(leftOpen(payload), MAX_JSON_BYTES, shares.get(request) ?? inFlight.share());
  });
}

/** Bodies as streams: an attachment never lies in memory whole. */
export function parseAsStream(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request: FastifyRequest, payload: IncomingMessage, done) => done(null, leftOpen(payload)));
}
