import { readFileSync } from "node:fs";
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fakeServer, type Answer, type FakeServer } from "./mlflow-app.fake.ts";

/**
 * What the real MLflow 3.18 client sent, and its real server answered, sent to us in the order of the recording (each
 * exchange builds on those before): same status, same keys, same values. Where we differ on purpose is listed below.
 */
const scenarios = (
  "set_experiment trace_simple fastapi_app nested error async_gen start_span_no_context links attachment get_trace get_trace_missing " +
  "log_feedback log_feedback_float log_feedback_str log_feedback_dict log_feedback_list log_feedback_error log_feedback_span log_expectation log_expectation_dict " +
  "update_assessment override_feedback delete_assessment get_assessment get_assessment_missing log_feedback_missing_trace set_trace_tag delete_trace_tag delete_trace_tag_missing " +
  "search_traces search_traces_locations_list search_traces_page search_sessions delete_traces delete_traces_ts get_trace_after batch_get_missing " +
  "openai_autolog openai_autolog_stream openai_embeddings session_user_kwargs feedback_inside_trace large_trace " +
  "start_trace_noexp start_trace_min tag_v3 link_run link_run_missing correlation malformed_json artifact_get_traces_json ui_trace_artifact v2_start v2_end v2_info " +
  "unknown_endpoint v4_probe workspaces workspace_header wrong_method experiment_dup experiment_tags experiment_lifecycle experiments_search"
).split(" ");

interface Exchange {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: string;
  request_headers: Record<string, string>;
  request_body?: Record<string, unknown>;
  status: number;
  response_body?: unknown;
}

/** `scenario#index` → the status we answer instead, and why. */
const otherStatus: Record<string, { status: number; why: string }> = {
  "wrong_method#0": { status: 405, why: "§13 no. 16: a wrong method is no missing trace" },
  "workspaces#0": { status: 404, why: "§5: we have no workspaces; 503 would be repeated by the client" },
  "workspace_header#0": { status: 400, why: "§5: a header we do not support is the caller's mistake, not a failure" },
};

/** Lists of another length with us, and why. */
const otherLengths: Record<string, string> = {
  "batch_get_missing#0": "scorers of the recorded server had written two more assessments",
  "search_traces#1": "§13 no. 4: the real server drops traces whose spans are still arriving",
};

/** Not compared at all: routes of other stations, and answers whose whole content is a matter of taste. */
const notOurs = /\/v1\/traces$|\/model-versions|\/registered-models|\/runs\/|\/issues/;

/** Paths in an answer where ours may differ in value or be absent. */
const freeValues: [RegExp, string][] = [
  [/\.assessment_id$|\.overrides$/, "made by the server"],
  [/last_update_time$|\.creation_time$/, "the server's clock"],
  [/next_page_token$/, "opaque"],
  [/^message$|^sqlstate$|^error_class$/, "words; the messages that clients compare are tested by name"],
  [/^(skill_content|presigned|model_artifact|features_enabled)/, "server-info: only what we can do"],
  [/mlflow\.trace\.cost$|llm\.cost/, "prices are ours"],
  [/request_preview$|response_preview$/, "computed by the server for spans without StartTraceV3"],
  [/\.execution_duration$/, "the real server overwrites what the client said with whole milliseconds from the spans"],
  [/total_count$|npmi_smoothed$/, "the recorded server held more traces; the formula has its own test"],
  [/experiments?(\[0\])?\.tags$/, "written by the recorded server's own scheduler"],
  [/^trace_info\.request_id$|^trace_info\.tags/, "V2: the id is made by the server and is part of the artifact location"],
];

/** Keys we add to what the real server answers. */
const added: [RegExp, string][] = [
  [/\.tags\.mlflow\.trace\.spansLocation$/, "rule 3: always returned, so that the client never uploads traces.json as well"],
  [/\.tags\.(mlflow\.trace\.(session|user)|environment|app_version|deployment_id)$/, "§13 no. 2: full state, also when the row was there before"],
  [/trace_metadata\.mlflow\.trace\.(session|user|tokenUsage|cost|sizeStats)$/, "what spans and tags say, as metadata"],
  [/attributes\.mlflow\.llm\.provider$/, "§13 no. 9: inferred, where the client leaves it out"],
  [/trace_metadata\.mlflow\.trace_schema\.version$/, "the client reads it"],
];

let server: FakeServer;
/** Ids that the recorded server made, and what ours made instead. */
const ids = new Map<string, string>();

beforeAll(async () => {
  server = await fakeServer();
});
afterAll(() => server.close());

