import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReviewQueueOut } from "@telltale/model/api";
import { MoreHorizontal, Pencil, Trash2, UserRound } from "lucide-react";
import { useState } from "react";
import { deleteQueue } from "../../api/review.ts";
import { IconButton } from "../../components/Button.tsx";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { Menu, MenuItem } from "../../components/Menu.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { EditQueueDialog } from "./EditQueueDialog.tsx";
import { ReviewProgress } from "./ReviewProgress.tsx";

export const queueColumns = "lg:grid-cols-[minmax(12rem,1.2fr)_minmax(8rem,0.7fr)_minmax(16rem,1.6fr)_6rem]";

/** One queue: what it asks, whom, and how far it is. */
export function QueueRow({ queue, projectName }: { queue: ReviewQueueOut; projectName: string | undefined }) {
  const isDone = queue.progress.pending === 0;
  return (
    <li className={`relative grid items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2.5 ${queueColumns}`}>
      <span className="min-w-0 max-lg:pr-28">
        <Link to="/review/$queueId" params={{ queueId: queue.id }} className="focus-inset block truncate rounded-sm font-medium hover:underline">
          {queue.name}
        </Link>
        <span className="block truncate text-xs text-ink-3">
          {queue.questions.map(({ name }) => name).join(", ")}
          {queue.purpose === "interesting" ? " · interesting traces" : ""}
          {projectName === undefined ? "" : ` · ${projectName}`}
        </span>
      </span>
      <span className="flex min-w-0 items-center gap-1.5 text-xs text-ink-2">
        <UserRound className="size-3.5 shrink-0 text-ink-3" aria-hidden />
        <span className="min-w-0 truncate" title={queue.assignees.join(", ")}>
          {queue.assignees.length === 0 ? "anybody" : queue.assignees.join(", ")}
        </span>
      </span>
      <ReviewProgress queue={queue} />
      <span className="flex items-center justify-end gap-1 max-lg:absolute max-lg:top-2.5 max-lg:right-3">
        <Link
          to="/review/$queueId"
          params={{ queueId: queue.id }}
          className="flex h-[26px] items-center rounded-md border border-line-strong bg-surface px-2.5 text-xs font-medium shadow-sm hover:bg-hover"
        >
          {isDone ? "Look" : "Label"}
        </Link>
        <QueueMenu queue={queue} />
      </span>
    </li>
  );
}

function QueueMenu({ queue }: { queue: ReviewQueueOut }) {
  const [open, setOpen] = useState<"edit" | "delete" | undefined>();
  const queries = useQueryClient();
  const close = (): void => setOpen(undefined);
  const remove = useMutation({
    mutationFn: () => deleteQueue(queue.id),
    onSuccess: async () => {
      toast(`${queue.name} is deleted`);
      close();
      await queries.invalidateQueries({ queryKey: ["review-queues", "of"] });
    },
    onError: toastError,
  });
  return (
    <>
      <Menu
        label={`${queue.name}: actions`}
        trigger={
          <IconButton label={`${queue.name}: actions`} size="sm">
            <MoreHorizontal />
          </IconButton>
        }
      >
        <MenuItem icon={Pencil} onSelect={() => setOpen("edit")}>
          Change
        </MenuItem>
        <MenuItem icon={Trash2} danger onSelect={() => setOpen("delete")}>
          Delete
        </MenuItem>
      </Menu>
      {open === "edit" ? <EditQueueDialog queue={queue} onClose={close} /> : null}
      <DeleteDialog
        open={open === "delete"}
        name={queue.name}
        consequence="The queue goes; what people said of its traces stays."
        isPending={remove.isPending}
        onDelete={remove.mutate}
        onClose={close}
      />
    </>
  );
}
