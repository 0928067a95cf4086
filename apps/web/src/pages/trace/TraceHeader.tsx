import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, type LinkProps } from "@tanstack/react-router";
import type { SessionTurn, TraceSummary } from "@telltale/model/api";
import { ArrowLeft, ChevronLeft, ChevronRight, Ellipsis, Info } from "lucide-react";
import type { ReactNode } from "react";
import { neighboursQuery } from "../../api/sessions.ts";
import { IconButton } from "../../components/Button.tsx";
import { CopyButton } from "../../components/CopyButton.tsx";
import { Cost } from "../../components/Cost.tsx";
import { CsvButton } from "../../components/table/CsvButton.tsx";
import { PartialNote } from "../../components/PanelState.tsx";
import { Popover } from "../../components/Popover.tsx";
import { StatusBadge } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { quoteValue } from "../../filter/clauses.ts";
import { formatCompact, formatCount, formatDuration, formatUsd, plural } from "../../format/number.ts";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { sessionLink, userLink } from "../../url/people-links.ts";
import { Facts } from "./Section.tsx";
import type { SpanTree } from "./span-tree.ts";
import { TraceTags } from "./TraceTags.tsx";

/** What the trace is, in three lines. */
export function TraceHeader({ trace, tree }: { trace: TraceSummary; tree: SpanTree }) {
  return (
    <>
      <PageHeader
        title={trace.name === "" ? "unnamed" : trace.name}
        before={
          <Link
            to="/traces"
            aria-label="Back to the traces"
            title="Back to the traces"
            className="flex size-8 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
          >
            <ArrowLeft className="size-4" />
          </Link>
        }
      >
        {trace.session === null ? null : <SessionNeighbours trace={trace} session={trace.session} />}
        <Details trace={trace} />
      </PageHeader>
      <div className="flex shrink-0 flex-col gap-1.5 border-b border-line px-4 py-2.5 max-md:max-h-[30vh] max-md:overflow-y-auto">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
          <StatusBadge status={trace.status} />
          <Fact label="started">
            <Time value={trace.start_time} relative={false} className="num" />
          </Fact>
          <Fact label="took">{formatDuration(trace.duration_ms)}</Fact>
          {trace.ttft_ms === null ? null : <Fact label="first token">{formatDuration(trace.ttft_ms)}</Fact>}
          <Fact label={trace.span_count === 1 ? "span" : "spans"} after>
            {formatCount(trace.span_count)}
          </Fact>
          {trace.error_count > 0 ? <span className="num font-medium text-error">{plural(trace.error_count, "error")}</span> : null}
          {trace.tokens.total === null ? null : (
            <Fact label="tokens" after>
              <span title={`${formatCount(trace.tokens.input ?? 0)} in, ${formatCount(trace.tokens.output ?? 0)} out`}>
                {formatCompact(trace.tokens.total)}
              </span>
            </Fact>
          )}
          <CostBreakdown trace={trace} tree={tree} />
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          {trace.user === null ? null : <PageFact label="user" link={userLink(trace.user)} value={trace.user} />}
          {trace.session === null ? null : <PageFact label="session" link={sessionLink(trace.session, trace.project_id)} value={trace.session} />}
          {trace.environment === null ? null : <FilterFact label="env" field="environment" value={trace.environment} />}
          {trace.version === null ? null : <FilterFact label="version" field="version" value={trace.version} />}
          <TraceTags trace={trace} />
          {trace.complete || trace.status === "in_progress" ? null : <PartialNote>Not all promised spans arrived</PartialNote>}
        </div>
      </div>
    </>
  );
}

function Fact({ label, children, after = false }: { label: string; children: ReactNode; after?: boolean }) {
  return (
    <span className="num flex items-center gap-1 whitespace-nowrap">
      {after ? null : <span className="text-ink-3">{label}</span>}
      {children}
      {after ? <span className="text-ink-3">{label}</span> : null}
    </span>
  );
}

