import type { AssessmentOut, LabelSchemaOut } from "@telltale/model/api";
import { clsx } from "clsx";
import { useId, useState } from "react";
import { call } from "../../api/client.ts";
import { AnswerField } from "../../components/answer/AnswerField.tsx";
import { answerOf, readAnswer, type Typed, typedOf } from "../../components/answer/answer.ts";
import { Button } from "../../components/Button.tsx";
import { Choices, fieldLook } from "../../components/form.tsx";
import { useStoredState } from "../../components/stored-state.ts";
import { freeDraftOf, readValue } from "./feedback-value.ts";
import { FreeFields } from "./FreeFields.tsx";
import { schemaOf } from "./schema-of.ts";
import { useAssessmentCall } from "./use-assessment-call.ts";

export interface AssessmentFormProps {
  traceId: string;
  spanId: string | undefined;
  /** Said of the whole session; the trace is its last one, as MLflow keeps such feedback. */
  sessionId?: string;
  /** What the project asks. */
  schemas: readonly LabelSchemaOut[];
  existing?: AssessmentOut;
  onDone: () => void;
}

const FREE = "free";
/** By it MLflow knows an assessment of a session. */
const SESSION_KEY = "mlflow.trace.session";

/** An answer to one of the project's label schemas, or something of one's own. */
export function AssessmentForm({ traceId, spanId, sessionId, schemas, existing, onDone }: AssessmentFormProps) {
  const [asked, setAsked] = useState(() => (existing === undefined ? schemas.find((one) => !one.is_default) : schemaOf(existing, schemas))?.id ?? FREE);
  const schema = schemas.find((one) => one.id === asked);
  const [typed, setTyped] = useState<Typed>(() =>
    existing === undefined || schema === undefined ? [] : (typedOf(answerOf(schema.input), existing.value) ?? []),
  );
  const [free, setFree] = useState(() => freeDraftOf(existing));
  const [rationale, setRationale] = useState(existing?.rationale ?? "");
  const [author, setAuthor] = useStoredState("telltale.author", "", (stored) => (typeof stored === "string" ? stored : undefined));
  const reading = schema === undefined ? { value: readValue(free.kind, free.typed) } : readAnswer(answerOf(schema.input), typed);
  const name = schema === undefined ? free.name.trim() : schema.name;
  const save = useAssessmentCall(
    traceId,
    () =>
      existing === undefined
        ? call(`/traces/${traceId}/assessments`, {
            method: "POST",
            body: {
              name,
              kind: schema?.type ?? free.what,
              value: reading.value,
              source: { type: "HUMAN", id: author.trim() === "" ? "web" : author.trim() },
              ...(spanId === undefined ? {} : { span_id: spanId }),
              ...(sessionId === undefined ? {} : { metadata: { [SESSION_KEY]: sessionId } }),
              ...(rationale.trim() === "" ? {} : { rationale }),
            },
          })
        : call(`/traces/${traceId}/assessments/${existing.assessment_id}`, {
            method: "PATCH",
            body: { name, value: reading.value, rationale: rationale.trim() === "" ? null : rationale },
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
      {existing === undefined && schemas.length > 0 ? (
        <Question
          schemas={schemas}
          asked={asked}
          onAsk={(next) => {
            setAsked(next);
            setTyped([]);
          }}
        />
      ) : null}
      {schema === undefined ? (
        <FreeFields draft={free} isNew={existing === undefined} onChange={setFree} />
      ) : (
        <div className="flex flex-col gap-1.5">
          {existing === undefined ? null : <span className="font-medium break-words">{schema.name}</span>}
          {schema.instruction === "" ? null : <p className="text-pretty break-words whitespace-pre-wrap text-ink-2">{schema.instruction}</p>}
          <AnswerField key={schema.id} name={schema.name} answer={answerOf(schema.input)} typed={typed} onType={setTyped} />
        </div>
      )}
      {schema === undefined || schema.enable_comment || rationale !== "" ? (
        <label className="flex flex-col gap-1">
          <span className="text-xs text-ink-3">Why (optional)</span>
          <textarea
            rows={2}
            maxLength={20_000}
            value={rationale}
            onChange={(event) => setRationale(event.target.value)}
            className={clsx(fieldLook, "h-auto! py-1.5")}
          />
        </label>
      ) : null}
      {existing === undefined ? (
        <label className="flex flex-col gap-1">
          <span className="text-xs text-ink-3">Your name</span>
          <input maxLength={250} value={author} onChange={(event) => setAuthor(event.target.value)} className={fieldLook} placeholder="web" />
        </label>
      ) : null}
      <footer className="flex justify-end gap-2">
        <Button size="sm" onClick={onDone}>
          Cancel
        </Button>
        <Button size="sm" type="submit" variant="primary" disabled={reading.value === undefined || name === "" || save.isPending}>
          {existing === undefined ? "Add" : "Save"}
        </Button>
      </footer>
    </form>
  );
}

function Question({ schemas, asked, onAsk }: { schemas: readonly LabelSchemaOut[]; asked: string; onAsk: (id: string) => void }) {
  const name = useId();
  const options = [...schemas.map((schema) => [schema.id, schema.name] as const), [FREE, "Something else"] as const];
  return <Choices label="What you say" name={name} value={asked} options={options} onChange={onAsk} />;
}
