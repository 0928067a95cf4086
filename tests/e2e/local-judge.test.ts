import type { AssessmentOut } from "@telltale/model/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localModel, whyNoLocalModel } from "../../scripts/local-model.mjs";
import { Client, until } from "../load/client.ts";
import { type LocalModelServer, startLocalModel } from "../load/local-model.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { encodeRequest, makeTrace } from "../load/spans.ts";

const files = localModel();
if (files === undefined) console.warn(`skipped: ${whyNoLocalModel()}`);
const MODEL = "smollm2-135m-instruct";

describe.skipIf(files === undefined)("a judge that a real local model answers", () => {
  let server: RunningServer;
  let client: Client;
  let model: LocalModelServer;
  beforeAll(async () => {
    if (files === undefined) throw new Error("skipped");
    [server, model] = await Promise.all([startServer(), startLocalModel(files)]);
    client = new Client(server.url);
  });
  afterAll(async () => {
    await Promise.all([server.dispose(), model.stop()]);
  });

  const provider = (name: string, allowPrivate: boolean) =>
    client.post<{ id: string }>("/api/v1/providers", {
      name,
      kind: "openai_compatible",
      base_url: model.url,
      default_model: MODEL,
      allow_private_address: allowPrivate,
      is_default: allowPrivate,
    });
  const tried = (id: string) => client.post<{ ok: boolean; message: string }>(`/api/v1/providers/${id}/test`, {});

  test("a server on this machine answers only where the operator allowed it", async () => {
    const forbidden = await tried((await provider("forbidden", false)).id);
    expect(forbidden.ok).toBe(false);
    expect(forbidden.message).toContain("private network");
    expect(await tried((await provider("local", true)).id)).toMatchObject({ ok: true, message: "It answered." });
  });

  test("its verdicts arrive with value, rationale, model and tokens, linked to the trace of the judge's own call", async () => {
    const { id: project } = await client.post<{ id: string }>("/api/v1/projects", { name: "Judged" });
    await client.post("/api/v1/scorers", {
      name: "about_parcels",
      project_id: project,
      definition: {
        kind: "judge",
        instructions: "Does <outputs> speak of a parcel? Look at {{outputs}}.",
        model: "gateway:/local",
        answer: { kind: "boolean" },
      },
    });
    await client.post(`/api/v1/scorers/about_parcels/start?project_id=${project}`, { sample_rate: 1 });
    const traces = [1, 2].map(() => makeTrace({ spansPerTrace: 2, textBytes: 300 }));
    expect((await client.send(encodeRequest(traces, { project: "Judged" }))).status).toBe(200);

    for (const { traceId } of traces) {
      const score = await until(
        "the verdict arrives",
        async () => (await client.trace(traceId)).trace.assessments.find(({ name }) => name === "about_parcels"),
        60_000,
      );
      expect(score).toMatchObject({ error: null, source: { type: "LLM_JUDGE", id: "gateway:/local" }, valid: true });
      expect(typeof score.value).toBe("boolean");
      expect(score.rationale?.length).toBeGreaterThan(0);
      await expectLinked(score);
    }
    const health = await client.get(`/api/v1/scorers/about_parcels/health?project_id=${project}`);
    // Its price is known to nobody: unknown, not nothing.
    expect(health).toMatchObject({ eligible: 2, sampled: 2, scored: 2, failed: 0, cost_usd: null });
  });

  /** The judge's own call is a trace like any other, with the tokens that stand on the score. */
  async function expectLinked({ metadata, rationale }: AssessmentOut): Promise<void> {
    const tokens = { input: Number(metadata["mlflow.assessment.judgeInputTokens"]), output: Number(metadata["mlflow.assessment.judgeOutputTokens"]) };
    expect(tokens.input).toBeGreaterThan(100);
    expect(tokens.output).toBeGreaterThan(5);
    expect(metadata["telltale.judge.model"]).toBe("gateway:/local");
    expect(metadata["mlflow.assessment.judgeCost"]).toBeUndefined();
    const judgeTraceId = metadata["mlflow.assessment.scorerTraceId"]?.replace(/^tr-/, "") ?? "";
    const { trace } = await until("the judge's own trace is stored", () => client.trace(judgeTraceId));
    expect(trace).toMatchObject({ project_id: await client.projectId("Telltale judges"), tokens, tags: { "telltale.source": "judge" } });
    expect(trace.output_preview).toContain(rationale?.slice(0, 20));
  }
});
