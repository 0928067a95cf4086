import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { TelltaleError, type ProjectScope } from "@telltale/model";
import type { ErasurePreview } from "@telltale/model/api";
import type { Erasure, Erasures } from "@telltale/store";
import type { ServerLog } from "../server-log.ts";
import { countErased, type EraseDeps, EraseSteps } from "./erase-steps.ts";
import type { Erasing, ErasingFiles } from "./erasing-files.ts";

export interface EraserDeps extends EraseDeps {
  erasures: Pick<Erasures, "create" | "find" | "list" | "update">;
  files: ErasingFiles;
  log: Pick<ServerLog, "warn" | "info">;
}

const ATTEMPTS = 6;
const noCounts = { traces: 0, sessions: 0, spans: 0, payloads: 0, logs: 0, assessments: 0, copies: 0, blobs: 0, blobs_kept: 0, quarantined: 0 };

/**
 * Erases people, one after the other, in the background. What is to be done next is kept on disk, so that an erasure goes on after a
 * restart; the receipt is kept in the metadata database and says neither who it was nor what they said.
 */
export class Eraser {
  readonly #deps: EraserDeps;
  readonly #abort = new AbortController();
  #queue: Promise<void> = Promise.resolve();

  constructor(deps: EraserDeps) {
    this.#deps = deps;
  }

  /** What would go. Throws `not_found` when there is nothing of this person. */
  async preview(scope: ProjectScope, userId: string): Promise<ErasurePreview> {
    while (!(await this.#deps.ingest.readable())) this.#abort.signal.throwIfAborted();
    const { counts, tracesSha256 } = await countErased(this.#deps, { kind: "user", scope, userId }, { userId, projectIds: projectsOf(scope) });
    if (counts.traces === 0 && counts.copies === 0) throw noPerson(userId);
    return { dry_run: true, counts, traces_sha256: tracesSha256 };
  }

  /** Throws `not_found` when there is nothing of this person, `already_exists` while they are being erased. */
  async start(scope: ProjectScope, userId: string, requestedBy: string): Promise<Erasure> {
    const { counts } = await this.preview(scope, userId);
    const projectIds = projectsOf(scope);
    const id = `e-${randomBytes(16).toString("hex")}`;
    const erasure = await this.#deps.erasures.create({
      id,
      subjectSha256: sha256(userId),
      projectIds,
      requestedBy,
      step: "choose",
      counts: { ...noCounts, ...counts },
    });
    const erasing: Erasing = { id, userId, step: "choose", blobs: [], ...(projectIds === undefined ? {} : { projectIds }) };
    await this.#deps.files.save(erasing);
    this.#enqueue(erasing);
    return erasure;
  }

  find(id: string): Promise<Erasure | undefined> {
    return this.#deps.erasures.find(id);
  }

  list(limit: number, userId?: string): Promise<Erasure[]> {
    return this.#deps.erasures.list(limit, userId === undefined ? undefined : sha256(userId));
  }

  /** Goes on with what the end of the last process cut off, also with what had failed. */
  async resume(): Promise<void> {
    for (const erasing of await this.#deps.files.all()) {
      await this.#deps.erasures.update(erasing.id, { state: "running", error: null });
      this.#enqueue(erasing);
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#queue;
  }

  /** Resolves when nothing is left to do. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  #enqueue(erasing: Erasing): void {
    this.#queue = this.#queue.then(() => this.#run(erasing));
  }

  async #run(erasing: Erasing): Promise<void> {
    const { erasures, files, log } = this.#deps;
    const steps = new EraseSteps(this.#deps, this.#abort.signal);
    try {
      const startedMs = performance.now();
      while (erasing.step !== "finished") await this.#patiently(() => this.#step(steps, erasing));
      await files.remove(erasing.id);
      await erasures.update(erasing.id, { state: "done", step: "finished" });
      log.info({ erasure: erasing.id, tookMs: Math.round(performance.now() - startedMs) }, "a user was erased");
    } catch (error) {
      if (this.#abort.signal.aborted) return; // the next start goes on
      log.warn({ err: error, erasure: erasing.id, step: erasing.step }, "an erasure failed; the next start tries again");
      const message = error instanceof TelltaleError ? error.message : "It failed unexpectedly; the server's log says why. The next start tries again.";
      await erasures
        .update(erasing.id, { state: "failed", error: message })
        .catch((cause: unknown) => log.warn({ err: cause }, "the failure could not be noted"));
    }
  }

  /** Does the next step and notes what comes after it. */
  async #step(steps: EraseSteps, erasing: Erasing): Promise<void> {
    this.#abort.signal.throwIfAborted();
    switch (erasing.step) {
      case "choose": {
        const { counts, blobs, tracesSha256 } = await steps.choose(erasing);
        erasing.blobs = blobs;
        await this.#count(erasing, counts, tracesSha256);
        return this.#next(erasing, "hide");
      }
      case "hide":
        await steps.hide(erasing);
        return this.#next(erasing, "rows");
      case "rows":
        await steps.rows(erasing);
        return this.#next(erasing, "blobs");
      case "blobs": {
        const kept = await steps.blobs(erasing);
        if (kept > 0) {
          const counts = await this.#counts(erasing);
          await this.#count(erasing, { blobs: (counts["blobs"] ?? 0) - kept, blobs_kept: (counts["blobs_kept"] ?? 0) + kept });
        }
        return this.#next(erasing, "files");
      }
      case "files":
        await this.#count(erasing, { quarantined: await steps.files(erasing) });
        return this.#next(erasing, "journal");
      case "journal":
        await steps.journal();
        return this.#next(erasing, "parts");
      case "parts":
        await steps.parts(erasing);
        erasing.step = "finished";
        return;
      case "finished":
    }
  }

  async #next(erasing: Erasing, step: Erasing["step"]): Promise<void> {
    await this.#deps.files.save({ ...erasing, step });
    erasing.step = step;
    await this.#deps.erasures.update(erasing.id, { step });
  }

  async #counts({ id }: Erasing): Promise<Record<string, number>> {
    return (await this.#deps.erasures.find(id))?.counts ?? noCounts;
  }

  async #count(erasing: Erasing, counts: Record<string, number>, tracesSha256?: string): Promise<void> {
    const merged = { ...(await this.#counts(erasing)), ...counts };
    await this.#deps.erasures.update(erasing.id, { counts: merged, ...(tracesSha256 === undefined ? {} : { tracesSha256 }) });
  }

  /** A store that is away for a moment, a full way in, or a query at its limit: tried again, ever later. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const passes = error instanceof TelltaleError && (error.status === 503 || error.status === 429);
        if (!passes || attempt >= ATTEMPTS) throw error;
        await sleep(500 * 2 ** attempt, undefined, { signal: this.#abort.signal });
      }
    }
  }
}

/** `undefined` = all. */
function projectsOf(scope: ProjectScope): string[] | undefined {
  return scope.projectIds === "all" ? undefined : [...scope.projectIds];
}

function noPerson(userId: string): TelltaleError {
  return new TelltaleError("not_found", `There are no traces of a user ${JSON.stringify(userId.slice(0, 100))}`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
