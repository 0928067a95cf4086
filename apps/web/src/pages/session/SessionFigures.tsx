import { Link } from "@tanstack/react-router";
import type { SessionSummary } from "@telltale/model/api";
import type { ReactNode } from "react";
import { Cost } from "../../components/Cost.tsx";
import { Time } from "../../components/Time.tsx";
import { quoteValue } from "../../filter/clauses.ts";
import { formatCompact, formatCount, formatDuration, plural } from "../../format/number.ts";
import { sessionLink } from "../../url/people-links.ts";
import { tracesLink } from "../../url/traces-link.ts";

/** The whole session in one line of figures. */
export function SessionFigures({ summary, others }: { summary: SessionSummary; others: readonly string[] }) {
  const filter = `session = ${quoteValue(summary.session)}`;
  const window = { from: summary.first_time, to: new Date(Date.parse(summary.last_time) + 1).toISOString() };
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2">
      <Link {...tracesLink(filter, window)} className="num rounded-sm font-medium underline decoration-line-strong underline-offset-3 hover:decoration-accent">
        {plural(summary.traces, "turn")}
      </Link>
      <Fact label="from">
        <Time value={summary.first_time} relative={false} className="num" />
      </Fact>
      <Fact label="lasted">{formatDuration(summary.duration_ms)}</Fact>
      <Fact label="p50">{summary.latency_ms.p50 === null ? "–" : formatDuration(summary.latency_ms.p50)}</Fact>
      <Fact label="p95">{summary.latency_ms.p95 === null ? "–" : formatDuration(summary.latency_ms.p95)}</Fact>
      <Fact label="tokens">
        <span title={`${formatCount(summary.tokens.input ?? 0)} in, ${formatCount(summary.tokens.output ?? 0)} out`}>
          {summary.tokens.total === null ? "–" : formatCompact(summary.tokens.total)}
        </span>
      </Fact>
      <Fact label="cost">
        <Cost usd={summary.cost_usd} unpriced={summary.unpriced_calls} hasCalls={summary.llm_calls > 0} />
      </Fact>
      {summary.errors === 0 ? null : (
        <Link
          {...tracesLink(`${filter} AND status = 'ERROR'`, window)}
          className="num rounded-sm font-medium text-error underline decoration-error/40 underline-offset-3"
        >
          {plural(summary.errors, "error")}
        </Link>
      )}
      {others.map((project) => (
        <Link key={project} {...sessionLink(summary.session, project)} className="text-xs text-ink-3 underline">
          also in project {project}
        </Link>
      ))}
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="num flex items-center gap-1 whitespace-nowrap">
      <span className="text-ink-3">{label}</span>
      {children}
    </span>
  );
}