/** A fact that has a page of its own. */
function PageFact({ label, link, value }: { label: string; link: LinkProps; value: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="text-ink-3">{label}</span>
      <Link
        {...link}
        title={`The ${label} ${value}`}
        className="max-w-56 truncate rounded-sm underline decoration-line-strong underline-offset-3 hover:decoration-accent"
      >
        {value}
      </Link>
    </span>
  );
}

/** A fact that leads to the other traces that share it. */
function FilterFact({ label, field, value }: { label: string; field: string; value: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="text-ink-3">{label}</span>
      <Link
        to="/traces"
        search={(previous) => ({ ...previous, q: `${field} = ${quoteValue(value)}` }) as never}
        title={`Traces with ${field} ${value}`}
        className="max-w-56 truncate rounded-sm underline decoration-line-strong underline-offset-3 hover:decoration-accent"
      >
        {value}
      </Link>
    </span>
  );
}

/** The money, and where it went: by model, with what could not be priced said beside it. */
function CostBreakdown({ trace, tree }: { trace: TraceSummary; tree: SpanTree }) {
  if (trace.llm_calls === 0 && trace.cost_usd === null) return null;
  return (
    <Popover
      label="Cost by model"
      className="w-80 p-3"
      trigger={
        <button
          type="button"
          className="flex items-center gap-1 rounded-sm underline decoration-line-strong decoration-dotted underline-offset-3 hover:decoration-accent"
        >
          <Cost usd={trace.cost_usd} unpriced={trace.unpriced_calls} hasCalls={trace.llm_calls > 0} />
          <span className="text-ink-3">cost</span>
        </button>
      }
    >
      <CostTable tree={tree} />
      {trace.unpriced_calls > 0 ? (
        <p className="mt-2 border-t border-line pt-2 text-xs text-ink-2">
          {plural(trace.unpriced_calls, "call")} without a known price: the sum is a lower bound.
        </p>
      ) : null}
    </Popover>
  );
}

