import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { PriceOverrideOut } from "@telltale/model/api";
import { Pencil, Trash2 } from "lucide-react";
import { ownPricesQuery, savePrices } from "../../api/cost.ts";
import { IconButton } from "../../components/Button.tsx";
import { Panel } from "../../components/Panel.tsx";
import { toast } from "../../components/toast.tsx";
import { asGiven, ratesText } from "./own-prices.ts";

/** The operator's own prices. */
export function OwnPrices({ onEdit }: { onEdit: (price: PriceOverrideOut) => void }) {
  const query = useQuery(ownPricesQuery);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (price: PriceOverrideOut) => {
      const { overrides = [], revision } = query.data ?? {};
      return savePrices({ overrides: overrides.filter(({ id }) => id !== price.id).map(asGiven), ...(revision === undefined ? {} : { revision }) });
    },
    onSuccess: (_, price) => toast(`The price of ${price.model} is removed`),
    onError: (error) => toast(error.message),
    onSettled: () => void Promise.all([queries.invalidateQueries({ queryKey: ["prices"] }), queries.invalidateQueries({ queryKey: ["cost"] })]),
  });
  const overrides = query.data?.overrides ?? [];
  return (
    <Panel
      title="Your prices"
      queries={[query]}
      empty={query.data !== undefined && overrides.length === 0 ? "None yet: the built-in table holds. A price of yours wins over it." : undefined}
      minHeight={72}
      table={() => ({
        header: ["Model", "Provider", "From", "Rates", "Note"],
        rows: overrides.map((price) => [price.model, price.provider, price.from, ratesText(price.usd_per_million), price.note]),
      })}
    >
      <ul className="pb-2">
        {overrides.map((price) => (
          <li
            key={price.id}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 border-t border-line/60 px-4 py-1.5 first:border-0 md:grid-cols-[minmax(0,1.2fr)_minmax(0,1.4fr)_8rem_auto]"
          >
            <p className="min-w-0 truncate">
              <span className="font-medium">{price.model}</span>
              <span className="text-ink-3"> · {price.provider ?? "any provider"}</span>
              {price.note === "" ? null : <span className="text-ink-3"> · {price.note}</span>}
            </p>
            <p className="num min-w-0 truncate text-xs text-ink-2 max-md:col-start-1 max-md:row-start-2">
              {ratesText(price.usd_per_million)}
              {price.long_context[0] === undefined ? "" : `; more above ${price.long_context[0].above_tokens.toLocaleString("en")} tokens`}
            </p>
            <p className="num text-xs text-ink-3 max-md:hidden">{price.from === null ? "always" : `from ${price.from}`}</p>
            <span className="flex gap-1 max-md:col-start-2 max-md:row-span-2 max-md:row-start-1">
              <IconButton label={`Change the price of ${price.model}`} size="sm" onClick={() => onEdit(price)}>
                <Pencil />
              </IconButton>
              <IconButton label={`Remove the price of ${price.model}`} size="sm" disabled={remove.isPending} onClick={() => remove.mutate(price)}>
                <Trash2 />
              </IconButton>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
