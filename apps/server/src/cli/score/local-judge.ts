import { findProviderKind, type Judge, JudgeError, ModelJudge } from "@telltale/score";
import { priceOfJudge } from "../../scoring/judge-models.ts";

/** Environment variables in which other tools keep the keys of providers too. */
const keyVariables: Readonly<Record<string, string>> = { openai: "OPENAI_API_KEY", anthropic: "ANTHROPIC_API_KEY", gemini: "GEMINI_API_KEY" };

/**
 * A judge without a server: `openai:/gpt-4o-mini` with the key from OPENAI_API_KEY (ANTHROPIC_API_KEY, GEMINI_API_KEY); with `baseUrl`
 * any OpenAI-compatible server. Addresses are the caller's own, so private ones are fine.
 */
export function localJudge(model: string | undefined, baseUrl: string | undefined, env: NodeJS.ProcessEnv): Judge {
  return new ModelJudge({
    modelFor: async (asked) => {
      const uri = asked ?? model;
      const [, scheme = "", name = ""] = /^([\w.-]+):?\/(.+)$/.exec(uri ?? "") ?? [];
      const kindName =
        baseUrl === undefined ? (scheme === "google" ? "gemini" : scheme) : scheme === "anthropic" || scheme === "gemini" ? scheme : "openai_compatible";
      const kind = findProviderKind(kindName);
      if (uri === undefined || kind === undefined || name === "")
        throw new JudgeError(
          "no_model",
          "this scorer asks a model: say --model openai:/NAME (anthropic:/, gemini:/), or --base-url with a server of your own",
          "scorer_broken",
        );
      const apiKey = env[keyVariables[scheme] ?? "OPENAI_API_KEY"];
      if (kind.needsKey && apiKey === undefined) throw new JudgeError("no_model", `${keyVariables[scheme]} is not set`, "scorer_broken");
      return {
        uri,
        model: await kind.model({ baseUrl: baseUrl ?? kind.defaultBaseUrl, apiKey, fetch }, name),
        priceOf: priceOfJudge(scheme, name, Date.now),
      };
    },
    record: async () => undefined,
    now: Date.now,
  });
}
