import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ViewOut } from "@telltale/model/api";
import { useState, type FormEvent } from "react";
import { projectsQuery } from "../api/queries.ts";
import { changeView, createView, deleteView } from "../api/views.ts";
import { Button } from "../components/Button.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { toast, toastError } from "../components/toast.tsx";
import type { ViewDialogKind } from "./ViewItems.tsx";

export interface ViewDialogProps {
  kind: ViewDialogKind;
  page: string;
  state: Record<string, string>;
  projectId: string | undefined;
  opened: ViewOut | undefined;
  /** With the view that was made. */
  onSaved: (view: ViewOut) => void;
  onClose: () => void;
}

/** Gives a view its name, another name, or its end. */
export function ViewDialog(props: ViewDialogProps) {
  const { kind, opened, onClose } = props;
  if (kind === "save") return <SaveForm {...props} />;
  if (opened === undefined) return null;
  return kind === "rename" ? <RenameForm view={opened} onClose={onClose} /> : <DeleteQuestion view={opened} onClose={onClose} />;
}

const field = "h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 shadow-sm";

function SaveForm({ page, state, projectId, opened, onSaved, onClose }: ViewDialogProps) {
  const [name, setName] = useState(opened === undefined ? "" : `${opened.name} 2`);
  const [isShared, setShared] = useState(false);
  const [isOfProject, setOfProject] = useState(false);
  const project = useQuery(projectsQuery).data?.find(({ id }) => id === projectId);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      createView({ name, page, state, visibility: isShared ? "shared" : "private", project_id: isOfProject && projectId !== undefined ? projectId : null }),
    onSuccess: async (view) => {
      await client.invalidateQueries({ queryKey: ["views"] });
      onClose();
      onSaved(view);
      toast(`“${view.name}” is saved`);
    },
  });
  return (
    <Dialog open onOpenChange={onClose} title="Save view" description="Filter, time range, order and columns, as you see them now.">
      <form className="flex flex-col gap-3 px-4 pb-4" onSubmit={submitting(() => save.mutate())}>
        <label className="flex flex-col gap-1">
          <span className="text-xs text-ink-3">Name</span>
          <input className={field} value={name} maxLength={100} required autoFocus onChange={(event) => setName(event.target.value)} />
        </label>
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={isShared} onChange={(event) => setShared(event.target.checked)} />
          Share with everybody
        </label>
        {project === undefined ? null : (
          <label className="flex items-center gap-2">
            <input type="checkbox" checked={isOfProject} onChange={(event) => setOfProject(event.target.checked)} />
            <span className="min-w-0 truncate">Always of the project {project.name}</span>
          </label>
        )}
        <Footer error={save.error} isBusy={save.isPending} label="Save" onClose={onClose} />
      </form>
    </Dialog>
  );
}

function RenameForm({ view, onClose }: { view: ViewOut; onClose: () => void }) {
  const [name, setName] = useState(view.name);
  const client = useQueryClient();
  const rename = useMutation({
    mutationFn: () => changeView(view.id, { name }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["views"] });
      onClose();
    },
  });
  return (
    <Dialog open onOpenChange={onClose} title="Rename view">
      <form className="flex flex-col gap-3 px-4 pb-4" onSubmit={submitting(() => rename.mutate())}>
        <input className={field} aria-label="Name" value={name} maxLength={100} required autoFocus onChange={(event) => setName(event.target.value)} />
        <Footer error={rename.error} isBusy={rename.isPending} label="Rename" onClose={onClose} />
      </form>
    </Dialog>
  );
}

function DeleteQuestion({ view, onClose }: { view: ViewOut; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteView(view.id),
    onSuccess: async () => {
      onClose();
      // What is shown stays; only its name is gone.
      await navigate({ to: ".", search: ((before: object) => ({ ...before, view: undefined })) as never, replace: true });
      await client.invalidateQueries({ queryKey: ["views"] });
      toast(`“${view.name}” is deleted`);
    },
    onError: toastError,
  });
  const whose = view.visibility === "shared" ? "It is gone for everybody." : "Only you have it.";
  return (
    <Dialog open onOpenChange={onClose} title={`Delete the view “${view.name}”?`} description={`${whose} The traces it shows stay.`}>
      <footer className="flex justify-end gap-2 p-4 pt-2">
        <Button onClick={onClose}>Keep</Button>
        <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          Delete view
        </Button>
      </footer>
    </Dialog>
  );
}

function Footer({ error, isBusy, label, onClose }: { error: Error | null; isBusy: boolean; label: string; onClose: () => void }) {
  return (
    <>
      {error === null ? null : (
        <p role="alert" className="text-xs text-error">
          {error.message}
        </p>
      )}
      <footer className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={isBusy}>
          {label}
        </Button>
      </footer>
    </>
  );
}

function submitting(act: () => void): (event: FormEvent) => void {
  return (event) => {
    event.preventDefault();
    act();
  };
}
