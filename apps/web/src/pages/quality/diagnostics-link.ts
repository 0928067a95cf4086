import type { LinkProps } from "@tanstack/react-router";
import { quoteValue } from "../../filter/clauses.ts";
import { tracesLink } from "../../url/traces-link.ts";

export type DiagnosticsGroup = "diagnostic" | "agent" | "tool";

/** The traces behind a row; undefined where the findings name no agent or tool. */
export function diagnosticsLink(groupBy: DiagnosticsGroup, value: string | null): LinkProps | undefined {
  if (value === null) return undefined;
  const clause = `${groupBy} = ${quoteValue(value)}`;
  return tracesLink(groupBy === "diagnostic" ? clause : `${clause} AND diagnostic IS NOT NULL`);
}
