import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { UnpricedModel } from "@telltale/model/api";
import { TriangleAlert } from "lucide-react";
import { costUnpricedQuery, type CostScope } from "../../api/cost.ts";
import { formatShare } from "../../format/metric.ts";
import { formatCompact, plural } from "../../format/number.ts";

const SHOWN = 3;

/** Says which models have calls and no price, each with the way to give it one. Nothing when all is priced, or not known yet. */
export function UnpricedBanner({ scope }: { scope: CostScope }) {
  const { data } = useQuery(costUnpricedQuery(scope));
  if (data === undefined || data.data.length === 0) return null;
  const shown = data.data.slice(0, SHOWN);
  const left = data.data.length - shown.length;
  return (
    <section
      aria-label="Unpriced usage"
      className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line bg-warn-soft px-4 py-2 text-sm max-md:px-3"
    >
      <TriangleAlert className="size-4 shrink-0 text-warn" aria-hidden />
      <p className="min-w-0">
        <span className="num font-medium">{plural(data.calls, "call")}</span>
        {data.share_of_calls === null ? "" : ` (${formatShare(data.share_of_calls)})`} without a price: their cost is unknown, and sums are lower bounds.
      </p>
      <ul className="flex min-w-0 flex-wrap gap-1.5">
        {shown.map((model) => (
          <li key={`${model.provider}/${model.model}`} className="min-w-0">
            <PriceLink model={model} />
          </li>
        ))}
        {left > 0 ? (
          <li>
            <Link to="/settings/prices" className="inline-flex h-6 items-center rounded-md px-1.5 text-ink-2 underline hover:text-ink">
              {left} more
            </Link>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function PriceLink({ model }: { model: UnpricedModel }) {
  const nearest = model.suggestions[0];
  const title = [
    `Set a price for ${model.model}`,
    `${plural(model.unpriced_calls, "call")}, ${formatCompact(model.unpriced_tokens)} tokens`,
    ...(nearest === undefined ? [] : [`the nearest known name is ${nearest.provider}/${nearest.model}`]),
  ].join("; ");
  return (
    <Link
      to="/settings/prices"
      search={{ model: model.model, ...(model.provider === "unknown" ? {} : { provider: model.provider }) } as never}
      title={title}
      className="inline-flex h-6 max-w-72 min-w-0 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2 hover:bg-hover"
    >
      <span className="truncate font-medium">{model.model}</span>
      <span className="num shrink-0 text-xs text-ink-3">{formatCompact(model.unpriced_calls)}</span>
      <span className="shrink-0 text-xs text-accent-ink">set price</span>
    </Link>
  );
}
