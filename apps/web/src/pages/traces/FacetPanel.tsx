import type { TracePageOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { ChevronRight, Minus, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { FailedState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { choicesOf, type Choice } from "../../filter/clauses.ts";
import { formatCompact, formatCount } from "../../format/number.ts";

type Facet = NonNullable<TracePageOut["facets"]>[number];

const titles: Record<string, string> = {
  status: "Status",
  name: "Name",
  model: "Model",
  provider: "Provider",
  tool: "Tool",
  failed_tool: "Failed tool",
  agent: "Agent",
  environment: "Environment",
  version: "Version",
  user: "User",
  session: "Session",
  service: "Service",
  label: "Label",
  prompt: "Prompt",
};
const SHORT = 6;

export interface FacetPanelProps {
  facets: readonly Facet[] | undefined;
  isPartial: boolean;
  error: Error | null;
  onRetry: () => void;
  filter: string;
  onChoose: (field: string, value: string, choice: Choice) => void;
}

/** Values with counts; a click edits the filter text, so that what is filtered is always readable in one place. */
export function FacetPanel({ facets, isPartial, error, onRetry, filter, onChoose }: FacetPanelProps) {
  const choices = useMemo(() => choicesOf(filter), [filter]);
  if (error !== null && facets === undefined) return <FailedState title="No counts" error={error} onRetry={onRetry} />;
  if (facets === undefined) return <FacetSkeleton />;
  const filled = facets.map((facet) => withChosen(facet, choices)).filter((facet) => facet.values.length > 0);
  return (
    <div className="flex flex-col gap-0.5 px-2 py-2">
      {isPartial ? (
        <div className="px-2 pb-1">
          <PartialNote>Counts of a part</PartialNote>
        </div>
      ) : null}
      {filled.length === 0 ? <p className="px-2 py-4 text-ink-3">Nothing to count.</p> : null}
      {filled.map((facet) => (
        <FacetGroup key={facet.field} facet={facet} choices={choices} onChoose={onChoose} />
      ))}
    </div>
  );
}

/** A value that the filter names may not be among the most frequent (or not occur at all), but must stay in reach. */
function withChosen(facet: Facet, choices: ReadonlyMap<string, Choice>): Facet {
  const missing: Facet["values"] = [];
  for (const key of choices.keys()) {
    const [field, value] = key.split("\0");
    if (field === facet.field && value !== undefined && !facet.values.some((entry) => entry.value === value)) missing.push({ value, count: 0 });
  }
  return missing.length === 0 ? facet : { field: facet.field, values: [...missing, ...facet.values] };
}

function FacetGroup({ facet, choices, onChoose }: { facet: Facet; choices: Map<string, Choice>; onChoose: FacetPanelProps["onChoose"] }) {
  const [open, setOpen] = useState(true);
  const [all, setAll] = useState(false);
  const values = all ? facet.values : facet.values.slice(0, SHORT);
  const max = facet.values.reduce((most, entry) => Math.max(most, entry.count), 1);
  const title = titles[facet.field] ?? facet.field;
  return (
    <section aria-label={title}>
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex h-7 w-full items-center gap-1 rounded-md px-1 text-xs font-medium text-ink-2 hover:bg-hover"
        >
          <ChevronRight className={clsx("size-3.5 text-ink-3 transition-transform", open && "rotate-90")} aria-hidden />
          {title}
        </button>
      </h2>
      {open ? (
        <ul className="pb-1.5">
          {values.map((entry) => (
            <FacetRow
              key={entry.value}
              field={facet.field}
              value={entry.value}
              count={entry.count}
              max={max}
              choice={choices.get(`${facet.field}\0${entry.value}`) ?? "none"}
              onChoose={onChoose}
            />
          ))}
          {facet.values.length > SHORT ? (
            <li>
              <button type="button" onClick={() => setAll(!all)} className="rounded-sm px-2 py-0.5 text-xs text-ink-3 hover:text-ink">
                {all ? "Fewer" : `${facet.values.length - SHORT} more`}
              </button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </section>
  );
}

interface FacetRowProps {
  field: string;
  value: string;
  count: number;
  max: number;
  choice: Choice;
  onChoose: FacetPanelProps["onChoose"];
}

function FacetRow({ field, value, count, max, choice, onChoose }: FacetRowProps) {
  return (
    <li className="group relative">
      <button
        type="button"
        aria-pressed={choice !== "none"}
        title={value}
        onClick={() => onChoose(field, value, choice === "none" ? "include" : "none")}
        className={clsx(
          "relative flex h-[26px] w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover",
          choice === "include" && "bg-accent-soft font-medium text-accent-ink",
          choice === "exclude" && "text-ink-3 line-through decoration-error",
        )}
      >
        <span
          aria-hidden
          className={clsx("absolute inset-y-[3px] left-0 rounded-sm", choice === "include" ? "bg-accent-line/45" : "bg-pressed/60")}
          style={{ width: `${Math.max(2, (count / max) * 100)}%`, opacity: choice === "exclude" ? 0.3 : 1 }}
        />
        <span className="relative min-w-0 grow truncate">{value === "" ? "(empty)" : value}</span>
        <span
          className={clsx("num relative shrink-0 text-xs group-hover:opacity-0 group-focus-within:opacity-0", choice === "include" ? "text-ink" : "text-ink-3")}
          title={formatCount(count)}
        >
          {formatCompact(count)}
        </span>
      </button>
      <span className="absolute top-0.5 right-1 flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        <FacetAction
          label={choice === "include" ? `No longer only ${value}` : `Only ${value}`}
          icon={Plus}
          onClick={() => onChoose(field, value, choice === "include" ? "none" : "include")}
        />
        <FacetAction
          label={choice === "exclude" ? `No longer without ${value}` : `Without ${value}`}
          icon={Minus}
          onClick={() => onChoose(field, value, choice === "exclude" ? "none" : "exclude")}
        />
      </span>
    </li>
  );
}

function FacetAction({ label, icon: Icon, onClick }: { label: string; icon: typeof Plus; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="flex size-[22px] items-center justify-center rounded-sm text-ink-3 hover:bg-pressed hover:text-ink"
    >
      <Icon className="size-3.5" />
    </button>
  );
}

function FacetSkeleton() {
  return (
    <div aria-label="Loading counts" role="status" className="flex flex-col gap-2.5 p-4">
      {Array.from({ length: 14 }, (_, index) => (
        <Skeleton key={index} className={index % 5 === 0 ? "h-3 w-16" : "h-3.5 w-full"} />
      ))}
    </div>
  );
}
