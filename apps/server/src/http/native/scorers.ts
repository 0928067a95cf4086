import { TelltaleError } from "@telltale/model";
import {
  BuiltInScorerOut,
  NewScorer,
  ScorerBackfill,
  ScorerBackfillResult,
  type ScorerDefinitionIn,
  ScorerHealth,
  ScorerOut,
  ScorerPatch,
  ScorerStart,
  ScorerTry,
  ScorerTryResult,
} from "@telltale/model/api";
import { parseFilter } from "@telltale/model/filter";
import { readSerializedScorer, scorecardsOf, scorers as builtIns, whyNotMeasured, whyNotRunnable } from "@telltale/score";
import { type Metadata, type StoredScorer, type TraceQuestions } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { eligibleFilter } from "../../scoring/eligible.ts";
import type { Scoring, TriedScorer } from "../../scoring/start-scoring.ts";
import { assertInScope, isInScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import { findScorer } from "./find-scorer.ts";
import { Paging, pageOf } from "./paging.ts";
import { serializedOf, toScorerOut } from "./wire/scorer-out.ts";
import { formatMs, formatTimestamp, parseTimestamp, parseWindow } from "./wire/timestamp.ts";

const ScorerParams = z.object({ name: z.string().min(1).max(250) });
const InProject = z.object({ project_id: z.string().max(20).optional() });
const Window = InProject.extend({ from: z.string().optional(), to: z.string().optional() });
const ScorerPage = z.object({ data: z.array(ScorerOut), next_cursor: z.string().nullable() });
const DAY_MS = 24 * 3_600_000;
const IN_FLIGHT = 32;

export interface ScorerDeps {
  metadata: Pick<Metadata, "projects" | "scorers" | "scoreOutbox" | "scoreReports" | "judgeMemories">;
  questions: TraceQuestions;
  scoring: Pick<Scoring, "tryOn" | "estimateBackfill">;
  now: () => number;
}

const tags = ["scorers"];

/** Scorers of a project: register, start, watch, try on stored traces, backfill. Names are unique in a project. */
export function scorerRoutes(app: TypedApp, deps: ScorerDeps): void {
  const find = (request: FastifyRequest, name: string, projectId: string | undefined): Promise<StoredScorer> =>
    findScorer(request, deps.metadata.scorers, name, projectId);

  const stored = async ({ id, name, version, serialized }: StoredScorer): Promise<TriedScorer> => ({
    name,
    serialized,
    memory: await deps.metadata.judgeMemories.of(id, version),
  });

  app.get(
    "/scorers/built-in",
    {
      schema: {
        tags,
        summary: "Built-in scorers with their needs, vocabulary, parameters and how well they do where that was measured",
        response: { 200: z.object({ data: z.array(BuiltInScorerOut) }) },
      },
    },
    () => ({
      data: builtIns.map((scorer) => ({
        class: scorer.name,
        summary: scorer.summary,
        level: scorer.level,
        needs: [...scorer.needs],
        uses_model: scorer.usesModel,
        vocabulary: scorer.vocabulary,
        parameters: z.toJSONSchema(scorer.parameters, { io: "input", unrepresentable: "any" }),
        example: scorer.example ?? {},
        instructions: scorer.instructions ?? null,
        scorecards: [...scorecardsOf(scorer)],
        not_measured: scorecardsOf(scorer).length === 0 ? whyNotMeasured(scorer) : null,
      })),
    }),
  );

  app.get(
    "/scorers",
    { schema: { tags, summary: "Scorers of a project or of all, by name", querystring: Paging.extend(InProject.shape), response: { 200: ScorerPage } } },
    async (request) => {
      const { project_id: projectId } = request.query;
      if (projectId !== undefined) assertInScope(request, projectId);
      const all = await deps.metadata.scorers.list(projectId);
      return pageOf(all.filter((scorer) => isInScope(request, scorer.projectId)).map(toScorerOut), request.query);
    },
  );

  app.post(
    "/scorers",
    { schema: { tags, summary: "Register a scorer, or a new version of it", body: NewScorer, response: { 201: ScorerOut } } },
    async (request, reply) => {
      const { name, project_id: projectId, definition } = request.body;
      assertInScope(request, projectId);
      if ((await deps.metadata.projects.find(projectId)) === undefined)
        throw new TelltaleError("project_not_found", `There is no project with id ${projectId}`);
      const serialized = serializedOf(name, definition);
      const problem = whyNotRunnable(readSerializedScorer(serialized));
      if (problem !== undefined) throw new TelltaleError("bad_request", problem, { field: "definition" });
      return reply.code(201).send(toScorerOut(await deps.metadata.scorers.register(projectId, name, serialized)));
    },
  );

  app.get(
    "/scorers/:name",
    { schema: { tags, summary: "One scorer, its newest version", params: ScorerParams, querystring: InProject, response: { 200: ScorerOut } } },
    async (request) => toScorerOut(await find(request, request.params.name, request.query.project_id)),
  );

  app.patch(
    "/scorers/:name",
    {
      schema: {
        tags,
        summary: "Change rate, filter or budget; what is not given stays",
        params: ScorerParams,
        querystring: InProject,
        body: ScorerPatch,
        response: { 200: ScorerOut },
      },
    },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      const { sample_rate: rate, filter, daily_budget_usd: budget } = request.body;
      return toScorerOut(
        await deps.metadata.scorers.configure(scorer.id, {
          ...(rate === undefined ? {} : { sampleRate: rate }),
          ...(filter === undefined ? {} : { filter: checkedFilter(filter) }),
          ...(budget === undefined ? {} : { dailyBudgetUsd: budget ?? undefined }),
        }),
      );
    },
  );

  app.delete(
    "/scorers/:name",
    {
      schema: {
        tags,
        summary: "Delete a scorer with its versions; its scores stay",
        params: ScorerParams,
        querystring: InProject,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      await deps.metadata.scorers.remove(scorer.projectId, scorer.name);
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/scorers/:name/start",
    {
      schema: { tags, summary: "Score new traces from now on", params: ScorerParams, querystring: InProject, body: ScorerStart, response: { 200: ScorerOut } },
    },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      const problem = whyNotRunnable(readSerializedScorer(scorer.serialized));
      if (problem !== undefined) throw new TelltaleError("bad_request", problem);
      const { sample_rate: rate, filter, daily_budget_usd: budget } = request.body;
      return toScorerOut(
        await deps.metadata.scorers.configure(scorer.id, {
          sampleRate: rate,
          filter: checkedFilter(filter),
          ...(budget === undefined ? {} : { dailyBudgetUsd: budget ?? undefined }),
        }),
      );
    },
  );

  app.post(
    "/scorers/:name/stop",
    { schema: { tags, summary: "Score no more; what waits is skipped", params: ScorerParams, querystring: InProject, response: { 200: ScorerOut } } },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      return toScorerOut(await deps.metadata.scorers.configure(scorer.id, { sampleRate: 0 }));
    },
  );

  app.get(
    "/scorers/:name/health",
    {
      schema: {
        tags,
        summary: "Coverage, failures, lag and cost of the traces that began in a window, by the newest version",
        params: ScorerParams,
        querystring: Window,
        response: { 200: ScorerHealth },
      },
    },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      return health(deps, scorer, windowOf(request.query, deps.now()), request.signal);
    },
  );

  app.post(
    "/scorers/:name/try",
    {
      schema: {
        tags,
        summary: "Run it on stored traces and keep nothing",
        params: ScorerParams,
        querystring: InProject,
        body: ScorerTry,
        response: { 200: ScorerTryResult },
      },
    },
    async (request) => {
      const { definition, trace_ids: ids, filter } = request.body;
      const { name } = request.params;
      if (definition === undefined) {
        const scorer = await find(request, name, request.query.project_id);
        const traceIds = ids ?? (await newest(deps, scorer.projectId, filter));
        return { data: await deps.scoring.tryOn(await stored(scorer), scorer.projectId, traceIds, request.signal) };
      }
      const projectId = request.query.project_id ?? "0";
      assertInScope(request, projectId);
      const tried = proposed(name, definition);
      const traceIds = ids ?? (await newest(deps, projectId, filter));
      return { data: await deps.scoring.tryOn(tried, projectId, traceIds, request.signal) };
    },
  );

  app.post(
    "/scorers/:name/backfill",
    {
      schema: {
        tags,
        summary: "Score traces of the past; dry_run estimates",
        params: ScorerParams,
        querystring: InProject,
        body: ScorerBackfill,
        response: { 200: ScorerBackfillResult },
      },
    },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      const { filter, sample_rate: rate, dry_run: isDry } = request.body;
      const window = { ...parseWindow(request.body), filter: checkedFilter(filter), rate };
      const { matching, isPartial, toScore } = await deps.scoring.estimateBackfill(scorer, window, request.signal);
      const past = await deps.metadata.scoreReports.experience(scorer.id);
      if (!isDry) await deps.metadata.scoreOutbox.startBackfill({ scorerId: scorer.id, version: scorer.version, ...window });
      return {
        traces: matching,
        traces_is_partial: isPartial,
        to_score: toScore,
        estimated_cost_usd: past.costUsd === undefined ? null : past.costUsd * toScore,
        estimated_duration_ms: past.durationMs === undefined ? null : (past.durationMs * toScore) / IN_FLIGHT,
        started: !isDry,
      };
    },
  );
}

