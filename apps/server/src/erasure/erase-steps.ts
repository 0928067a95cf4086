import type { ErasureCounts } from "@telltale/model/api";
import {
  blobsOfTraces,
  blobsUsedElsewhere,
  type BlobStore,
  chooseTraces,
  type Engine,
  type ErasedTraces,
  erasedIds,
  erasedRows,
  forgetChosen,
  idsDigest,
  type Journal,
  type PersonalCopies,
  removeRows,
  removeSettledRows,
  type TraceId,
  untilOldPartsAreGone,
} from "@telltale/store";
import type { ArtifactStore } from "../artifacts/artifact-store.ts";
import type { Quarantine } from "../health/quarantine.ts";
import { artifactFolder } from "../http/mlflow/trace-info.ts";
import type { Ingest } from "../pipeline/ingest.ts";
import type { Erasing } from "./erasing-files.ts";

export interface EraseDeps {
  engine: Engine;
  ingest: Pick<Ingest, "apply" | "readable">;
  blobs: Pick<BlobStore, "setAside" | "putBack" | "dropAside">;
  journal: Pick<Journal, "turnOver">;
  quarantine: Pick<Quarantine, "erase">;
  artifacts: Pick<ArtifactStore, "remove">;
  /** What judges keep of people's traces. */
  copies: Pick<PersonalCopies, "count" | "remove">;
  /** How long the engine keeps files that it replaced, in seconds. */
  keepPartsS: number;
}

/** Traces taken out with one command, which is one journal record. */
const CHUNK = 1_000;

/** What an erasure would take, or takes. */
export async function countErased(
  { engine, copies }: Pick<EraseDeps, "engine" | "copies">,
  traces: ErasedTraces,
  person: { userId: string; projectIds: readonly string[] | undefined },
): Promise<{ counts: ErasureCounts; blobs: string[]; tracesSha256: string }> {
  const rows = await erasedRows(engine, traces);
  const linked = await blobsOfTraces(engine, traces);
  const kept = await blobsUsedElsewhere(engine, linked, traces);
  const blobs = linked.filter((hash) => !kept.has(hash));
  const copied = await copies.count({ ...person, traceIds: await allIds(engine, traces) });
  return { counts: { ...rows, blobs: blobs.length, blobs_kept: kept.size, copies: copied }, blobs, tracesSha256: await idsDigest(engine, traces) };
}

async function allIds(engine: Engine, traces: ErasedTraces): Promise<string[]> {
  const all: string[] = [];
  for (let after: TraceId | undefined; ;) {
    const ids = await erasedIds(engine, traces, after, CHUNK);
    all.push(...ids.map(({ traceId }) => traceId));
    if (ids.length < CHUNK) return all;
    after = ids.at(-1);
  }
}

/** The steps of an erasure. Each may be done again: a process that ends in one begins with it when it is back. */
export class EraseSteps {
  readonly #deps: EraseDeps;
  readonly #signal: AbortSignal;

  constructor(deps: EraseDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
  }

  /** Everything acknowledged so far is in the store, and the traces of the person in it are written down by their ids. */
  async choose({ id, userId, projectIds }: Erasing): Promise<Awaited<ReturnType<typeof countErased>>> {
    await this.#drained();
    await chooseTraces(this.#deps.engine, id, { projectIds: projectIds ?? "all" }, userId);
    return countErased(this.#deps, { kind: "erasure", erasureId: id }, { userId, projectIds });
  }

  /** Nobody reads them from now on, and no late span brings them back from memory. */
  async hide({ id }: Erasing): Promise<void> {
    for await (const ids of this.#ids(id)) {
      const byProject = new Map<string, string[]>();
      for (const { projectId, traceId } of ids) byProject.set(projectId, [...(byProject.get(projectId) ?? []), traceId]);
      await this.#deps.ingest.apply(Array.from(byProject, ([projectId, traceIds]) => ({ type: "traces_delete", projectId, traceIds })));
    }
    await this.#drained();
  }

  async rows({ id }: Erasing): Promise<void> {
    await removeRows(this.#deps.engine, id, { keepPartsS: this.#deps.keepPartsS, signal: this.#signal });
  }

  /** Set aside, looked for once more when all that came before is stored, and only then dropped. Returns how many were kept after all. */
  async blobs({ id, blobs }: Erasing): Promise<number> {
    const aside: string[] = [];
    for (const hash of blobs) if (await this.#deps.blobs.setAside(hash)) aside.push(hash);
    await this.#drained();
    const used = await blobsUsedElsewhere(this.#deps.engine, aside, { kind: "erasure", erasureId: id });
    for (const hash of aside) {
      if (used.has(hash)) await this.#deps.blobs.putBack(hash);
      else await this.#deps.blobs.dropAside(hash);
    }
    return used.size;
  }

  /** Attachments that MLflow's client stored beside traces, what judges keep of them, and what the engine had refused. Returns how much of the latter. */
  async files({ id, userId, projectIds }: Erasing): Promise<number> {
    const ids = new Set<string>();
    await this.#deps.copies.remove({ projectIds, userId, traceIds: [] });
    for await (const group of this.#ids(id)) {
      await this.#deps.copies.remove({ projectIds, userId, traceIds: group.map(({ traceId }) => traceId) });
      for (const { projectId, traceId } of group) {
        ids.add(traceId);
        await this.#deps.artifacts.remove(artifactFolder(projectId, traceId));
      }
    }
    const user = JSON.stringify(userId);
    return this.#deps.quarantine.erase((item) => item.includes(user) || Array.from(item.matchAll(/"([^"\\]{1,250})"/g)).some(([, text = ""]) => ids.has(text)));
  }

  async journal(): Promise<void> {
    await this.#deps.journal.turnOver(this.#signal);
  }

  async parts({ id }: Erasing): Promise<void> {
    await removeSettledRows(this.#deps.engine, id, { keepPartsS: this.#deps.keepPartsS, signal: this.#signal });
    await untilOldPartsAreGone(this.#deps.engine, this.#signal);
    await forgetChosen(this.#deps.engine, id);
  }

  async *#ids(erasureId: string): AsyncGenerator<TraceId[]> {
    let after: TraceId | undefined;
    for (;;) {
      this.#signal.throwIfAborted();
      const ids = await erasedIds(this.#deps.engine, { kind: "erasure", erasureId }, after, CHUNK);
      if (ids.length > 0) yield ids;
      if (ids.length < CHUNK) return;
      after = ids.at(-1);
    }
  }

  async #drained(): Promise<void> {
    while (!(await this.#deps.ingest.readable())) this.#signal.throwIfAborted();
  }
}
