import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { useState } from "react";
import { labelSchemasQuery } from "../../api/label-schemas.ts";
import { projectsQuery } from "../../api/queries.ts";
import { createQueue } from "../../api/review.ts";
import { scorersQuery } from "../../api/scorers.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { Choices, Field, fieldLook, Select } from "../../components/form.tsx";
import { newDraft, queueOf, type QueueDraft } from "./queue-draft.ts";
import { IntervalField, NameField } from "./queue-fields.tsx";

const spans = [
  { value: "1", label: "Last day" },
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
];

export interface NewQueueDialogProps {
  project: string | undefined;
  /** The scorer that it is to calibrate, when one comes from there. */
  scorer: string | undefined;
  count: number | undefined;
  onClose: () => void;
}

/** What is asked, about which traces, and of whom. */
export function NewQueueDialog({ project, scorer, count, onClose }: NewQueueDialogProps) {
  const projects = useQuery(projectsQuery);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<QueueDraft>(() => newDraft(project ?? "0", scorer, count));
  const [openedMs] = useState(() => Date.now());
  const set = (change: Partial<QueueDraft>): void => setDraft({ ...draft, ...change });
  const scorers = useQuery(scorersQuery(draft.projectId));
  const schemas = useQuery(labelSchemasQuery(draft.projectId));
  const asks = [
    { value: "", label: "Choose…" },
    ...[...new Set([...(scorer === undefined ? [] : [scorer]), ...(scorers.data ?? []).map(({ name }) => name)])].map((name) => ({
      value: `scorer:${name}`,
      label: `Is “${name}” right?`,
    })),
    ...(schemas.data ?? []).map(({ id, name }) => ({ value: `schema:${id}`, label: `${name} (label schema)` })),
  ];
  const isScorer = draft.asks.startsWith("scorer:");
  const whole = queueOf(draft, schemas.data ?? [], openedMs);
  const save = useMutation({
    mutationFn: ({ queue, sample }: NonNullable<typeof whole>) => createQueue(queue, sample),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["review-queues", "of"] });
      await navigate({ to: "/review/$queueId", params: { queueId: made.id } });
    },
  });
  return (
    <FormDialog
      title="New review queue"
      problem={save.error?.message}
      action={save.isPending ? "Drawing…" : "Create"}
      isDisabled={whole === undefined || save.isPending}
      onSubmit={() => {
        if (whole !== undefined) save.mutate(whole);
      }}
      onClose={onClose}
    >
      <NameField value={draft.name} onChange={(name) => set({ name })} />
      {project !== undefined ? null : (
        <Select
          label="Project"
          value={draft.projectId}
          options={(projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(projectId) => set({ projectId, asks: "" })}
        />
      )}
      <div className={project === undefined ? undefined : "sm:col-span-2"}>
        <Select label="What people are asked" value={draft.asks} options={asks} onChange={(value) => set({ asks: value })} />
      </div>
      {isScorer ? (
        <Field label="What to look at (optional)" className="sm:col-span-2">
          <input
            className={fieldLook}
            value={draft.description}
            maxLength={5_000}
            placeholder="Is every claim found in the documents? Say fail when one is not."
            onChange={(event) => set({ description: event.target.value })}
          />
        </Field>
      ) : null}
      {isScorer ? <AnswerFields draft={draft} onChange={set} /> : null}
      <div className="sm:col-span-2">
        <Choices
          label="Which traces"
          name="purpose"
          value={draft.purpose}
          options={[
            ["estimate", "A fair sample"],
            ["interesting", "Interesting ones"],
          ]}
          onChange={(purpose) => set({ purpose })}
        />
        <p className="mt-1 text-xs text-pretty text-ink-3">
          {draft.purpose === "estimate"
            ? "Drawn by lot, of which the scorer is unsure more often; every label weighs by its chance, so the rate stays right."
            : "The newest that match. They were picked, not drawn: what is said of them never enters an estimate."}
        </p>
      </div>
      <Field label="That match (a filter; empty: all)" className="sm:col-span-2">
        <input
          className={clsx(fieldLook, "font-mono text-xs!")}
          value={draft.filter}
          maxLength={20_000}
          spellCheck={false}
          autoComplete="off"
          placeholder={draft.purpose === "interesting" ? "feedback.helpful = false" : "name = 'checkout'"}
          onChange={(event) => set({ filter: event.target.value })}
        />
      </Field>
      <Select label="From the" value={draft.days} options={spans} onChange={(days) => set({ days })} />
      <Field label="Traces">
        <input className={clsx(fieldLook, "num")} inputMode="numeric" required value={draft.count} onChange={(event) => set({ count: event.target.value })} />
      </Field>
      {draft.purpose === "interesting" ? null : <IntervalField value={draft.precision} onChange={(precision) => set({ precision })} />}
      <Field label="For (names with commas; empty: anybody)">
        <input
          className={fieldLook}
          value={draft.assignees}
          maxLength={1_000}
          placeholder="ada, bob"
          onChange={(event) => set({ assignees: event.target.value })}
        />
      </Field>
    </FormDialog>
  );
}

function AnswerFields({ draft, onChange }: { draft: QueueDraft; onChange: (change: Partial<QueueDraft>) => void }) {
  return (
    <>
      <div className="sm:col-span-2">
        <Choices
          label="They answer with"
          name="answer"
          value={draft.answer}
          options={[
            ["boolean", "Pass or fail"],
            ["categories", "Categories"],
            ["number", "A number"],
          ]}
          onChange={(answer) => onChange({ answer })}
        />
      </div>
      {draft.answer === "categories" ? (
        <Field label="Categories (with commas)" className="sm:col-span-2">
          <input
            className={fieldLook}
            value={draft.categories}
            placeholder="yes, partly, no"
            onChange={(event) => onChange({ categories: event.target.value })}
          />
        </Field>
      ) : null}
      {draft.answer === "number" ? (
        <>
          <Field label="From">
            <input className={clsx(fieldLook, "num")} inputMode="decimal" value={draft.min} onChange={(event) => onChange({ min: event.target.value })} />
          </Field>
          <Field label="To">
            <input className={clsx(fieldLook, "num")} inputMode="decimal" value={draft.max} onChange={(event) => onChange({ max: event.target.value })} />
          </Field>
        </>
      ) : null}
    </>
  );
}
