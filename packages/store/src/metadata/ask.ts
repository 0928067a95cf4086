import { setTimeout as sleep } from "node:timers/promises";
import { TelltaleError } from "@telltale/model";

/** Runs a question to the metadata database and gives its failures the names the rest of Telltale knows. */
export async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw named(error);
  }
}

const READ_AGAIN_AFTER_MS = [20, 200];

/** The same for a question that changes nothing: asked again when the connection was cut, as after a restart of the database. */
export async function askAgain<T>(question: () => Promise<T>): Promise<T> {
  for (const waitMs of READ_AGAIN_AFTER_MS) {
    try {
      return await ask(question);
    } catch (error) {
      if (!(error instanceof TelltaleError && error.code === "store_unavailable")) throw error;
      await sleep(waitMs);
    }
  }
  return ask(question);
}

/** SQLSTATE of a unique index that refused a row. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === "23505";
}

/** SQLSTATE of a reference to a row that is not there. */
export function isUnknownReference(error: unknown): boolean {
  return codeOf(error) === "23503";
}

function named(error: unknown): unknown {
  if (error instanceof TelltaleError || isDuplicate(error)) return error;
  const code = codeOf(error);
  if (code === undefined) {
    const lost = error instanceof Error && /Connection terminated|timeout|Client has encountered a connection error/i.test(error.message);
    return lost ? unavailable(error) : error;
  }
  if (code === "53100") return new TelltaleError("disk_full", "The disk of the metadata database is full", { cause: error, retryAfterS: 30 });
  // 22021, 22P05: text that PostgreSQL cannot keep, which is a NUL character.
  if (code === "22021" || code === "22P05") return new TelltaleError("bad_request", "Names and values must not contain the character NUL", { cause: error });
  // 08 connection, 53 resources, 57 shutting down or cancelled by its own limits; ECONNREFUSED and the like from the socket.
  return /^(?:08|53|57|E[A-Z])/.test(code) ? unavailable(error) : error;
}

function unavailable(cause: unknown): TelltaleError {
  return new TelltaleError("store_unavailable", "The metadata database cannot be reached at the moment", { cause, retryAfterS: 2 });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