function CostTable({ tree }: { tree: SpanTree }) {
  const rows = costByModel(tree);
  return (
    <>
      <div className="mb-1 flex items-center justify-between">
        <p className="text-xs font-medium">Cost by model</p>
        <CsvButton
          title="Cost by model"
          header={["Model", "Calls", "Calls without price", "Input tokens", "Output tokens", "USD"]}
          rows={() => rows.map((row) => [row.model, row.calls, row.unpriced, row.input, row.output, row.unpriced === row.calls ? null : row.usd])}
        />
      </div>
      <table className="num w-full text-xs">
        <thead>
          <tr className="text-left text-ink-3">
            <th className="pb-1 font-medium">Model</th>
            <th className="pb-1 text-right font-medium">Calls</th>
            <th className="pb-1 text-right font-medium">In</th>
            <th className="pb-1 text-right font-medium">Out</th>
            <th className="pb-1 text-right font-medium">Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.model} className="border-t border-line/60">
              <td className="max-w-32 truncate py-1">{row.model}</td>
              <td className="py-1 text-right">{row.calls}</td>
              <td className="py-1 text-right">{formatCompact(row.input)}</td>
              <td className="py-1 text-right">{formatCompact(row.output)}</td>
              <td className="py-1 text-right">{row.unpriced === row.calls ? <span className="text-warn">unknown</span> : formatUsd(row.usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function costByModel(tree: SpanTree): { model: string; calls: number; unpriced: number; input: number; output: number; usd: number }[] {
  const rows = new Map<string, { model: string; calls: number; unpriced: number; input: number; output: number; usd: number }>();
  for (const span of tree.spans) {
    if (span.counted !== true || span.usage_is_aggregate === true || span.cost_source == null || span.cost_source === "none") continue;
    const model = span.model ?? "unknown model";
    const row = rows.get(model) ?? { model, calls: 0, unpriced: 0, input: 0, output: 0, usd: 0 };
    row.calls += 1;
    if (span.cost_usd == null) row.unpriced += 1;
    row.usd += span.cost_usd ?? 0;
    row.input += span.usage?.input_tokens ?? 0;
    row.output += span.usage?.output_tokens ?? 0;
    rows.set(model, row);
  }
  return [...rows.values()].toSorted((a, b) => b.usd - a.usd);
}

/** Previous and next trace of the conversation, also by [ and ]. */
function SessionNeighbours({ trace, session }: { trace: TraceSummary; session: string }) {
  const navigate = useNavigate();
  const around = useQuery(neighboursQuery({ id: session, project: trace.project_id }, trace.trace_id));
  const { data: turns = [], total = 0 } = around.data ?? {};
  const at = turns.findIndex((turn) => turn.trace_id === trace.trace_id);
  const position = turns[at]?.position ?? 0;
  const open = (turn: SessionTurn | undefined): void => {
    if (turn !== undefined) void navigate({ to: "/traces/$traceId", params: { traceId: turn.trace_id } });
  };
  const previous = at > 0 ? turns[at - 1] : undefined;
  const next = at >= 0 ? turns[at + 1] : undefined;
  useHotkeys({ "[": () => open(previous), "]": () => open(next) });
  if (at < 0 || total < 2) return null;
  return (
    <div role="group" aria-label="Traces of the session" className="flex items-center">
      <IconButton label="Previous trace of the session ([)" size="sm" disabled={previous === undefined} onClick={() => open(previous)}>
        <ChevronLeft />
      </IconButton>
      <Link
        {...sessionLink(session, trace.project_id, position)}
        title="The conversation"
        className="num rounded-sm px-0.5 text-xs whitespace-nowrap text-ink-3 hover:text-ink hover:underline"
      >
        {formatCount(position + 1)} of {formatCount(total)}
      </Link>
      <IconButton label="Next trace of the session (])" size="sm" disabled={next === undefined} onClick={() => open(next)}>
        <ChevronRight />
      </IconButton>
    </div>
  );
}

/** Ids and everything else that is rarely needed. */
function Details({ trace }: { trace: TraceSummary }) {
  const id = (value: string, label: string) => (
    <span className="flex items-center gap-1">
      <span className="min-w-0 font-mono text-xs break-all">{value}</span>
      <CopyButton text={value} label={`Copy ${label}`} />
    </span>
  );
  const isHex = /^[0-9a-f]{32}$/.test(trace.trace_id);
  return (
    <Popover
      label="Details of the trace"
      align="end"
      className="w-[min(30rem,calc(100vw-16px))] p-4"
      trigger={
        <IconButton label="Ids and details">
          <Info className="max-md:hidden" />
          <Ellipsis className="md:hidden" />
        </IconButton>
      }
    >
      <Facts
        entries={[
          ["Trace id", id(trace.trace_id, "the trace id")],
          ...(isHex ? [["MLflow id", id(`tr-${trace.trace_id}`, "the MLflow id")] as const] : []),
          ...(trace.client_request_id === null ? [] : [["Request id", id(trace.client_request_id, "the request id")] as const]),
          ["Project", trace.project_id],
          ["Services", trace.services.join(", ")],
          ...(trace.prompts.length === 0 ? [] : [["Prompts", trace.prompts.join(", ")] as const]),
          ...(trace.run_ids.length === 0 ? [] : [["Runs", trace.run_ids.join(", ")] as const]),
          ...(trace.status_message === null ? [] : [["Message", trace.status_message] as const]),
          ...Object.entries({ ...trace.metadata, ...Object.fromEntries(Object.entries(trace.tags).filter(([key]) => key.startsWith("mlflow."))) }).map(
            ([key, value]) => [key, value.slice(0, 300)] as const,
          ),
        ]}
      />
    </Popover>
  );
}
