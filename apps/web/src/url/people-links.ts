import type { LinkProps } from "@tanstack/react-router";

/** A session, from its beginning or from a turn (counted from 0). */
export function sessionLink(id: string, project: string, position?: number): LinkProps {
  return {
    to: "/sessions/$sessionId",
    params: { sessionId: id },
    search: { in: project, ...(position === undefined ? {} : { turn: String(position + 1) }) },
  } as LinkProps;
}

export function userLink(id: string): LinkProps {
  return { to: "/users/$userId", params: { userId: id } } as LinkProps;
}
