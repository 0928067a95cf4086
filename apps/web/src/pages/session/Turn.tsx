import { Link } from "@tanstack/react-router";
import { useMutation } from "@tanstack/react-query";
import type { SessionTurn } from "@telltale/model/api";
import { clsx } from "clsx";
import { ArrowUpRight, Bot, OctagonX, User } from "lucide-react";
import { type ReactNode, useState } from "react";
import { fullTurn, type SessionRef } from "../../api/sessions.ts";
import { TextValue } from "../../components/content/TextValue.tsx";
import { Cost } from "../../components/Cost.tsx";
import { FeedbackChip } from "../../components/FeedbackChips.tsx";
import { StatusIcon } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { toastError } from "../../components/toast.tsx";
import { formatCompact, formatCount, formatDuration, plural } from "../../format/number.ts";
import { Thumbs } from "./Thumbs.tsx";
import { ToolChips } from "./ToolChips.tsx";

/** One turn: what was asked, what came back, and what it took. */
export function Turn({ turn, session }: { turn: SessionTurn; session: SessionRef }) {
  const [whole, setWhole] = useState<SessionTurn | undefined>();
  const shown = whole ?? turn;
  const isCut = whole === undefined && (turn.input?.truncated === true || turn.output?.truncated === true);
  const more = useMutation({ mutationFn: () => fullTurn(session, turn.trace_id), onSuccess: setWhole, onError: toastError });
  return (
    <div className="flex flex-col gap-2.5 px-4 py-3.5 max-md:px-3">
      <header className="flex items-center gap-2 text-xs text-ink-3">
        <span className="num font-medium text-ink-2">{formatCount(turn.position + 1)}</span>
        <StatusIcon status={turn.status} className="size-3.5!" />
        <Time value={turn.start_time} relative={false} className="num" />
        <span className="min-w-0 truncate">{turn.name}</span>
        <Link
          to="/traces/$traceId"
          params={{ traceId: turn.trace_id }}
          className="ml-auto flex shrink-0 items-center gap-0.5 rounded-sm text-ink-2 hover:text-ink hover:underline"
        >
          Open trace <ArrowUpRight className="size-3.5" aria-hidden />
        </Link>
      </header>
      <Said who={turn.user ?? "User"} icon={<User />} text={shown.input?.text} className="bg-sunken" />
      {turn.tools.length === 0 ? null : <ToolChips turn={turn} />}
      <Said who="Assistant" icon={<Bot />} text={shown.output?.text} />
      {isCut ? (
        <button
          type="button"
          disabled={more.isPending}
          onClick={() => more.mutate()}
          className="w-fit rounded-sm text-xs text-accent-ink underline disabled:opacity-50"
        >
          {more.isPending ? "Reading the rest…" : "Show all of it"}
        </button>
      ) : null}
      {turn.status === "error" ? (
        <p className="flex items-start gap-1.5 rounded-md bg-error-soft px-2.5 py-1.5 text-error">
          <OctagonX className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">{turn.status_message ?? "The turn failed and said nothing about it."}</span>
        </p>
      ) : null}
      <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
        <span className="num" title="Duration of the trace">
          {formatDuration(turn.duration_ms)}
        </span>
        {turn.ttft_ms === null ? null : (
          <span className="num" title="Time to the first token">
            {formatDuration(turn.ttft_ms)} to first token
          </span>
        )}
        {turn.tokens.total === null ? null : (
          <span className="num" title={`${formatCount(turn.tokens.input ?? 0)} in, ${formatCount(turn.tokens.output ?? 0)} out`}>
            {formatCompact(turn.tokens.total)} tokens
          </span>
        )}
        <Cost usd={turn.cost_usd} unpriced={turn.unpriced_calls} hasCalls={turn.llm_calls > 0} />
        {turn.models[0] === undefined ? null : (
          <span className="max-w-40 truncate" title={turn.models.join(", ")}>
            {turn.models[0]}
          </span>
        )}
        {turn.error_count > 0 && turn.status !== "error" ? <span className="num text-error">{plural(turn.error_count, "failed span")}</span> : null}
        <span className="ml-auto flex min-w-0 flex-wrap items-center gap-1.5">
          {turn.assessments
            .filter(({ kind, valid }) => kind === "feedback" && valid)
            .map((assessment) => (
              <FeedbackChip key={assessment.assessment_id} assessment={assessment} />
            ))}
          <Thumbs turn={turn} session={session} />
        </span>
      </footer>
    </div>
  );
}

function Said({ who, icon, text, className }: { who: string; icon: ReactNode; text: string | undefined; className?: string }) {
  return (
    <div className={clsx("grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2 rounded-lg", className === undefined ? "px-2.5 py-0.5" : `px-2.5 py-2 ${className}`)}>
      <span aria-hidden className="mt-0.5 text-ink-3 [&_svg]:size-4">
        {icon}
      </span>
      <div className="min-w-0">
        <p className="truncate text-xs font-medium text-ink-3">{who}</p>
        {text === undefined ? <p className="text-ink-3 italic">nothing that can be read</p> : <TextValue text={text} />}
      </div>
    </div>
  );
}
