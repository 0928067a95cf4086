import type { LinkProps } from "@tanstack/react-router";
import type { SloOut, SloStatusOut } from "@telltale/model/api";

/** The traces that consumed the budget, of the whole window or of a part. A key that is undefined is taken out of the URL. */
export function badTracesLink({ project_id }: Pick<SloOut, "project_id">, status: SloStatusOut, window?: { from: string; to: string }): LinkProps {
  const { from, to } = window ?? status;
  const search: Record<string, string | undefined> = { q: status.bad_filter, from, to, range: undefined, project: project_id ?? undefined };
  return { to: "/traces", search } as LinkProps;
}
