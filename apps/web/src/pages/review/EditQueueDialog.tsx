import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReviewQueueOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { useState } from "react";
import { changeQueue, queueQuery } from "../../api/review.ts";
import { Field, fieldLook } from "../../components/form.tsx";
import { FormDialog } from "../../components/FormDialog.tsx";
import { toast } from "../../components/toast.tsx";
import { editDraftOf, queuePatchOf, type QueueEdit } from "./queue-draft.ts";
import { IntervalField, NameField } from "./queue-fields.tsx";

/** What can change while people label: the words, whom it is for, and how narrow the interval is to be. What is asked stays. */
export function EditQueueDialog({ queue, onClose }: { queue: ReviewQueueOut; onClose: () => void }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<QueueEdit>(() => editDraftOf(queue));
  const set = (change: Partial<QueueEdit>): void => setDraft({ ...draft, ...change });
  const patch = queuePatchOf(draft);
  const save = useMutation({
    mutationFn: (whole: NonNullable<typeof patch>) => changeQueue(queue.id, whole),
    onSuccess: async (saved) => {
      queries.setQueryData(queueQuery(queue.id).queryKey, saved);
      await queries.invalidateQueries({ queryKey: ["review-queues"] });
      toast(`${saved.name} is changed`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Change ${queue.name}`}
      problem={save.error?.message}
      action="Save"
      isDisabled={patch === undefined || save.isPending}
      onSubmit={() => {
        if (patch !== undefined) save.mutate(patch);
      }}
      onClose={onClose}
    >
      <NameField value={draft.name} onChange={(name) => set({ name })} />
      <Field label="Description (optional)" hint="Those who label read it above their answer." className="sm:col-span-2">
        <textarea
          rows={3}
          className={clsx(fieldLook, "h-auto! py-1.5")}
          value={draft.description}
          maxLength={5_000}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
      <Field label="For (names with commas; empty: anybody)" hint="They find the queue under “Assigned to me”; others may label too." className="sm:col-span-2">
        <input
          className={fieldLook}
          value={draft.assignees}
          maxLength={3_000}
          placeholder="ada, bob"
          onChange={(event) => set({ assignees: event.target.value })}
        />
      </Field>
      {queue.purpose === "interesting" ? null : <IntervalField value={draft.precision} onChange={(precision) => set({ precision })} />}
    </FormDialog>
  );
}