describe.each(scenarios)("%s", (scenario) => {
  const { exchanges } = parse(readFileSync(new URL(`../../../../../tests/fixtures/mlflow/${scenario}.json`, import.meta.url), "utf8")) as {
    exchanges: Exchange[];
  };
  for (const [index, exchange] of exchanges.entries()) {
    test(`${exchange.method} ${exchange.path}`, async () => {
      // On the recorded server the gateway had made an experiment in between; ids count up.
      if (scenario === "experiment_lifecycle" && index === 0) await server.projects.create({ name: "gateway/ep" });
      const answer = await send(exchange);
      if (notOurs.test(exchange.path)) return;
      expect(answer.status).toBe(otherStatus[`${scenario}#${index}`]?.status ?? Number(exchange.status));
      learnIds(exchange.response_body, answer.json);
      if (otherStatus[`${scenario}#${index}`] === undefined && !isText(exchange.response_body)) {
        const found = differences(plain(exchange.response_body), answer.json, "");
        expect(found.filter((difference) => !(`${scenario}#${index}` in otherLengths && / items instead of /.test(difference)))).toEqual([]);
      }
    });
  }
});

async function send(exchange: Exchange): Promise<Answer> {
  const url = translated(exchange.path + (exchange.query === undefined ? "" : `?${exchange.query}`));
  return server.call(exchange.method, url, bodyOf(exchange.request_body), exchange.request_headers);
}

function bodyOf(body: Record<string, unknown> | undefined): Buffer | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body["protobuf_base64"] === "string") return Buffer.from(body["protobuf_base64"], "base64");
  if (typeof body["__b64__"] === "string") return Buffer.from(body["__b64__"], "base64");
  if (typeof body["__text__"] === "string") return Buffer.from(body["__text__"]);
  return Buffer.from(translated(stringify(body) ?? ""));
}

function translated(text: string): string {
  let result = text;
  for (const [recorded, ours] of ids) result = result.replaceAll(recorded, ours);
  return result;
}

function learnIds(recorded: unknown, ours: unknown): void {
  for (const path of [
    ["assessment", "assessment_id"],
    ["trace_info", "request_id"],
  ]) {
    const [theirs, own] = [recorded, ours].map((body) => path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body));
    if (typeof theirs === "string" && typeof own === "string" && theirs !== own) ids.set(theirs, own);
  }
}

function isText(body: unknown): boolean {
  return typeof body !== "object" || body === null || "__text__" in body;
}

/** Numbers as JavaScript has them: both sides have gone through the same rounding. */
function plain(value: unknown): unknown {
  if (isLosslessNumber(value)) return Number(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}

function differences(theirs: unknown, ours: unknown, path: string): string[] {
  if (freeValues.some(([pattern]) => pattern.test(path))) return [];
  if (Array.isArray(theirs) && Array.isArray(ours)) return listDifferences(theirs, ours, path);
  if (isRecord(theirs) && isRecord(ours))
    return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].flatMap((key) =>
      keyDifferences(theirs, ours, key, path === "" ? key : `${path}.${key}`),
    );
  return Object.is(theirs, translatedValue(ours)) || sameJson(theirs, ours) ? [] : [`${path}: ${show(ours)} instead of ${show(theirs)}`];
}

function keyDifferences(theirs: Record<string, unknown>, ours: Record<string, unknown>, key: string, path: string): string[] {
  if (!(key in ours)) return freeValues.some(([pattern]) => pattern.test(path)) ? [] : [`${path}: missing`];
  if (!(key in theirs))
    return added.some(([pattern]) => pattern.test(path)) || freeValues.some(([pattern]) => pattern.test(path))
      ? []
      : [`${path}: not in the recording (${show(ours[key])})`];
  return differences(theirs[key], ours[key], path);
}

/** Attributes are compared by key: their order says nothing. */
function listDifferences(theirs: unknown[], ours: unknown[], path: string): string[] {
  if (path.endsWith("attributes") || path.endsWith("tags")) return differences(byKey(theirs), byKey(ours), path);
  if (theirs.length !== ours.length) return [`${path}: ${ours.length} items instead of ${theirs.length}`];
  return theirs.flatMap((item, index) => differences(item, ours[index], `${path}[${index}]`));
}

function byKey(list: unknown[]): unknown {
  return Object.fromEntries(list.filter(isRecord).map((item) => [String(item["key"]), item["value"]]));
}

function translatedValue(value: unknown): unknown {
  for (const [recorded, ours] of ids) if (value === ours) return recorded;
  return value;
}

/** Attributes of `traces.json` are JSON inside strings; spaces in it say nothing. */
function sameJson(theirs: unknown, ours: unknown): boolean {
  try {
    return typeof theirs === "string" && typeof ours === "string" && JSON.stringify(JSON.parse(theirs)) === JSON.stringify(JSON.parse(ours));
  } catch {
    return false; // not JSON
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 120);
}
