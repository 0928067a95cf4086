import { tokensOf } from "../model-call.ts";
import type { Scene } from "../scene.ts";
import { SimulatedError, type TraceBuilder } from "../trace-builder.ts";
import type { Topic } from "./topic.ts";

export interface Article {
  id: string;
  title: string;
  body: string;
  score: number;
}

/** Embeds the question, asks the vector index, ranks again: three to five articles, the right one mostly among them. */
export function retrieve(trace: TraceBuilder, scene: Scene, topic: Topic, all: readonly Topic[], question: string): Article[] {
  const { random, weather } = scene;
  return trace.span("retrieve_articles", { scope: "hearthly.support" }, () => {
    embed(trace, question);
    const missed = random.chance(topic.difficulty * (weather.isBadRelease ? 1.2 : 0.45));
    const others = random.sample(
      all.filter((other) => other !== topic),
      random.int(2, 4),
    );
    const candidates = [...(missed ? [] : [topic]), ...others].map((item, rank) => ({
      id: item.id,
      title: item.title,
      body: item.body,
      score: Math.round((0.88 - rank * 0.09 - random.unit() * 0.07) * 1000) / 1000,
    }));
    search(trace, question, candidates);
    return candidates;
  });
}

function embed(trace: TraceBuilder, question: string): void {
  const attributes = {
    "gen_ai.operation.name": "embeddings",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "text-embedding-3-small",
    "gen_ai.response.model": "text-embedding-3-small",
    "gen_ai.embeddings.dimension.count": 1536,
    "gen_ai.usage.input_tokens": tokensOf(question),
  };
  trace.span("embeddings text-embedding-3-small", { otelKind: 3, scope: "opentelemetry.instrumentation.openai", attributes }, () =>
    trace.wait(trace.random.logNormal(62, 0.35)),
  );
}

function search(trace: TraceBuilder, question: string, articles: readonly Article[]): void {
  const { random } = trace;
  const documents = articles.map(({ id, title, body, score }) => ({ id, content: body, score, metadata: { title, locale: "en" } }));
  const attributes = {
    "gen_ai.operation.name": "retrieval",
    "gen_ai.data_source.id": "help-articles",
    "gen_ai.retrieval.query.text": question,
    "gen_ai.retrieval.top_k": articles.length,
  };
  trace.span("retrieval help-articles", { otelKind: 3, scope: "hearthly.vector", attributes }, (span) => {
    trace.wait(random.logNormal(28, 0.5));
    if (random.chance(0.004)) throw new SimulatedError("ConnectionError", "vector index: connection reset by peer (10.3.0.12:6333)");
    span.attributes["gen_ai.retrieval.documents"] = JSON.stringify(documents);
  });
}
