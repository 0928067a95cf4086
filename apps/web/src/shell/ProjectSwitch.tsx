import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown } from "lucide-react";
import { lazy, useState } from "react";
import { projectsQuery } from "../api/queries.ts";
import { Popover } from "../components/Popover.tsx";
import { ProjectMark } from "./ProjectMark.tsx";
import { useShellSearch } from "../url/search.ts";

const ProjectList = lazy(() => import("./ProjectList.tsx").then((module) => ({ default: module.ProjectList })));

/** Which project is shown: one, or all. */
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
      <ProjectList chosen={project} onDone={() => setOpen(false)} />
    </Popover>
  );
}
