import { readScopeSearch, type ScopeSearch } from "../../url/page-search.ts";
import { text } from "../../url/search.ts";

/** `by` = what money is grouped by. */
export interface CostSearch extends ScopeSearch {
  by?: string;
}

/** What one usually asks money by; any tag or metadata key as `tags.<key>` and `metadata.<key>` as well. */
export const dimensions = [
  { field: "model", label: "Model" },
  { field: "provider", label: "Provider" },
  { field: "route", label: "Route" },
  { field: "user", label: "User" },
  { field: "session", label: "Session" },
  { field: "prompt", label: "Prompt" },
  { field: "agent", label: "Agent" },
  { field: "tool", label: "Tool" },
  { field: "label", label: "Label" },
  { field: "environment", label: "Environment" },
  { field: "version", label: "Version" },
  { field: "service", label: "Service" },
  { field: "project", label: "Project" },
] as const;

const KEYED = /^(?:tags|metadata)\..{1,250}$/;

/** Keeps what is understood: a URL is outside data. */
export function readCostSearch(raw: Record<string, unknown>): CostSearch {
  const by = text(raw["by"]);
  return { ...readScopeSearch(raw), ...(by !== undefined && isDimension(by) ? { by } : {}) };
}

export function isDimension(field: string): boolean {
  return dimensions.some((dimension) => dimension.field === field) || KEYED.test(field);
}

export function dimensionLabel(field: string): string {
  return dimensions.find((dimension) => dimension.field === field)?.label ?? field.replace(/^tags\./, "Tag ").replace(/^metadata\./, "Metadata ");
}
