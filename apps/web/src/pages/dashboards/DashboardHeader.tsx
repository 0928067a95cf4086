import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { DashboardOut } from "@telltale/model/api";
import { Copy, Download, Link2, Maximize2, Minimize2, MoreHorizontal, Pencil, Plus, RefreshCw, Settings2, Trash2, Undo2, X } from "lucide-react";
import { useState } from "react";
import { createDashboard, deleteDashboard, exportDashboard } from "../../api/dashboards.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { copyText } from "../../components/CopyButton.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { downloadJson } from "../../components/download.ts";
import { Menu, MenuItem, MenuSeparator } from "../../components/Menu.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { editable, type Draft } from "./use-draft.ts";
import type { FullScreen } from "./use-full-screen.ts";

export interface DashboardHeaderProps {
  dashboard: DashboardOut;
  draft: Draft;
  isEditing: boolean;
  onEdit: () => void;
  onStop: () => void;
  onAdd: () => void;
  onSettings: () => void;
  onRefresh: () => void;
  fullScreen: FullScreen;
}

/** Name, window, and what can be done with the dashboard: other things while it is edited. */
export function DashboardHeader(props: DashboardHeaderProps) {
  const { draft, isEditing, onEdit, onRefresh, fullScreen } = props;
  const title = (
    <>
      {draft.now.name}
      {draft.isDirty ? <span className="ml-2 text-xs font-normal text-ink-3">not saved</span> : null}
    </>
  );
  const before = (
    <Link to="/dashboards" className="shrink-0 text-ink-3 hover:text-ink max-md:hidden">
      Dashboards <span aria-hidden>/</span>
    </Link>
  );
  return (
    <PageHeader title={title} before={before}>
      {isEditing ? (
        <EditActions {...props} />
      ) : (
        <>
          <IconButton label="Ask again (r)" className="max-md:hidden" onClick={onRefresh}>
            <RefreshCw />
          </IconButton>
          <IconButton label={fullScreen.isOn ? "Leave full screen (f)" : "Full screen (f)"} className="max-md:hidden" onClick={fullScreen.toggle}>
            {fullScreen.isOn ? <Minimize2 /> : <Maximize2 />}
          </IconButton>
          <DashboardMenu dashboard={props.dashboard} />
          <TimeRangePicker />
          <Button aria-label="Edit (e)" onClick={onEdit}>
            <Pencil /> <span className="max-md:hidden">Edit</span>
          </Button>
        </>
      )}
    </PageHeader>
  );
}

function EditActions({ draft, onStop, onAdd, onSettings }: DashboardHeaderProps) {
  return (
    <>
      <IconButton label="Undo" disabled={!draft.canUndo} onClick={draft.undo}>
        <Undo2 />
      </IconButton>
      <IconButton label="Settings of the dashboard" onClick={onSettings}>
        <Settings2 />
      </IconButton>
      <Button aria-label="Add a tile" onClick={onAdd} className="max-md:px-2!">
        <Plus /> <span className="max-md:hidden">Add a tile</span>
      </Button>
      <Button aria-label={draft.isDirty ? "Discard" : "Done"} onClick={onStop} className="max-md:px-2!">
        <X className="md:hidden" aria-hidden /> <span className="max-md:hidden">{draft.isDirty ? "Discard" : "Done"}</span>
      </Button>
      <Button variant="primary" disabled={!draft.isDirty || draft.isSaving} onClick={draft.save}>
        Save
      </Button>
    </>
  );
}

function DashboardMenu({ dashboard }: { dashboard: DashboardOut }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const duplicate = useMutation({
    mutationFn: () => createDashboard({ ...editable(dashboard), name: `${dashboard.name} (copy)` }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ["dashboards"] });
      await navigate({ to: "/dashboards/$id", params: { id } });
    },
    onError: toastError,
  });
  const remove = useMutation({
    mutationFn: () => deleteDashboard(dashboard.id),
    onSuccess: async () => {
      await navigate({ to: "/dashboards" });
      client.removeQueries({ queryKey: ["dashboard", dashboard.id] });
      await client.invalidateQueries({ queryKey: ["dashboards"] });
      toast(`“${dashboard.name}” is deleted`);
    },
    onError: toastError,
  });
  const save = (): void => void exportDashboard(dashboard.id).then((file) => downloadJson(fileName(dashboard.name), file), toastError);
  return (
    <>
      <Menu
        label="Dashboard actions"
        trigger={
          <IconButton label="Dashboard actions">
            <MoreHorizontal />
          </IconButton>
        }
      >
        <MenuItem icon={Link2} onSelect={() => void copyText(location.href).then((done) => done && toast("Link copied, with time range and filter"))}>
          Copy link
        </MenuItem>
        <MenuItem icon={Download} onSelect={save}>
          Export JSON
        </MenuItem>
        <MenuItem icon={Copy} onSelect={() => duplicate.mutate()}>
          Duplicate
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={Trash2} danger onSelect={() => setAsked(true)}>
          Delete…
        </MenuItem>
      </Menu>
      <Dialog open={isAsked} onOpenChange={setAsked} title={`Delete “${dashboard.name}”?`} description="It is gone for everybody. What it measures stays.">
        <footer className="flex justify-end gap-2 p-4 pt-2">
          <Button onClick={() => setAsked(false)}>Keep</Button>
          <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
            Delete dashboard
          </Button>
        </footer>
      </Dialog>
    </>
  );
}

/** `LLM operations` → `llm-operations.dashboard.json`. */
function fileName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
  return `${plain === "" ? "dashboard" : plain}.dashboard.json`;
}
