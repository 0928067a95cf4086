import type { MetricsAnswer, MetricsPoint } from "@telltale/model/api";

/** One route with all its figures; null = not known, or not read yet. */
export interface RouteRow {
  route: string;
  traces: number;
  errorRate: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  ttft: number | null;
  cost: number | null;
  costEach: number | null;
  tokens: number | null;
}

type Others = Record<"latency" | "ttft" | "cost" | "tokens", MetricsAnswer | undefined>;

/** Lays the answers side by side. The routes are those of the first; a route that another answer lacks has no figure there. */
export function routeRows(errors: MetricsAnswer, others: Others): RouteRow[] {
  const byRoute = (answer: MetricsAnswer | undefined): Map<string, MetricsPoint["values"]> =>
    new Map((answer?.data ?? []).flatMap((point) => (point.rest === true ? [] : [[point.group["route"] ?? "", point.values] as const])));
  const latency = byRoute(others.latency);
  const ttft = byRoute(others.ttft);
  const cost = byRoute(others.cost);
  const tokens = byRoute(others.tokens);
  return errors.data.flatMap((point): RouteRow[] => {
    const route = point.group["route"];
    if (route === undefined || point.rest === true) return [];
    return [
      {
        route,
        traces: point.n,
        errorRate: point.values.avg ?? null,
        p50: latency.get(route)?.p50 ?? null,
        p95: latency.get(route)?.p95 ?? null,
        p99: latency.get(route)?.p99 ?? null,
        ttft: ttft.get(route)?.p95 ?? null,
        cost: cost.get(route)?.sum ?? null,
        costEach: cost.get(route)?.avg ?? null,
        tokens: tokens.get(route)?.sum ?? null,
      },
    ];
  });
}
