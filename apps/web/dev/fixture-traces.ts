import { MODELS, TraceBuilder } from "./fixture-builder.ts";
import { agent, rag } from "./fixture-runs.ts";
import { type StoredTrace, summarise } from "./fixture-summary.ts";
import { Random } from "./random.ts";

const QUESTIONS = [
  [
    "How long do I have to return the running shoes I bought last week?",
    "You have **30 days** from delivery to return unworn shoes. Start the return from *Orders → Return item*; the label is free.",
  ],
  [
    "My invoice 2026-1093 shows VAT twice, can you fix that?",
    "You're right: line 4 repeats the VAT of line 3. I have issued a corrected invoice, which reaches you within a few minutes.",
  ],
  [
    "Compare the Pro and Team plan for a company of 40 people",
    "For 40 people, Team is cheaper from the 12th seat on: $880 against $1,160 a month, and includes single sign-on.",
  ],
  [
    "Warum wird meine Bestellung nach Österreich nicht versendet?",
    "Ihre Bestellung enthält einen Akku über 100 Wh; diesen dürfen wir nach Österreich nur per Spedition senden.",
  ],
  ["返金はいつ銀行口座に反映されますか？", "返金は承認後3〜5営業日で口座に反映されます。"],
  [
    "Summarise the incident report from Tuesday in five bullet points",
    "1. 09:12 UTC: queue depth alarm. 2. A deploy doubled the retry budget. 3. 14 % of requests timed out. 4. Rolled back at 09:41. 5. Retries are now capped per caller.",
  ],
  [
    "Book a table for six near the office on Friday at 19:00",
    "Booked: Osteria Lumen, Friday 19:00, six people, under the name Okafor. Free cancellation until noon.",
  ],
  ["What changed in the pricing API between v3 and v4?", "v4 removes `GET /quote`, adds idempotency keys to `POST /quotes`, and returns money in minor units."],
] as const;
const USERS = ["ana.silva", "k.tanaka", "m.okafor", "lena.weiss", "j.doe", "priya.n", "omar.f", "s.lindqvist"];
const SHAPES = ["rag_answer", "support_agent", "summarise", "classify_ticket"] as const;

/** `count` traces that end at `nowMs`, newest first. */
export function makeTraces(seed: number, count: number, nowMs: number, projectId: string): StoredTrace[] {
  const random = new Random(seed);
  const traces: StoredTrace[] = [];
  let startMs = nowMs - 20_000;
  for (let index = 0; index < count; index += 1) {
    traces.push(makeTrace(random, startMs, projectId, index));
    startMs -= random.skewed(index < 60 ? 45_000 : 240_000);
  }
  return traces;
}

/** One trace of one of the shapes. */
export function makeTrace(random: Random, startMs: number, projectId: string, index: number): StoredTrace {
  const traceId = random.hex(32);
  const shape = index % 7 === 1 ? "support_agent" : random.pick(SHAPES);
  const model = random.pick(random.chance(0.6) ? MODELS.slice(0, 2) : MODELS);
  const [question, answer] = random.pick(QUESTIONS);
  const user = random.pick(USERS);
  const session = `s-${user.slice(0, 2)}${Math.floor(startMs / 3_600_000) % 97}`;
  const fails = random.chance(0.11);
  const builder = new TraceBuilder(random, traceId, startMs, projectId);
  const root = builder.open(null, shape, shape === "support_agent" ? "AGENT" : "CHAIN");
  if (shape === "rag_answer") rag(builder, root, model, question, answer, fails);
  else if (shape === "support_agent") agent(builder, root, model, question, answer, fails);
  else if (shape === "summarise") builder.llm(root, model, question, answer, fails);
  else builder.llm(root, model, `Classify: ${question}`, '{"intent":"billing","urgency":"low","confidence":0.93}', fails);
  builder.close(root, { inputs: { question, user }, outputs: fails ? null : answer, session, user });
  return summarise(builder, { question, answer, user, session, fails, shape, random });
}

/** A trace with `count` spans: a fan-out of agents, each with model and tool calls, and some noise. */
export function makeHugeTrace(count: number, startMs: number, projectId: string): StoredTrace {
  const random = new Random(50_000);
  const builder = new TraceBuilder(random, "5".repeat(32), startMs, projectId);
  const root = builder.open(null, "nightly_batch", "WORKFLOW");
  const [model] = MODELS;
  while (builder.spans.length < count - 12) {
    const worker = builder.open(root, `invoke_agent worker-${random.integer(1, 12)}`, "AGENT", { agent_name: `worker-${random.integer(1, 12)}` });
    const steps = random.integer(2, 8);
    for (let step = 0; step < steps && builder.spans.length < count - 4; step += 1) {
      builder.llm(worker, model, "Classify the ticket", "billing", random.chance(0.01));
      const tool = builder.open(worker, "execute_tool update_ticket", "TOOL", { tool_name: "update_ticket" });
      builder.leaf(tool, "PUT /tickets", "HTTP", random.skewed(4), { noise: true });
      builder.close(tool);
      builder.clock -= random.between(0, 1200);
    }
    builder.close(worker);
    if (random.chance(0.4)) builder.clock -= random.between(0, 4000);
  }
  while (builder.spans.length < count) builder.leaf(root, "flush", "UNKNOWN", 1);
  builder.clock = Math.max(builder.clock, ...builder.spans.slice(-100).map((span) => Date.parse(`${span.end_time.slice(0, 23)}Z`)));
  builder.close(root);
  return summarise(builder, {
    question: "Process the ticket queue of the night",
    answer: "6,412 tickets classified, 31 escalated",
    user: "cron",
    session: "nightly",
    fails: false,
    shape: "nightly",
    random,
  });
}
