import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, type LinkProps } from "@tanstack/react-router";
import { starterDashboard, type DashboardOut, type DashboardSummary } from "@telltale/model/api";
import { LayoutGrid, Plus, Sparkles, Upload } from "lucide-react";
import { useRef, type ChangeEvent } from "react";
import { createDashboard, dashboardsQuery, importDashboard } from "../../api/dashboards.ts";
import { projectsQuery } from "../../api/queries.ts";
import { Button } from "../../components/Button.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { DataTable, type DataColumn } from "../../components/table/DataTable.tsx";
import { Time } from "../../components/Time.tsx";
import { toastError } from "../../components/toast.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { useShellSearch } from "../../url/search.ts";

const MAX_FILE_BYTES = 2 * 1024 * 1024;

/** Dashboards of the project, and those of none. */
export function DashboardsPage() {
  const { project } = useShellSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const dashboards = useQuery(dashboardsQuery(project));
  const projects = useQuery(projectsQuery).data ?? [];
  const file = useRef<HTMLInputElement>(null);
  const opened = async ({ id }: DashboardOut, edit: boolean): Promise<void> => {
    await client.invalidateQueries({ queryKey: ["dashboards"] });
    await navigate({ ...linkTo(id), search: (before: object) => ({ ...before, ...(edit ? { edit: "1" } : {}) }) } as never);
  };
  const create = useMutation({
    mutationFn: () => createDashboard({ name: "New dashboard", project_id: project ?? null }),
    onSuccess: (made) => opened(made, true),
    onError: toastError,
  });
  const start = useMutation({
    mutationFn: () => createDashboard({ ...starterDashboard, project_id: project ?? null }),
    onSuccess: (made) => opened(made, false),
    onError: toastError,
  });
  const take = useMutation({
    mutationFn: async (chosen: File) => importDashboard(await readJson(chosen), project),
    onSuccess: (made) => opened(made, false),
    onError: toastError,
  });
  const onFile = (event: ChangeEvent<HTMLInputElement>): void => {
    const [chosen] = event.target.files ?? [];
    if (chosen !== undefined) take.mutate(chosen);
    event.target.value = ""; // the same file again is a choice again
  };
  const isEmpty = dashboards.data?.length === 0;
  const columns: readonly DataColumn<DashboardSummary>[] = [
    { id: "name", header: "Name", value: ({ name }) => name, minWidth: 180 },
    { id: "description", header: "Description", value: ({ description }) => description, minWidth: 200 },
    {
      id: "project",
      header: "Project",
      value: ({ project_id }) => (project_id === null ? "any" : (projects.find(({ id }) => id === project_id)?.name ?? project_id)),
      width: 160,
    },
    { id: "tiles", header: "Tiles", value: ({ tile_count }) => tile_count, align: "right", width: 80 },
    { id: "changed", header: "Changed", value: ({ updated_at }) => updated_at, cell: ({ updated_at }) => <Time value={updated_at} relative />, width: 130 },
  ];
  return (
    <>
      <PageHeader title="Dashboards">
        <input ref={file} type="file" accept="application/json,.json" aria-label="File of a dashboard" className="sr-only" tabIndex={-1} onChange={onFile} />
        <Button disabled={take.isPending} aria-label="Import" onClick={() => file.current?.click()}>
          <Upload /> <span className="max-md:hidden">Import</span>
        </Button>
        <Button variant="primary" disabled={create.isPending} onClick={() => create.mutate()}>
          <Plus /> New dashboard
        </Button>
      </PageHeader>
      {isEmpty ? (
        <EmptyState
          icon={<LayoutGrid />}
          title="No dashboards yet"
          className="mt-[10vh]"
          action={
            <Button variant="primary" disabled={start.isPending} onClick={() => start.mutate()}>
              <Sparkles /> Start with “{starterDashboard.name}”
            </Button>
          }
        >
          A dashboard puts the figures you look at together on one page: any metric, grouped and filtered, shared by its link. Traffic, failures, latency, cost
          and tokens come ready made.
        </EmptyState>
      ) : (
        <DataTable
          label="Dashboards"
          height="fill"
          columns={columns}
          rows={dashboards.data}
          rowKey={({ id }) => id}
          rowLink={({ id }) => linkTo(id)}
          initialSort={{ id: "name", desc: false }}
          error={dashboards.error}
          onRetry={() => void dashboards.refetch()}
          storageKey="dashboards"
          toolbar={
            <Link to="/docs/$slug" params={{ slug: "dashboards" }} className="text-ink-3 underline decoration-line-strong underline-offset-3 hover:text-ink">
              How dashboards work
            </Link>
          }
        />
      )}
    </>
  );
}

const noWindow = { range: undefined, from: undefined, to: undefined };

/** A dashboard opens with its own window, not with that of the page before. */
function linkTo(id: string): LinkProps {
  return { to: "/dashboards/$id", params: { id }, search: noWindow as never } as LinkProps;
}

async function readJson(file: File): Promise<unknown> {
  if (file.size > MAX_FILE_BYTES) throw new Error("This file is too large for a dashboard (2 MB at most)");
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new Error("This file is not JSON; choose one that “Export JSON” wrote");
  }
}
