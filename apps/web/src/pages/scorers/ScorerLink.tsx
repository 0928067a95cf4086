import { Link } from "@tanstack/react-router";
import type { ScorerOut } from "@telltale/model/api";
import type { ReactNode } from "react";
import { kindText } from "./scorer-text.ts";

export interface ScorerLinkProps {
  scorer: ScorerOut;
  /** Said where scorers of several projects are listed. */
  projectName?: string | undefined;
  /** More about it, behind its kind and project. */
  children?: ReactNode;
}

/** The name of a scorer in a list, which leads to its page, and below it what it is. */
export function ScorerLink({ scorer, projectName, children }: ScorerLinkProps) {
  return (
    <>
      <Link
        to="/scorers/$name"
        params={{ name: scorer.name }}
        search={(previous) => ({ ...previous, project: scorer.project_id }) as never}
        className="focus-inset block truncate rounded-sm font-medium hover:underline"
        title={scorer.name}
      >
        {scorer.name}
      </Link>
      <span className="block truncate text-xs text-ink-3" title={scorer.summary}>
        {kindText(scorer)}
        {projectName === undefined ? "" : ` · ${projectName}`}
        {children}
      </span>
    </>
  );
}
