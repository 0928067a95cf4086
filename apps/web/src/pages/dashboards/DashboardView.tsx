import { useBlocker, useNavigate, useSearch } from "@tanstack/react-router";
import type { DashboardOut, Tile } from "@telltale/model/api";
import { clsx } from "clsx";
import { LayoutGrid } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { Button } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { QueryBar } from "../../components/QueryBar.tsx";
import { toast } from "../../components/toast.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { useTimeZone } from "../../url/scope.ts";
import type { DashboardSearch } from "../../url/page-search.ts";
import { useShellSearch } from "../../url/search.ts";
import { DashboardHeader } from "./DashboardHeader.tsx";
import { DashboardScopeContext, joinFilters, type DashboardScope } from "./dashboard-scope.ts";
import { filterMistake } from "./filter-mistake.ts";
import { nextPlace } from "./layout.ts";
import { newId } from "./new-tile.ts";
import { nameOf, TileGrid } from "./TileGrid.tsx";
import { useDashboardClock } from "./use-dashboard-clock.ts";
import { useDraft } from "./use-draft.ts";
import { useFullScreen } from "./use-full-screen.ts";

const TileEditor = lazy(() => import("./TileEditor.tsx").then((module) => ({ default: module.TileEditor })));
const SettingsDialog = lazy(() => import("./SettingsDialog.tsx").then((module) => ({ default: module.SettingsDialog })));

