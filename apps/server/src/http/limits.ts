import type { Server } from "node:http";
import type { FastifyHttpOptions } from "fastify";

const MIB = 1024 * 1024;

/** JSON of the native API is small; routes that take more say so. */
export const JSON_BODY_LIMIT_BYTES = 2 * MIB;
/** Bodies of all requests together, compressed and unfolded: half of what an idle process may weigh. */
export const IN_FLIGHT_LIMIT_BYTES = 256 * MIB;

/** Sockets that send nothing, or one byte a minute, or headers without end, do not stay. */
export const socketLimits = {
  connectionTimeout: 0,
  /** Whole request, headers and body. */
  requestTimeout: 120_000,
  keepAliveTimeout: 72_000,
  http: { headersTimeout: 20_000, maxHeaderSize: 32 * 1024, connectionsCheckingInterval: 5_000 },
} as const satisfies FastifyHttpOptions<Server>;

export const MAX_CONNECTIONS = 4096;

/** Ids of sessions and users are any text; a thousand characters of it may take twelve thousand when written in a URL. Routes have narrower limits. */
export const MAX_PATH_PARAM = 16_000;
