import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AssessmentOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { Bot, Code2, Pencil, Plus, ThumbsDown, ThumbsUp, Trash2, TriangleAlert, User } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { Payload } from "../../components/content/MessageList.tsx";
import { TextValue } from "../../components/content/TextValue.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { Time } from "../../components/Time.tsx";
import { isNegative, isPositive } from "../../format/assessment.ts";
import { useStoredState } from "../../components/stored-state.ts";
import { toast, toastError } from "../../components/toast.tsx";
import { editorOf, readValue, type ValueKind } from "./feedback-value.ts";
import { scoreFacts } from "./score-facts.ts";
import { ScoreFactsLine } from "./ScoreFactsLine.tsx";

export interface FeedbackPanelProps {
  traceId: string;
  /** Undefined: about the whole trace. */
  spanId?: string;
  assessments: readonly AssessmentOut[];
  /** For the whole trace: names of the spans that assessments point at. */
  onOpenSpan?: (spanId: string) => void;
}

/** What people, judges and code said, and a form to say something oneself. */
export function FeedbackPanel({ traceId, spanId, assessments, onOpenSpan }: FeedbackPanelProps) {
  const [editing, setEditing] = useState<string | undefined>();
  const done = (): void => setEditing(undefined);
  return (
    <div className="flex flex-col gap-3">
      {editing === "new" ? (
        <AssessmentForm traceId={traceId} spanId={spanId} onDone={done} />
      ) : (
        <div>
          <Button size="sm" onClick={() => setEditing("new")}>
            <Plus /> Add feedback
          </Button>
        </div>
      )}
      {assessments.length === 0 && editing !== "new" ? (
        <EmptyState title="No feedback yet">
          Say whether the {spanId === undefined ? "trace" : "span"} is good, give it a number, or write what was expected.
        </EmptyState>
      ) : null}
      {assessments.map((entry) =>
        editing === entry.assessment_id ? (
          <AssessmentForm key={entry.assessment_id} traceId={traceId} spanId={spanId} existing={entry} onDone={done} />
        ) : (
          <AssessmentCard
            key={entry.assessment_id}
            assessment={entry}
            onEdit={() => setEditing(entry.assessment_id)}
            onOpenSpan={spanId === undefined ? onOpenSpan : undefined}
          />
        ),
      )}
    </div>
  );
}

const sourceLooks = { HUMAN: { icon: User, label: "Human" }, LLM_JUDGE: { icon: Bot, label: "Judge" }, CODE: { icon: Code2, label: "Code" } } as const;

function AssessmentCard({
  assessment,
  onEdit,
  onOpenSpan,
}: {
  assessment: AssessmentOut;
  onEdit: () => void;
  onOpenSpan: ((spanId: string) => void) | undefined;
}) {
  const { source, value, error, span_id: spanId } = assessment;
  const look = sourceLooks[source.type];
  const facts = scoreFacts(assessment.metadata);
  const remove = useAssessmentCall(
    assessment.trace_id,
    () => call(`/traces/${assessment.trace_id}/assessments/${assessment.assessment_id}`, { method: "DELETE" }),
    "Deleted",
  );
  return (
    <article className={clsx("group rounded-lg border border-line bg-canvas px-3 py-2.5", !assessment.valid && "opacity-60")}>
      <header className="flex items-center gap-2">
        <Verdict value={value} failed={error !== null} />
        <span className="min-w-0 truncate font-medium">{assessment.name}</span>
        {assessment.kind === "feedback" ? null : <span className="rounded-sm bg-hover px-1.5 text-2xs text-ink-3">{assessment.kind}</span>}
        {assessment.valid ? null : (
          <span className="rounded-sm bg-hover px-1.5 text-2xs text-ink-3">
            {"telltale.shadow" in assessment.metadata ? "shadow: does not count" : "overridden"}
          </span>
        )}
        <span className="ml-auto flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-md:opacity-100">
          <IconButton label={`Edit ${assessment.name}`} size="sm" onClick={onEdit}>
            <Pencil />
          </IconButton>
          <IconButton label={`Delete ${assessment.name}`} size="sm" disabled={remove.isPending} onClick={() => remove.mutate()}>
            <Trash2 />
          </IconButton>
        </span>
      </header>
      {error === null ? (
        typeof value === "boolean" ? null : (
          <div className="mt-1">
            <Payload value={value} />
          </div>
        )
      ) : (
        <p className="mt-1 rounded-md bg-warn-soft px-2 py-1 break-words text-warn">
          The scorer failed, so there is no score ({error.code}): {error.message}
        </p>
      )}
      {assessment.rationale === null ? null : (
        <div className="mt-1.5 text-ink-2">
          <TextValue text={assessment.rationale} />
        </div>
      )}
      {facts === undefined ? null : <ScoreFactsLine facts={facts} />}
      <footer className="mt-1.5 flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
        <look.icon className="size-3.5" aria-hidden />
        <span>
          {look.label}, {source.id}
        </span>
        <Time value={assessment.updated_at} relative />
        {spanId === null || onOpenSpan === undefined ? null : (
          <button type="button" onClick={() => onOpenSpan(spanId)} className="text-accent-ink underline">
            on a span
          </button>
        )}
      </footer>
    </article>
  );
}

function Verdict({ value, failed }: { value: unknown; failed: boolean }) {
  if (failed) return <TriangleAlert className="size-4 shrink-0 text-warn" role="img" aria-label="Failed" />;
  if (isPositive(value)) return <ThumbsUp className="size-4 shrink-0 text-ok" role="img" aria-label="Good" />;
  if (isNegative(value)) return <ThumbsDown className="size-4 shrink-0 text-error" role="img" aria-label="Bad" />;
  return null;
}

