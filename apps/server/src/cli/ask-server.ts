/** Removing the demo project takes a few seconds; nothing asked here takes longer. */
const TIMEOUT_MS = 60_000;

/** Asks the server at TELLTALE_URL. Fails with one clear line: not reachable, or what the server said. */
export async function askServer<Answer>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<Answer> {
  const base = process.env.TELLTALE_URL ?? "http://127.0.0.1:4700";
  if (!URL.canParse(base)) throw new Error(`TELLTALE_URL is not a URL: ${base}`);
  const answer = await openAnswer(method, base, path, AbortSignal.timeout(TIMEOUT_MS), body);
  return (await answer.json()) as Answer;
}

/** The server's answer, not read yet. Fails as `askServer` does, also when the answer is an error. */
export async function openAnswer(method: "GET" | "POST" | "DELETE", base: string, path: string, signal: AbortSignal, body?: unknown): Promise<Response> {
  const key = process.env.TELLTALE_API_KEY;
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const request: RequestInit = { method, signal, headers };
  if (body !== undefined) {
    headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const answer = await fetch(new URL(path, base), request).catch((cause: unknown) => {
    throw new Error(`no server answers at ${base}; start one with \`telltale serve\`, or say where it is with TELLTALE_URL`, { cause });
  });
  if (answer.ok) return answer;
  const problem: unknown = await answer.json().catch(() => undefined);
  throw new Error(detailOf(problem) ?? `the server at ${base} answered ${answer.status}`);
}

function detailOf(body: unknown): string | undefined {
  return typeof body === "object" && body !== null && "detail" in body && typeof body.detail === "string" ? body.detail : undefined;
}
