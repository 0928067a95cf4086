import { costQuestions, type Engine, type TraceQuestions } from "@telltale/store";
import type { PriceBook } from "../prices/price-book.ts";
import { CostReader } from "./cost-reader.ts";

/** What the routes about money talk to. */
export function moneyDeps(
  { engine, questions, prices }: { engine: Engine; questions: TraceQuestions; prices: PriceBook },
  now: () => number,
): { prices: PriceBook; cost: CostReader } {
  return { prices, cost: new CostReader({ cost: costQuestions(engine, now), questions, prices, now }) };
}
