import { Info } from "lucide-react";
import type { ReactNode } from "react";
import { Cost } from "../../components/Cost.tsx";
import { formatCount, formatUsd } from "../../format/number.ts";
import { Facts, Section } from "./Section.tsx";
import type { TreeSpan } from "./span-tree.ts";

const sources: Record<string, string> = {
  computed: "Computed from the tokens and the price table",
  reported: "Reported by the application",
  unknown: "No price is known for this model: the cost is unknown, not zero",
  none: "This span has no cost of its own",
};

/** Tokens by class, where the cost comes from, and why a span may not count. */
export function CostTab({ span, traceId, onOpenSpan }: { span: TreeSpan; traceId: string; onOpenSpan: (traceId: string, spanId: string) => void }) {
  const usage = span.usage;
  const twin = span.duplicate_of;
  const classes: (readonly [string, number | null | undefined, string])[] = [
    ["Input", usage?.input_tokens, "includes what came from a cache"],
    ["from cache", usage?.cache_read_tokens, "part of input"],
    ["written to cache", usage?.cache_write_tokens, "part of input"],
    ["written for an hour", usage?.cache_write_1h_tokens, "part of written to cache"],
    ["audio in", usage?.input_audio_tokens, "part of input"],
    ["image in", usage?.input_image_tokens, "part of input"],
    ["Output", usage?.output_tokens, "includes reasoning"],
    ["reasoning", usage?.reasoning_tokens, "part of output"],
    ["audio out", usage?.output_audio_tokens, "part of output"],
  ];
  const known = classes.filter(([, value]) => value != null);
  return (
    <>
      {twin == null ? null : (
        <Note>
          The same call is recorded twice. It is counted on{" "}
          <button type="button" className="font-mono text-xs text-accent-ink underline" onClick={() => onOpenSpan(twin.trace_id, twin.span_id)}>
            span {twin.span_id}
          </button>
          {twin.trace_id === traceId ? "" : " of another trace"}, so this one adds nothing to the sums.
        </Note>
      )}
      {span.usage_is_aggregate === true ? <Note>These tokens are the sum of the calls below. They are shown here and not added up again.</Note> : null}
      <Section title="Tokens">
        {known.length === 0 ? (
          <p className="text-ink-3">No tokens were reported.</p>
        ) : (
          <table className="w-full max-w-md">
            <tbody>
              {known.map(([name, value, hint]) => (
                <tr key={name} className="border-b border-line/60 last:border-0">
                  <th scope="row" className={/^[A-Z]/.test(name) ? "py-1 text-left font-medium" : "py-1 pl-4 text-left font-normal text-ink-2"}>
                    {name}
                  </th>
                  <td className="py-1 text-xs text-ink-3">{hint}</td>
                  <td className="num py-1 text-right">{formatCount(value ?? 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
      <Section title="Cost">
        <Facts
          entries={[
            ["Cost", <Cost key="cost" usd={span.cost_usd} unpriced={span.cost_source === "unknown" ? 1 : 0} hasCalls={span.cost_source === "unknown"} />],
            ["Source", sources[span.cost_source ?? "none"] ?? ""],
            ...(span.cost_reported_usd == null ? [] : [["Reported", formatUsd(span.cost_reported_usd)] as const]),
            ...(span.price_version == null ? [] : [["Prices of", span.price_version] as const]),
            ...(span.service_tier == null ? [] : [["Service tier", span.service_tier] as const]),
          ]}
        />
      </Section>
    </>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <p className="mb-4 flex gap-2 rounded-lg bg-accent-soft px-3 py-2">
      <Info className="mt-0.5 size-4 shrink-0 text-accent-ink" aria-hidden />
      <span>{children}</span>
    </p>
  );
}
