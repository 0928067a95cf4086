import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { AssessmentOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { Bot, Code2, Pencil, Plus, ThumbsDown, ThumbsUp, Trash2, TriangleAlert, User } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { labelSchemasQuery } from "../../api/label-schemas.ts";
import { Button, IconButton } from "../../components/Button.tsx";
import { Payload } from "../../components/content/MessageList.tsx";
import { TextValue } from "../../components/content/TextValue.tsx";
import { EmptyState } from "../../components/PanelState.tsx";
import { Time } from "../../components/Time.tsx";
import { isNegative, isPositive, valueText } from "../../format/assessment.ts";
import { modelName } from "../../format/model-name.ts";
import { AssessmentForm } from "./AssessmentForm.tsx";
import { scoreFacts } from "./score-facts.ts";
import { ScoreFactsLine } from "./ScoreFactsLine.tsx";
import { useAssessmentCall } from "./use-assessment-call.ts";

export interface FeedbackPanelProps {
  projectId: string;
  traceId: string;
  /** Undefined: about the whole trace. */
  spanId?: string;
  assessments: readonly AssessmentOut[];
  /** For the whole trace: names of the spans that assessments point at. */
  onOpenSpan?: (spanId: string) => void;
}

/** What people, judges and code said, and a form to say something oneself. */
export function FeedbackPanel({ projectId, traceId, spanId, assessments, onOpenSpan }: FeedbackPanelProps) {
  const [editing, setEditing] = useState<string | undefined>();
  // Without them one can still say what one likes.
  const schemas = useQuery(labelSchemasQuery(projectId)).data ?? [];
  const done = (): void => setEditing(undefined);
  return (
    <div className="flex flex-col gap-3">
      {editing === "new" ? (
        <AssessmentForm traceId={traceId} spanId={spanId} schemas={schemas} onDone={done} />
      ) : (
        <div className="flex items-center justify-between gap-2">
          <Button size="sm" onClick={() => setEditing("new")}>
            <Plus /> Add feedback
          </Button>
          <Link
            to="/settings/labels"
            search={((before: object) => ({ ...before, project: projectId })) as never}
            className="text-xs text-ink-3 hover:text-ink hover:underline"
          >
            Label schemas
          </Link>
        </div>
      )}
      {assessments.length === 0 && editing !== "new" ? (
        <EmptyState title="No feedback yet">
          Say whether the {spanId === undefined ? "trace" : "span"} is good, give it a number, or write what was expected.
        </EmptyState>
      ) : null}
      {assessments.map((entry) =>
        editing === entry.assessment_id ? (
          <AssessmentForm key={entry.assessment_id} traceId={traceId} spanId={spanId} schemas={schemas} existing={entry} onDone={done} />
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
        {isShort(value) && error === null ? (
          <span className="num min-w-0 shrink-0 rounded-sm bg-hover px-1.5 font-medium" title={String(value)}>
            {valueText(value)}
          </span>
        ) : null}
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
        typeof value === "boolean" || isShort(value) ? null : (
          <div className="mt-1">{isListOfWords(value) ? <span className="break-words">{value.join(", ")}</span> : <Payload value={value} />}</div>
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
          {look.label}, {source.type === "LLM_JUDGE" ? modelName(source.id) : source.id}
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

/** A number, or a word as judges answer in: it stands beside the name. */
function isShort(value: unknown): value is number | string {
  return typeof value === "number" || (typeof value === "string" && /^[^\s{["'][^\n]{0,23}$/.test(value));
}

/** Options that were chosen from a label schema. */
function isListOfWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string" && item.length <= 64);
}

function Verdict({ value, failed }: { value: unknown; failed: boolean }) {
  if (failed) return <TriangleAlert className="size-4 shrink-0 text-warn" role="img" aria-label="Failed" />;
  if (isPositive(value)) return <ThumbsUp className="size-4 shrink-0 text-ok" role="img" aria-label="Good" />;
  if (isNegative(value)) return <ThumbsDown className="size-4 shrink-0 text-error" role="img" aria-label="Bad" />;
  return null;
}
