import type { PatternName } from "@telltale/model/api";
import type { Step } from "./call.ts";
import type { Ledger } from "./ledger.ts";

/** A way in which money is wasted: pure, deterministic, and it claims money only where a price is known. */
export interface PatternRule {
  name: PatternName;
  title: string;
  /** Against what the waste is counted. */
  counterfactual: string;
  /** Steps of a conversation come in order of their start. */
  find(steps: readonly Step[], ledger: Ledger): void;
}