/** A scorer that is not registered (yet). */
function proposed(name: string, definition: ScorerDefinitionIn): TriedScorer {
  return { name, serialized: serializedOf(name, definition), memory: undefined };
}

/** `undefined` = no filter. Throws `filter_invalid` before anything is stored. */
function checkedFilter(filter: string | null | undefined): string | undefined {
  const text = filter?.trim() ?? "";
  if (text === "") return undefined;
  parseFilter(text);
  return text;
}

function windowOf({ from, to }: { from?: string | undefined; to?: string | undefined }, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = to === undefined ? nowMs : Number(parseTimestamp(to, "to") / 1_000_000n);
  const fromMs = from === undefined ? toMs - DAY_MS : Number(parseTimestamp(from, "from") / 1_000_000n);
  if (fromMs >= toMs) throw new TelltaleError("bad_request", "from is not before to", { field: "from" });
  return { fromMs, toMs };
}

async function newest({ questions }: ScorerDeps, projectId: string, filter: string | undefined): Promise<string[]> {
  const page = await questions.searchTraces({ scope: { projectIds: [projectId] }, filter: eligibleFilter(filter), limit: 20 });
  return page.traces.map((trace) => trace.traceId);
}

async function health(
  { questions, metadata }: ScorerDeps,
  scorer: StoredScorer,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  signal: AbortSignal,
): Promise<ScorerHealth> {
  const out = toScorerOut(scorer);
  const [report, backfill, eligible] = await Promise.all([
    metadata.scoreReports.of(scorer, fromMs, toMs),
    metadata.scoreReports.backfill(scorer),
    out.level === "session"
      ? undefined
      : questions.countTraces(
          {
            scope: { projectIds: [scorer.projectId] },
            filter: eligibleFilter(scorer.filter),
            limit: 1,
            fromNs: BigInt(fromMs) * 1_000_000n,
            toNs: BigInt(toMs) * 1_000_000n,
          },
          signal,
        ),
  ]);
  return {
    from: formatMs(fromMs),
    to: formatMs(toMs),
    eligible: eligible?.count ?? null,
    eligible_is_partial: eligible?.partial ?? false,
    sampled: report.waiting + report.running + report.scored + report.failed + report.skipped,
    scored: report.scored,
    failed: report.failed,
    skipped: report.skipped,
    waiting: report.waiting,
    running: report.running,
    reasons: report.reasons,
    lag_p50_ms: report.lagP50Ms ?? null,
    lag_p95_ms: report.lagP95Ms ?? null,
    oldest_waiting_at: report.oldestWaitingMs === undefined ? null : formatMs(report.oldestWaitingMs),
    cost_usd: report.costUsd ?? null,
    backfill:
      backfill === undefined
        ? null
        : { state: backfill.state, from: formatTimestamp(backfill.fromNs), to: formatTimestamp(backfill.toNs), added: backfill.added, done: backfill.ended },
  };
}
