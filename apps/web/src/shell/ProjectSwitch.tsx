import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ProjectOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { Check, ChevronsUpDown, Layers, Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../api/client.ts";
import { projectsQuery } from "../api/queries.ts";
import { Button } from "../components/Button.tsx";
import { Popover } from "../components/Popover.tsx";
import { useShellSearch } from "./search.ts";
import { toast } from "./toast.tsx";

/** Which project is shown: one, or all. Typing filters the list, and offers to create what is not in it. */
export function ProjectSwitch() {
  const { project } = useShellSearch();
  const projects = useQuery(projectsQuery);
  const [open, setOpen] = useState(false);
  const current = project === undefined ? "All projects" : (projects.data?.find((entry) => entry.id === project)?.name ?? `Project ${project}`);
  return (
    <Popover
      label="Projects"
      open={open}
      onOpenChange={setOpen}
      className="w-64 p-1"
      trigger={
        <button
          type="button"
          className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-surface px-2 text-left shadow-sm transition-colors hover:bg-hover data-[state=open]:bg-hover"
        >
          <ProjectMark name={project === undefined ? undefined : current} />
          <span className="min-w-0 grow truncate font-medium">{current}</span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-ink-3" aria-hidden />
        </button>
      }
    >
      <ProjectList projects={projects.data ?? []} chosen={project} onDone={() => setOpen(false)} />
    </Popover>
  );
}

function ProjectList({ projects, chosen, onDone }: { projects: readonly ProjectOut[]; chosen: string | undefined; onDone: () => void }) {
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const client = useQueryClient();
  const choose = (id: string | undefined): void => {
    void navigate({ to: "/traces", search: (previous) => ({ ...previous, project: id }) as never });
    onDone();
  };
  const create = useMutation({
    mutationFn: (name: string) => call<ProjectOut>("/projects", { method: "POST", body: { name } }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: projectsQuery.queryKey });
      toast(`Project “${made.name}” created`);
      choose(made.id);
    },
  });
  const name = typed.trim();
  const shown = projects.filter((entry) => entry.name.toLowerCase().includes(name.toLowerCase())).slice(0, 100);
  const isNew = name !== "" && !projects.some((entry) => entry.name === name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (shown[0] !== undefined && name !== "") choose(shown[0].id);
        else if (isNew) create.mutate(name);
      }}
    >
      <input
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        placeholder="Find or create a project"
        aria-label="Find or create a project"
        maxLength={500}
        className="mb-1 h-8 w-full rounded-md bg-sunken px-2.5 outline-none"
      />
      <ul className="max-h-72 overflow-y-auto">
        {name === "" ? (
          <li>
            <ProjectRow name="All projects" mark={undefined} chosen={chosen === undefined} onClick={() => choose(undefined)} />
          </li>
        ) : null}
        {shown.map((entry) => (
          <li key={entry.id}>
            <ProjectRow name={entry.name} mark={entry.name} chosen={chosen === entry.id} onClick={() => choose(entry.id)} />
          </li>
        ))}
      </ul>
      {isNew ? (
        <Button variant="ghost" className="mt-1 w-full justify-start! px-2!" disabled={create.isPending} onClick={() => create.mutate(name)}>
          <Plus />
          <span className="truncate">Create “{name}”</span>
        </Button>
      ) : null}
      {create.isError ? (
        <p role="alert" className="px-2 py-1 text-xs text-error">
          {create.error.message}
        </p>
      ) : null}
    </form>
  );
}

function ProjectRow({ name, mark, chosen, onClick }: { name: string; mark: string | undefined; chosen: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-current={chosen}
      className={clsx("focus-inset flex h-8 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover", chosen && "font-medium")}
    >
      <ProjectMark name={mark} />
      <span className="min-w-0 grow truncate">{name}</span>
      {chosen ? <Check className="size-3.5 text-accent-ink" aria-hidden /> : null}
    </button>
  );
}

/** A small square with the first letter, in a hue of its own. */
function ProjectMark({ name }: { name: string | undefined }) {
  if (name === undefined) return <Layers className="size-4 shrink-0 text-ink-3" aria-hidden />;
  let hash = 0;
  for (let index = 0; index < name.length; index += 1) hash = (hash * 31 + name.charCodeAt(index)) % 360;
  return (
    <span
      aria-hidden
      style={{ "--kind-h": hash } as React.CSSProperties}
      data-kind=""
      className="flex size-4 shrink-0 items-center justify-center rounded-sm bg-[color-mix(in_oklch,var(--kind-bar)_24%,transparent)] text-[10px] leading-none font-semibold text-kind"
    >
      {[...name][0]?.toUpperCase()}
    </span>
  );
}
