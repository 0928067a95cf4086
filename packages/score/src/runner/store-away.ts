import { TelltaleError } from "@telltale/model";

/** The store as a whole does not take or give anything now: trying the items one by one would not help. */
export function isStoreAway(error: unknown): boolean {
  return error instanceof TelltaleError && (error.code === "store_unavailable" || error.code === "overloaded" || error.code === "disk_full");
}
