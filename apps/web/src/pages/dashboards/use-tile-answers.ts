import { useQueries } from "@tanstack/react-query";
import type { MeasuredTile, MetricsAnswer, TileQuery } from "@telltale/model/api";
import { useMemo, useState } from "react";
import type { PanelQuery } from "../../components/Panel.tsx";
import { metricsQuery, type MetricsAsk } from "../../api/metrics.ts";
import { formatExact } from "../../time/instant.ts";
import { useZone } from "../../url/search.ts";
import type { Answered } from "./tile-figures.ts";

export interface TileAnswers {
  /** For the panel: what it waits for. */
  queries: readonly PanelQuery[];
  /** Those that are there, each with its query. */
  answered: readonly Answered[];
  /** Said when a limit was hit. */
  partial: string | undefined;
  isEmpty: boolean;
}

/** Asks the questions of a tile, once it has been seen. */
export function useTileAnswers(tile: MeasuredTile, asks: readonly MetricsAsk[], isSeen: boolean): TileAnswers {
  const zone = useZone();
  const queries = useQueries({ queries: asks.map((ask) => ({ ...metricsQuery(ask), enabled: isSeen })) });
  const data = useSameList(queries.map((query) => query.data));
  const { queries: asked } = tile;
  const answered = useMemo(() => data.flatMap((answer, index) => pairOf(asked[index], answer)), [data, asked]);
  const partial = answered.find(({ answer }) => answer.partial)?.answer;
  return {
    queries,
    answered,
    partial: partial === undefined ? undefined : `Only since ${formatExact(partial.read_from, zone)}`,
    isEmpty: answered.length > 0 && answered.every(({ answer }) => answer.data.every(({ n }) => n === 0)),
  };
}

function pairOf(query: TileQuery | undefined, answer: MetricsAnswer | undefined): Answered[] {
  return query === undefined || answer === undefined ? [] : [{ query, answer }];
}

/** The list of before while its entries are the same: what is made of it is then made once. */
function useSameList<T>(list: readonly T[]): readonly T[] {
  const [kept, keep] = useState(list);
  if (kept.length === list.length && kept.every((entry, index) => entry === list[index])) return kept;
  keep(list);
  return list;
}
