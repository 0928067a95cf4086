import { adk } from "./adk.ts";
import { autogen } from "./autogen.ts";
import { claudeCode } from "./claude-code.ts";
import type { Convention } from "./convention.ts";
import { genAi } from "./genai.ts";
import { haystack } from "./haystack.ts";
import { http } from "./http.ts";
import { laminar } from "./laminar.ts";
import { langfuse } from "./langfuse.ts";
import { litellm } from "./litellm.ts";
import { livekit } from "./livekit.ts";
import { mastra } from "./mastra.ts";
import { mcp } from "./mcp.ts";
import { mlflow } from "./mlflow.ts";
import { openInference } from "./openinference.ts";
import { openlit } from "./openlit.ts";
import { openllmetry } from "./openllmetry.ts";
import { other } from "./other.ts";
import { pydanticAi } from "./pydantic-ai.ts";
import { semanticKernel } from "./semantic-kernel.ts";
import { strands } from "./strands.ts";
import { traceloop } from "./traceloop.ts";
import { vercel } from "./vercel.ts";

/**
 * In the order in which they are asked: the first that recognises a span decides its kind. Conventions with keys of
 * their own come before those that write semconv with differences, and these before semconv itself.
 */
export const conventions: readonly Convention[] = [
  langfuse,
  mlflow,
  openInference,
  vercel,
  mastra,
  traceloop,
  haystack,
  laminar,
  litellm,
  strands,
  openlit,
  adk,
  autogen,
  semanticKernel,
  livekit,
  pydanticAi,
  claudeCode,
  genAi,
  openllmetry,
  mcp,
  http,
  other,
];

/** The convention that decides what a span is. Never fails: `other` takes the rest. */
export function conventionOf(raw: Parameters<Convention["recognises"]>[0], families: number): Convention {
  for (const convention of conventions) if (convention.recognises(raw, families)) return convention;
  return other;
}
