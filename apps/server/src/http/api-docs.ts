import type { FastifyInstance } from "fastify";

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>;
}

/** Only the native API is described: OTLP and MLflow have their own specifications. */
const API_PREFIX = "/api/v1/";

/** Collects the routes that follow into an OpenAPI document, and serves it with a page a person can read. No script, no CDN. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  const [{ default: swagger }, { jsonSchemaTransform }] = await Promise.all([import("@fastify/swagger"), import("fastify-type-provider-zod")]);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Telltale", version, description: "The native API of Telltale. Errors are application/problem+json (RFC 9457)." },
    },
    transform: (input) => (input.url.startsWith(API_PREFIX) ? jsonSchemaTransform(input) : { schema: { hide: true }, url: input.url }),
  });
  app.get("/api/v1/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  app.get("/api/docs", { schema: { hide: true } }, async (_request, reply) =>
    reply.header("content-type", "text/html; charset=utf-8").send(page(app.swagger().paths ?? {}, version)),
  );
}

function page(paths: Record<string, unknown>, version: string): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? "other"))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? "other") === tag);
    return `<h2>${escape(tag)}</h2>${own.map(({ path, method, operation }) => operationHtml(path, method, operation)).join("")}`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Telltale API</title><style>${STYLE}</style></head><body><h1>Telltale API <small>${escape(version)}</small></h1><p>The same as a document for machines: <a href="/api/v1/openapi.json">openapi.json</a>.</p>${sections.join("")}</body></html>`;
}

function operationHtml(path: string, method: string, operation: Operation): string {
  const parameters = (operation.parameters ?? []).map(
    (parameter) =>
      `<li><code>${escape(parameter.name)}</code> (${escape(parameter.in)}${parameter.required === true ? ", required" : ""}) <code>${json(parameter.schema)}</code></li>`,
  );
  const body = Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => `<h4>Body, ${escape(type)}</h4><pre>${json(schema, 2)}</pre>`);
  const answers = Object.entries(operation.responses ?? {}).map(
    ([status, { content }]) =>
      `<h4>${escape(status)}</h4>${Object.values(content ?? {})
        .map(({ schema }) => `<pre>${json(schema, 2)}</pre>`)
        .join("")}`,
  );
  return `<details><summary><b>${method.toUpperCase()}</b> <code>${escape(path)}</code> ${escape(operation.summary ?? "")}</summary>${parameters.length > 0 ? `<ul>${parameters.join("")}</ul>` : ""}${body.join("")}${answers.join("")}</details>`;
}

const STYLE =
  "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}summary{cursor:pointer;padding:.35rem 0}b{display:inline-block;min-width:4.5rem}pre{overflow:auto;padding:.75rem;border:1px solid #8884;border-radius:6px;max-height:24rem}";

function json(value: unknown, indent?: number): string {
  return escape(JSON.stringify(value ?? {}, null, indent));
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
