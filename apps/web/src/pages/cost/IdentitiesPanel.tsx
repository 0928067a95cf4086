import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CostIdentity } from "@telltale/model/api";
import { costIdentitiesQuery } from "../../api/cost.ts";
import { Panel } from "../../components/Panel.tsx";
import { formatShare } from "../../format/metric.ts";
import { formatCount, plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";

const SHOWN = 12;

/** What does not add up, by the instrumentation that reported it. */
export function IdentitiesPanel({ scope }: { scope: Scope }) {
  const query = useQuery(costIdentitiesQuery(scope.now));
  const { data } = query;
  return (
    <Panel
      title="Can these numbers be trusted?"
      note={data === undefined ? undefined : `n = ${plural(data.reports, "report")} of model calls checked`}
      queries={[query]}
      partial={data?.partial === true ? "Newest part only: the query reached its limit" : undefined}
      empty={
        data === undefined || data.data.length > 0
          ? undefined
          : data.reports === 0
            ? "No model call reported tokens in this window."
            : `Yes: in all ${formatCount(data.reports)} reports totals are sums, parts are smaller than their wholes, and reported costs are tokens × price.`
      }
      minHeight={160}
      table={() => ({
        header: ["Identity", "Instrumentation", "Version", "Convention", "Model", "Broken", "Checked", "Share", "Example"],
        rows: (data?.data ?? []).map((one) => [one.identity, one.sdk.name, one.sdk.version, one.convention, one.model, one.broken, one.checked, one.share, one.example.trace_id]), // prettier-ignore
      })}
    >
      <ul className="pb-2">
        {(data?.data ?? []).slice(0, SHOWN).map((one) => (
          <IdentityItem key={`${one.identity}/${one.sdk.name}/${one.sdk.version}/${one.convention}/${one.model}`} one={one} />
        ))}
      </ul>
      {data !== undefined && data.data.length > SHOWN ? (
        <p className="px-4 pb-3 text-xs text-ink-3">{data.data.length - SHOWN} more: the table view has all of them.</p>
      ) : null}
    </Panel>
  );
}

function IdentityItem({ one }: { one: CostIdentity }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] items-baseline gap-x-6 gap-y-0.5 border-t border-line/60 px-4 py-2 first:border-0 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto]">
      <p className="min-w-0 truncate">
        <span className="font-medium">{one.sdk.name}</span> <span className="num text-ink-3">{one.sdk.version}</span>
        <span className="text-ink-3">
          {" "}
          · {one.convention} · {one.model}
        </span>
      </p>
      <p className="min-w-0 text-xs text-pretty text-ink-2">{one.meaning}</p>
      <p className="flex items-baseline gap-3 text-xs">
        <span className="num" title={`${formatCount(one.broken)} of ${formatCount(one.checked)}`}>
          {formatShare(one.share)} of {formatCount(one.checked)}
        </span>
        <Link
          to="/traces/$traceId"
          params={{ traceId: one.example.trace_id }}
          search={{ span: one.example.span_id } as never}
          className="text-accent-ink underline"
          aria-label={`Example of ${one.sdk.name} and ${one.model}`}
        >
          example
        </Link>
      </p>
    </li>
  );
}
