import {
  type DayBudget,
  type Judge,
  type JudgeMemory,
  readSerializedScorer,
  runAligned,
  type RunCode,
  type RunnableScorer,
  type ScorerDefinition,
  startOfDay,
  usesModel,
} from "@telltale/score";
import type { Metadata, StoredScorer } from "@telltale/store";

export interface RunnableDeps {
  metadata: Pick<Metadata, "scorers" | "scoreReports" | "judgeMemories">;
  judge: Judge;
  runCode: RunCode;
  now: () => number;
}

/** So long a memory is not read again: it never changes, but an erasure takes examples out of it. */
const KEEP_MEMORY_MS = 30_000;
const MAX_MEMORIES = 50;

/** Makes stored versions of scorers ready to run, with what alignment taught them. */
export class RunnableScorers {
  readonly #deps: RunnableDeps;
  readonly #memories = new Map<string, { memory: JudgeMemory | undefined; untilMs: number }>();

  constructor(deps: RunnableDeps) {
    this.#deps = deps;
  }

  /** `undefined` = it was deleted. */
  async find(id: string, version: number): Promise<RunnableScorer | undefined> {
    const { metadata, judge, runCode } = this.#deps;
    const scorer = await metadata.scorers.findById(id, version);
    if (scorer === undefined) return undefined;
    const definition = readSerializedScorer(scorer.serialized);
    const memory = scorer.guidelines === undefined ? undefined : await this.#memoryOf(scorer);
    const isJudge = usesModel(definition);
    return {
      name: scorer.name,
      // What it learned is part of what it is: the digest on its scores shall differ.
      serialized: memory === undefined ? scorer.serialized : `${scorer.serialized}\n${JSON.stringify(memory.guidelines)}`,
      sourceType: isJudge ? "LLM_JUDGE" : "CODE",
      sourceId: (isJudge ? modelOf(definition) : undefined) ?? scorer.name,
      budget: isJudge ? await budgetOf(this.#deps, scorer) : undefined,
      run: (subject, signal) => runAligned(definition, memory, subject, { judge, runCode, signal }),
    };
  }

  async #memoryOf(scorer: StoredScorer): Promise<JudgeMemory | undefined> {
    const key = `${scorer.id}/${scorer.version}`;
    const known = this.#memories.get(key);
    if (known !== undefined && known.untilMs > this.#deps.now()) return known.memory;
    const memory = await this.#deps.metadata.judgeMemories.of(scorer.id, scorer.version);
    this.#memories.delete(key);
    this.#memories.set(key, { memory, untilMs: this.#deps.now() + KEEP_MEMORY_MS });
    for (const oldest of this.#memories.keys()) {
      if (this.#memories.size <= MAX_MEMORIES) break;
      this.#memories.delete(oldest);
    }
    return memory;
  }
}

/** Whether the scorer has spent what it may spend in a day (UTC), on whatever. */
export async function isOverBudget(deps: Pick<RunnableDeps, "metadata" | "now">, scorer: StoredScorer): Promise<boolean> {
  const budget = await budgetOf(deps, scorer);
  return budget !== undefined && budget.leftUsd <= 0;
}

/** `undefined` = it may spend what it wants. */
async function budgetOf({ metadata, now }: Pick<RunnableDeps, "metadata" | "now">, scorer: StoredScorer): Promise<DayBudget | undefined> {
  if (scorer.dailyBudgetUsd === undefined) return undefined;
  const { spentUsd, ...judgements } = await metadata.scoreReports.spendingOf(scorer.id, startOfDay(now()));
  return { ...judgements, leftUsd: scorer.dailyBudgetUsd - spentUsd };
}

function modelOf(definition: ScorerDefinition): string | undefined {
  return definition.kind === "builtin" || definition.kind === "instructions" ? definition.model : undefined;
}
