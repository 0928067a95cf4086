import { TelltaleError } from "@telltale/model";
import { AnchorFreeze, AnchorPatch, AnchorsOut, AttributionOut } from "@telltale/model/api";
import { attributeMove, type AnchorFlips, isPass, type Passes } from "@telltale/score";
import { type AnchorRun, type JudgeCount, type Metadata, type StoredScorer, type VerdictCount, type VerdictQuestion } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Scoring } from "../../scoring/start-scoring.ts";
import type { TypedApp } from "../typed-routes.ts";
import { findScorer } from "./find-scorer.ts";
import { chooseJudges } from "./judged-by.ts";
import { type ScorerNamed, scorerThreshold } from "./scorer-threshold.ts";
import { sideOut } from "./wire/alignment-out.ts";
import { formatMs, parseWindow } from "./wire/timestamp.ts";

export interface AnchorRouteDeps {
  metadata: Pick<Metadata, "scorers" | "anchors">;
  scoring: { anchors: Scoring["anchors"] };
  scorerNamed: ScorerNamed;
  countJudges: (question: VerdictQuestion, signal?: AbortSignal) => Promise<JudgeCount[]>;
  countVerdicts: (question: VerdictQuestion, signal?: AbortSignal) => Promise<VerdictCount[]>;
}

const params = z.object({ name: z.string().min(1).max(250) });
const InProject = z.object({ project_id: z.string().max(20).optional() });
const tags = ["scorers"];
const SHOWN = 400;

/** Frozen labelled traces of a judge, its runs over them, and what they say about a rate that moved. */
export function anchorRoutes(app: TypedApp, deps: AnchorRouteDeps): void {
  const { metadata } = deps;
  const find = (request: FastifyRequest, name: string, projectId: string | undefined): Promise<StoredScorer> =>
    findScorer(request, metadata.scorers, name, projectId);
  const withSet = async (request: FastifyRequest, name: string, projectId: string | undefined): Promise<StoredScorer> => {
    const scorer = await find(request, name, projectId);
    if ((await metadata.anchors.find(scorer.id)) === undefined) throw new TelltaleError("not_found", `${name} has no anchor set`);
    return scorer;
  };

  app.get(
    "/scorers/:name/anchors",
    { schema: { tags, summary: "The anchor set of a judge and its runs", params, querystring: InProject, response: { 200: AnchorsOut } } },
    async (request) => anchorsOut(metadata, await find(request, request.params.name, request.query.project_id)),
  );

  app.post(
    "/scorers/:name/anchors",
    {
      schema: {
        tags,
        summary: "Freeze the newest labelled traces as anchors",
        params,
        querystring: InProject,
        body: AnchorFreeze,
        response: { 201: AnchorsOut },
      },
    },
    async (request, reply) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      await deps.scoring.anchors.freeze(scorer, { threshold: request.body.threshold, intervalHours: request.body.interval_hours });
      return reply.code(201).send(await anchorsOut(metadata, scorer));
    },
  );

  app.patch(
    "/scorers/:name/anchors",
    {
      schema: {
        tags,
        summary: "How often the judge is asked about its anchors",
        params,
        querystring: InProject,
        body: AnchorPatch,
        response: { 200: AnchorsOut },
      },
    },
    async (request) => {
      const scorer = await withSet(request, request.params.name, request.query.project_id);
      const [last] = await metadata.anchors.runs(scorer.id, 1);
      const hours = request.body.interval_hours;
      await metadata.anchors.configure(scorer.id, { intervalHours: hours, ...(last === undefined ? {} : { nextRunMs: last.startedMs + hours * 3_600_000 }) });
      return anchorsOut(metadata, scorer);
    },
  );

  app.post(
    "/scorers/:name/anchors/run",
    { schema: { tags, summary: "Ask the judge about its anchors now", params, querystring: InProject, response: { 202: AnchorsOut } } },
    async (request, reply) => {
      const scorer = await withSet(request, request.params.name, request.query.project_id);
      await metadata.anchors.configure(scorer.id, { nextRunMs: 0 });
      return reply.code(202).send(await anchorsOut(metadata, scorer));
    },
  );

  app.delete(
    "/scorers/:name/anchors",
    { schema: { tags, summary: "Remove the frozen traces; what was measured stays", params, querystring: InProject, response: { 204: z.null() } } },
    async (request, reply) => {
      await metadata.anchors.remove((await withSet(request, request.params.name, request.query.project_id)).id);
      return reply.code(204).send(null);
    },
  );

  app.get(
    "/scorers/:name/attribution",
    {
      schema: {
        tags,
        summary: "Whether a rate moved against the window before, and whether the system or the judge did",
        params,
        querystring: InProject.extend({ from: z.string(), to: z.string(), threshold: z.coerce.number().optional() }),
        response: { 200: AttributionOut },
      },
    },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      const { fromNs, toNs } = parseWindow(request.query);
      const registered = await deps.scorerNamed(scorer.projectId, scorer.name);
      const verdictsIn = async (window: { fromNs: bigint; toNs: bigint }) => {
        const question = { scope: { projectIds: [scorer.projectId] }, name: scorer.name, ...window };
        const { judgedBy, version } = chooseJudges(await deps.countJudges(question, request.signal), registered);
        return { version, verdicts: await deps.countVerdicts({ ...question, judgedBy }, request.signal) };
      };
      const [before, after, anchors] = await Promise.all([
        verdictsIn({ fromNs: fromNs - (toNs - fromNs), toNs: fromNs }),
        verdictsIn({ fromNs, toNs }),
        flipsOf(metadata, scorer, Number(fromNs / 1_000_000n), Number(toNs / 1_000_000n)),
      ]);
      const said = [...before.verdicts, ...after.verdicts].map(({ judge }) => judge);
      const threshold = request.query.threshold ?? scorerThreshold(registered, said);
      const [passesBefore, passesAfter] = [passesOf(before.verdicts, threshold), passesOf(after.verdicts, threshold)];
      const { cause, trafficP, anchorsP, inputMix } = attributeMove(passesBefore, passesAfter, anchors?.flips);
      return {
        cause,
        input_mix: inputMix,
        before: { ...passesBefore, version: before.version ?? null },
        after: { ...passesAfter, version: after.version ?? null },
        threshold: threshold ?? null,
        traffic_p: trafficP ?? null,
        anchors:
          anchors === undefined
            ? null
            : {
                n: anchors.flips.n,
                to_fail: anchors.flips.toFail,
                to_pass: anchors.flips.toPass,
                p: anchorsP ?? null,
                version_before: anchors.before.version,
                version_after: anchors.after.version,
              },
      };
    },
  );
}

