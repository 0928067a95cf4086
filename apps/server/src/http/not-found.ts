import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ProblemLog } from "../health/problem-log.ts";
import { misdirectedOtlpHint } from "./otlp/misdirected.ts";
import { sendProblem } from "./problem.ts";

interface KnownRoute {
  pattern: RegExp;
  methods: Set<string>;
}

/** Remembers routes as they are added, so that a wrong method can be told from a wrong path. Call before adding any. */
export function rememberRoutes(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, KnownRoute>();
  app.addHook("onRoute", (route) => {
    const known = routes.get(route.url) ?? { pattern: patternOf(route.url), methods: new Set<string>() };
    for (const method of [route.method].flat()) known.methods.add(method.toUpperCase());
    routes.set(route.url, known);
  });
  return (path) => {
    const allowed = new Set<string>();
    for (const { pattern, methods } of routes.values()) {
      if (pattern.test(path)) for (const method of methods) allowed.add(method);
    }
    return [...allowed].toSorted();
  };
}

/** 405 for a known path, 404 for any other; what was meant as OTLP is noted with a hint. Always JSON. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply, allowedMethods: (path: string) => string[], problems: ProblemLog): FastifyReply {
  const path = request.url.split("?", 1)[0] ?? "";
  const allowed = allowedMethods(path);
  const hint = misdirectedOtlpHint(request.method, path, request.headers["content-type"]);
  if (hint !== undefined)
    problems.refused({
      route: `${request.method} ${path}`,
      code: "wrong_path",
      message: `Nothing is received at ${path}`,
      hint,
      client: request.headers["user-agent"],
    });
  if (allowed.length > 0) {
    reply.header("allow", allowed.join(", "));
    const message = `${request.method} is not possible here; use ${allowed.join(" or ")}`;
    return sendProblem(reply, { code: "method_not_allowed", status: 405, message: hint === undefined ? message : `${message}. ${hint}` });
  }
  return sendProblem(reply, { code: "not_found", status: 404, message: hint ?? `There is nothing at ${request.method} ${path.slice(0, 500)}` });
}

/** `/a/:id/b`, `/a/:id::action` and a last `*`, as Fastify writes them. */
function patternOf(url: string): RegExp {
  const source = url
    .split("/")
    .map((part) => (part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")))
    .join("/");
  return new RegExp(`^${source}/?$`);
}
