import { judged, reviewed, thumbs } from "../judgements.ts";
import { type ChatMessage, type ModelFailure, callModelWithRetry } from "../model-call.ts";
import { models } from "../models.ts";
import type { Random } from "../random.ts";
import { type DemoTrace, type Scene, type Scenario, serviceOf, someUser } from "../scene.ts";
import { SimulatedError, TraceBuilder } from "../trace-builder.ts";
import { accountTopics } from "./knowledge-account.ts";
import { deviceTopics } from "./knowledge-devices.ts";
import { type Article, retrieve } from "./retrieve.ts";
import type { Topic } from "./topic.ts";

const topics = [...deviceTopics, ...accountTopics];

const system = `You are the support assistant of Hearthly, maker of smart heating. Answer in the customer's language, in at most five sentences, using only the articles below. Name menus in bold. If the articles do not answer the question, say so and offer to hand over to a colleague. Never promise refunds or dates that an article does not state.`;

/** Of the prompt `support-answer`, by release. */
const promptVersions: Readonly<Record<string, string>> = { "v2.3.1": "14", "v2.3.2": "14", "v2.4.0": "15", "v2.4.1": "16" };

interface Turn {
  question: string;
  good: string;
  poor: string;
}

/** A conversation with the support bot: one trace per turn, tied together by its session. */
export const supportConversation: Scenario = (scene) => {
  const { random } = scene;
  const topic = random.pick(topics);
  const words = slots(random);
  const turns = turnsOf(topic, words, random);
  const session = `chat-${random.hex(10)}`;
  const user = someUser(random);
  const history: ChatMessage[] = [];
  const traces: DemoTrace[] = [];
  let startMs = scene.startMs;
  for (const turn of turns) {
    if (startMs > scene.endMs) break;
    const trace = new TraceBuilder(random, serviceOf(scene, "support-bot"), startMs);
    const outcome = answerTurn(trace, scene, { topic, turn, history, session, user });
    traces.push({ traceId: trace.traceId, spans: trace.spans, judgements: judgementsOf(scene, topic, outcome) });
    if (outcome.answer === undefined) break;
    history.push({ role: "user", text: turn.question }, { role: "assistant", text: outcome.answer });
    startMs = trace.nowMs + random.logNormal(55_000, 0.7);
  }
  return traces;
};

interface Talk {
  topic: Topic;
  turn: Turn;
  history: readonly ChatMessage[];
  session: string;
  user: string;
}

interface Outcome {
  answer: string | undefined;
  /** Latent: nobody sees it, everybody's mark depends on it. */
  quality: number;
}

function answerTurn(trace: TraceBuilder, scene: Scene, talk: Talk): Outcome {
  const { random, weather } = scene;
  const attributes = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "support-bot",
    "session.id": talk.session,
    "user.id": talk.user,
    "tag.tags": [talk.topic.id.startsWith("kb-1") ? "devices" : "account", random.chance(0.8) ? "web" : "mobile"],
    metadata: JSON.stringify({
      plan: random.weighted([
        ["free", 6],
        ["plus", 4],
      ] as const),
      article: talk.topic.id,
    }),
    "input.value": talk.turn.question,
  };
  try {
    return trace.span("support_turn", { otelKind: 2, scope: "hearthly.support", attributes }, (root) => {
      trace.wait(random.logNormal(4, 0.4));
      const articles = retrieve(trace, scene, talk.topic, topics, talk.turn.question);
      const found = articles.some(({ id }) => id === talk.topic.id);
      const quality = qualityOf(scene, talk.topic, found);
      const text = phrase(quality, talk.turn, weather.isBadRelease);
      generate(trace, scene, talk, articles, text);
      trace.wait(random.logNormal(3, 0.4));
      root.attributes["output.value"] = text;
      return { answer: text, quality };
    });
  } catch (error) {
    if (error instanceof SimulatedError) return { answer: undefined, quality: 0 };
    throw error;
  }
}

