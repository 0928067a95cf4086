import type { UseQueryResult } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import type { CostModel, CostModels } from "@telltale/model/api";
import { Cost } from "../../components/Cost.tsx";
import { DataTable, type DataColumn } from "../../components/table/DataTable.tsx";
import { formatCompact, formatCount } from "../../format/number.ts";

/** The models of the window, those without a price first; a row opens the editor with its name. */
export function ModelsInUse({ models }: { models: UseQueryResult<CostModels> }) {
  return (
    <DataTable
      label="Models in use"
      columns={columns}
      rows={models.data?.data}
      rowKey={(model) => `${model.provider}/${model.model}`}
      rowLink={editorLink}
      error={models.error}
      onRetry={() => void models.refetch()}
      empty="No model call in this window."
      height={380}
      storageKey="models-in-use"
      toolbar={<h2 className="text-sm font-semibold text-ink">Models in use</h2>}
    />
  );
}

function editorLink({ provider, model }: CostModel): LinkProps | undefined {
  if (model === "unknown") return undefined;
  return { to: "/settings/prices", search: { model, ...(provider === "unknown" ? {} : { provider }) } } as LinkProps;
}

const columns: DataColumn<CostModel>[] = [
  { id: "model", header: "Model", value: (model) => model.model, minWidth: 200 },
  { id: "provider", header: "Provider", value: (model) => model.provider, width: 140 },
  { id: "price", header: "Price", value: (model) => priceText(model), cell: (model) => <Price model={model} />, minWidth: 200 },
  { id: "traces", header: "Traces", value: (model) => model.traces, cell: (model) => (model.traces === null ? "–" : formatCount(model.traces)), align: "right", width: 90, hint: "Used by so many traces of the window" }, // prettier-ignore
  { id: "calls", header: "Calls", value: (model) => model.calls, cell: (model) => formatCount(model.calls), align: "right", width: 90 },
  { id: "tokens", header: "Tokens", value: (model) => model.input_tokens + model.output_tokens, cell: (model) => formatCompact(model.input_tokens + model.output_tokens), align: "right", width: 90 }, // prettier-ignore
  { id: "cost", header: "Cost", value: (model) => model.cost_usd, cell: (model) => <Cost usd={model.cost_usd} unpriced={model.unpriced_calls} hasCalls={model.calls > 0} />, align: "right", width: 110 }, // prettier-ignore
];

function Price({ model }: { model: CostModel }) {
  if (model.price === null) return <span className="rounded-sm bg-warn-soft px-1.5 py-0.5 text-xs font-medium text-warn">no price</span>;
  return <span className="text-ink-2">{priceText(model)}</span>;
}

function priceText({ price, unpriced_calls }: CostModel): string {
  if (price === null) return "no price";
  const name = price.source === "override" ? `yours: ${price.model}` : `table: ${price.provider}/${price.model}`;
  return unpriced_calls > 0 ? `${name} (not applied yet)` : name;
}
