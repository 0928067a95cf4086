import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ErasureCounts } from "@telltale/model/api";
import { useState } from "react";
import { erasurePreviewQuery, eraseUser } from "../../api/sessions.ts";
import { Button } from "../../components/Button.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { FailedState, Skeleton } from "../../components/PanelState.tsx";
import { formatCount } from "../../format/number.ts";
import { erasedKeys, ReceiptCard } from "./Receipts.tsx";

export interface EraseDialogProps {
  userId: string;
  project: string | undefined;
  onClose: () => void;
}

/** Says what would go, asks for the id to be typed, and shows the receipt. */
export function EraseDialog({ userId, project, onClose }: EraseDialogProps) {
  const [typed, setTyped] = useState("");
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: () => eraseUser(userId, project),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["erasures", userId] }),
  });
  const preview = useQuery({ ...erasurePreviewQuery(userId, project), enabled: erase.data === undefined });
  const close = (): void => {
    onClose();
    if (erase.data !== undefined) for (const key of erasedKeys) void queries.invalidateQueries({ queryKey: [key] });
  };
  return (
    <Dialog open onOpenChange={(open) => open || close()} title={erase.data === undefined ? "Erase this user" : "The user is being erased"}>
      <div className="min-h-0 overflow-y-auto px-4 pb-4">
        {erase.data !== undefined ? (
          <div className="flex flex-col gap-3">
            <p className="text-ink-2">Nobody sees the traces any more. Their files are rewritten in the background, also after a restart; the receipt stays.</p>
            <ReceiptCard userId={userId} erasureId={erase.data.erasure_id} first={erase.data} />
            <Button className="self-end" onClick={close}>
              Close
            </Button>
          </div>
        ) : preview.data === undefined ? (
          preview.isError ? (
            <FailedState title="What would go could not be counted" error={preview.error} onRetry={() => void preview.refetch()} />
          ) : (
            <div role="status" aria-label="Counting" className="flex flex-col gap-2">
              <Skeleton className="h-4 w-3/5 opacity-60" />
              <Skeleton className="h-24 w-full opacity-60" />
            </div>
          )
        ) : (
          <form
            className="flex flex-col gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              if (typed === userId) erase.mutate();
            }}
          >
            <p className="text-ink-2">
              This takes everything of the user out of {project === undefined ? "all projects" : "this project"}, from every file of this installation. It
              cannot be undone. Backups are not reached.
            </p>
            <Counts counts={preview.data.counts} />
            <label className="flex flex-col gap-1">
              <span className="text-xs text-ink-3">
                Type the id of the user to go on: <span className="font-mono break-all text-ink-2 select-all">{userId}</span>
              </span>
              <input
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                spellCheck={false}
                className="h-8 rounded-md border border-line-strong bg-surface px-2.5 font-mono"
              />
            </label>
            {erase.isError ? (
              <p role="alert" className="text-error">
                {erase.error.message}
              </p>
            ) : null}
            <footer className="flex justify-end gap-2">
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" variant="primary" disabled={typed !== userId || erase.isPending} className="border-error! bg-error! text-canvas!">
                Erase for good
              </Button>
            </footer>
          </form>
        )}
      </div>
    </Dialog>
  );
}

const kinds: readonly (readonly [keyof ErasureCounts, string])[] = [
  ["traces", "traces, those of judges included"],
  ["sessions", "sessions they took part in"],
  ["spans", "spans"],
  ["payloads", "spans with content"],
  ["logs", "log records"],
  ["assessments", "pieces of feedback and scores"],
  ["copies", "copies that judges keep"],
  ["blobs", "files that nobody else uses"],
  ["blobs_kept", "files kept, others use them too"],
];

export function Counts({ counts }: { counts: ErasureCounts }) {
  return (
    <ul className="grid grid-cols-[auto_1fr] gap-x-2.5 gap-y-0.5">
      {kinds
        .filter(([kind]) => counts[kind] > 0 || kind === "traces")
        .map(([kind, label]) => (
          <li key={kind} className="contents">
            <span className="num text-right font-medium">{formatCount(counts[kind])}</span>
            <span className="text-ink-2">{label}</span>
          </li>
        ))}
    </ul>
  );
}
