import { anthropic } from "./anthropic.ts";
import { gemini } from "./gemini.ts";
import { openai, openaiCompatible } from "./openai.ts";
import type { ProviderKind } from "./provider.ts";

/** Every wire format a judge's model may speak. */
export const providerKinds: readonly ProviderKind[] = [openai, anthropic, gemini, openaiCompatible];

export function findProviderKind(kind: string): ProviderKind | undefined {
  return providerKinds.find((known) => known.kind === kind);
}
