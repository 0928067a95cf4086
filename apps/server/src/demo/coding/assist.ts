import { judged } from "../judgements.ts";
import { type ChatMessage, type ToolSpec, callModelWithRetry } from "../model-call.ts";
import { models } from "../models.ts";
import { type Scene, type Scenario, serviceOf } from "../scene.ts";
import { runTool, toolCall } from "../tool-call.ts";
import { SimulatedError, TraceBuilder } from "../trace-builder.ts";
import { type Task, tasks } from "./tasks.ts";

const tools: readonly ToolSpec[] = [
  { name: "grep", description: "Searches the repository by regular expression", parameters: { pattern: "string", path: "string" } },
  { name: "read_file", description: "Reads lines of a file", parameters: { path: "string", from: "integer", to: "integer" } },
  { name: "apply_patch", description: "Applies a unified diff", parameters: { patch: "string" } },
  { name: "run_tests", description: "Runs the tests of a path", parameters: { path: "string" } },
];

const roles = {
  explorer: "You explore a code base and report what you found, with file and line. You do not change anything.",
  editor: "You make the smallest change that solves the task. You keep the style of the file.",
  reviewer: "You review a change: is it right, is it tested, does it keep to the task? You answer with approve or with a list of problems.",
};

/** A coding assistant that hands work to sub-agents: deep traces, many calls of the same tools, sometimes in circles. */
export const assistDeveloper: Scenario = (scene) => {
  const { random } = scene;
  const task = random.pick(tasks);
  const trace = new TraceBuilder(random, serviceOf(scene, "dev-assistant"), scene.startMs);
  const repository = random.pick(["shop-backend", "fulfilment", "customer-portal"]);
  const attributes = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "lead",
    "session.id": `pr-${random.int(1200, 1990)}`,
    "user.id": random.pick(["dev-anna", "dev-kofi", "dev-liwei", "dev-tomas", "dev-ines"]),
    "tag.tags": [repository, task.file.endsWith(".ts") ? "typescript" : "python"],
    "input.value": task.request,
  };
  const work = new Work(trace, scene, task);
  try {
    trace.span("invoke_agent lead", { otelKind: 2, scope: "devassist", attributes }, (root) => {
      root.attributes["output.value"] = work.lead();
    });
  } catch (error) {
    if (!(error instanceof SimulatedError)) throw error;
    return [{ traceId: trace.traceId, spans: trace.spans, judgements: [] }];
  }
  const quality = work.testsPass ? 0.9 : 0.35;
  const ci = { name: "tests_pass", value: work.testsPass, source: { type: "CODE", id: "ci" }, afterMs: random.logNormal(240_000, 0.3) } as const;
  return [{ traceId: trace.traceId, spans: trace.spans, judgements: [ci, ...judged(scene, "task_completion", quality, explain)] }];
};

class Work {
  testsPass = false;
  constructor(
    readonly trace: TraceBuilder,
    readonly scene: Scene,
    readonly task: Task,
  ) {}

