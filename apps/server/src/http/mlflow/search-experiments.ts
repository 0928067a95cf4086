import type { Project } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { scopeWithin } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter } from "./errors.ts";
import { matchesAll, parseExperimentFilter } from "./experiment-filter.ts";
import { experimentJson } from "./experiments.ts";
import { Int64, jsonBody, maybe, missingParameter, parseRequest, queryAll, queryInteger, queryOne } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";

const ViewType = z.enum(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]);
const Search = z.object({
  max_results: maybe(Int64),
  page_token: maybe(z.string()),
  filter: maybe(z.string()),
  order_by: maybe(z.array(z.string())),
  view_type: maybe(ViewType),
});

const MAX_RESULTS = 50_000;
const lifecycles = { ACTIVE_ONLY: "active", DELETED_ONLY: "deleted", ALL: "all" } as const;

/** `experiments/search`, as POST and as GET. Projects are few: filtered and sorted here, paged by key. */
export function searchExperimentRoutes(deps: MlflowDeps): MlflowRoute[] {
  const path = "2.0/mlflow/experiments/search";
  return [
    { method: "POST", path, handle: (request) => search(deps, request, jsonBody(request)) },
    { method: "GET", path, handle: (request) => search(deps, request, fromQuery(request)) },
  ];
}

async function search(deps: MlflowDeps, request: FastifyRequest, input: Record<string, unknown>): Promise<unknown> {
  const sent = parseRequest(Search, input);
  if (sent.max_results === undefined) throw missingParameter("max_results");
  if (sent.max_results < 1 || sent.max_results > MAX_RESULTS) {
    throw invalidParameter(`Invalid value ${sent.max_results} for parameter 'max_results' supplied: It must be a positive integer, at most ${MAX_RESULTS}.`);
  }
  const comparisons = parseExperimentFilter(sent.filter ?? "");
  const order = parseOrder(sent.order_by ?? []);
  const after = sent.page_token ? parseToken(sent.page_token, order.length) : undefined;
  const all = await deps.projects.list({ lifecycle: lifecycles[sent.view_type ?? "ACTIVE_ONLY"] });
  const visible = new Set(
    scopeWithin(
      deps.scopeOf(request),
      all.map((project) => project.id),
    ).projectIds,
  );
  const rows = all
    .filter((project) => visible.has(project.id) && matchesAll(project, comparisons))
    .map((project) => ({ project, keys: order.map(({ key }) => keyOf(project, key)) }))
    .filter(({ keys }) => after === undefined || compareKeys(keys, after, order) > 0)
    .toSorted((a, b) => compareKeys(a.keys, b.keys, order));
  const page = rows.slice(0, sent.max_results);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  return {
    experiments: page.length === 0 ? undefined : page.map(({ project }) => experimentJson(project)),
    next_page_token: last && Buffer.from(JSON.stringify(last.keys)).toString("base64url"),
  };
}

function fromQuery(request: FastifyRequest): Record<string, unknown> {
  return {
    max_results: queryInteger(request, "max_results"),
    page_token: queryOne(request, "page_token"),
    filter: queryOne(request, "filter"),
    order_by: queryAll(request, "order_by"),
    view_type: queryOne(request, "view_type"),
  };
}

const orderKeys = ["name", "experiment_id", "creation_time", "last_update_time"] as const;
type OrderKey = (typeof orderKeys)[number];
interface Order {
  key: OrderKey;
  descending: boolean;
}

/** `["name ASC", …]`; newest first by default. The id comes last, so that the order is total. */
function parseOrder(clauses: readonly string[]): Order[] {
  const order = clauses.map((clause): Order => {
    const match = /^\s*(?:attributes?\.)?[`"]?(\w+)[`"]?(?:\s+(ASC|DESC))?\s*$/i.exec(clause);
    const key = orderKeys.find((name) => name === match?.[1]);
    if (key === undefined)
      throw invalidParameter(`Invalid order_by clause '${clause.slice(0, 200)}'. Keys are ${orderKeys.join(", ")}, followed by ASC or DESC.`);
    return { key, descending: match?.[2]?.toUpperCase() === "DESC" };
  });
  if (order.length === 0) order.push({ key: "creation_time", descending: true });
  if (!order.some(({ key }) => key === "experiment_id")) order.push({ key: "experiment_id", descending: false });
  return order;
}

function keyOf(project: Project, key: OrderKey): string | number {
  if (key === "name") return project.name;
  if (key === "experiment_id") return Number(project.id);
  return key === "creation_time" ? project.createdMs : project.updatedMs;
}

function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[], order: readonly Order[]): number {
  for (const [index, { descending }] of order.entries()) {
    const left = a[index] ?? 0;
    const right = b[index] ?? 0;
    if (left !== right) return left < right !== descending ? -1 : 1;
  }
  return 0;
}

function parseToken(token: string, length: number): (string | number)[] {
  try {
    return z
      .array(z.union([z.string(), z.number()]))
      .length(length)
      .parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
  } catch {
    throw invalidParameter("Invalid page token: it must come from an answer to the same search.");
  }
}
