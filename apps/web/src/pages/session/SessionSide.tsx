import { Link } from "@tanstack/react-router";
import type { SessionStretch, SessionSummary } from "@telltale/model/api";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import type { ReactNode } from "react";
import { formatCompact, formatUsd } from "../../format/number.ts";
import { userLink } from "../../url/people-links.ts";
import { SessionFeedback } from "./SessionFeedback.tsx";
import { TurnCurve } from "./TurnCurve.tsx";

export interface SessionSideProps {
  summary: SessionSummary;
  series: readonly SessionStretch[];
  onJump: (position: number) => void;
}

/** What the session comes to, beside the replay; below it where there is no room. */
export function SessionSide({ summary, series, onJump }: SessionSideProps) {
  const { feedback } = summary;
  return (
    <aside
      aria-label="About the session"
      tabIndex={0}
      className="focus-inset flex w-80 shrink-0 flex-col gap-4 overflow-y-auto border-l border-line px-4 py-3 max-lg:max-h-[32vh] max-lg:w-full max-lg:border-t max-lg:border-l-0"
    >
      <TurnCurve
        label="Cost per turn"
        series={series}
        valueOf={({ cost_usd: cost, turns }) => (cost === null ? null : cost / turns)}
        format={formatUsd}
        onJump={onJump}
      />
      <TurnCurve
        label="Context size"
        hint="Input tokens per model call"
        series={series}
        valueOf={({ context_tokens: tokens }) => tokens}
        format={(value) => `${formatCompact(value)} tokens`}
        color="chart-5"
        onJump={onJump}
      />
      <Part title={summary.user_count === 1 ? "User" : `Users (${summary.user_count})`}>
        {summary.users.length === 0 ? (
          <span className="text-ink-3">not known</span>
        ) : (
          <ul>
            {summary.users.map((user) => (
              <li key={user} className="truncate">
                <Link {...userLink(user)} className="rounded-sm underline decoration-line-strong underline-offset-3 hover:decoration-accent" title={user}>
                  {user}
                </Link>
              </li>
            ))}
            {summary.user_count > summary.users.length ? <li className="text-xs text-ink-3">and {summary.user_count - summary.users.length} more</li> : null}
          </ul>
        )}
      </Part>
      <Part title="Models">{summary.models.length === 0 ? <span className="text-ink-3">none called</span> : summary.models.join(", ")}</Part>
      {summary.environments.length === 0 ? null : <Part title="Environment">{summary.environments.join(", ")}</Part>}
      <Part title="Feedback">
        {feedback.thumbs_up + feedback.thumbs_down === 0 && feedback.scores.length === 0 ? (
          <span className="text-ink-3">none yet</span>
        ) : (
          <>
            {feedback.thumbs_up + feedback.thumbs_down === 0 ? null : (
              <p className="num flex items-center gap-3">
                <span className="flex items-center gap-1 text-ok">
                  <ThumbsUp className="size-3.5" aria-label="Good" /> {feedback.thumbs_up}
                </span>
                <span className="flex items-center gap-1 text-error">
                  <ThumbsDown className="size-3.5" aria-label="Bad" /> {feedback.thumbs_down}
                </span>
              </p>
            )}
            <ul>
              {feedback.scores.map(({ name, mean, count }) => (
                <li key={name} className="flex justify-between gap-2">
                  <span className="min-w-0 truncate">{name}</span>
                  <span className="num shrink-0">
                    {mean.toFixed(2)} <span className="text-xs text-ink-3">n = {count}</span>
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
        <SessionFeedback summary={summary} />
      </Part>
      <p className="mt-auto text-xs text-ink-3 max-lg:hidden">
        <kbd>j</kbd> <kbd>k</kbd> next and previous turn
      </p>
    </aside>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-0.5 text-xs text-ink-3">{title}</h2>
      <div className="min-w-0 break-words">{children}</div>
    </section>
  );
}
