import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { LabelSchemaOut } from "@telltale/model/api";
import { MoreHorizontal, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteLabelSchema, labelSchemasQuery } from "../../api/label-schemas.ts";
import { projectsQuery } from "../../api/queries.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { Select } from "../../components/form.tsx";
import { Menu, MenuItem } from "../../components/Menu.tsx";
import { FailedState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { useShellSearch } from "../../url/search.ts";
import { inputText } from "./label-draft.ts";
import { LabelSchemaDialog } from "./LabelSchemaDialog.tsx";

type Open = { kind: "new" } | { kind: "edit" | "delete"; schema: LabelSchemaOut };
const DEFAULT_PROJECT = "0";
const schemaColumns = "lg:grid-cols-[minmax(10rem,1fr)_minmax(12rem,1.4fr)_minmax(12rem,2fr)_2.5rem]";

/** What people are asked about the traces of a project. */
export function LabelSchemasPage() {
  const { project } = useShellSearch();
  const projectId = project ?? DEFAULT_PROJECT;
  const schemas = useQuery(labelSchemasQuery(projectId));
  const [open, setOpen] = useState<Open | undefined>();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <PageHeader title="Label schemas">
        {schemas.isError && schemas.data !== undefined ? <PartialNote>Not refreshed: {schemas.error.message}</PartialNote> : null}
        <Button variant="primary" onClick={() => setOpen({ kind: "new" })}>
          <Plus /> New schema
        </Button>
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Label schemas of a project" className="focus-inset min-h-0 grow overflow-y-auto text-sm">
        {project === undefined ? <ProjectChoice projectId={projectId} /> : null}
        {schemas.data === undefined ? (
          schemas.isError ? (
            <FailedState title="The label schemas could not be read" error={schemas.error} onRetry={() => void schemas.refetch()} className="mt-[10vh]" />
          ) : (
            <div role="status" aria-label="Loading" className="flex flex-col gap-4 p-4">
              {[0, 1].map((row) => (
                <Skeleton key={row} className="h-9 w-full opacity-60" />
              ))}
            </div>
          )
        ) : (
          <>
            <div aria-hidden className={`hidden gap-x-5 border-b border-line px-4 py-1.5 text-xs text-ink-3 lg:grid ${schemaColumns}`}>
              <span>Name</span>
              <span>Answer</span>
              <span>Question</span>
              <span />
            </div>
            <ul>
              {schemas.data.map((schema) => (
                <SchemaRow
                  key={schema.id}
                  schema={schema}
                  onEdit={() => setOpen({ kind: "edit", schema })}
                  onDelete={() => setOpen({ kind: "delete", schema })}
                />
              ))}
            </ul>
          </>
        )}
        <p className="max-w-2xl px-4 py-3 text-xs text-pretty text-ink-3">
          A label schema is a question to those who look at a trace: its Feedback tab and the review queues ask it.{" "}
          <Link to="/docs/$slug" params={{ slug: "feedback" }} className="text-accent-ink underline">
            How labels are kept
          </Link>
        </p>
      </div>
      {open?.kind === "new" ? <LabelSchemaDialog projectId={projectId} onClose={close} /> : null}
      {open?.kind === "edit" ? <LabelSchemaDialog key={open.schema.id} projectId={projectId} schema={open.schema} onClose={close} /> : null}
      {open?.kind === "delete" ? <DeleteSchemaDialog schema={open.schema} onClose={close} /> : null}
    </>
  );
}

/** Schemas are a project's own: with all projects shown, one is chosen here. */
function ProjectChoice({ projectId }: { projectId: string }) {
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery).data ?? [];
  return (
    <div className="max-w-xs border-b border-line px-4 py-3 max-md:max-w-none">
      <Select
        label="Project"
        value={projectId}
        options={projects.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id) => void navigate({ to: "/settings/labels", search: (previous) => ({ ...previous, project: id }) as never })}
      />
    </div>
  );
}

function SchemaRow({ schema, onEdit, onDelete }: { schema: LabelSchemaOut; onEdit: () => void; onDelete: () => void }) {
  return (
    <li className={`grid min-h-[47px] items-center gap-x-5 gap-y-0.5 border-b border-line px-4 py-2.5 max-lg:grid-cols-[1fr_auto] ${schemaColumns}`}>
      <span className="flex min-h-[26px] min-w-0 items-center gap-2">
        <span className="truncate font-medium">{schema.name}</span>
        {schema.type === "expectation" ? <Badge>expectation</Badge> : null}
        {schema.is_default ? <Badge>every project has it</Badge> : null}
      </span>
      <span className="min-w-0 break-words text-ink-2 max-lg:col-start-1 max-lg:text-xs">{inputText(schema.input)}</span>
      {schema.instruction === "" ? (
        <span className="max-lg:hidden" />
      ) : (
        <span className="min-w-0 break-words text-ink-3 max-lg:col-start-1 max-lg:text-xs">{schema.instruction}</span>
      )}
      <span className="flex justify-end max-lg:col-start-2 max-lg:row-start-1">
        {schema.is_default ? null : (
          <Menu
            label={`${schema.name}: actions`}
            trigger={
              <IconButton label={`${schema.name}: actions`} size="sm">
                <MoreHorizontal />
              </IconButton>
            }
          >
            <MenuItem icon={Pencil} onSelect={onEdit}>
              Change
            </MenuItem>
            <MenuItem icon={Trash2} danger onSelect={onDelete}>
              Delete
            </MenuItem>
          </Menu>
        )}
      </span>
    </li>
  );
}

function Badge({ children }: { children: string }) {
  return <span className="shrink-0 rounded-sm bg-hover px-1.5 py-px text-2xs text-ink-2">{children}</span>;
}

function DeleteSchemaDialog({ schema, onClose }: { schema: LabelSchemaOut; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteLabelSchema(schema.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: labelSchemasQuery(schema.project_id).queryKey });
      toast(`${schema.name} is deleted`);
      onClose();
    },
    onError: toastError,
  });
  return (
    <DeleteDialog
      name={schema.name}
      consequence="Nobody is asked any more, in review queues neither. Labels that were given stay on their traces."
      isPending={remove.isPending}
      onDelete={remove.mutate}
      onClose={onClose}
    />
  );
}
