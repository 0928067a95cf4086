import { isIP } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { TelltaleError } from "@telltale/model";

export interface BrowserGuardOptions {
  /** Names besides loopback, addresses and private names under which this server may be reached. Lower case. */
  allowedHosts: readonly string[];
  /** Origins whose pages may send OTLP. */
  otlpCorsOrigins: readonly string[];
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
/** Suffixes that nobody can register in the public DNS (RFC 6761, RFC 6762, ICANN's .internal). */
const PRIVATE_SUFFIXES = [".localhost", ".local", ".internal", ".test", ".home.arpa"];

/**
 * While nobody signs in, a web page the user happens to visit must not reach this server through the user's browser:
 * - DNS rebinding: a public name that resolves to loopback arrives in `Host`; only names no attacker can own are let in.
 * - Cross-site writes: a browser states the page's `Origin` on them; a foreign one is refused. No CORS header is ever sent.
 * Receiving OTLP skips the `Host` check (containers reach us under any name, and nothing can be read there).
 */
export function guardAgainstBrowsers(app: FastifyInstance, options: BrowserGuardOptions & { isReceiving: (path: string) => boolean }): void {
  app.addHook("onRequest", async (request) => {
    const receiving = options.isReceiving(request.url);
    if (!receiving && !isTrustedHost(request.headers.host, options.allowedHosts)) {
      throw new TelltaleError(
        "forbidden",
        `Host "${(request.headers.host ?? "").slice(0, 200)}" is not a name of this server; add it with --allowed-hosts (TELLTALE_ALLOWED_HOSTS)`,
      );
    }
    if (SAFE_METHODS.has(request.method) || isSameOrigin(request, options.allowedHosts)) return;
    if (receiving && options.otlpCorsOrigins.includes(request.headers.origin ?? "")) return;
    throw new TelltaleError("forbidden", "Refused: this request comes from a page of another origin");
  });
}

/** True when the name in a `Host` header cannot be an attacker's: an address, a private name, or one the operator listed. */
export function isTrustedHost(host: string | undefined, allowedHosts: readonly string[]): boolean {
  if (host === undefined) return true; // only HTTP/1.0 clients may leave it out, browsers never do
  const name = hostName(host);
  if (name === undefined) return false;
  return (
    isIP(name) !== 0 ||
    !name.includes(".") ||
    PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix)) ||
    allowedHosts.includes(name) ||
    allowedHosts.includes(host.toLowerCase())
  );
}

function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?$/.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, "");
}

function isSameOrigin(request: FastifyRequest, allowedHosts: readonly string[]): boolean {
  const origin = request.headers.origin;
  if (origin === undefined) return request.headers["sec-fetch-site"] !== "cross-site";
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  return host !== undefined && host === request.headers.host?.toLowerCase() && isTrustedHost(host, allowedHosts);
}
