import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { DashboardOut } from "@telltale/model/api";
import { LayoutGrid } from "lucide-react";
import { useEffect } from "react";
import { ApiError } from "../../api/client.ts";
import { dashboardQuery } from "../../api/dashboards.ts";
import { EmptyState, FailedState, Skeleton } from "../../components/PanelState.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { useShellSearch } from "../../url/search.ts";
import { DashboardView } from "./DashboardView.tsx";

/** One dashboard, read and then shown; its address carries window, filter and whether it is being edited. */
export function DashboardPage() {
  const { id } = useParams({ from: "/dashboards/$id" });
  const query = useQuery(dashboardQuery(id));
  const isReady = useAddressOf(query.data);
  if (query.data !== undefined && isReady) return <DashboardView key={id} dashboard={query.data} />;
  const isGone = query.error instanceof ApiError && query.error.status === 404;
  return (
    <>
      <PageHeader title="Dashboard" />
      {isGone ? (
        <EmptyState icon={<LayoutGrid />} title="There is no such dashboard" className="mt-[10vh]">
          It may have been deleted.{" "}
          <Link to="/dashboards" className="text-accent-ink underline">
            All dashboards
          </Link>
        </EmptyState>
      ) : query.error !== null ? (
        <FailedState title="The dashboard could not be read" error={query.error} onRetry={() => void query.refetch()} className="mt-[10vh]" />
      ) : (
        <div role="status" aria-label="Loading" className="grid grid-cols-4 gap-3 p-4 max-md:grid-cols-2">
          {Array.from({ length: 8 }, (_, index) => (
            <Skeleton key={index} className="h-36" />
          ))}
        </div>
      )}
    </>
  );
}

/** What the dashboard says of window and project goes into the address where that says nothing: then a link to it carries both. */
function useAddressOf(dashboard: DashboardOut | undefined): boolean {
  const shell = useShellSearch();
  const navigate = useNavigate();
  const says = shell.range !== undefined || shell.from !== undefined || shell.to !== undefined;
  const hasTime = dashboard !== undefined && Object.keys(dashboard.time).length > 0;
  const project = dashboard?.project_id ?? undefined;
  const isMissing = dashboard !== undefined && ((!says && hasTime) || (project !== undefined && project !== shell.project));
  useEffect(() => {
    if (!isMissing) return;
    const add = { ...(says ? {} : dashboard.time), ...(project === undefined ? {} : { project }) };
    void navigate({ to: ".", search: (before) => ({ ...before, ...add }) as never, replace: true });
  }, [isMissing, says, dashboard, project, navigate]);
  return !isMissing;
}
