import { useQuery } from "@tanstack/react-query";
import { searchTraces } from "../../api/queries.ts";
import { Field, FieldGroup, fieldLook } from "../../components/form.tsx";
import { QueryBar } from "../../components/QueryBar.tsx";
import { formatUsd } from "../../format/number.ts";
import { filterMistake } from "../dashboards/filter-mistake.ts";
import type { RunDraft } from "./scorer-draft.ts";

export interface RunFieldsProps {
  draft: RunDraft;
  onChange: (change: Partial<RunDraft>) => void;
  projectId: string;
  /** It asks a model, and so has a budget. */
  costs: boolean;
  /** From a try, or from what it cost so far; undefined = nobody knows. */
  usdPer1000?: number | undefined;
}

/** Of which traces, how many, and for how much a day. */
export function RunFields({ draft, onChange, projectId, costs, usdPer1000 }: RunFieldsProps) {
  const facets = useQuery({
    queryKey: ["filter-values", projectId, "scorer"],
    queryFn: ({ signal }) => searchTraces({ project_ids: [projectId], limit: 1, include: ["facets"] }, signal),
    staleTime: 60_000,
  });
  const share = Number(draft.rate.replace(",", ".")) / 100;
  return (
    <div className="grid gap-x-4 gap-y-3.5 sm:grid-cols-2">
      <FieldGroup label="Traces that match (empty: all)" className="sm:col-span-2">
        <QueryBar
          value={draft.filter}
          onSubmit={(filter) => onChange({ filter })}
          valuesOf={(field) => facets.data?.facets?.find((facet) => facet.field === field)?.values ?? []}
          error={filterMistake(draft.filter)}
          submitOnBlur
        />
      </FieldGroup>
      <Field label="Sampling (percent)" hint="A trace that 10% picks, 20% picks too.">
        <input
          className={`${fieldLook} num`}
          value={draft.rate}
          inputMode="decimal"
          maxLength={12}
          required
          onChange={(event) => onChange({ rate: event.target.value })}
        />
      </Field>
      {costs ? (
        <Field label="Daily budget (USD, empty: none)" hint="When it is spent, nothing is asked until the next day (UTC).">
          <input
            className={`${fieldLook} num`}
            value={draft.budget}
            inputMode="decimal"
            maxLength={12}
            placeholder="5"
            onChange={(event) => onChange({ budget: event.target.value })}
          />
        </Field>
      ) : null}
      {costs ? (
        <p className="num text-xs text-ink-2 sm:col-span-2">
          {usdPer1000 === undefined || !(share > 0)
            ? "What it costs is not known yet: try it, with a model that has a price."
            : `About ${formatUsd(usdPer1000 * Math.min(1, share))} per 1,000 traces that match, at this sampling.`}
        </p>
      ) : null}
    </div>
  );
}
