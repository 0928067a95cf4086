import { TelltaleError } from "@telltale/model";
import { levelOf, readSerializedScorer, startOfDay, usesModel, whyNotRunnable } from "@telltale/score";
import type { Anchor, AnchorRun, AnchorSet, Metadata, StoredScorer } from "@telltale/store";
import { alignmentCases, type CaseDeps } from "./alignment-cases.ts";
import { ownersOf } from "./alignment-examples.ts";
import { freezeSubject, thawSubject } from "./freeze-subject.ts";
import { inParallel, judgeCase } from "./judge-case.ts";
import { readSubject, type SubjectDeps } from "./read-subjects.ts";
import { isOverBudget, type RunnableDeps, type RunnableScorers } from "./runnable-scorer.ts";

export interface AnchorDeps extends SubjectDeps, CaseDeps, RunnableDeps {
  metadata: RunnableDeps["metadata"] & Pick<Metadata, "anchors">;
  questions: SubjectDeps["questions"];
}

export const DAY_HOURS = 24;
const MAX_ANCHORS = 100;
const MIN_ANCHORS = 20;
const WIDTH = 4;
const HOUR_MS = 3_600_000;

/** Freezes labelled traces, and asks judges about them again and again: a judge that says something else of the same trace has moved. */
export class AnchorKeeper {
  readonly #deps: AnchorDeps;
  readonly #runnable: RunnableScorers;

  constructor(deps: AnchorDeps, runnable: RunnableScorers) {
    this.#deps = deps;
    this.#runnable = runnable;
  }

  /** Copies the newest labelled traces. Throws `bad_request` with how many are needed. */
  async freeze(scorer: StoredScorer, { threshold: asked, intervalHours }: { threshold?: number | undefined; intervalHours: number }): Promise<void> {
    const definition = readSerializedScorer(scorer.serialized);
    const problem =
      whyNotRunnable(definition) ?? (usesModel(definition) ? undefined : `${scorer.name} asks no model: the same trace always gets the same score`);
    if (problem !== undefined) throw new TelltaleError("bad_request", problem);
    const { cases, threshold } = await alignmentCases(this.#deps, scorer, asked);
    const anchors: Anchor[] = [];
    for (const item of cases) {
      if (anchors.length >= MAX_ANCHORS) break;
      const subject = await readSubject(this.#deps, levelOf(definition), scorer.projectId, item.entityId);
      const frozen = subject === undefined ? undefined : freezeSubject(subject);
      if (subject === undefined || frozen === undefined) continue;
      anchors.push({ entityId: item.entityId, ...ownersOf(subject), humanPass: item.humanPass, subject: frozen });
    }
    if (anchors.length < MIN_ANCHORS) {
      const missing = MIN_ANCHORS - anchors.length;
      throw new TelltaleError(
        "bad_request",
        `An anchor set needs at least ${MIN_ANCHORS} traces on which people said pass or fail under the name ${scorer.name}; there are ${anchors.length}, so label ${missing} more.`,
      );
    }
    await this.#deps.metadata.anchors.freeze(scorer.id, { threshold, intervalHours, anchors });
  }

  /** Runs every set whose time has come. */
  async runDue(signal: AbortSignal): Promise<void> {
    for (const set of await this.#deps.metadata.anchors.due()) {
      const scorer = await this.#deps.metadata.scorers.findById(set.scorerId);
      if (scorer !== undefined) await this.#runSet(set, scorer, signal);
    }
  }

  async #runSet(set: AnchorSet, scorer: StoredScorer, signal: AbortSignal): Promise<void> {
    const { anchors } = this.#deps.metadata;
    const nextRunMs = this.#deps.now() + set.intervalHours * HOUR_MS;
    // A scorer that somebody stopped costs nothing, unless somebody asks.
    const isAsked = set.nextRunMs === 0;
    if (!isAsked && (scorer.sampleRate === 0 || scorer.paused !== undefined)) return anchors.configure(scorer.id, { nextRunMs });
    const run = await anchors.openRun(set, scorer.version);
    try {
      const isWhole = await this.#judge(set, scorer, run, signal);
      // Over its budget: the rest of the run is for tomorrow (UTC).
      if (!isWhole) return await anchors.configure(scorer.id, { nextRunMs: startOfDay(this.#deps.now()) + DAY_HOURS * HOUR_MS });
      await anchors.endRun(run, "done");
    } catch (error) {
      if (signal.aborted || !(error instanceof TelltaleError) || error.status >= 500) throw error;
      await anchors.endRun(run, "failed", error.message);
    }
    await anchors.configure(scorer.id, { nextRunMs });
  }

  /** False when the day's budget ended it. What is judged already is not asked again. */
  async #judge(set: AnchorSet, scorer: StoredScorer, run: AnchorRun, signal: AbortSignal): Promise<boolean> {
    const { anchors } = this.#deps.metadata;
    const known = await anchors.verdicts(run.id);
    const open = (await anchors.anchors(scorer.id)).filter((anchor) => !known.has(anchor.entityId));
    const runnable = await this.#runnable.find(scorer.id, run.version);
    if (runnable === undefined) throw new TelltaleError("bad_request", `Version ${run.version} of the scorer was deleted`);
    let isWhole = true;
    await inParallel(open, WIDTH, async (anchor) => {
      isWhole &&= !(await isOverBudget(this.#deps, scorer));
      if (!isWhole) return;
      const { verdict, costs } = await judgeCase(runnable.run, thawSubject(anchor.subject), set.threshold, signal);
      const priced = costs.filter((cost) => cost !== undefined);
      await anchors.note(run, anchor, verdict.pass, priced.length === 0 ? undefined : priced.reduce((sum, cost) => sum + cost, 0));
    });
    return isWhole;
  }
}
