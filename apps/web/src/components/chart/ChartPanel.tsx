import type { LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatExact } from "../../time/instant.ts";
import { useZone } from "../../url/search.ts";
import { Panel, type PanelProps, type PanelQuery, type PanelTable } from "../Panel.tsx";
import { CHART_HEIGHT, TimeChart, type TimeChartProps } from "./TimeChart.tsx";

export interface ChartPanelProps extends Omit<TimeChartProps, "label"> {
  title: string;
  note?: ReactNode;
  queries: readonly PanelQuery[];
  partial?: PanelProps["partial"];
  empty?: ReactNode;
  traces?: LinkProps | undefined;
  actions?: ReactNode;
  tile?: PanelProps["tile"];
  className?: string;
}

/** A chart in a panel, with the same figures as a table and as CSV. */
export function ChartPanel({ title, note, queries, partial, empty, traces, actions, tile, className, ...chart }: ChartPanelProps) {
  const zone = useZone();
  const { times, series, format, height = CHART_HEIGHT } = chart;
  const table = (): PanelTable => ({
    isTimeline: true,
    header: ["Time", ...series.map(({ label, previousOf }) => (previousOf === undefined ? label : `${label}, period before`))],
    rows: times.map((time, index) => [new Date(time).toISOString(), ...series.map(({ values }) => values[index] ?? null)]),
    format: (value, column) => {
      if (column === 0) return formatExact(String(value), zone).replace(/:00\.000/, "");
      return typeof value === "number" ? format(value) : "–";
    },
  });
  return (
    <Panel
      title={title}
      note={note}
      queries={queries}
      partial={partial}
      empty={empty ?? (times.length === 0 ? "No data in this window." : undefined)}
      minHeight={height + 28}
      table={table}
      traces={traces}
      actions={actions}
      tile={tile}
      {...(className === undefined ? {} : { className })}
    >
      <TimeChart label={title} {...chart} />
    </Panel>
  );
}