  lead(): string {
    const { task, trace } = this;
    const plan = `1. explorer: find ${task.symbol} and its callers\n2. editor: change ${task.file}\n3. run ${task.test}\n4. reviewer: look at the diff`;
    this.#think("You lead a team of sub-agents. Plan first, then delegate.", [{ role: "user", text: task.request }], plan, 900);
    const found = this.#agent("explorer", task.request, () => this.#explore());
    const rounds = this.scene.weather.isBadRelease ? 4 : 2;
    for (let round = 1; round <= rounds && !this.testsPass; round += 1)
      this.#agent("editor", `${task.request}\n\nFound: ${found}`, () => this.#edit(round === 1));
    const review = this.#agent("reviewer", task.after, () =>
      this.testsPass ? "approve: the change is minimal and the new test fails without it." : "The test still fails; the branch needs a person.",
    );
    const text = this.testsPass
      ? `${task.finding} I changed \`${task.symbol}\` in \`${task.file}\` and added a test in \`${task.test}\`; all tests pass.`
      : `${task.finding} My change in \`${task.file}\` does not make \`${task.test}\` pass yet; please have a look at the branch.`;
    this.#think(
      "You lead a team of sub-agents. Sum up for the developer.",
      [
        { role: "user", text: task.request },
        { role: "assistant", text: review },
      ],
      text,
      300,
    );
    trace.wait(2);
    return text;
  }

  #agent(role: keyof typeof roles, input: string, act: () => string): string {
    const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": role, "input.value": input };
    return this.trace.span(`invoke_agent ${role}`, { scope: "devassist", attributes }, (span) => {
      const said = act();
      this.#think(roles[role], [{ role: "user", text: input }], said, 0);
      span.attributes["output.value"] = said;
      return said;
    });
  }

  #explore(): string {
    const { task, trace } = this;
    const { random } = trace;
    const hits = [`${task.file}:${random.int(12, 240)}: def ${task.symbol}(`, `${task.test}:${random.int(8, 90)}: ${task.symbol}(`];
    this.#tool("grep", { pattern: task.symbol, path: "." }, hits.join("\n"), 55);
    // In the bad release the explorer forgets what it has read and reads it again.
    for (let turn = 0; turn < (this.scene.weather.isBadRelease ? random.int(3, 6) : random.int(1, 2)); turn += 1) {
      this.#think(roles.explorer, [{ role: "user", text: task.request }], `I will read ${task.file} around ${task.symbol}.`, 0);
      this.#tool("read_file", { path: task.file, from: 1, to: 120 }, `…\n    ${task.before}\n…`, 18);
    }
    return task.finding;
  }

  #edit(first: boolean): string {
    const { task, trace } = this;
    const patch = `--- a/${task.file}\n+++ b/${task.file}\n@@\n-    ${task.before.replaceAll("\n", "\n-")}\n+    ${task.after.replaceAll("\n", "\n+")}`;
    this.#think(roles.editor, [{ role: "user", text: `${task.request}\n${task.finding}` }], patch, 1400);
    const conflict = trace.random.chance(0.06) ? new SimulatedError("PatchConflict", `hunk 1 of ${task.file} does not apply`) : undefined;
    this.#tool("apply_patch", { patch }, "applied", 25, conflict);
    this.testsPass = conflict === undefined && trace.random.chance(first ? 0.65 : this.scene.weather.isBadRelease ? 0.3 : 0.8);
    const report = this.testsPass
      ? `${trace.random.int(8, 64)} passed in ${trace.random.int(1, 9)}.${trace.random.int(10, 99)}s`
      : `1 failed, ${trace.random.int(8, 64)} passed\nE   AssertionError: assert '' == 'muller-gmbh-4411'`;
    this.#tool("run_tests", { path: task.test }, report, 5200);
    return this.testsPass ? `Changed ${task.file}; ${report}.` : `Changed ${task.file}, but: ${report}`;
  }

  #tool(name: string, given: Record<string, unknown>, result: string, medianMs: number, failure?: SimulatedError): void {
    const description = tools.find((tool) => tool.name === name)?.description ?? "";
    runTool(this.trace, toolCall(this.trace, name, given), { medianMs, description, result, failure });
  }

  #think(system: string, messages: ChatMessage[], text: string, reasoningTokens: number): void {
    const { random } = this.trace;
    const repositoryNotes =
      "The repository uses Python 3.12, pytest, ruff and SQLAlchemy 2; the web part is TypeScript with Vitest. Follow the style of the surrounding code. ".repeat(
        14,
      );
    callModelWithRetry(
      this.trace,
      {
        model: reasoningTokens > 1000 ? models.opus : models.sonnet,
        system: `${system}\n\n${repositoryNotes}`,
        messages,
        answer: { role: "assistant", text },
        tools,
        cached: 0.85,
        slowness: this.scene.weather.slowness,
        maxTokens: 8192,
        ...(reasoningTokens > 0 ? { reasoningTokens: Math.round(random.logNormal(reasoningTokens, 0.5)) } : {}),
      },
      random.chance(this.scene.weather.rateLimited / 3) ? ["overloaded"] : [],
    );
  }
}

function explain(score: number): string {
  return score > 0.6 ? "The change is small, tested and solves what was asked." : "The tests were still failing when the assistant reported success.";
}