async function anchorsOut(metadata: AnchorRouteDeps["metadata"], scorer: StoredScorer): Promise<AnchorsOut> {
  const [set, runs] = await Promise.all([metadata.anchors.find(scorer.id), metadata.anchors.runs(scorer.id, SHOWN)]);
  return {
    set:
      set === undefined
        ? null
        : {
            set_id: set.setId,
            anchors: set.count,
            interval_hours: set.intervalHours,
            next_run_at: set.nextRunMs === 0 ? null : formatMs(set.nextRunMs),
            created_at: formatMs(set.createdMs),
          },
    data: runs.map((run) => ({
      id: run.id,
      set_id: run.setId,
      version: run.version,
      state: run.state,
      error: run.error ?? null,
      n: run.truePass + run.falsePass + run.falseFail + run.trueFail,
      failed: run.failed,
      against_people: sideOut(run),
      cost_usd: run.costUsd ?? null,
      started_at: formatMs(run.startedMs),
      finished_at: run.finishedMs === undefined ? null : formatMs(run.finishedMs),
    })),
  };
}

/** The last run before a window and the last one in it, of the same set. */
async function flipsOf(
  metadata: AnchorRouteDeps["metadata"],
  scorer: StoredScorer,
  fromMs: number,
  toMs: number,
): Promise<{ flips: AnchorFlips; before: AnchorRun; after: AnchorRun } | undefined> {
  const runs = (await metadata.anchors.runs(scorer.id, SHOWN)).filter((run) => run.state === "done");
  const after = runs.find((run) => run.startedMs >= fromMs && run.startedMs < toMs);
  const before = runs.find((run) => run.startedMs < fromMs && run.setId === after?.setId);
  if (after === undefined || before === undefined) return undefined;
  const [old, now] = await Promise.all([metadata.anchors.verdicts(before.id), metadata.anchors.verdicts(after.id)]);
  const pairs = [...now].flatMap(([id, pass]) => {
    const was = old.get(id);
    return pass === null || was === undefined || was === null ? [] : [{ was, pass }];
  });
  const flips = { n: pairs.length, toFail: pairs.filter(({ was, pass }) => was && !pass).length, toPass: pairs.filter(({ was, pass }) => !was && pass).length };
  return { flips, before, after };
}

function passesOf(verdicts: readonly VerdictCount[], threshold: number | undefined): Passes {
  const sums = { passes: 0, n: 0 };
  for (const { judge, traces } of verdicts) {
    const pass = judge === undefined ? undefined : isPass(judge, threshold);
    if (pass === undefined) continue;
    sums.n += traces;
    if (pass) sums.passes += traces;
  }
  return sums;
}
