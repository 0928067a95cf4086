import { setTimeout as sleep } from "node:timers/promises";
import { TelltaleError } from "@telltale/model";
import {
  criteriaOf,
  gate,
  guidelinesOrder,
  type JudgeMemory,
  levelOf,
  MAX_EXAMPLES_KEPT,
  MAX_GUIDELINES,
  type ModelClient,
  readSerializedScorer,
  runAligned,
  type ScorerDefinition,
  type Subject,
  type TrainingCase,
  usesModel,
  whyNotRunnable,
} from "@telltale/score";
import type { Alignment, AlignmentCase, CaseVerdict, Metadata, StoredExample, StoredMemory, StoredScorer } from "@telltale/store";
import { alignmentCases, type CaseDeps } from "./alignment-cases.ts";
import { exampleOf, trainingCaseOf } from "./alignment-examples.ts";
import { inParallel, judgeCase } from "./judge-case.ts";
import { readSubject, type SubjectDeps } from "./read-subjects.ts";
import { isOverBudget, type RunnableDeps } from "./runnable-scorer.ts";
import { storedVerdicts } from "./stored-verdicts.ts";

export interface AlignerDeps extends SubjectDeps, CaseDeps, RunnableDeps {
  metadata: RunnableDeps["metadata"] & Pick<Metadata, "alignments">;
  questions: SubjectDeps["questions"];
  client: ModelClient;
  log: (message: string, fields: Record<string, unknown>) => void;
}

/** Judgements of a run at once: an alignment must not take all of a provider's rate. */
const WIDTH = 4;
const BUDGET_AGAIN_MS = 30_000;

/** What a run works with. */
interface Run {
  alignment: Alignment;
  scorer: StoredScorer;
  definition: ScorerDefinition;
  base: StoredMemory | undefined;
  signal: AbortSignal;
}

/**
 * Aligns judges with what people said, in the background: verdicts of the version that is live on all labels, guidelines and examples from
 * the training half, verdicts of the new version on the held-back half, and the gate. Each verdict is kept as it comes, so that a run
 * that was cut off goes on at the next start without asking twice.
 */
export class Aligner {
  readonly #deps: AlignerDeps;
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>();

  constructor(deps: AlignerDeps) {
    this.#deps = deps;
  }