/** A dashboard, to look at and to change. */
export function DashboardView({ dashboard }: { dashboard: DashboardOut }) {
  const shell = useShellSearch();
  const search: DashboardSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const timeZone = useTimeZone();
  const isEditing = search.edit === "1";
  const change = (next: { filter?: string | undefined; edit?: "1" | undefined }): void => {
    void navigate({ to: ".", search: (before) => ({ ...before, ...next }) as never, replace: true });
  };
  const draft = useDraft(dashboard, () => change({ edit: undefined }));
  const { tiles, filter: ownFilter, refresh_s, project_id } = draft.now;
  const [layer, setLayer] = useState<{ kind: "tile"; tile: Tile | undefined } | { kind: "settings" } | undefined>();
  const { endMs, refresh } = useDashboardClock(refresh_s);
  const fullScreen = useFullScreen();

  const { range, from, to } = shell;
  const readerFilter = search.filter ?? "";
  const mistake = filterMistake(readerFilter);
  const project = project_id ?? shell.project;
  const scope = useMemo<DashboardScope>(
    () => ({
      time: { ...(range === undefined ? {} : { range }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
      endMs: to === undefined ? endMs : 0,
      filter: joinFilters([ownFilter, mistake === undefined ? readerFilter : ""]),
      project,
      timeZone,
    }),
    [range, from, to, endMs, ownFilter, readerFilter, mistake, project, timeZone],
  );
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => draft.isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => draft.isDirty,
    withResolver: true,
  });
  const stopEditing = (): void => {
    draft.discard();
    change({ edit: undefined });
  };
  const put = (tile: Tile): void => {
    const isNew = tiles.every(({ id }) => id !== tile.id);
    draft.change({
      tiles: isNew ? [...tiles, { ...tile, layout: { ...tile.layout, ...nextPlace(tiles) } }] : tiles.map((each) => (each.id === tile.id ? tile : each)),
    });
    setLayer(undefined);
  };
  useHotkeys({
    e: () => (isEditing ? undefined : change({ edit: "1" })),
    r: refresh,
    f: fullScreen.toggle,
    "mod+z": () => isEditing && draft.undo(),
    "mod+s": () => draft.isDirty && draft.save(),
  });

  return (
    <div className={clsx("flex min-h-0 grow flex-col bg-surface", fullScreen.isOn && "fixed inset-0 z-30")}>
      <DashboardHeader
        dashboard={dashboard}
        draft={draft}
        isEditing={isEditing}
        onEdit={() => change({ edit: "1" })}
        onStop={stopEditing}
        onAdd={() => setLayer({ kind: "tile", tile: undefined })}
        onSettings={() => setLayer({ kind: "settings" })}
        onRefresh={refresh}
        fullScreen={fullScreen}
      />
      {draft.hasConflict ? <Conflict onTheirs={draft.takeTheirs} onMine={draft.saveOverTheirs} /> : null}
      <div className="flex shrink-0 flex-wrap items-start gap-2 border-b border-line px-4 py-2 max-md:px-3">
        {ownFilter === "" ? null : (
          <span
            title="The dashboard's own filter"
            className="flex h-8 max-w-full items-center truncate rounded-md bg-sunken px-2.5 font-mono text-xs text-ink-2"
          >
            {ownFilter}
          </span>
        )}
        <div className="min-w-56 grow">
          <QueryBar value={readerFilter} onSubmit={(filter) => change({ filter: filter === "" ? undefined : filter })} valuesOf={noValues} error={mistake} />
        </div>
      </div>
      <DashboardScopeContext value={scope}>
        <div className="min-h-0 grow overflow-y-auto bg-canvas p-3">
          {draft.now.description === "" ? null : <p className="max-w-prose px-1 pb-3 text-ink-3">{draft.now.description}</p>}
          {tiles.length === 0 ? (
            <EmptyState
              icon={<LayoutGrid />}
              title="No tiles yet"
              action={<Button onClick={() => (change({ edit: "1" }), setLayer({ kind: "tile", tile: undefined }))}>Add a tile</Button>}
            >
              A tile shows one figure, chart, ranking or table, or text.
            </EmptyState>
          ) : (
            <TileGrid
              tiles={tiles}
              editing={
                isEditing
                  ? {
                      onChange: (next) => draft.change({ tiles: next }),
                      onEdit: (tile) => setLayer({ kind: "tile", tile }),
                      onDuplicate: (tile) =>
                        draft.change({
                          tiles: [...tiles, { ...tile, id: newId(), title: `${tile.title} (copy)`, layout: { ...tile.layout, ...nextPlace(tiles) } }],
                        }),
                      onRemove: (tile) => {
                        draft.change({ tiles: tiles.filter(({ id }) => id !== tile.id) });
                        toast(`“${nameOf(tile)}” is removed; Undo brings it back`);
                      },
                    }
                  : undefined
              }
            />
          )}
        </div>
        <Suspense>
          {layer?.kind === "tile" ? <TileEditor tile={layer.tile} onDone={put} onClose={() => setLayer(undefined)} /> : null}
          {layer?.kind === "settings" ? (
            <SettingsDialog
              settings={draft.now}
              onDone={(next) => {
                draft.change(next);
                setLayer(undefined);
              }}
              onClose={() => setLayer(undefined)}
            />
          ) : null}
        </Suspense>
      </DashboardScopeContext>
      <Dialog
        open={blocker.status === "blocked"}
        onOpenChange={() => blocker.reset?.()}
        title="Leave without saving?"
        description="What you changed on this dashboard is lost."
      >
        <footer className="flex justify-end gap-2 p-4 pt-2">
          <Button onClick={() => blocker.reset?.()}>Stay</Button>
          <Button variant="danger" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
        </footer>
      </Dialog>
    </div>
  );
}

function Conflict({ onTheirs, onMine }: { onTheirs: () => void; onMine: () => void }) {
  return (
    <div role="alert" className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-warn-soft px-4 py-2">
      <span className="min-w-0 grow text-warn">Somebody saved this dashboard since you began. Nothing of theirs is overwritten yet.</span>
      <Button size="sm" onClick={onTheirs}>
        Drop my changes, show theirs
      </Button>
      <Button size="sm" variant="danger" onClick={onMine}>
        Save mine over theirs
      </Button>
    </div>
  );
}

const noValues = (): readonly never[] => [];
