import { randomBytes } from "node:crypto";
import type { LanguageModel } from "ai";
import type { JudgeUsage } from "../outcome.ts";
import { withDeadline } from "../with-deadline.ts";
import { judgeErrorOf } from "./failure.ts";
import { type Judge, JudgeError, type JudgePrompt, type ModelClient, type ModelOrder, type Question, type Verdict } from "./judge.ts";
import { fenced, judgePrompt, promptDigest } from "./prompt.ts";
import { readAnswer } from "./read-answer.ts";

/** A model that a judge may ask. */
export interface JudgeModel {
  /** As the scorer names it, or `provider:/model` of the default. */
  uri: string;
  model: LanguageModel;
  /** US dollars of a call; `undefined` = its price is not known. */
  priceOf: (tokens: { input: number | undefined; output: number | undefined }) => number | undefined;
}

/** One call of a judge, for its trace. */
export interface JudgeCall {
  startMs: number;
  endMs: number;
  system: string;
  prompt: string;
  answer: string;
  error: string | undefined;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
}

export interface ModelJudgeDeps {
  /** Throws `JudgeError` when no provider is configured for it. */
  modelFor: (uri: string | undefined) => Promise<JudgeModel>;
  /** Keeps the judge's own calls as a trace; answers with its id, or `undefined` when it could not be kept. */
  record: (model: JudgeModel, calls: readonly JudgeCall[]) => Promise<string | undefined>;
  now: () => number;
  /** How long one call may take; two minutes when not given. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_TOKENS = 2_000;
/** Steps of a judge with tools, its verdict included. */
const MAX_STEPS = 12;

/** Asks a language model: one call, and one more to repair an answer that is not in the vocabulary. */
export class ModelJudge implements Judge, ModelClient {
  readonly #deps: ModelJudgeDeps;

  constructor(deps: ModelJudgeDeps) {
    this.#deps = deps;
  }

  async ask(question: Question, signal: AbortSignal): Promise<Verdict> {
    const { answer, usage } = await this.complete(
      {
        model: question.model,
        promptOf: (fence) => judgePrompt(question, fence),
        read: (text) => {
          const answer = readAnswer(text, question.answer);
          return answer.kind === "answer" ? { kind: "answer", answer } : answer;
        },
        digest: promptDigest(question),
        tools: question.tools,
        parameters: question.parameters,
      },
      signal,
    );
    return { value: answer.value, rationale: answer.rationale, usage };
  }