function generate(trace: TraceBuilder, scene: Scene, talk: Talk, articles: readonly Article[], text: string): void {
  const { random, weather } = scene;
  // The bad release also stuffed the articles' full revision history into the prompt.
  const padding = weather.isBadRelease ? 3 : 1;
  const context = articles.map(({ id, title, body }) => `[${id}] ${title}\n${`${body}\n`.repeat(padding)}`).join("\n");
  const model = random.weighted([
    [models.small, 70],
    [models.flash, 18],
    [models.house, 12],
  ] as const);
  callModelWithRetry(
    trace,
    {
      model,
      system: `${system}\n\nArticles:\n${context}`,
      messages: [...talk.history, { role: "user", text: talk.turn.question }],
      answer: { role: "assistant", text },
      stream: true,
      cached: talk.history.length > 0 ? 0.7 : 0.2,
      slowness: weather.slowness,
      prompt: { name: "support-answer", version: promptVersions[weather.version] ?? "13" },
    },
    failuresOf(random, weather.rateLimited, weather.isBadRelease),
  );
}

function failuresOf(random: Random, rateLimited: number, isBadRelease: boolean): ModelFailure[] {
  // With the revision history in the prompt, some conversations no longer fit.
  if (isBadRelease && random.chance(0.07)) return ["too_long"];
  if (random.chance(rateLimited)) return random.chance(0.4) ? ["rate_limited", "rate_limited", "rate_limited"] : ["rate_limited"];
  if (random.chance(isBadRelease ? 0.05 : 0.008)) return random.chance(0.5) ? ["timeout"] : ["timeout", "timeout", "timeout"];
  return random.chance(0.004) ? ["overloaded"] : [];
}

function qualityOf(scene: Scene, topic: Topic, found: boolean): number {
  const base = found ? 0.93 - topic.difficulty * 0.5 : 0.25;
  const release = scene.weather.isBadRelease && scene.random.chance(0.45) ? -0.5 : 0;
  return Math.min(1, Math.max(0, base + release + scene.random.normal() * 0.08));
}

function phrase(quality: number, turn: Turn, isBadRelease: boolean): string {
  if (quality < 0.4) return turn.poor;
  const wordy =
    "Thank you for reaching out to Hearthly, I completely understand how important this is to you and I am more than happy to help you with your request today. ";
  const ending =
    " Please do not hesitate to contact us again at any time should you have any further questions, concerns or feedback regarding your Hearthly products.";
  return isBadRelease ? wordy + turn.good + ending : turn.good;
}

function judgementsOf(scene: Scene, topic: Topic, { answer, quality }: Outcome) {
  if (answer === undefined) return [];
  const explain = (score: number): string =>
    score >= 0.75
      ? `Every statement is found in ${topic.id}, and the order of the steps agrees with it.`
      : score >= 0.45
        ? `The main point follows ${topic.id}; at least one detail is not in the retrieved articles.`
        : `The answer names steps that no retrieved article contains and contradicts ${topic.id}.`;
  return [...thumbs(scene.random, quality), ...judged(scene, "groundedness", quality, explain), ...reviewed(scene.random, quality)];
}

function turnsOf(topic: Topic, words: Readonly<Record<string, string>>, random: Random): Turn[] {
  const first = { question: fill(random.pick(topic.questions), words), good: fill(topic.answer, words), poor: fill(topic.poor, words) };
  const more = random.chance(0.45) ? random.sample(topic.followUps, random.int(1, topic.followUps.length)) : [];
  return [first, ...more.map(([question, good]) => ({ question: fill(question, words), good: fill(good, words), poor: fill(topic.poor, words) }))];
}

function slots(random: Random): Record<string, string> {
  return {
    device: random.pick(["Thermostat 3", "Thermostat Mini", "Radiator Valve 2", "Hub 2", "Hub 1", "Window Sensor"]),
    order: `HL-${random.int(204_000, 219_999)}`,
    amount: `${random.int(4, 89)}.${random.pick(["90", "50", "00"])} EUR`,
    months: String(random.int(3, 31)),
    city: random.pick(["Hamburg", "Zürich", "Bergen", "Lyon", "Graz", "Utrecht"]),
  };
}

function fill(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
}