  /** Whether there are labels enough. Throws `bad_request` for what is no judge. */
  async readiness(scorer: StoredScorer, threshold: number | undefined) {
    assertAlignable(scorer);
    return alignmentCases(this.#deps, scorer, threshold);
  }

  /** Throws `bad_request` with one sentence when it cannot be aligned (yet), `already_exists` while a run goes on. */
  async start(scorer: StoredScorer, asked?: number): Promise<Alignment> {
    const { cases, readiness, threshold } = await this.readiness(scorer, asked);
    if (readiness.problem !== undefined) throw new TelltaleError("bad_request", readiness.problem);
    const alignment = await this.#deps.metadata.alignments.start(scorer.id, scorer.version, threshold, cases);
    this.#run(alignment);
    return alignment;
  }

  /** What was judged stays judged and paid; nothing comes of it. */
  async cancel(id: string): Promise<void> {
    await this.#deps.metadata.alignments.end(id, "cancelled", undefined);
    const running = this.#running.get(id);
    running?.abort.abort();
    await running?.done;
  }

  /** Goes on with what the end of the last process cut off. */
  async resume(): Promise<void> {
    for (const alignment of await this.#deps.metadata.alignments.running()) if (!this.#running.has(alignment.id)) this.#run(alignment);
  }

  async stop(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort();
    await this.settled();
  }

  /** Resolves when nothing runs. */
  async settled(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #run(alignment: Alignment): void {
    const abort = new AbortController();
    const done = this.#align(alignment, abort.signal)
      .catch(async (error: unknown) => {
        if (abort.signal.aborted) return; // the next start goes on
        const isKnown = error instanceof TelltaleError;
        if (!isKnown) this.#deps.log("an alignment failed", { alignment: alignment.id, error: String(error) });
        await this.#deps.metadata.alignments.end(alignment.id, "failed", isKnown ? error.message : "It failed unexpectedly; the server's log says why");
      })
      .catch((error: unknown) => this.#deps.log("the end of an alignment could not be noted", { alignment: alignment.id, error: String(error) }))
      .finally(() => this.#running.delete(alignment.id));
    this.#running.set(alignment.id, { abort, done });
  }

  async #align(alignment: Alignment, signal: AbortSignal): Promise<void> {
    const { metadata } = this.#deps;
    const scorer = await metadata.scorers.findById(alignment.scorerId, alignment.baseVersion);
    if (scorer === undefined) throw new TelltaleError("bad_request", `Version ${alignment.baseVersion} of the scorer was deleted`);
    const definition = readSerializedScorer(scorer.serialized);
    const run: Run = { alignment, scorer, definition, base: await metadata.judgeMemories.of(scorer.id, scorer.version), signal };
    await this.#judgeBefore(run);
    const cases = await metadata.alignments.cases(alignment.id);
    const memory = await this.#learn(run, cases);
    await this.#judgeAll(
      run,
      cases.filter((item) => item.half === "held_back" && item.after === undefined),
      memory,
      (item, verdict) => metadata.alignments.noteAfter(alignment.id, item.entityId, verdict),
    );
    const judged = (await metadata.alignments.cases(alignment.id)).filter((item) => item.half === "held_back");
    const result = gate(judged.map((item) => ({ human: item.humanPass, before: item.before?.pass, after: item.after?.pass })));
    await metadata.alignments.finish(alignment.id, { mode: result.decision, result, memory });
  }

  /** The live version's verdicts: those that it gave already count, only what is missing is asked. */
  async #judgeBefore(run: Run): Promise<void> {
    const { alignments } = this.#deps.metadata;
    const note = (item: AlignmentCase, verdict: CaseVerdict): Promise<void> => alignments.noteBefore(run.alignment.id, item.entityId, verdict);
    const open = (await alignments.cases(run.alignment.id)).filter((item) => item.before === undefined);
    const known = await storedVerdicts(this.#deps.questions, run.scorer, open, run.alignment.threshold);
    for (const item of open) {
      const verdict = known.get(item.entityId);
      if (verdict !== undefined) await note(item, verdict);
    }
    await this.#judgeAll(
      run,
      open.filter((item) => !known.has(item.entityId)),
      run.base,
      note,
    );
  }

  async #judgeAll(
    run: Run,
    cases: readonly AlignmentCase[],
    memory: JudgeMemory | undefined,
    note: (item: AlignmentCase, verdict: CaseVerdict) => Promise<void>,
  ): Promise<void> {
    const { judge, runCode, metadata } = this.#deps;
    await inParallel(cases, WIDTH, async (item) => {
      await this.#withinBudget(run);
      const subject = await this.#subjectOf(run, item);
      if (subject === undefined) return note(item, { value: undefined, pass: undefined, why: undefined });
      const { verdict, costs } = await judgeCase(
        (given, signal) => runAligned(run.definition, memory, given, { judge, runCode, signal }),
        subject,
        run.alignment.threshold,
        run.signal,
      );
      for (const cost of costs) await metadata.alignments.spend(run.alignment.id, run.scorer.id, cost);
      await note(item, verdict);
    });
  }

  /** Guidelines from what people corrected in the training half, and the corrected cases themselves. */
  async #learn(run: Run, cases: readonly AlignmentCase[]): Promise<StoredMemory> {
    const training = cases.filter((item) => item.half === "training");
    const judged = training.filter((item) => item.before?.pass !== undefined);
    if (judged.length === 0)
      throw new TelltaleError("bad_request", `${run.scorer.name} gave no verdict of pass or fail on any labelled trace, so there is nothing to align`);
    const corrected = judged.filter((item) => item.before?.pass !== item.humanPass);
    if (corrected.length === 0)
      throw new TelltaleError(
        "bad_request",
        `${run.scorer.name} agrees with people on all ${judged.length} labels it could learn from: there is nothing to align`,
      );
    const examples = await this.#examples(run, corrected);
    if (examples.length === 0)
      throw new TelltaleError("bad_request", "The traces that people corrected are no longer stored, so there is nothing to learn from");
    const guidelines = run.alignment.guidelines ?? (await this.#writeGuidelines(run, judged, corrected, examples[0]?.subject));
    const own = examples.map(({ example }) => example);
    const known = new Set(own.map((example) => example.traceId));
    return { guidelines, examples: [...own, ...(run.base?.examples ?? []).filter((example) => !known.has(example.traceId))].slice(0, MAX_EXAMPLES_KEPT) };
  }

