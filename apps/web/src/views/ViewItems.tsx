import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ViewOut, ViewPatch } from "@telltale/model/api";
import { Link2, Lock, Pencil, Plus, RotateCcw, Save, Share2, Trash2, X } from "lucide-react";
import { changeView, viewsQuery } from "../api/views.ts";
import { copyText } from "../components/CopyButton.tsx";
import { MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../components/Menu.tsx";
import { toast, toastError } from "../components/toast.tsx";
import { shellKeys } from "../url/search.ts";
import { pathOf } from "./view-state.ts";

export type ViewDialogKind = "save" | "rename" | "delete";

export interface ViewItemsProps {
  page: string;
  opened: ViewOut | undefined;
  isChanged: boolean;
  /** What the page shows. */
  now: { state: Record<string, string>; projectId: string | undefined };
  defaultId: string | undefined;
  onDefault: (id: string | undefined) => void;
  onOpen: (view: ViewOut) => void;
  onDialog: (kind: ViewDialogKind) => void;
}

/** What the menu of views holds: the views, then what can be done with the one that is open. */
export function ViewItems({ page, opened, isChanged, now, defaultId, onDefault, onOpen, onDialog }: ViewItemsProps) {
  const views = useQuery(viewsQuery(page));
  const client = useQueryClient();
  const navigate = useNavigate();
  const change = useMutation({
    mutationFn: ({ id, patch }: { id: string; patch: ViewPatch; done: string }) => changeView(id, patch),
    onSuccess: async (_view, { done }) => {
      await client.invalidateQueries({ queryKey: ["views"] });
      toast(done);
    },
    onError: toastError,
  });
  const groups: readonly (readonly [string, ViewOut[]])[] = [
    ["Yours", (views.data ?? []).filter((view) => view.visibility === "private")],
    ["Shared with everybody", (views.data ?? []).filter((view) => view.visibility === "shared")],
  ];
  return (
    <>
      {views.error === null ? null : <p className="px-2 py-1.5 text-xs text-error">{views.error.message}</p>}
      {views.data?.length === 0 ? <p className="px-2 py-1.5 text-xs text-ink-3">No views of this page yet. Save what you see to come back to it.</p> : null}
      {groups.map(([label, list]) =>
        list.length === 0 ? null : (
          <div key={label} role="group" aria-label={label}>
            <MenuLabel>{label}</MenuLabel>
            <div className="max-h-56 overflow-y-auto" role="presentation">
              {list.map((view) => (
                <MenuChoice key={view.id} chosen={view.id === opened?.id} onSelect={() => onOpen(view)}>
                  <span className="min-w-0 grow truncate">{view.name}</span>
                  {view.id === defaultId ? <span className="text-2xs text-ink-3">default</span> : null}
                </MenuChoice>
              ))}
            </div>
          </div>
        ),
      )}
      <MenuSeparator />
      {opened !== undefined && isChanged ? (
        <>
          <MenuItem
            icon={Save}
            onSelect={() =>
              change.mutate({
                id: opened.id,
                patch: { state: now.state, ...(opened.project_id === null ? {} : { project_id: now.projectId ?? null }) },
                done: `“${opened.name}” is what you see now`,
              })
            }
          >
            Save the changes
          </MenuItem>
          <MenuItem icon={RotateCcw} onSelect={() => onOpen(opened)}>
            Back to how it was saved
          </MenuItem>
        </>
      ) : null}
      <MenuItem icon={Plus} onSelect={() => onDialog("save")}>
        Save as a new view…
      </MenuItem>
      {opened === undefined ? null : (
        <>
          <MenuSeparator />
          <MenuChoice chosen={opened.id === defaultId} onSelect={() => onDefault(opened.id === defaultId ? undefined : opened.id)}>
            Open this page with it
          </MenuChoice>
          <MenuItem icon={Link2} onSelect={() => void copyText(location.href).then((done) => done && toast("Link copied"))}>
            Copy link
          </MenuItem>
          <MenuItem icon={Pencil} onSelect={() => onDialog("rename")}>
            Rename…
          </MenuItem>
          {opened.visibility === "private" ? (
            <MenuItem
              icon={Share2}
              onSelect={() => change.mutate({ id: opened.id, patch: { visibility: "shared" }, done: `“${opened.name}” is there for everybody` })}
            >
              Share with everybody
            </MenuItem>
          ) : opened.is_mine ? (
            <MenuItem icon={Lock} onSelect={() => change.mutate({ id: opened.id, patch: { visibility: "private" }, done: `“${opened.name}” is yours alone` })}>
              Keep for yourself
            </MenuItem>
          ) : null}
          <MenuItem
            icon={X}
            onSelect={() => void navigate({ to: pathOf(page), search: ((before: { project?: string }) => ({ ...cleared, project: before.project })) as never })}
          >
            Close the view
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => onDialog("delete")}>
            Delete…
          </MenuItem>
        </>
      )}
    </>
  );
}

const cleared = Object.fromEntries(shellKeys.filter((key) => key !== "tz").map((key) => [key, undefined]));
