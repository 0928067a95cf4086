import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Bookmark, CornerDownLeft, Hash, Keyboard, Layers, ListFilter, SunMoon, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { projectsQuery } from "../api/queries.ts";
import { viewsQuery } from "../api/views.ts";
import { wordsToFilter } from "../filter/clauses.ts";
import { pages } from "./navigation.ts";
import { chooseTheme, useTheme } from "../components/theme.ts";
import { pathOf, searchOf } from "../views/view-state.ts";

/** Filters that people reach for often. */
const savedFilters: readonly (readonly [string, string])[] = [
  ["Traces with errors", "has_error = true"],
  ["Slow traces (over 5 s)", "duration_ms > 5000"],
  ["Dear traces (over 5 cents)", "cost_usd > 0.05"],
  ["Traces of production", "environment = 'production'"],
];

/** More would bury the rest; the page's own menu has them all. */
const MAX_VIEWS = 200;

/** ⌘K: go anywhere, open a trace by its id, run a filter, change the theme. */
export function CommandPalette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery);
  const views = (useQuery(viewsQuery()).data ?? []).slice(0, MAX_VIEWS);
  const { resolved } = useTheme();
  const [typed, setTyped] = useState("");
  const traceId = readTraceId(typed);
  const run = (action: () => unknown) => () => {
    onClose();
    action();
  };
  const filterTraces = (q: string) => run(() => navigate({ to: "/traces", search: (previous) => ({ ...previous, q }) as never }));
  return (
    <Command.Dialog
      open
      onOpenChange={onClose}
      label="Search and commands"
      loop
      overlayClassName="fade fixed inset-0 z-40 bg-scrim"
      contentClassName="pop fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised shadow-lg"
    >
      <Command.Input
        value={typed}
        onValueChange={setTyped}
        placeholder="Go to a page, project or trace id, or search…"
        className="h-12 w-full border-b border-line bg-transparent px-4 text-md outline-none"
      />
      <Command.List className="max-h-[min(56vh,420px)] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3">
        <Command.Empty className="px-3 py-6 text-center text-ink-3">Nothing of that name.</Command.Empty>
        {traceId === undefined ? null : (
          <Command.Group heading="Trace" forceMount>
            <Item icon={Hash} value={`open ${typed}`} onSelect={run(() => navigate({ to: "/traces/$traceId", params: { traceId } }))}>
              Open trace <span className="font-mono text-xs">{traceId}</span>
            </Item>
          </Command.Group>
        )}
        <Command.Group heading="Go to">
          {pages.map((page) => (
            <Item key={page.to} icon={page.icon} value={`go ${page.label}`} onSelect={run(() => navigate({ to: page.to }))} hint={`g ${page.key}`}>
              {page.label}
            </Item>
          ))}
        </Command.Group>
        {views.length === 0 ? null : (
          <Command.Group heading="Views">
            {views.map((view) => (
              <Item
                key={view.id}
                icon={Bookmark}
                value={`view ${view.name} ${view.page} ${view.id}`}
                onSelect={run(() => navigate({ to: pathOf(view.page), search: ((before: { project?: string }) => searchOf(view, before)) as never }))}
              >
                {view.name} <span className="text-xs text-ink-3">{pages.find(({ to }) => to === pathOf(view.page))?.label ?? view.page}</span>
              </Item>
            ))}
          </Command.Group>
        )}
        <Command.Group heading="Filters">
          {savedFilters.map(([label, filter]) => (
            <Item key={filter} icon={ListFilter} value={`${label} ${filter}`} onSelect={filterTraces(filter)}>
              {label}
            </Item>
          ))}
        </Command.Group>
        <Command.Group heading="Projects">
          <Item
            icon={Layers}
            value="project all projects"
            onSelect={run(() => navigate({ to: "/traces", search: (previous) => ({ ...previous, project: undefined }) as never }))}
          >
            All projects
          </Item>
          {(projects.data ?? []).slice(0, 200).map((project) => (
            <Item
              key={project.id}
              icon={Layers}
              value={`project ${project.name} ${project.id}`}
              onSelect={run(() => navigate({ to: "/traces", search: (previous) => ({ ...previous, project: project.id }) as never }))}
            >
              {project.name}
            </Item>
          ))}
        </Command.Group>
        <Command.Group heading="Appearance and help">
          <Item icon={SunMoon} value="theme dark light toggle" onSelect={run(() => chooseTheme(resolved === "dark" ? "light" : "dark"))}>
            Switch to the {resolved === "dark" ? "light" : "dark"} theme
          </Item>
          <Item icon={Keyboard} value="keyboard shortcuts help" onSelect={onHelp} hint="?">
            Keyboard shortcuts
          </Item>
        </Command.Group>
        {typed.trim() === "" || traceId !== undefined ? null : (
          <Command.Group heading="Search" forceMount>
            <Item icon={ListFilter} value={`search ${typed}`} forceMount onSelect={filterTraces(wordsToFilter(typed))}>
              Traces where <span className="font-mono text-xs">{wordsToFilter(typed)}</span>
            </Item>
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}

/** Plain or with MLflow's `tr-`; also when a whole link was pasted. */
function readTraceId(typed: string): string | undefined {
  return /(?:^|\/|\btr-)([0-9a-f]{32})(?:$|[?/#])/i.exec(typed.trim())?.[1]?.toLowerCase();
}

function Item({
  icon: Icon,
  value,
  onSelect,
  hint,
  forceMount = false,
  children,
}: {
  icon: LucideIcon;
  value: string;
  onSelect: () => void;
  hint?: string;
  forceMount?: boolean;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      forceMount={forceMount}
      className="group flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 data-[selected=true]:bg-hover"
    >
      <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0 grow truncate">{children}</span>
      {hint === undefined ? null : (
        <span className="flex gap-1">
          {hint.split(" ").map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      )}
      <CornerDownLeft className="hidden size-3.5 text-ink-3 group-data-[selected=true]:block" aria-hidden />
    </Command.Item>
  );
}
