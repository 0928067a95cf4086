import { useQuery } from "@tanstack/react-query";
import type { AssessmentOut } from "@telltale/model/api";
import { Bot, Eye, EyeOff } from "lucide-react";
import { traceQuery } from "../../api/queries.ts";
import { Button } from "../../components/Button.tsx";
import { TextValue } from "../../components/content/TextValue.tsx";
import { modelName } from "../../format/model-name.ts";

/** What the scorer said, hidden until one has answered: who has read it first tends to agree. */
export function JudgeOpinion({ traceId, name, isShown, onToggle }: { traceId: string; name: string; isShown: boolean; onToggle: () => void }) {
  const { data } = useQuery(traceQuery(traceId));
  const opinions = (data?.assessments ?? []).filter((entry) => entry.name === name && entry.source.type !== "HUMAN" && entry.span_id === null && entry.valid);
  if (opinions.length === 0) return null;
  return (
    <section aria-label="What the scorer said" className="border-t border-line pt-3">
      <Button size="sm" variant="ghost" aria-expanded={isShown} onClick={onToggle} className="-ml-2">
        {isShown ? <EyeOff /> : <Eye />} {isShown ? "Hide what" : "Show what"} {name} said <kbd className="max-md:hidden">r</kbd>
      </Button>
      {isShown ? opinions.map((opinion) => <Opinion key={opinion.assessment_id} opinion={opinion} />) : null}
    </section>
  );
}

function Opinion({ opinion: { value, error, rationale, source } }: { opinion: AssessmentOut }) {
  return (
    <div className="mt-2 rounded-lg border border-line bg-canvas px-3 py-2">
      <p className="flex items-center gap-1.5 text-xs text-ink-3">
        <Bot className="size-3.5 shrink-0" aria-hidden />
        <span className="min-w-0 truncate">{modelName(source.id)}</span>
        <span className="ml-auto shrink-0 font-medium text-ink">{error === null ? sayValue(value) : "failed"}</span>
      </p>
      {rationale === null ? null : (
        <div className="mt-1 max-h-56 overflow-y-auto text-ink-2" tabIndex={0} role="region" aria-label="Reasons">
          <TextValue text={rationale} />
        </div>
      )}
    </div>
  );
}

export function sayValue(value: unknown): string {
  if (value === true) return "pass";
  if (value === false) return "fail";
  if (Array.isArray(value)) return value.map(String).join(", ");
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