  async #writeGuidelines(run: Run, judged: readonly AlignmentCase[], corrected: readonly AlignmentCase[], subject: Subject | undefined): Promise<string[]> {
    const criteria = subject === undefined ? undefined : await criteriaOf(run.definition, subject);
    if (criteria === undefined) throw new TelltaleError("bad_request", `${run.scorer.name} asks its model nothing about the labelled traces`);
    const known = run.base?.guidelines ?? [];
    const so =
      known.length === 0
        ? ""
        : `\n\nGuidelines so far; keep what is right in them, and stay within ${MAX_GUIDELINES} in all:\n${known.map((line) => `- ${line}`).join("\n")}`;
    const agreed = judged.filter((item) => item.before?.pass === item.humanPass);
    const order = guidelinesOrder(
      `${criteria.instructions}${so}`,
      await this.#shown(run, corrected),
      await this.#shown(run, agreed.slice(0, 8)),
      criteria.model,
    );
    await this.#withinBudget(run);
    const { answer, usage } = await this.#deps.client.complete(order, run.signal);
    await this.#deps.metadata.alignments.spend(run.alignment.id, run.scorer.id, usage.costUsd);
    await this.#deps.metadata.alignments.noteGuidelines(run.alignment.id, answer);
    return answer;
  }

  async #shown(run: Run, cases: readonly AlignmentCase[]): Promise<TrainingCase[]> {
    const shown: TrainingCase[] = [];
    for (const item of cases.slice(0, 24)) {
      const subject = await this.#subjectOf(run, item);
      if (subject !== undefined) shown.push(trainingCaseOf(item, subject));
    }
    return shown;
  }

  async #examples(run: Run, corrected: readonly AlignmentCase[]): Promise<{ example: StoredExample; subject: Subject }[]> {
    const examples: { example: StoredExample; subject: Subject }[] = [];
    for (const item of corrected.slice(0, MAX_EXAMPLES_KEPT)) {
      const subject = await this.#subjectOf(run, item);
      if (subject !== undefined) examples.push({ example: exampleOf(item, subject), subject });
    }
    return examples;
  }

  #subjectOf(run: Run, item: AlignmentCase): Promise<Subject | undefined> {
    run.signal.throwIfAborted();
    return readSubject(this.#deps, levelOf(run.definition), run.scorer.projectId, item.entityId);
  }

  /** Waits for the next day when the scorer's budget is spent; whoever looks sees why. */
  async #withinBudget({ alignment, scorer, signal }: Run): Promise<void> {
    let hasWaited = false;
    while (await isOverBudget(this.#deps, (await this.#deps.metadata.scorers.findById(scorer.id)) ?? scorer)) {
      if (!hasWaited)
        await this.#deps.metadata.alignments.noteWaiting(
          alignment.id,
          "Waits: the scorer's daily budget is spent. It goes on after midnight (UTC), or with a larger budget.",
        );
      hasWaited = true;
      await sleep(BUDGET_AGAIN_MS, undefined, { signal });
    }
    if (hasWaited) await this.#deps.metadata.alignments.noteWaiting(alignment.id, undefined);
  }
}

function assertAlignable(scorer: StoredScorer): void {
  const definition = readSerializedScorer(scorer.serialized);
  const problem = whyNotRunnable(definition);
  if (problem !== undefined) throw new TelltaleError("bad_request", problem);
  if (!usesModel(definition)) throw new TelltaleError("bad_request", `${scorer.name} asks no model: only judges can be aligned`);
}
