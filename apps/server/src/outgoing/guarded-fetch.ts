import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import type * as undici from "undici";

/** An address that a user gave leads where it may not. */
export class ForbiddenAddressError extends Error {
  override name = "ForbiddenAddressError";
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A model may think for minutes before the first byte. */
const HEADERS_TIMEOUT_MS = 180_000;

/**
 * `fetch` for URLs that users give. Only public addresses are connected to, checked on the address that is really used
 * (after DNS, so that a name cannot change between check and use), unless private ones are allowed. Redirects are refused.
 */
export function guardedFetch(options: { allowPrivate: boolean }): typeof fetch {
  let connections: Promise<Connections> | undefined;
  const guarded = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(typeof input === "string" || input instanceof URL ? input : input.url);
    if (url.protocol !== "https:" && url.protocol !== "http:") throw new ForbiddenAddressError(`only http and https can be called, not ${url.protocol}`);
    // A literal address is connected to without a look-up.
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (!options.allowPrivate && isIP(host) !== 0 && !isPublic(host)) throw forbidden(host);
    const { fetch, agent } = await (connections ??= openConnections(options.allowPrivate));
    const response = await fetch(url, { ...(init as Parameters<typeof fetch>[1]), dispatcher: agent, redirect: "error" });
    return response as unknown as Response;
  };
  return guarded;
}

interface Connections {
  fetch: typeof undici.fetch;
  agent: undici.Agent;
}

/** Loaded with the first call: a megabyte of code that most starts do not need. */
async function openConnections(allowPrivate: boolean): Promise<Connections> {
  // By its default: what a build makes of a CommonJS package has no other name.
  const { default: undici } = await import("undici");
  const agent = new undici.Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, ...(allowPrivate ? {} : { lookup: publicLookup }) },
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: HEADERS_TIMEOUT_MS,
  });
  return { fetch: undici.fetch, agent };
}

/** True for addresses of the public internet: not loopback, private, link-local, carrier-grade NAT, multicast, reserved. */
export function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === "unicast";
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    const refused = addresses?.find(({ address }) => !isPublic(address));
    if (error || first === undefined) return callback(error ?? new Error(`${hostname} has no address`), []);
    if (refused !== undefined) return callback(forbidden(hostname), []);
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};

function forbidden(host: string): ForbiddenAddressError {
  return new ForbiddenAddressError(
    `${host} is an address inside a private network; if that is meant, tick “Inside my network” (allow_private_address) for this provider`,
  );
}
