import type { TraceDetail, TracePageOut, TraceSearch, TraceSummary } from "@telltale/model/api";

/** The native API and OTLP/HTTP of a running server, as a test uses them. */
export class Client {
  constructor(readonly url: string) {}

  /** Sends one OTLP request; network errors reject. */
  async send(
    body: Buffer | string,
    headers: Record<string, string> = {},
    path = "/v1/traces",
  ): Promise<{ status: number; text: string; retryAfter: string | null }> {
    const response = await fetch(this.url + path, {
      method: "POST",
      body: typeof body === "string" ? body : new Uint8Array(body),
      headers: { "content-type": typeof body === "string" ? "application/json" : "application/x-protobuf", ...headers },
    });
    return { status: response.status, text: await response.text(), retryAfter: response.headers.get("retry-after") };
  }

  async get<T>(path: string): Promise<T> {
    return await this.#json<T>(await fetch(this.url + path));
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return await this.#json<T>(await fetch(this.url + path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } }));
  }

  async search(query: TraceSearch): Promise<TracePageOut> {
    return await this.post<TracePageOut>("/api/v1/traces/search", query);
  }

  /** Every matching trace, page by page. */
  async searchAll(query: TraceSearch): Promise<TraceSummary[]> {
    const found: TraceSummary[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.search({ ...query, limit: 500, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.data);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }

  async trace(traceId: string): Promise<TraceDetail> {
    return await this.get<TraceDetail>(`/api/v1/traces/${traceId}?payloads=true`);
  }

  async projectId(name: string): Promise<string> {
    const { data } = await this.get<{ data: { id: string; name: string }[] }>("/api/v1/projects");
    const project = data.find((candidate) => candidate.name === name);
    if (project === undefined) throw new Error(`no project "${name}" among ${data.map((candidate) => candidate.name).join(", ")}`);
    return project.id;
  }

  async #json<T>(response: Response): Promise<T> {
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }
}

/** Asks every so often until the answer is defined; rejects after the time with what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, timeoutMs = 15_000, everyMs = 50): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < endMs) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: last });
}
