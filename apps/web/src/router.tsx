import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, retainSearchParams } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { traceQuery } from "./api/queries.ts";
import { queryClient } from "./api/query-client.ts";
import { EmptyState, FailedState } from "./components/PanelState.tsx";
import { AppShell } from "./shell/AppShell.tsx";
import { readCostSearch } from "./pages/cost/cost-search.ts";
import { readPricesSearch } from "./pages/prices/prices-search.ts";
import { readReviewSearch } from "./pages/review/review-search.ts";
import { PageHeader } from "./shell/PageHeader.tsx";
import {
  readDashboardSearch,
  readGroupsSearch,
  readScopeSearch,
  readSessionSearch,
  readSqlSearch,
  readTracePageSearch,
  readTracesSearch,
} from "./url/page-search.ts";
import { parseSearch, readShellSearch, shellKeys, stringifySearch, type ShellSearch } from "./url/search.ts";

const rootRoute = createRootRoute({
  validateSearch: readShellSearch,
  search: { middlewares: [retainSearchParams<ShellSearch>([...shellKeys])] },
  component: AppShell,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <FailedState title="This page could not be shown" error={error} onRetry={reset} className="mt-[10vh]" />,
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  validateSearch: readScopeSearch,
  component: lazyRouteComponent(() => import("./pages/overview/OverviewPage.tsx"), "OverviewPage"),
});

const tracesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/traces",
  validateSearch: readTracesSearch,
  component: lazyRouteComponent(() => import("./pages/traces/TracesPage.tsx"), "TracesPage"),
});

const traceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/traces/$traceId",
  validateSearch: readTracePageSearch,
  // Reading begins beside the loading of the page's code; the page itself shows what became of it.
  loader: ({ params }) => void queryClient.prefetchQuery(traceQuery(params.traceId)),
  component: lazyRouteComponent(() => import("./pages/trace/TracePage.tsx"), "TracePage"),
});

const sessionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sessions",
  validateSearch: readGroupsSearch,
  component: lazyRouteComponent(() => import("./pages/sessions/SessionsPage.tsx"), "SessionsPage"),
});

const sessionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sessions/$sessionId",
  validateSearch: readSessionSearch,
  component: lazyRouteComponent(() => import("./pages/session/SessionPage.tsx"), "SessionPage"),
});

const usersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/users",
  validateSearch: readGroupsSearch,
  component: lazyRouteComponent(() => import("./pages/users/UsersPage.tsx"), "UsersPage"),
});

const userRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/users/$userId",
  component: lazyRouteComponent(() => import("./pages/user/UserPage.tsx"), "UserPage"),
});

const slosRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/slos",
  component: lazyRouteComponent(() => import("./pages/slos/SlosPage.tsx"), "SlosPage"),
});

const sloRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/slos/$sloId",
  component: lazyRouteComponent(() => import("./pages/slos/SloPage.tsx"), "SloPage"),
});

const costRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/cost",
  validateSearch: readCostSearch,
  component: lazyRouteComponent(() => import("./pages/cost/CostPage.tsx"), "CostPage"),
});

const pricesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings/prices",
  validateSearch: readPricesSearch,
  component: lazyRouteComponent(() => import("./pages/prices/PricesPage.tsx"), "PricesPage"),
});

const sqlRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sql",
  validateSearch: readSqlSearch,
  component: lazyRouteComponent(() => import("./pages/sql/SqlPage.tsx"), "SqlPage"),
});

const ingestHealthRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings/ingest",
  component: lazyRouteComponent(() => import("./pages/ingest-health/IngestHealthPage.tsx"), "IngestHealthPage"),
});

const qualityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/quality",
  component: lazyRouteComponent(() => import("./pages/quality/QualityPage.tsx"), "QualityPage"),
});

const reviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/review",
  validateSearch: readReviewSearch,
  component: lazyRouteComponent(() => import("./pages/review/ReviewPage.tsx"), "ReviewPage"),
});

const labelRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/review/$queueId",
  component: lazyRouteComponent(() => import("./pages/review/LabelPage.tsx"), "LabelPage"),
});

const scorersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/scorers",
  component: lazyRouteComponent(() => import("./pages/scorers/ScorersPage.tsx"), "ScorersPage"),
});

const scorerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/scorers/$name",
  component: lazyRouteComponent(() => import("./pages/scorers/ScorerPage.tsx"), "ScorerPage"),
});

const providersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings/providers",
  component: lazyRouteComponent(() => import("./pages/providers/ProvidersPage.tsx"), "ProvidersPage"),
});

const labelSchemasRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings/labels",
  component: lazyRouteComponent(() => import("./pages/labels/LabelSchemasPage.tsx"), "LabelSchemasPage"),
});

const dashboardsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/dashboards",
  component: lazyRouteComponent(() => import("./pages/dashboards/DashboardsPage.tsx"), "DashboardsPage"),
});

const dashboardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/dashboards/$id",
  validateSearch: readDashboardSearch,
  component: lazyRouteComponent(() => import("./pages/dashboards/DashboardPage.tsx"), "DashboardPage"),
});

const docsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/docs",
  component: lazyRouteComponent(() => import("./pages/docs/DocsPage.tsx"), "DocsPage"),
});

const docRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/docs/$slug",
  component: lazyRouteComponent(() => import("./pages/docs/DocsPage.tsx"), "DocsPage"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    tracesRoute,
    traceRoute,
    sessionsRoute,
    sessionRoute,
    usersRoute,
    userRoute,
    slosRoute,
    sloRoute,
    sqlRoute,
    dashboardsRoute,
    dashboardRoute,
    costRoute,
    pricesRoute,
    qualityRoute,
    reviewRoute,
    labelRoute,
    scorersRoute,
    scorerRoute,
    providersRoute,
    labelSchemasRoute,
    ingestHealthRoute,
    docsRoute,
    docRoute,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  // TanStack Query decides what is fresh.
  defaultPreloadStaleTime: 0,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState icon={<Compass />} title="There is no such page" className="mt-[10vh]">
        The address may be mistyped.{" "}
        <Link to="/traces" className="text-accent-ink underline">
          Go to the traces
        </Link>
      </EmptyState>
    </>
  );
}
