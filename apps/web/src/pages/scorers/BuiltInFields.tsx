import { useQuery } from "@tanstack/react-query";
import type { BuiltInScorerOut } from "@telltale/model/api";
import { isRecord } from "../../api/client.ts";
import { builtInScorersQuery } from "../../api/scorers.ts";
import { Field, fieldLook } from "../../components/form.tsx";
import { FailedState, Skeleton } from "../../components/PanelState.tsx";
import { readFields } from "./parameter-fields.ts";
import { ParameterInputs } from "./ParameterInputs.tsx";
import { Scorecards } from "./Scorecards.tsx";
import { nameFor, type ScorerDraft } from "./scorer-draft.ts";

/** Chooses one of the built-in scorers, and asks for what it wants to know. */
export function BuiltInFields({ draft, onChange }: { draft: ScorerDraft; onChange: (change: Partial<ScorerDraft>) => void }) {
  const builtIns = useQuery(builtInScorersQuery);
  if (builtIns.data === undefined) {
    return builtIns.isError ? (
      <FailedState title="The built-in scorers could not be read" error={builtIns.error} onRetry={() => void builtIns.refetch()} className="py-4!" />
    ) : (
      <Skeleton className="h-8 w-full opacity-60" />
    );
  }
  const chosen = builtIns.data.find((scorer) => scorer.class === draft.className);
  const choose = (className: string): void => {
    const hasOwnName = draft.name !== "" && draft.name !== nameFor(draft.className);
    onChange({ className, parameters: {}, ...(hasOwnName ? {} : { name: nameFor(className) }) });
  };
  const groups: readonly (readonly [string, readonly BuiltInScorerOut[]])[] = [
    ["Judges of a trace", builtIns.data.filter(({ level, uses_model: judge }) => judge && level === "trace")],
    ["Judges of a conversation", builtIns.data.filter(({ level, uses_model: judge }) => judge && level === "session")],
    ["Code, without a model", builtIns.data.filter(({ uses_model: judge }) => !judge)],
  ];
  return (
    <>
      <Field label="What is scored">
        <select className={fieldLook} value={draft.className} required onChange={(event) => choose(event.target.value)}>
          <option value="" disabled>
            Choose…
          </option>
          {groups.map(([title, list]) => (
            <optgroup key={title} label={title}>
              {list.map((scorer) => (
                <option key={scorer.class} value={scorer.class}>
                  {scorer.class}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </Field>
      {chosen === undefined ? null : (
        <>
          <div className="rounded-md bg-sunken px-3 py-2">
            <p>{chosen.summary}</p>
            <p className="mt-1 text-xs text-ink-3">
              Answers {vocabularyText(chosen.vocabulary)}. {chosen.needs.length === 0 ? "" : `Needs ${chosen.needs.join(", ")}; traces without are skipped. `}
              {chosen.uses_model ? "Asks a model." : "Asks no model and costs nothing."}
            </p>
            <Scorecards scorer={chosen} />
          </div>
          <ParameterInputs fields={readFields(chosen.parameters)} typed={draft.parameters} onChange={(parameters) => onChange({ parameters })} />
        </>
      )}
    </>
  );
}

/** `yes or no`, `a number from 0 to 1`. */
function vocabularyText(vocabulary: unknown): string {
  if (!isRecord(vocabulary)) return "in its own words";
  if (vocabulary["kind"] === "boolean") return "true or false";
  if (vocabulary["kind"] === "number") return `a number from ${String(vocabulary["min"])} to ${String(vocabulary["max"])}`;
  return Array.isArray(vocabulary["values"]) ? vocabulary["values"].join(" or ") : "in its own words";
}