interface AssessmentFormProps {
  traceId: string;
  spanId: string | undefined;
  existing?: AssessmentOut;
  onDone: () => void;
}

const field = "w-full rounded-md border border-line-strong bg-surface px-2.5";

function AssessmentForm({ traceId, spanId, existing, onDone }: AssessmentFormProps) {
  const before = existing === undefined ? { kind: "thumb" as ValueKind, typed: "" } : editorOf(existing.value);
  const [what, setWhat] = useState<"feedback" | "expectation">(existing?.kind === "expectation" ? "expectation" : "feedback");
  const [name, setName] = useState(existing?.name ?? "helpful");
  const [kind, setKind] = useState<ValueKind>(before.kind);
  const [typed, setTyped] = useState(before.typed);
  const [rationale, setRationale] = useState(existing?.rationale ?? "");
  const [author, setAuthor] = useStoredState("telltale.author", "", (stored) => (typeof stored === "string" ? stored : undefined));
  const value = readValue(kind, typed);
  const save = useAssessmentCall(
    traceId,
    () =>
      existing === undefined
        ? call(`/traces/${traceId}/assessments`, {
            method: "POST",
            body: {
              name: name.trim(),
              kind: what,
              value,
              source: { type: "HUMAN", id: author.trim() === "" ? "web" : author.trim() },
              ...(spanId === undefined ? {} : { span_id: spanId }),
              ...(rationale.trim() === "" ? {} : { rationale }),
            },
          })
        : call(`/traces/${traceId}/assessments/${existing.assessment_id}`, {
            method: "PATCH",
            body: { name: name.trim(), value, rationale: rationale.trim() === "" ? null : rationale },
          }),
    existing === undefined ? "Feedback added" : "Feedback changed",
    onDone,
  );
  return (
    <form
      aria-label={existing === undefined ? "New feedback" : "Edit feedback"}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
      className="flex flex-col gap-2.5 rounded-lg border border-accent-line bg-surface p-3"
    >
      {existing === undefined ? (
        <Choice
          label="What"
          options={[
            ["feedback", "Feedback"],
            ["expectation", "Expectation"],
          ]}
          value={what}
          onChange={(next) => {
            setWhat(next);
            if (next === "expectation") {
              setKind("text");
              setTyped("");
              if (name === "helpful") setName("expected_response");
            }
          }}
        />
      ) : null}
      <label className="flex flex-col gap-1">
        <span className="text-xs text-ink-3">Name</span>
        <input required maxLength={250} value={name} onChange={(event) => setName(event.target.value)} className={clsx(field, "h-8")} />
      </label>
      <div className="flex flex-col gap-1">
        <span className="text-xs text-ink-3">Value</span>
        <Choice
          label="Kind of value"
          options={[
            ["thumb", "Thumb"],
            ["number", "Number"],
            ["text", "Text"],
          ]}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setTyped("");
          }}
        />
        {kind === "thumb" ? (
          <div className="flex gap-2">
            {(["up", "down"] as const).map((thumb) => (
              <Button
                key={thumb}
                aria-pressed={typed === thumb}
                onClick={() => setTyped(thumb)}
                className={clsx(typed === thumb && (thumb === "up" ? "border-ok! bg-ok-soft! text-ok!" : "border-error! bg-error-soft! text-error!"))}
              >
                {thumb === "up" ? <ThumbsUp /> : <ThumbsDown />} {thumb === "up" ? "Good" : "Bad"}
              </Button>
            ))}
          </div>
        ) : kind === "number" ? (
          <input
            inputMode="decimal"
            aria-label="Number"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className={clsx(field, "num h-8 max-w-40")}
            placeholder="0.8"
          />
        ) : (
          <textarea
            aria-label="Text"
            rows={3}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className={clsx(field, "py-1.5")}
            placeholder={what === "expectation" ? "What should have come out (text or JSON)" : "A verdict in words"}
          />
        )}
      </div>
      <label className="flex flex-col gap-1">
        <span className="text-xs text-ink-3">Why (optional)</span>
        <textarea rows={2} maxLength={20_000} value={rationale} onChange={(event) => setRationale(event.target.value)} className={clsx(field, "py-1.5")} />
      </label>
      {existing === undefined ? (
        <label className="flex flex-col gap-1">
          <span className="text-xs text-ink-3">Your name</span>
          <input maxLength={250} value={author} onChange={(event) => setAuthor(event.target.value)} className={clsx(field, "h-8")} placeholder="web" />
        </label>
      ) : null}
      <footer className="flex justify-end gap-2">
        <Button size="sm" onClick={onDone}>
          Cancel
        </Button>
        <Button size="sm" type="submit" variant="primary" disabled={value === undefined || name.trim() === "" || save.isPending}>
          {existing === undefined ? "Add" : "Save"}
        </Button>
      </footer>
    </form>
  );
}

function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly (readonly [T, string])[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <div role="group" aria-label={label} className="flex w-fit rounded-md bg-sunken p-0.5">
      {options.map(([key, text]) => (
        <button
          key={key}
          type="button"
          aria-pressed={value === key}
          onClick={() => onChange(key)}
          className="rounded-sm px-2.5 py-0.5 text-xs text-ink-2 aria-pressed:bg-raised aria-pressed:font-medium aria-pressed:text-ink aria-pressed:shadow-sm"
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/** A change of feedback: afterwards the trace and the lists are read again. */
function useAssessmentCall(traceId: string, run: () => Promise<unknown>, done: string, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      toast(done);
      onDone?.();
      // What people say corrects the rates of scorers, too.
      const keys = [["trace", traceId], ["traces"], ["quality-rate"], ["agreement"]];
      await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    onError: toastError,
  });
}
