import { useQuery } from "@tanstack/react-query";
import type { AssessmentOut, SpanDetail } from "@telltale/model/api";
import { clsx } from "clsx";
import { Link2 } from "lucide-react";
import type { ReactNode } from "react";
import { spanQuery } from "../../api/queries.ts";
import { IconButton } from "../../components/Button.tsx";
import { CopyButton, useCopied } from "../../components/CopyButton.tsx";
import { Cost } from "../../components/Cost.tsx";
import { KindBadge } from "../../components/Kind.tsx";
import { FailedState, Skeleton } from "../../components/PanelState.tsx";
import { StatusIcon } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { formatCompact, formatDuration } from "../../format/number.ts";
import { AttributesTab } from "./AttributesTab.tsx";
import { CostTab } from "./CostTab.tsx";
import { ErrorsTab, readExceptions } from "./ErrorsTab.tsx";
import { EventsTab, LogsTab } from "./EventsTab.tsx";
import { FeedbackPanel } from "./FeedbackPanel.tsx";
import { InputOutputTab } from "./InputOutputTab.tsx";
import type { TreeSpan } from "./span-tree.ts";

export interface SpanPaneProps {
  projectId: string;
  traceId: string;
  span: TreeSpan;
  assessments: readonly AssessmentOut[];
  pane: string | undefined;
  onPane: (pane: string | undefined) => void;
  onOpenSpan: (traceId: string, spanId: string) => void;
}

/** All there is to know about one span. The head is there at once, from the tree; the content follows. */
export function SpanPane({ projectId, traceId, span, assessments, pane, onPane, onOpenSpan }: SpanPaneProps) {
  const detail = useQuery(spanQuery(traceId, span.span_id));
  const data = detail.data;
  const own = assessments.filter((entry) => entry.span_id === span.span_id);
  const tabs = tabsOf(span, data, own.length);
  const chosen = tabs.find((tab) => tab.key === pane)?.key ?? tabs[0]?.key;
  return (
    <section aria-label={`Span ${span.name}`} className="flex h-full min-h-0 flex-col">
      <SpanHead span={span} />
      <div role="tablist" aria-label="Content of the span" className="flex shrink-0 gap-0.5 overflow-x-auto border-b border-line px-3">
        {tabs.map((tab) => (
          <button
            key={tab.key}
            id={`pane-tab-${tab.key}`}
            type="button"
            role="tab"
            aria-selected={tab.key === chosen}
            aria-controls="pane-panel"
            onClick={() => onPane(tab.key === tabs[0]?.key ? undefined : tab.key)}
            className="focus-inset relative flex h-9 shrink-0 items-center gap-1.5 px-2 text-ink-3 hover:text-ink aria-selected:font-medium aria-selected:text-ink aria-selected:after:absolute aria-selected:after:inset-x-2 aria-selected:after:bottom-0 aria-selected:after:h-0.5 aria-selected:after:rounded-full aria-selected:after:bg-accent"
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className={clsx("num rounded-full px-1.5 text-2xs", tab.key === "errors" ? "bg-error-soft text-error" : "bg-hover text-ink-3")}>
                {tab.count}
              </span>
            )}
          </button>
        ))}
      </div>
      <div
        key={span.span_id}
        id="pane-panel"
        role="tabpanel"
        aria-labelledby={`pane-tab-${chosen}`}
        tabIndex={0}
        className="focus-inset min-h-0 grow overflow-y-auto px-4 py-3"
      >
        {chosen === "feedback" ? (
          <FeedbackPanel projectId={projectId} traceId={traceId} spanId={span.span_id} assessments={own} />
        ) : chosen === "cost" ? (
          <CostTab span={span} traceId={traceId} onOpenSpan={onOpenSpan} />
        ) : detail.isError ? (
          <FailedState title="The content of this span could not be read" error={detail.error} onRetry={() => void detail.refetch()} />
        ) : data === undefined ? (
          <ContentSkeleton />
        ) : chosen === "attributes" ? (
          <AttributesTab span={data} />
        ) : chosen === "events" ? (
          <EventsTab span={data} />
        ) : chosen === "logs" ? (
          <LogsTab span={data} />
        ) : chosen === "errors" ? (
          <ErrorsTab span={data} />
        ) : (
          <InputOutputTab span={data} />
        )}
      </div>
    </section>
  );
}

