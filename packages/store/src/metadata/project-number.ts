import { TelltaleError } from "@telltale/model";
import { ask, isUnknownReference } from "./ask.ts";

/** A project's id as PostgreSQL keeps it. Throws `project_not_found` for what cannot be one. */
export function projectNumber(id: string | null): number | null {
  if (id === null) return null;
  const number = /^(?:0|[1-9]\d{0,9})$/.test(id) ? Number(id) : Number.NaN;
  if (!(number <= 2_147_483_647)) throw unknownProject(id);
  return number;
}

/** Writes a row that belongs to a project: one that does not exist is the caller's mistake. */
export async function refusingUnknownProject<T>(id: string | null, write: () => Promise<T>): Promise<T> {
  try {
    return await ask(write);
  } catch (error) {
    if (id !== null && isUnknownReference(error)) throw unknownProject(id, error);
    throw error;
  }
}

function unknownProject(id: string, cause?: unknown): TelltaleError {
  return new TelltaleError("project_not_found", `There is no project with id ${id.slice(0, 100)}`, { field: "project_id", cause });
}
