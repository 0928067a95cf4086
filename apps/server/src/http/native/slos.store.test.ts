import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SloOut, SloPreviewOut, SloStatusOut } from "@telltale/model/api";
import { type Metadata, openMetadata, type SloQuestion } from "@telltale/store";
import type { SloCounter } from "@telltale/watch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";

const nowMs = Date.UTC(2026, 10, 25, 12, 30);
const dataDir = mkdtempSync(join(tmpdir(), "telltale-slos-"));
const questions: SloQuestion[] = [];
let metadata: Metadata;
let under: AppUnderTest;

const sloCounter: SloCounter = {
  counts: async (question, recentSeconds) => {
    questions.push(question);
    return {
      hours: [{ hour: (nowMs - 1_800_000) / 1000 - 3600, good: 985, bad: 5, excluded: 3 }],
      recent: new Map(recentSeconds.map((seconds) => [seconds, { good: 97, bad: 3, excluded: 0 }])),
    };
  },
  quantiles: async () => [310, 1_800, 2_900, 2_100],
};

beforeAll(async () => {
  metadata = await openMetadata({ dataDir });
  under = await appUnderTest({ slos: metadata.slos, projects: metadata.projects, sloCounter, now: () => nowMs });
});
afterAll(async () => {
  await under.app.close();
  await metadata.close();
  rmSync(dataDir, { recursive: true });
});

const ask = (method: "GET" | "POST" | "PATCH" | "DELETE", url: string, payload?: object) =>
  under.app.inject({ method, url: `/api/v1/slos${url}`, ...(payload === undefined ? {} : { payload }) });
const fast = { name: "Checkout is fast", project_id: "0", filter: "name = 'checkout'", indicator: { kind: "latency", threshold_ms: 2000 }, target: 0.99 };

test("created, listed, read, changed, deleted", async () => {
  const made = await ask("POST", "", fast);
  expect(made.statusCode).toBe(201);
  const slo = SloOut.parse(made.json());
  expect(slo).toMatchObject({ ...fast, window_days: 28, description: "" });
  expect((await ask("GET", "?project_id=0")).json()).toMatchObject({ data: [{ id: slo.id }], next_cursor: null });
  expect((await ask("GET", "?project_id=7")).json()).toMatchObject({ data: [] });

  const changed = await ask("PATCH", `/${slo.id}`, { indicator: { kind: "ttft", threshold_ms: 800, percentile: "p95" }, window_days: 7 });
  expect(changed.json()).toMatchObject({ name: fast.name, indicator: { kind: "ttft", threshold_ms: 800 }, target: 0.95, window_days: 7 });
  expect((await ask("GET", `/${slo.id}`)).json()).toEqual(changed.json());
  expect((await ask("PATCH", `/${slo.id}`, { indicator: { kind: "error_rate" } })).json().indicator).toEqual({ kind: "error_rate" });

  expect((await ask("DELETE", `/${slo.id}`)).statusCode).toBe(204);
  for (const url of [`/${slo.id}`, `/${slo.id}/status`, "/%00"])
    expect((await ask("GET", url)).json()).toMatchObject({ status: 404, type: "urn:telltale:error:slo_not_found" });
});

test("the status says what is left, how fast it goes, when it ends and which traces did it", async () => {
  const { id } = (await ask("POST", "", fast)).json();
  const status = SloStatusOut.parse((await ask("GET", `/${id}/status`)).json());
  expect(status).toMatchObject({
    state: "burning_slow",
    from: "2026-10-28T12:30:00.000Z",
    to: "2026-11-25T12:30:00.000Z",
    total: 990,
    good: 985,
    bad: 5,
    excluded: 3,
    bad_filter: "name = 'checkout' AND duration_ms > 2000 AND status != 'IN_PROGRESS'",
    worst_hours: [{ from: "2026-11-25T11:00:00.000Z", to: "2026-11-25T12:00:00.000Z", bad: 5 }],
  });
  expect(status.budget.allowed).toBeCloseTo(9.9, 6);
  expect(status.budget.remaining).toBeCloseTo(1 - 5 / 9.9, 6);
  expect(status.burn_rates.map(({ window, rate }) => [window, Math.round((rate ?? 0) * 100) / 100])).toEqual([["5m", 3], ["30m", 3], ["1h", 3], ["6h", 3], ["3d", 3]]); // prettier-ignore
  expect(status.projection).toMatchObject({ kind: "runs_out", exhausted_at: expect.any(String) });
  expect(status.history.at(-1)).toMatchObject({ to: status.to, remaining: status.budget.remaining });
  expect(questions.at(-1)).toMatchObject({
    scope: { projectIds: ["0"] },
    toNs: BigInt(nowMs) * 1_000_000n,
    fromNs: BigInt(nowMs - 28 * 86_400_000) * 1_000_000n,
  });
  await ask("DELETE", `/${id}`);
});

test("a preview keeps nothing and suggests a threshold", async () => {
  const { project_id, filter, indicator } = fast;
  const answer = await ask("POST", "/preview", { project_id, filter, indicator: { ...indicator, percentile: "p95" }, window_days: 7 });
  const preview = SloPreviewOut.parse(answer.json());
  expect(preview).toMatchObject({ total: 990, quantiles: { p50: 310, p95: 1800, p99: 2900, at_target: 2100 }, suggested_threshold_ms: 2500 });
  expect((await ask("GET", "")).json().data).toEqual([]);
});

test.each<[object, string]>([
  [{ ...fast, target: undefined }, "bad_request"],
  [{ ...fast, target: 1 }, "bad_request"],
  [{ ...fast, name: " " }, "bad_request"],
  [{ ...fast, window_days: 9 }, "bad_request"],
  [{ ...fast, indicator: { kind: "latency" } }, "bad_request"],
  [{ ...fast, indicator: { kind: "error_rate", threshold_ms: 5 } }, "bad_request"],
  [{ ...fast, indicator: { kind: "latency", threshold_ms: 5, percentile: "p95" } }, "bad_request"],
  [{ ...fast, filter: "nam = 'x'" }, "filter_invalid"],
  [{ ...fast, project_id: "77" }, "project_not_found"],
  [{ ...fast, alert: true }, "bad_request"],
])("refuses %j", async (body, code) => {
  const answer = await ask("POST", "", body);
  expect(answer.json()).toMatchObject({ type: `urn:telltale:error:${code}` });
  expect((await ask("GET", "")).json().data).toEqual([]);
});

test("a project takes its objectives with it; those about all projects stay", async () => {
  const { id } = await metadata.projects.create({ name: "short-lived" });
  await ask("POST", "", { ...fast, project_id: id });
  const everywhere = (await ask("POST", "", { ...fast, project_id: null })).json();
  await metadata.projects.remove(id);
  expect((await ask("GET", "")).json().data).toEqual([everywhere]);
  await ask("DELETE", `/${everywhere.id}`);
});
