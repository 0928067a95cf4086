import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { AgreementAnswer } from "@telltale/model/api";
import { useState } from "react";
import { searchTraces } from "../../api/queries.ts";
import type { ScorerKey } from "../../api/scorers.ts";
import { Button } from "../../components/Button.tsx";

/** Shown before somebody asks for the rest. */
const FIRST = 5;

/** The newest traces on which the scorer and people differ, by what was asked in them. */
export function Disagreements({ answer, scorer }: { answer: AgreementAnswer; scorer: ScorerKey }) {
  const [isAll, setAll] = useState(false);
  const asked = useWhatWasAsked(scorer, answer);
  const all = answer.disagreements;
  if (all.length === 0) return <p className="text-xs text-ink-3">They agree on every trace.</p>;
  return (
    <div>
      <h3 className="mb-1 text-xs font-medium text-ink-3">Newest traces on which they differ</h3>
      <ul aria-label="Disagreements" className="-mx-1.5">
        {all.slice(0, isAll ? all.length : FIRST).map(({ trace_id: traceId, judge, human }) => {
          const text = asked.get(traceId);
          return (
            <li key={traceId}>
              <Link
                to="/traces/$traceId"
                params={{ traceId }}
                search={(previous) => ({ ...previous, tab: "feedback" }) as never}
                className="focus-inset flex min-h-7 items-baseline gap-3 rounded-md px-1.5 py-1 hover:bg-hover"
              >
                <span className="min-w-0 grow truncate" title={text}>
                  {text ?? <span className="font-mono text-xs text-ink-2">{traceId.slice(0, 12)}</span>}
                </span>
                <span className="shrink-0 text-xs text-ink-3">
                  scorer <span className="font-medium text-ink">{verdictText(judge)}</span>, people{" "}
                  <span className="font-medium text-ink">{verdictText(human)}</span>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      {isAll || all.length <= FIRST ? null : (
        <Button size="sm" variant="ghost" className="mt-1 -ml-2" onClick={() => setAll(true)}>
          Show all {all.length}
        </Button>
      )}
    </div>
  );
}

/** Input of the traces, by id; those that are not found, or not yet, keep their ids. */
function useWhatWasAsked({ project_id: project }: ScorerKey, { disagreements }: AgreementAnswer): ReadonlyMap<string, string> {
  const ids = disagreements.map(({ trace_id: id }) => id);
  const found = useQuery({
    queryKey: ["inputs-of-traces", ids],
    enabled: ids.length > 0,
    queryFn: ({ signal }) =>
      searchTraces({ project_ids: [project], filter: `trace_id IN (${ids.map((id) => `'${id}'`).join(", ")})`, limit: ids.length }, signal),
  });
  return new Map((found.data?.data ?? []).map(({ trace_id: id, name, input_preview: input }) => [id, input === "" ? name : input]));
}

/** A stored verdict in the words of people. */
export function verdictText(value: string): string {
  return value === "true" ? "pass" : value === "false" ? "fail" : value;
}
