import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DashboardOut, MeasuredTile, TileQuery } from "@telltale/model/api";
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import { changeDashboard, createDashboard, dashboardQuery, dashboardsQuery, readDashboard } from "../api/dashboards.ts";
import { useShellSearch } from "../url/search.ts";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";

/** What a panel shows, as a tile of a dashboard would ask for it. */
export interface TileSource {
  kind: MeasuredTile["kind"];
  queries: readonly TileQuery[];
  /** The filter of the page, which the tile may keep. */
  filter: string;
}

const NEW = "new";
const MAX_TRIES = 3;
const field = "h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 shadow-sm";

/** Puts what a panel shows on a dashboard, below everything that is there. */
export function AddToDashboard({ title: given, source, onClose }: { title: string; source: TileSource; onClose: () => void }) {
  const { project } = useShellSearch();
  const client = useQueryClient();
  const dashboards = useQuery(dashboardsQuery(project)).data;
  const [title, setTitle] = useState(given);
  const [chosen, setChosen] = useState<string | undefined>();
  const [name, setName] = useState("New dashboard");
  const [keepsFilter, setKeepsFilter] = useState(true);
  const target = chosen ?? dashboards?.[0]?.id ?? NEW;
  const add = useMutation({
    mutationFn: async () => {
      const queries = source.queries.map((query) =>
        keepsFilter && source.filter !== "" ? { ...query, filter: narrowed(source.filter, query.filter) } : query,
      );
      const tile = { title: title.trim(), kind: source.kind, queries };
      const id = target === NEW ? (await createDashboard({ name: name.trim(), project_id: project ?? null })).id : target;
      return put(id, tile);
    },
    onSuccess: async (written) => {
      client.setQueryData(dashboardQuery(written.id).queryKey, written);
      await client.invalidateQueries({ queryKey: ["dashboards"] });
    },
  });
  if (add.data !== undefined) {
    return (
      <Dialog open onOpenChange={onClose} title={`Added to “${add.data.name}”`}>
        <footer className="flex items-center justify-end gap-3 p-4 pt-2">
          <Button onClick={onClose}>Stay here</Button>
          <Link to="/dashboards/$id" params={{ id: add.data.id }} className="text-accent-ink underline underline-offset-3">
            Open the dashboard
          </Link>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={onClose} title="Add to dashboard">
      <form
        className="flex flex-col gap-3 px-4 pb-4"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <label className="flex flex-col gap-1">
          <span className="text-xs text-ink-3">Dashboard</span>
          <select className={field} value={target} onChange={(event) => setChosen(event.target.value)}>
            {(dashboards ?? []).map((dashboard) => (
              <option key={dashboard.id} value={dashboard.id}>
                {dashboard.name}
              </option>
            ))}
            <option value={NEW}>A new dashboard…</option>
          </select>
        </label>
        {target === NEW ? (
          <label className="flex flex-col gap-1">
            <span className="text-xs text-ink-3">Its name</span>
            <input className={field} value={name} maxLength={200} required onChange={(event) => setName(event.target.value)} />
          </label>
        ) : null}
        <label className="flex flex-col gap-1">
          <span className="text-xs text-ink-3">Title of the tile</span>
          <input className={field} value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        </label>
        {source.filter === "" ? null : (
          <label className="flex items-start gap-2">
            <input type="checkbox" className="mt-1" checked={keepsFilter} onChange={(event) => setKeepsFilter(event.target.checked)} />
            <span className="min-w-0">
              Keep the filter <code className="font-mono text-xs break-words">{source.filter}</code>
            </span>
          </label>
        )}
        {add.error === null ? null : (
          <p role="alert" className="text-xs text-error">
            {add.error.message}
          </p>
        )}
        <footer className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={add.isPending || dashboards === undefined}>
            Add
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Adding does not overwrite anything: when somebody was quicker, it is added to theirs. */
async function put(id: string, tile: Pick<MeasuredTile, "title" | "kind" | "queries">): Promise<DashboardOut> {
  for (let tries = 1; ; tries += 1) {
    const { version, tiles } = await readDashboard(id);
    const y = tiles.reduce((low, { layout }) => Math.max(low, layout.y + layout.h), 0);
    const added = { ...tile, id: `t${Date.now().toString(36)}${tiles.length}`, layout: { x: 0, y, w: 6, h: 4 } };
    try {
      return await changeDashboard(id, { version, tiles: [...tiles, added] });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "version_conflict" || tries === MAX_TRIES) throw error;
    }
  }
}

function narrowed(page: string, own: string | undefined): string {
  return own === undefined || own === "" ? page : `(${page}) AND (${own})`;
}
