import { useInfiniteQuery } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import type { PriceOut } from "@telltale/model/api";
import { useDeferredValue, useMemo, useState } from "react";
import { readPrices } from "../../api/cost.ts";
import { DataTable, type DataColumn } from "../../components/table/DataTable.tsx";
import { formatCount } from "../../format/number.ts";

/** The built-in table, searched as one types. */
export function PriceTable() {
  const [words, setWords] = useState("");
  const asked = useDeferredValue(words.trim());
  const query = useInfiniteQuery({
    queryKey: ["prices", "table", asked],
    queryFn: ({ pageParam, signal }) => readPrices(asked, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.data).filter((price) => price.source === "table"), [query.data]);
  const total = query.data?.pages[0]?.total;
  return (
    <DataTable
      label="Built-in prices"
      columns={columns}
      rows={rows}
      rowKey={(price) => `${price.provider}/${price.model}`}
      rowLink={(price) => ({ to: "/settings/prices", search: { model: price.model, provider: price.provider ?? undefined } }) as LinkProps}
      error={query.error}
      onRetry={() => void query.refetch()}
      empty={`The table has no model with "${asked}" in its name. Set a price for it.`}
      hasMore={query.hasNextPage}
      onMore={() => void (query.isFetchingNextPage ? undefined : query.fetchNextPage())}
      height={480}
      storageKey="price-table"
      toolbar={
        <>
          <h2 className="text-sm font-semibold text-ink">Built-in table</h2>
          <input
            type="search"
            aria-label="Search the built-in table"
            placeholder="Search: openai gpt…"
            value={words}
            maxLength={300}
            onChange={(event) => setWords(event.target.value)}
            className="ml-2 h-[26px] w-52 min-w-0 rounded-md border border-line-strong bg-surface px-2 text-xs text-ink"
          />
          {total === undefined ? null : <span className="num max-sm:hidden">{formatCount(total)} models, USD per million tokens</span>}
        </>
      }
    />
  );
}

const rate = (id: "input" | "output" | "cached" | "cache_write" | "reasoning", header: string, isHidden = false): DataColumn<PriceOut> => ({
  id,
  header,
  value: (price) => standard(price)?.usd_per_million[id] ?? null,
  align: "right",
  width: 96,
  isHidden,
  isSortable: false,
});

/** Pages come in order of provider and model: sorting what happens to be read would mislead. */
const columns: DataColumn<PriceOut>[] = [
  { id: "model", header: "Model", value: (price) => price.model, minWidth: 220, isSortable: false },
  { id: "provider", header: "Provider", value: (price) => price.provider, width: 140, isSortable: false },
  rate("input", "Input"),
  rate("cached", "Cached"),
  rate("cache_write", "Cache write"),
  rate("output", "Output"),
  rate("reasoning", "Reasoning", true),
  { id: "more", header: "Tiers", value: (price) => tiersText(price), minWidth: 150, isSortable: false },
  { id: "history", header: "History", value: (price) => historyText(price), minWidth: 150, isSortable: false },
];

function standard(price: PriceOut): PriceOut["history"][number]["rates"][number] | undefined {
  return price.history[0]?.rates.find(({ tier, above_tokens }) => tier === "standard" && above_tokens === null);
}

function tiersText(price: PriceOut): string | null {
  const rates = price.history[0]?.rates ?? [];
  const tiers = [...new Set(rates.map(({ tier }) => tier))].filter((tier) => tier !== "standard");
  const above = rates.find(({ tier, above_tokens }) => tier === "standard" && above_tokens !== null)?.above_tokens;
  const told = [...tiers, ...(above === undefined || above === null ? [] : [`above ${above / 1000}k`])];
  return told.length === 0 ? null : told.join(", ");
}

/** `since 2025-06-10, $10 before`: the input's, as the one people know. */
function historyText(price: PriceOut): string | null {
  const [now, before] = price.history;
  if (now?.from === undefined || now.from === null) return null;
  const earlier = before?.rates.find(({ tier, above_tokens }) => tier === "standard" && above_tokens === null)?.usd_per_million.input;
  return `since ${now.from}${earlier === undefined ? "" : `, input ${earlier} before`}`;
}
