import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, MessagesSquare } from "lucide-react";
import { useRef } from "react";
import { ApiError } from "../../api/client.ts";
import { sessionQuery, type SessionRef } from "../../api/sessions.ts";
import { CopyButton } from "../../components/CopyButton.tsx";
import { EmptyState, FailedState, Skeleton } from "../../components/PanelState.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import type { SessionSearch } from "../../url/page-search.ts";
import { JumpMenu } from "./JumpMenu.tsx";
import { Replay, type ReplayHandle } from "./Replay.tsx";
import { SessionFigures } from "./SessionFigures.tsx";
import { SessionSide } from "./SessionSide.tsx";

/** A conversation, turn by turn, beside what it comes to. */
export function SessionPage() {
  const { sessionId } = useParams({ from: "/sessions/$sessionId" });
  const search: SessionSearch = useSearch({ strict: false });
  const asked: SessionRef = { id: sessionId, project: search.in };
  const summary = useQuery(sessionQuery(asked));
  const replay = useRef<ReplayHandle>(null);
  const found = summary.data?.session;
  // From here on the session is the one that was found, also if another project gets one of the same id meanwhile.
  const session: SessionRef = { id: sessionId, project: search.in ?? found?.project_id };
  const jump = (position: number): void => replay.current?.jump(position);
  return (
    <>
      <PageHeader
        title={<span title={sessionId}>{sessionId}</span>}
        before={
          <Link
            to="/sessions"
            aria-label="All sessions"
            title="All sessions"
            className="focus-inset flex size-8 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-hover"
          >
            <ArrowLeft className="size-4" />
          </Link>
        }
      >
        <CopyButton text={sessionId} label="Copy the session id" />
        {summary.data === undefined ? null : <JumpMenu session={session} total={summary.data.total} onJump={jump} />}
      </PageHeader>
      {summary.data === undefined || found === undefined ? (
        summary.isError ? (
          <NotShown error={summary.error} onRetry={() => void summary.refetch()} />
        ) : (
          <div role="status" aria-label="Loading" className="flex flex-col gap-3 p-4">
            <Skeleton className="h-20 w-full opacity-60" />
            <Skeleton className="h-40 w-full max-w-3xl opacity-60" />
          </div>
        )
      ) : (
        <>
          <SessionFigures summary={found} others={summary.data.also_in_projects ?? []} />
          <div className="flex min-h-0 grow max-lg:flex-col">
            <Replay
              key={`${session.project}/${sessionId}`}
              ref={replay}
              session={session}
              total={summary.data.total}
              start={search.turn === undefined ? 0 : Number(search.turn) - 1}
            />
            <SessionSide summary={found} series={summary.data.series ?? []} onJump={jump} />
          </div>
        </>
      )}
    </>
  );
}

function NotShown({ error, onRetry }: { error: Error; onRetry: () => void }) {
  if (!(error instanceof ApiError && error.status === 404))
    return <FailedState title="This session could not be read" error={error} onRetry={onRetry} className="mt-[10vh]" />;
  return (
    <EmptyState icon={<MessagesSquare />} title="There is no such session" className="mt-[10vh]">
      Its traces may have been deleted, or the id is mistyped.{" "}
      <Link to="/sessions" className="text-accent-ink underline">
        See the sessions
      </Link>
    </EmptyState>
  );
}
