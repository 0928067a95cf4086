import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ClipboardCheck, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "../../components/Button.tsx";
import { Choices } from "../../components/form.tsx";
import { EmptyState, FailedState, PartialNote, Skeleton } from "../../components/PanelState.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";
import { useShellSearch } from "../../url/search.ts";
import { queueColumns, QueueRow } from "./QueueRow.tsx";
import type { ReviewSearch } from "./review-search.ts";
import { useQueueList, type QueueList } from "./use-queue-list.ts";
import { useReviewer } from "./use-reviewer.ts";

const NewQueueDialog = lazy(() => import("./NewQueueDialog.tsx").then((module) => ({ default: module.NewQueueDialog })));

/** What people are asked to look at, and how far that is. */
export function ReviewPage() {
  const { project } = useShellSearch();
  const search: ReviewSearch = useSearch({ from: "/review" });
  const navigate = useNavigate();
  const list = useQueueList(project);
  const [reviewer] = useReviewer();
  const [isOpen, setOpen] = useState(false);
  const mine = search.show === "mine";
  const shown = list.queues?.filter(({ assignees }) => !mine || assignees.some((name) => name.toLowerCase() === reviewer.toLowerCase()));
  const setSearch = (change: object): void => void navigate({ to: "/review", search: (previous) => ({ ...previous, ...change }) as never, replace: true });
  const create = (
    <Button variant="primary" onClick={() => setOpen(true)}>
      <Plus /> New queue
    </Button>
  );
  return (
    <>
      <PageHeader title="Review">
        {list.error !== null && (list.queues ?? []).length > 0 ? <PartialNote>Not all could be read: {list.error.message}</PartialNote> : null}
        {list.leftOut > 0 ? <PartialNote>{`${list.leftOut} projects are left out: choose one`}</PartialNote> : null}
        {create}
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Review queues" className="focus-inset min-h-0 grow overflow-y-auto">
        {(list.queues ?? []).length > 0 ? (
          <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line px-4 py-2.5">
            <p className="max-w-2xl text-xs text-pretty text-ink-3">
              What people say of a fair sample corrects the pass rate of its scorer. Queues of <em>interesting</em> traces are for learning: they change no
              rate.
            </p>
            <Choices
              label="Queues"
              isLabelHidden
              name="show"
              value={mine ? "mine" : "all"}
              options={[
                ["all", "All"],
                ["mine", "Assigned to me"],
              ]}
              onChange={(value) => setSearch({ show: value === "mine" ? "mine" : undefined })}
            />
          </div>
        ) : null}
        <Queues list={list} shown={shown} project={project} create={create} reviewer={reviewer} />
      </div>
      {isOpen || search.label !== undefined ? (
        <Suspense>
          <NewQueueDialog
            project={project}
            scorer={search.label}
            count={search.count === undefined ? undefined : Number(search.count)}
            onClose={() => {
              setOpen(false);
              if (search.label !== undefined) setSearch({ label: undefined, count: undefined });
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

interface QueuesProps {
  list: QueueList;
  shown: QueueList["queues"];
  project: string | undefined;
  create: React.ReactNode;
  reviewer: string;
}

function Queues({ list, shown, project, create, reviewer }: QueuesProps) {
  if (list.queues === undefined || shown === undefined)
    return (
      <div role="status" aria-label="Loading" className="flex flex-col gap-4 p-4">
        {[0, 1, 2].map((row) => (
          <Skeleton key={row} className="h-9 w-full opacity-60" />
        ))}
      </div>
    );
  if (list.queues.length === 0 && list.error !== null)
    return <FailedState title="The queues could not be read" error={list.error} onRetry={list.retry} className="mt-[10vh]" />;
  if (list.queues.length === 0)
    return (
      <EmptyState icon={<ClipboardCheck />} title="Nobody is asked anything yet" className="mt-[10vh]" action={create}>
        A queue is a handful of traces that people label, a key for each. Some dozens are enough to know how good a scorer is and to correct its rate.{" "}
        <Link to="/docs/$slug" params={{ slug: "review" }} className="text-accent-ink underline">
          How it works
        </Link>
      </EmptyState>
    );
  if (shown.length === 0)
    return (
      <EmptyState title="Nothing is assigned to you" className="mt-[8vh]">
        {reviewer === "" ? "Open a queue and say your name first." : `No queue names ${reviewer}.`}
      </EmptyState>
    );
  return (
    <>
      <div aria-hidden className={`hidden gap-x-4 border-b border-line px-4 py-1.5 text-xs text-ink-3 lg:grid ${queueColumns}`}>
        <span>Queue</span>
        <span>For</span>
        <span>Progress</span>
        <span />
      </div>
      <ul className="text-sm">
        {shown.map((queue) => (
          <QueueRow key={queue.id} queue={queue} projectName={project === undefined ? list.projectName(queue.project_id) : undefined} />
        ))}
      </ul>
    </>
  );
}