  async complete<Answer>(order: ModelOrder<Answer>, signal: AbortSignal): Promise<{ answer: Answer; usage: JudgeUsage }> {
    const target = await this.#deps.modelFor(order.model);
    const prompt = order.promptOf(randomBytes(9).toString("base64url"));
    const calls: JudgeCall[] = [];
    let problem = "";
    try {
      for (const attempt of [0, 1]) {
        const text = await this.#call(target, order, attempt === 0 ? prompt : repairing(prompt, calls.at(-1)?.answer ?? "", problem), calls, signal);
        const read = order.read(text);
        if (read.kind === "answer") return { answer: read.answer, usage: await this.#usage(target, order, calls) };
        problem = read.problem;
      }
    } catch (error) {
      throw judgeErrorOf(error, target.uri, signal, await this.#usage(target, order, calls));
    }
    throw new JudgeError("invalid_answer", `${target.uri} gave no usable answer, also when asked again: ${problem}`, "permanent", {
      usage: await this.#usage(target, order, calls),
    });
  }

  async #call(
    target: JudgeModel,
    order: Pick<ModelOrder<unknown>, "tools" | "parameters">,
    { system, prompt, schema, fence }: JudgePrompt,
    calls: JudgeCall[],
    signal: AbortSignal,
  ): Promise<string> {
    const { generateText, jsonSchema, Output, stepCountIs, tool } = await import("ai");
    const { timeoutMs = TIMEOUT_MS } = this.#deps;
    const startMs = this.#deps.now();
    const call: JudgeCall = { startMs, endMs: startMs, system, prompt, answer: "", error: undefined, inputTokens: undefined, outputTokens: undefined };
    calls.push(call);
    let isLate = false;
    try {
      const result = await withDeadline(signal, timeoutMs, (timed) => {
        timed.addEventListener("abort", () => (isLate = !signal.aborted));
        return generateText({
          model: target.model,
          system,
          prompt,
          // The schema constrains the model where the provider can; what comes back is read by us all the same.
          output: Output.object({ schema: jsonSchema<unknown>(schema as never, { validate: (value) => ({ success: true, value }) }) }),
          ...(order.tools === undefined
            ? {}
            : {
                stopWhen: stepCountIs(MAX_STEPS),
                tools: Object.fromEntries(
                  order.tools.map(({ name, description, parameters, run }) => [
                    name,
                    tool({
                      description,
                      inputSchema: jsonSchema<unknown>(parameters as never),
                      execute: async (given) => fenced({ name, text: run(given) }, fence),
                    }),
                  ]),
                ),
              }),
          maxRetries: 0,
          maxOutputTokens: MAX_OUTPUT_TOKENS,
          abortSignal: timed,
          ...settingsIn(order.parameters),
        });
      });
      note(call, result.text, result.totalUsage);
      if (result.finishReason === "content-filter") throw new JudgeError("refused", `${target.uri} refused to judge this`, "permanent");
      return result.text;
    } catch (error) {
      const unreadable = unreadableAnswer(error);
      if (unreadable !== undefined) {
        note(call, unreadable.text, unreadable.usage);
        return unreadable.text;
      }
      call.error = error instanceof Error ? error.message : String(error);
      throw isLate ? new JudgeError("timeout", `${target.uri} did not answer within ${timeoutMs / 1000} s`, "transient") : error;
    } finally {
      call.endMs = this.#deps.now();
    }
  }

  async #usage(target: JudgeModel, { digest }: Pick<ModelOrder<unknown>, "digest">, calls: readonly JudgeCall[]): Promise<JudgeUsage> {
    const input = sumOf(calls.map((call) => call.inputTokens));
    const output = sumOf(calls.map((call) => call.outputTokens));
    return {
      model: target.uri,
      inputTokens: input,
      outputTokens: output,
      costUsd: input === undefined && output === undefined ? undefined : target.priceOf({ input, output }),
      traceId: await this.#deps.record(target, calls),
      promptDigest: digest,
    };
  }
}

/** The same question with the answer that could not be used. */
function repairing(prompt: JudgePrompt, answer: string, problem: string): JudgePrompt {
  const note = `Your previous answer could not be used: ${problem}. It began: ${JSON.stringify(answer.slice(0, 500))}\nAnswer again with one JSON object in the required form.`;
  return { ...prompt, prompt: `${prompt.prompt}\n\n${note}` };
}

function note(call: JudgeCall, text: string, usage: { inputTokens?: number | undefined; outputTokens?: number | undefined } | undefined): void {
  call.answer = text;
  call.inputTokens = usage?.inputTokens;
  call.outputTokens = usage?.outputTokens;
}

/** The SDK throws when text is not the JSON it asked for; the text is what we want to read. */
function unreadableAnswer(error: unknown): { text: string; usage: { inputTokens?: number; outputTokens?: number } | undefined } | undefined {
  if (!(error instanceof Error) || error.name !== "AI_NoObjectGeneratedError") return undefined;
  const { text, usage } = error as Error & { text?: string; usage?: { inputTokens?: number; outputTokens?: number } };
  return { text: text ?? "", usage };
}

/** Of MLflow's `inference_params` those that every provider knows. Judges are asked for their likeliest answer. */
function settingsIn(parameters: Question["parameters"]): { temperature?: number; topP?: number; seed?: number } {
  const number = (name: string): number | undefined => (typeof parameters?.[name] === "number" ? parameters[name] : undefined);
  const [topP, seed] = [number("top_p"), number("seed")];
  const temperature = number("temperature");
  return { ...(temperature === undefined ? {} : { temperature }), ...(topP === undefined ? {} : { topP }), ...(seed === undefined ? {} : { seed }) };
}

function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
