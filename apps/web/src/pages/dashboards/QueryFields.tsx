import type { Aggregation, MetricName, TileQuery } from "@telltale/model/api";
import { Trash2 } from "lucide-react";
import { IconButton } from "../../components/Button.tsx";
import { QueryBar } from "../../components/QueryBar.tsx";
import { filterMistake } from "./filter-mistake.ts";
import { Field, FieldGroup, fieldLook, Select } from "../../components/form.tsx";
import { GroupPicker } from "./GroupPicker.tsx";
import { aggregationLabels, defaultAggregations, metricLabels, possibleAggregations } from "./metric-labels.ts";
import type { TileKind } from "./new-tile.ts";

const intervals = ["1m", "5m", "15m", "1h", "6h", "1d", "1w"].map((value) => ({ value, label: value }));
const overTime = new Set<TileKind>(["line", "bars", "number"]);

export interface QueryFieldsProps {
  query: TileQuery;
  kind: TileKind;
  name: string;
  onChange: (query: TileQuery) => void;
  /** Undefined for the only one. */
  onRemove: (() => void) | undefined;
}

/** One question of a tile: what is measured, of which traces, by what. */
export function QueryFields({ query, kind, name, onChange, onRemove }: QueryFieldsProps) {
  const { metric, aggregations, group_by = [], filter = "", interval, limit, label = "" } = query;
  const chosen = aggregations ?? defaultAggregations(metric);
  const set = (next: { [Key in keyof TileQuery]?: TileQuery[Key] | undefined }): void => onChange(withoutUndefined({ ...query, ...next }));
  const toggle = (aggregation: Aggregation): void => {
    const next = possibleAggregations(metric).filter((each) => (each === aggregation ? !chosen.includes(each) : chosen.includes(each)));
    // An order by what is no longer computed would be refused.
    if (next.length > 0) set({ aggregations: next, order_by: query.order_by !== undefined && next.includes(query.order_by) ? query.order_by : undefined });
  };
  return (
    <section aria-label={name} className="flex flex-col gap-2.5 rounded-lg border border-line p-3">
      <div className="flex items-end gap-2">
        <div className="min-w-0 grow">
          <Select
            label="Measure"
            value={metric}
            options={Object.entries(metricLabels).map(([value, text]) => ({ value, label: text }))}
            onChange={(value) => set({ metric: value as MetricName, aggregations: undefined, order_by: undefined })}
          />
        </div>
        {onRemove === undefined ? null : (
          <IconButton label={`Remove ${name}`} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      {possibleAggregations(metric).length < 2 ? null : (
        <FieldGroup label="As">
          <div className="flex flex-wrap gap-1">
            {possibleAggregations(metric).map((aggregation) => (
              <button
                key={aggregation}
                type="button"
                aria-pressed={chosen.includes(aggregation)}
                onClick={() => toggle(aggregation)}
                className="h-[26px] rounded-md border border-line-strong px-2 text-xs text-ink-2 hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent-ink"
              >
                {aggregationLabels[aggregation]}
              </button>
            ))}
          </div>
        </FieldGroup>
      )}
      {kind === "number" ? null : <GroupPicker groups={group_by} onChange={(groups) => set({ group_by: groups.length === 0 ? undefined : groups })} />}
      <FieldGroup label="Of traces that match">
        <QueryBar
          value={filter}
          onSubmit={(text) => set({ filter: text === "" ? undefined : text })}
          valuesOf={noValues}
          error={filterMistake(filter)}
          submitOnBlur
        />
      </FieldGroup>
      <div className="grid grid-cols-3 gap-2">
        <Field label="Label">
          <input
            className={fieldLook}
            value={label}
            maxLength={100}
            onChange={(event) => set({ label: event.target.value === "" ? undefined : event.target.value })}
          />
        </Field>
        {overTime.has(kind) ? (
          <Select
            label="Step"
            value={interval ?? ""}
            options={[{ value: "", label: "Automatic" }, ...intervals]}
            onChange={(value) => set({ interval: value === "" ? undefined : value })}
          />
        ) : null}
        {group_by.length === 0 || kind === "number" ? null : (
          <Field label="Groups shown">
            <input
              className={fieldLook}
              type="number"
              min={1}
              max={1000}
              value={limit ?? ""}
              placeholder="automatic"
              onChange={(event) => set({ limit: readLimit(event.target.valueAsNumber) })}
            />
          </Field>
        )}
      </div>
    </section>
  );
}

function readLimit(value: number): number | undefined {
  return Number.isFinite(value) ? Math.min(1000, Math.max(1, Math.round(value))) : undefined;
}

function withoutUndefined(query: { [Key in keyof TileQuery]?: TileQuery[Key] | undefined }): TileQuery {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as TileQuery;
}

const noValues = (): readonly never[] => [];
