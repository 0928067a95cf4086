import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ProjectOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { Check, Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../api/client.ts";
import { projectsQuery } from "../api/queries.ts";
import { Button } from "../components/Button.tsx";
import { DemoSwitch } from "./DemoSwitch.tsx";
import { ProjectMark } from "./ProjectMark.tsx";
import { toast } from "../components/toast.tsx";

/** Typing filters the list, and offers to create what is not in it. Loaded when the switch is opened. */
export function ProjectList({ chosen, onDone }: { chosen: string | undefined; onDone: () => void }) {
  const projects = useQuery({ ...projectsQuery, refetchOnMount: "always" }).data ?? [];
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
      <div className="-mx-1 mt-1 border-t border-line px-1 pt-1">
        <DemoSwitch onRemoved={() => choose(undefined)} />
      </div>
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
