import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReviewQueueOut } from "@telltale/model/api";
import { ArrowLeft, PartyPopper } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import { queueQuery } from "../../api/review.ts";
import { Button } from "../../components/Button.tsx";
import { EmptyState, FailedState, Skeleton } from "../../components/PanelState.tsx";
import { fieldLook } from "../../components/form.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { AnswerPane } from "./AnswerPane.tsx";
import { ReviewProgress } from "./ReviewProgress.tsx";
import { ReviewSubject } from "./ReviewSubject.tsx";
import { useLabelling } from "./use-labelling.ts";
import { useReviewer } from "./use-reviewer.ts";

/** One trace after the other, and what one thinks of it. */
export function LabelPage() {
  const { queueId } = useParams({ from: "/review/$queueId" });
  const queue = useQuery(queueQuery(queueId));
  const [reviewer, setReviewer] = useReviewer();
  const isMissing = queue.error instanceof ApiError && queue.error.status === 404;
  return (
    <>
      <PageHeader
        title={queue.data?.name ?? "Review"}
        before={
          <Link
            to="/review"
            aria-label="All queues"
            title="All queues"
            className="focus-inset flex size-8 items-center justify-center rounded-md text-ink-2 hover:bg-hover"
          >
            <ArrowLeft className="size-4" />
          </Link>
        }
      >
        {queue.data === undefined ? null : <ReviewProgress queue={queue.data} className="w-[26rem] max-lg:hidden" />}
      </PageHeader>
      {queue.data !== undefined ? (
        reviewer === "" ? (
          <WhoAreYou onName={setReviewer} />
        ) : (
          <Sitting key={`${queue.data.id} ${reviewer}`} queue={queue.data} reviewer={reviewer} />
        )
      ) : isMissing ? (
        <EmptyState title="There is no such queue" className="mt-[10vh]">
          It may have been deleted.{" "}
          <Link to="/review" className="text-accent-ink underline">
            All queues
          </Link>
        </EmptyState>
      ) : queue.isError ? (
        <FailedState title="This queue could not be read" error={queue.error} onRetry={() => void queue.refetch()} className="mt-[10vh]" />
      ) : (
        <div role="status" aria-label="Loading" className="p-4">
          <Skeleton className="h-24 w-full opacity-60" />
        </div>
      )}
    </>
  );
}

function WhoAreYou({ onName }: { onName: (name: string) => void }) {
  const [name, setName] = useState("");
  return (
    <EmptyState title="Who is labelling?" className="mt-[10vh]">
      Your name goes with every answer, and keeps two people from getting the same trace.
      <form
        className="mt-4 flex gap-2 text-left"
        onSubmit={(event) => {
          event.preventDefault();
          onName(name.trim());
        }}
      >
        <input aria-label="Your name" autoFocus required maxLength={250} value={name} onChange={(event) => setName(event.target.value)} className={fieldLook} />
        <Button type="submit" variant="primary" disabled={name.trim() === ""}>
          Begin
        </Button>
      </form>
    </EmptyState>
  );
}

function Sitting({ queue, reviewer }: { queue: ReviewQueueOut; reviewer: string }) {
  const labelling = useLabelling(queue, reviewer);
  const { current } = labelling;
  return (
    <div className="flex min-h-0 grow max-md:flex-col">
      <div key={current?.traceId} tabIndex={0} role="region" aria-label="What is judged" className="focus-inset min-h-0 min-w-0 grow overflow-y-auto">
        {current !== undefined ? (
          <ReviewSubject traceId={current.traceId} />
        ) : labelling.error !== null ? (
          <FailedState title="The next trace could not be read" error={labelling.error} onRetry={labelling.retry} className="mt-[8vh]" />
        ) : labelling.isFinished ? (
          <Finished queue={queue} />
        ) : (
          <div role="status" aria-label="Loading the next trace" className="p-4">
            <Skeleton className="mx-auto h-40 max-w-3xl" />
          </div>
        )}
      </div>
      <AnswerPane queue={queue} reviewer={reviewer} labelling={labelling} />
    </div>
  );
}

function Finished({ queue }: { queue: ReviewQueueOut }) {
  const { pending } = queue.progress;
  return (
    <EmptyState
      icon={<PartyPopper />}
      title={pending === 0 ? "All of it is labelled" : "Nothing is left for you"}
      className="mt-[8vh]"
      action={
        <Link to="/review" className="text-accent-ink underline">
          All queues
        </Link>
      }
    >
      {pending === 0
        ? queue.purpose === "estimate"
          ? `The labels are feedback named ${queue.label} and correct its rate from now on.`
          : "These traces were picked, not drawn: what you said of them is feedback, and enters no estimate."
        : "The rest is open with others; what they leave is free again after ten minutes."}
    </EmptyState>
  );
}
