import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { preloads } from "./page-preloads.ts";
import { sendProblem } from "./problem.ts";

const YEAR_S = 31_536_000;

/** Answers a path of the web app (its router knows the rest), or returns undefined when the path is not for the web app. */
export type PageAnswer = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined;

/**
 * Serves the built web app: files with a hash in their name for a year, `index.html` always fresh, the precompressed
 * twin (.br, .gz) where there is one. Without a build a plain page says how to make one.
 */
export async function serveWebApp(app: FastifyInstance, folder: string | undefined): Promise<PageAnswer> {
  if (folder === undefined || !existsSync(join(folder, "index.html"))) {
    app.get("/", { schema: { hide: true } }, async (_request, reply) => notBuilt(reply));
    return (request, reply) => (isPage(request) ? notBuilt(reply) : undefined);
  }
  const { default: fastifyStatic } = await import("@fastify/static");
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (response, path) => {
      response.setHeader("cache-control", /[/\\]assets[/\\]/.test(path) ? `public, max-age=${YEAR_S}, immutable` : "no-cache");
    },
  });
  // Only files that lie there now can be asked for: no other path is ever joined with a request's.
  for (const file of servedFiles(folder)) app.get(`/${file}`, { schema: { hide: true } }, async (_request, reply) => reply.sendFile(file));
  const assets = new Set(servedFiles(join(folder, "assets")));
  // One route for all of them: some milliseconds of every start for each would be too many.
  app.get<{ Params: { file: string } }>("/assets/:file", { schema: { hide: true } }, async ({ params: { file } }, reply) =>
    assets.has(file)
      ? reply.sendFile(`assets/${file}`)
      : sendProblem(reply, { code: "not_found", status: 404, message: `There is no file /assets/${file.slice(0, 500)}` }),
  );
  const index = (reply: FastifyReply) => reply.sendFile("index.html", folder, { cacheControl: false });
  app.get("/", { schema: { hide: true } }, async (_request, reply) => index(reply));
  const withPreloads = preloads(folder);
  return (request, reply) => (isPage(request) ? index(withPreloads(request, reply)) : undefined);
}

/** Names of the files of a folder that have an address: twins are chosen by what a browser accepts, maps are for developers. */
function servedFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() && !/\.(?:br|gz|map)$/.test(entry.name) ? [entry.name] : []));
}

/** A path a person may have typed or bookmarked: a browser asks for HTML, and it is no API and no file. */
function isPage(request: FastifyRequest): boolean {
  const path = request.url.split("?", 1)[0] ?? "";
  const isApi = /^\/(api|ajax-api|v1|gateway|health|ready|metrics|version)(\/|$)/.test(path);
  // Ids of users and sessions may look like a file's name: ann@example.org.
  const isFile = /\.[a-z0-9]{1,5}$/i.test(path) && !/^\/(users|sessions)\/[^/]+$/.test(path);
  const wantsHtml = request.headers.accept?.includes("text/html") === true;
  return (request.method === "GET" || request.method === "HEAD") && wantsHtml && !isApi && !isFile;
}

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .header("content-type", "text/html; charset=utf-8")
    .send(
      '<!doctype html><html lang="en"><title>Telltale</title><p>The web app is not built yet. Run <code>npm run build</code> in the repository and load this page again. The API answers already: <a href="/api/docs">/api/docs</a>.</p></html>',
    );
}