function tabsOf(span: TreeSpan, data: SpanDetail | undefined, feedback: number): { key: string; label: string; count?: number }[] {
  const errors = data === undefined ? (span.status === "error" ? 1 : 0) : Math.max(readExceptions(data).length, span.status === "error" ? 1 : 0);
  const counted = (count: number): { count?: number } => (count > 0 ? { count } : {});
  const tabs: { key: string; label: string; count?: number }[] = [{ key: "io", label: "Input / output" }];
  if (errors > 0) tabs.push({ key: "errors", label: "Errors", count: errors });
  tabs.push({ key: "attributes", label: "Attributes" }, { key: "events", label: "Events", ...counted(data?.events.length ?? 0) });
  if ((data?.logs.length ?? 0) > 0) tabs.push({ key: "logs", label: "Logs", ...counted(data?.logs.length ?? 0) });
  tabs.push({ key: "cost", label: "Tokens & cost" }, { key: "feedback", label: "Feedback", ...counted(feedback) });
  return tabs;
}

function SpanHead({ span }: { span: TreeSpan }) {
  const [copied, copy] = useCopied();
  const tokens = (span.usage?.input_tokens ?? 0) + (span.usage?.output_tokens ?? 0);
  const hasTokens = span.usage?.input_tokens != null || span.usage?.output_tokens != null;
  return (
    <header className="flex flex-col gap-2 px-4 pt-3 pb-2.5">
      <div className="flex items-start gap-2">
        <h2 className="min-w-0 grow text-lg leading-snug font-semibold tracking-[-0.01em] break-words">{span.name === "" ? "unnamed" : span.name}</h2>
        <IconButton label={copied ? "Copied" : "Copy a link to this span (y)"} size="sm" onClick={() => copy(location.href)}>
          <Link2 className={copied ? "text-ok" : ""} />
        </IconButton>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-ink-2">
        <KindBadge kind={span.kind} />
        <span className="flex items-center gap-1.5">
          <StatusIcon status={span.status ?? "unset"} className="size-3.5!" />
          <span className="num">{formatDuration(span.duration_ms)}</span>
        </span>
        {span.ttft_ms == null ? null : <Fact label="first token">{formatDuration(span.ttft_ms)}</Fact>}
        {span.model == null ? null : (
          <span
            className="max-w-full truncate"
            title={span.request_model != null && span.request_model !== span.model ? `Asked for ${span.request_model}` : undefined}
          >
            {span.model}
          </span>
        )}
        {hasTokens ? <Fact label={span.usage_is_aggregate === true ? "tokens, summed" : "tokens"}>{formatCompact(tokens)}</Fact> : null}
        {span.cost_source !== undefined && span.cost_source !== null && span.cost_source !== "none" ? (
          <Cost usd={span.cost_usd} unpriced={span.cost_source === "unknown" ? 1 : 0} hasCalls />
        ) : null}
        <Time value={span.start_time} relative={false} className="num text-ink-3" />
        <span className="flex items-center font-mono text-xs text-ink-3">
          {span.span_id}
          <CopyButton text={span.span_id} label="Copy the span id" />
        </span>
      </div>
    </header>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="num whitespace-nowrap">
      {children} <span className="text-ink-3">{label}</span>
    </span>
  );
}

function ContentSkeleton() {
  return (
    <div role="status" aria-label="Loading the content" className="flex flex-col gap-3">
      <Skeleton className="h-3 w-16" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-3 w-16" />
      <Skeleton className="h-36 w-full" />
    </div>
  );
}
