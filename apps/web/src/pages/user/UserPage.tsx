import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { UserDetail } from "@telltale/model/api";
import { ArrowLeft, UserRound } from "lucide-react";
import { ApiError } from "../../api/client.ts";
import { userQuery } from "../../api/sessions.ts";
import { CopyButton } from "../../components/CopyButton.tsx";
import { EmptyState, FailedState } from "../../components/PanelState.tsx";
import { StatStrip, StatTile } from "../../components/StatTile.tsx";
import { quoteValue } from "../../filter/clauses.ts";
import { formatCompact, formatCount, formatDuration, formatUsd, plural } from "../../format/number.ts";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { TimeRangePicker } from "../../shell/TimeRangePicker.tsx";
import { useScope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";
import { PersonMenu } from "./PersonMenu.tsx";
import { Receipts } from "./Receipts.tsx";
import { UserCharts } from "./UserCharts.tsx";
import { UserMakeup } from "./UserMakeup.tsx";
import { FailingTraces, UserSessions } from "./UserTables.tsx";

/** One person: what the application cost and gave them, their sessions, and what went wrong. */
export function UserPage() {
  const { userId } = useParams({ from: "/users/$userId" });
  const scope = useScope();
  const user = useQuery(userQuery(userId, { project: scope.project, from: scope.window.from, to: scope.window.to }));
  const isUnknown = user.error instanceof ApiError && user.error.status === 404;
  return (
    <>
      <PageHeader
        title={<span title={userId}>{userId}</span>}
        before={
          <Link
            to="/users"
            aria-label="All users"
            title="All users"
            className="focus-inset flex size-8 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-hover"
          >
            <ArrowLeft className="size-4" />
          </Link>
        }
      >
        <span className="max-sm:hidden">
          <CopyButton text={userId} label="Copy the user id" />
        </span>
        <TimeRangePicker />
        <PersonMenu userId={userId} project={scope.project} />
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="User" className="focus-inset min-h-0 grow overflow-y-auto">
        {isUnknown ? (
          <EmptyState icon={<UserRound />} title="No traces of this user in this time" className="mt-[6vh]">
            Choose a longer time. If the user was erased, the receipt is below.
          </EmptyState>
        ) : user.isError && user.data === undefined ? (
          <FailedState title="This user could not be read" error={user.error} onRetry={() => void user.refetch()} className="mt-[10vh]" />
        ) : (
          <>
            <Figures userId={userId} detail={user.data} />
            <UserCharts userId={userId} detail={user} />
            <UserSessions userId={userId} />
            <div className="grid border-t border-line lg:grid-cols-[3fr_2fr]">
              <FailingTraces userId={userId} />
              <UserMakeup userId={userId} query={user} />
            </div>
          </>
        )}
        <Receipts userId={userId} />
      </div>
    </>
  );
}

function Figures({ userId, detail }: { userId: string; detail: UserDetail | undefined }) {
  const isPending = detail === undefined;
  const user = detail?.user;
  const filter = `user = ${quoteValue(userId)}`;
  const { feedback } = user ?? { feedback: { thumbs_up: 0, thumbs_down: 0, scores: [] } };
  const [score] = feedback.scores;
  const valuesOf = (answer: UserDetail["series"]["traces"] | undefined, name: "count" | "sum" | "avg" | "p95"): (number | null)[] | undefined =>
    answer?.data.map(({ values }) => values[name] ?? null);
  return (
    <StatStrip label="Figures">
      <StatTile
        label="Traces"
        isPending={isPending}
        value={formatCount(user?.traces ?? 0)}
        sparkline={valuesOf(detail?.series.traces, "count")}
        link={tracesLink(filter)}
        n={plural(user?.session_count ?? 0, "session")}
      />
      <StatTile
        label="Errors"
        isPending={isPending}
        value={formatCount(user?.errors ?? 0)}
        sparkline={valuesOf(detail?.series.error_rate, "avg")}
        color="chart-error"
        link={(user?.errors ?? 0) === 0 ? undefined : tracesLink(`${filter} AND status = 'ERROR'`)}
        n={user === undefined || user.traces === 0 ? undefined : `${((user.errors / user.traces) * 100).toFixed(1)}% of traces`}
      />
      <StatTile
        label="Latency p95"
        isPending={isPending}
        value={user?.latency_ms.p95 == null ? "–" : formatDuration(user.latency_ms.p95)}
        detail={user?.latency_ms.p50 == null ? undefined : `p50 ${formatDuration(user.latency_ms.p50)}`}
        sparkline={valuesOf(detail?.series.latency_ms, "p95")}
        n={plural(user?.traces ?? 0, "trace")}
      />
      <StatTile
        label="Cost"
        isPending={isPending}
        value={user?.cost_usd == null ? "unknown" : `${user.unpriced_calls > 0 ? "≥ " : ""}${formatUsd(user.cost_usd)}`}
        sparkline={valuesOf(detail?.series.cost_usd, "sum")}
        n={
          user === undefined
            ? undefined
            : user.unpriced_calls > 0
              ? `${plural(user.unpriced_calls, "call")} without a price`
              : plural(user.llm_calls, "model call")
        }
      />
      <StatTile
        label="Tokens"
        isPending={isPending}
        value={user?.tokens.total == null ? "–" : formatCompact(user.tokens.total)}
        n={user?.tokens.input == null ? undefined : `${formatCompact(user.tokens.input)} in, ${formatCompact(user.tokens.output ?? 0)} out`}
      />
      <StatTile
        label="Feedback"
        isPending={isPending}
        value={feedback.thumbs_up + feedback.thumbs_down === 0 ? "–" : `${feedback.thumbs_up} good`}
        detail={feedback.thumbs_up + feedback.thumbs_down === 0 ? undefined : `${feedback.thumbs_down} bad`}
        n={score === undefined ? undefined : `${score.name} ${score.mean.toFixed(2)} (n = ${score.count})`}
      />
    </StatStrip>
  );
}
