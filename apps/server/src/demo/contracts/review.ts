import { callModel, type ChatMessage, tokensOf } from "../model-call.ts";
import { models } from "../models.ts";
import { type DemoTrace, type Scenario, type Scene, serviceOf, someUser } from "../scene.ts";
import { SimulatedError, TraceBuilder } from "../trace-builder.ts";
import { runTool, toolCall } from "../tool-call.ts";
import { clauses, questions } from "./contract.ts";

const system = `You review supplier contracts. Quote the clause, say what it means for the buyer, and name the risk. The contract:\n\n${clauses.join("\n\n")}`;
const tools = [{ name: "search_precedents", description: "Finds clauses of signed contracts", parameters: { topic: "string" } }];
const MINUTE_MS = 60_000;

/**
 * A reviewer asks about one contract turn by turn. It is built as such things often are: the whole contract and everything
 * said before goes along with every call, nothing is cached, and the agent searches for what it has found already.
 */
export const reviewContract: Scenario = (scene) => {
  const { random } = scene;
  const session = `review-${random.hex(10)}`;
  const user = someUser(random);
  const said: ChatMessage[] = [];
  const traces: DemoTrace[] = [];
  let startMs = scene.startMs;
  for (const [turn, question] of random.sample(questions, random.int(4, 7)).entries()) {
    if (startMs > scene.endMs - 2 * MINUTE_MS) break;
    said.push({ role: "user", text: question });
    traces.push(answerTurn(scene, { session, user, startMs, said, isLost: turn > 1 && random.chance(0.4) }));
    startMs += random.int(1, 4) * MINUTE_MS;
  }
  return traces;
};

interface Turn {
  session: string;
  user: string;
  startMs: number;
  /** The conversation so far; the answer is added. */
  said: ChatMessage[];
  /** The agent searches for the same thing again and again. */
  isLost: boolean;
}

function answerTurn(scene: Scene, { session, user, startMs, said, isLost }: Turn): DemoTrace {
  const { random } = scene;
  const trace = new TraceBuilder(random, serviceOf(scene, "contract-review"), startMs);
  const question = said.at(-1);
  const attributes = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "reviewer",
    "session.id": session,
    "user.id": user,
    "input.value": question?.role === "user" ? question.text : "",
    "tag.tags": ["legal"],
  };
  try {
    trace.span("review_contract", { scope: "hearthly.legal", attributes }, (root) => {
      if (random.chance(0.08)) stormOfRetries(trace, said);
      const topic = random.pick(["liability cap", "price adjustment", "termination for convenience", "data processing"]);
      for (let search = 0; search < (isLost ? 4 : 1); search += 1) {
        const call = toolCall(trace, "search_precedents", { topic });
        think(trace, [...said], { role: "assistant", calls: [call] });
        const result = runTool(trace, call, {
          medianMs: 180,
          description: "Finds clauses of signed contracts",
          result: { topic, found: random.sample(clauses, 3) },
        });
        said.push({ role: "assistant", calls: [call] }, { role: "tool", id: call.id, response: result });
      }
      const answer = `${random.sample(clauses, 6).join(" ")} For the buyer this means that ${random.pick(["the risk stays with them", "prices may rise once a year", "they may leave within thirty days"])}.`;
      think(trace, [...said], { role: "assistant", text: answer });
      said.push({ role: "assistant", text: answer });
      root.attributes["output.value"] = answer;
    });
  } catch (error) {
    if (!(error instanceof SimulatedError)) throw error; // the trace ends with the error it shows
  }
  return { traceId: trace.traceId, spans: trace.spans, judgements: [] };
}

function think(trace: TraceBuilder, messages: ChatMessage[], answer: Extract<ChatMessage, { role: "assistant" }>): void {
  callModel(trace, {
    model: models.sonnet,
    system,
    messages,
    answer,
    tools,
    temperature: 0,
    maxTokens: 2048,
    prompt: { name: "contract-review", version: "3" },
  });
  reportTotal(trace);
}

/** The wrapper this team wrote counts its own system prompt twice. */
function reportTotal(trace: TraceBuilder): void {
  const span = trace.spans.at(-1);
  const input = span?.attributes["gen_ai.usage.input_tokens"];
  const output = span?.attributes["gen_ai.usage.output_tokens"];
  if (span !== undefined && typeof input === "number" && typeof output === "number")
    span.attributes["gen_ai.usage.total_tokens"] = input + output + tokensOf(system);
}

/** A client that gives up on a stream too early and asks the same again at once: what went in is paid each time. */
function stormOfRetries(trace: TraceBuilder, said: readonly ChatMessage[]): void {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    try {
      callModel(
        trace,
        { model: models.sonnet, system, messages: [...said], answer: { role: "assistant", text: "" }, tools, temperature: 0, maxTokens: 2048 },
        "timeout",
      );
    } catch (error) {
      if (!(error instanceof SimulatedError)) throw error;
      const span = trace.spans.at(-1);
      if (span !== undefined) Object.assign(span.attributes, { "gen_ai.usage.input_tokens": tokensOf(system) + 40, "gen_ai.usage.output_tokens": 1 });
    }
  }
}
