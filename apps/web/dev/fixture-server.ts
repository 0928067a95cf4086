import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { FixtureApi, ProblemAnswer } from "./fixture-api.ts";

/**
 * A server with made-up traces for developing and testing the web alone: `npm run fixture -w @telltale/web -- --port 4799`.
 * It serves `dist/` under the Content-Security-Policy of the real server, and the part of /api/v1 that the web uses.
 */
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Starts on `port` (0 = any free one) and serves the built web from `dist`. */
export async function startFixtureServer(options: {
  port: number;
  traces: number;
  dist: string;
}): Promise<{ url: string; api: FixtureApi; close: () => Promise<void> }> {
  const api = new FixtureApi({ traces: options.traces, nowMs: Date.now() });
  const server = createServer((request, response) => void answer(api, options.dist, request, response));
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  api.url = `http://127.0.0.1:${port}`;
  return {
    url: api.url,
    api,
    close: async () => {
      api.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(api: FixtureApi, dist: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://fixture");
  try {
    if (!url.pathname.startsWith("/api/v1/")) return await serveFile(dist, url.pathname, response);
    const body = await readBody(request);
    if (api.stream(url, response)) return;
    const result = await api.answer(request.method ?? "GET", url, body);
    response.writeHead(result === undefined ? 204 : 200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(result === undefined ? undefined : typeof result === "string" ? result : JSON.stringify(result));
  } catch (error) {
    const problem = error instanceof ProblemAnswer ? error : new ProblemAnswer(500, "internal", String(error));
    response.writeHead(problem.status, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({
        type: `urn:telltale:error:${problem.code}`,
        title: problem.code,
        status: problem.status,
        detail: problem.message,
        errors: problem.errors,
      }),
    );
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}

async function serveFile(dist: string, path: string, response: ServerResponse): Promise<void> {
  const wanted = join(dist, normalize(path));
  const known = wanted.startsWith(dist) && extname(wanted) !== "" && (await stat(wanted).catch(() => undefined))?.isFile() === true;
  const file = known ? wanted : join(dist, "index.html");
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": CSP, "cache-control": "no-store" });
  createReadStream(file).pipe(response);
}

if (process.argv[1] === import.meta.filename) {
  const { url } = await startFixtureServer({
    port: Number(flag("port", "0")),
    traces: Number(flag("traces", "1500")),
    dist: flag("dist", join(import.meta.dirname, "..", "dist")),
  });
  console.log(`fixture server at ${url}`);
}

function flag(name: string, fallback: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? fallback : (process.argv[at + 1] ?? fallback);
}
