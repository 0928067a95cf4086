import type { Cost, Span } from "@telltale/model";
import { priceOf } from "./price-of.ts";
import type { PriceOverrides } from "./price-overrides.ts";

export type PricedCall = Pick<Span, "kind" | "usage" | "provider" | "requestModel" | "responseModel" | "serviceTier" | "startNs" | "cost">;

/**
 * What a span costs at today's knowledge: the same rule when it arrives and when it is priced again. Only model calls
 * are priced. A reported cost is kept beside ours; it is used when we know no price and it is not the "0 = unknown" of some SDKs.
 */
export function priceCall(span: PricedCall, overrides: PriceOverrides | undefined): Cost {
  const { kind, usage, provider, requestModel, responseModel, serviceTier, startNs, cost } = span;
  if (kind !== "LLM" && kind !== "EMBEDDING") return cost;
  const priced = priceOf({ provider, requestModel, responseModel, usage, serviceTier, atNs: startNs, overrides });
  const { reportedUsd } = cost;
  if (priced.source === "unknown" && reportedUsd !== undefined && reportedUsd > 0)
    return { usd: reportedUsd, source: "reported", reportedUsd, priceVersion: "" };
  return { usd: priced.usd, source: priced.source, reportedUsd, priceVersion: priced.priceVersion };
}
