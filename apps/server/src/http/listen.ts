import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { ConfigError } from "../config.ts";

/** How long requests in progress may take once closing began. */
const CLOSE_GRACE_MS = 3_000;

/** Binds and returns the port. Throws a `ConfigError` with one clear line when the address cannot be bound. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host: host.replace(/^\[|\]$/g, ""), port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EADDRINUSE") throw new Error(`port ${port} on ${host} is in use by another program; choose one with --port`, { cause: error });
    if (code === "EACCES") throw new Error(`port ${port} needs more rights; choose one above 1023 with --port`, { cause: error });
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") throw new ConfigError(`--host ${host} is not an address of this machine`);
    throw error;
  }
  return (app.server.address() as AddressInfo).port;
}

/** Stops accepting, lets requests in progress finish for a while, then cuts what is left. */
export async function closeListening(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
  await app.close();
  clearTimeout(cut);
}

/** The address to show and to put into a browser: a wildcard is reached through loopback. */
export function urlOf(host: string, port: number): string {
  const bare = host.replace(/^\[|\]$/g, "");
  const shown = bare === "0.0.0.0" ? "127.0.0.1" : bare === "::" ? "::1" : bare;
  return `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
}
