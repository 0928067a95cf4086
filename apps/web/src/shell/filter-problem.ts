import { ApiError } from "../api/client.ts";

/** What the server says of a filter; other failures belong to the panels they happened in. */
export function filterProblem(error: Error | null | undefined): { message: string; column: number | undefined } | undefined {
  return error instanceof ApiError && error.code === "filter_invalid" ? { message: error.message, column: error.column } : undefined;
}
