/** Like Promise.all, but waits for all: what did open must be known before anything is closed. */
export async function allOrNone<T extends readonly unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return (await Promise.all(work)) as unknown as T;
}
