import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";

/** What Vite says about each module that became a file. */
const Manifest = z.record(z.string(), z.object({ file: z.string(), imports: z.array(z.string()).default([]) }));
type Manifest = z.infer<typeof Manifest>;

const ENTRY = "index.html";
const TRACE_PAGE = "src/pages/trace/TracePage.tsx";
/** What `index.html` runs before anything is drawn. */
const THEME = "</theme.js>; rel=preload; as=script";

/**
 * Tells the browser with the page what the page of a trace will ask for: the trace, and the files of its code. They are then
 * read while the app still starts, which is a third of the time until a large trace is drawn. What is named here is asked for
 * before what `index.html` names, and few at a time: so what the app starts with comes first. The address of the trace is the
 * one that the web app asks for, to the letter, else it would be read twice.
 */
export function preloads(folder: string): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  const modules = filesOf(readManifest(folder), TRACE_PAGE).map((file) => `</${file}>; rel=modulepreload`);
  return (request, reply) => {
    const traceId = /^\/traces\/([\w-]{1,100})(\?|$)/.exec(request.url)?.[1];
    if (traceId === undefined) return reply;
    return reply.header("link", [`</api/v1/traces/${traceId}?columns=true>; rel=preload; as=fetch; crossorigin`, THEME, ...modules].join(", "));
  };
}

function readManifest(folder: string): Manifest {
  const path = join(folder, ".vite/manifest.json");
  return existsSync(path) ? Manifest.parse(JSON.parse(readFileSync(path, "utf8"))) : {};
}

/** The files that a page needs, those of the app first. */
function filesOf(manifest: Manifest, page: string): string[] {
  const reached = (start: string): Set<string> => {
    const found = new Set([start]);
    for (const key of found) for (const imported of manifest[key]?.imports ?? []) found.add(imported);
    return found;
  };
  return [...new Set([...reached(ENTRY), ...reached(page)])].flatMap((key) => manifest[key]?.file ?? []);
}
