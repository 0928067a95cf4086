import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LocalModelFiles } from "../../scripts/local-model.mjs";

export interface LocalModelServer {
  /** Base URL of its OpenAI-compatible routes. */
  url: string;
  stop(): Promise<void>;
}

/** A real small model behind OpenAI's chat completions, as a process of its own: thinking must not hold up the test. */
export async function startLocalModel({ library, weights }: LocalModelFiles): Promise<LocalModelServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "serve-local-model.mjs"), library, weights], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const ready = once(createInterface({ input: child.stdout }), "line") as Promise<[string]>;
  const [line] = await Promise.race([ready, ended.then(([code]) => Promise.reject(new Error(`the local model ended with code ${String(code)}`)))]);
  return {
    url: (JSON.parse(line) as { url: string }).url,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
