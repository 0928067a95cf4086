import { TelltaleError } from "@telltale/model";
import { AlignmentOut, AlignmentOverview, AlignmentStart, ShadowComparison } from "@telltale/model/api";
import { type Alignment, type Metadata, type StoredScorer, type VersionQuestion, type VersionVerdicts } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { shadowFigures } from "../../scoring/shadow-comparison.ts";
import type { Scoring } from "../../scoring/start-scoring.ts";
import type { TypedApp } from "../typed-routes.ts";
import { findScorer } from "./find-scorer.ts";
import { scorerThreshold } from "./scorer-threshold.ts";
import { shareOut, sideOut, toAlignmentOut } from "./wire/alignment-out.ts";
import { parseWindow } from "./wire/timestamp.ts";

export interface AlignmentDeps {
  metadata: Pick<Metadata, "scorers" | "scoreReports" | "alignments">;
  scoring: { aligner: Pick<Scoring["aligner"], "readiness" | "start" | "cancel"> };
  compareVersions: (question: VersionQuestion, signal?: AbortSignal) => Promise<VersionVerdicts[]>;
}

const params = z.object({ name: z.string().min(1).max(250) });
const InProject = z.object({ project_id: z.string().max(20).optional(), threshold: z.coerce.number().optional() });
const tags = ["scorers"];
const SHOWN = 20;

/** Aligning a judge with what people said: start, progress, result, and what runs in the shadow of the live version. */
export function alignmentRoutes(app: TypedApp, deps: AlignmentDeps): void {
  const { metadata } = deps;
  const find = (request: FastifyRequest, name: string, projectId: string | undefined): Promise<StoredScorer> =>
    findScorer(request, metadata.scorers, name, projectId);
  const out = async (scorer: StoredScorer, alignment: Alignment): Promise<AlignmentOut> =>
    toAlignmentOut(alignment, await metadata.scorers.versions(scorer.projectId, scorer.name));
  const shadowOf = async (scorer: StoredScorer): Promise<StoredScorer> => {
    const shadow = (await metadata.scorers.versions(scorer.projectId, scorer.name)).find((version) => version.mode === "shadow");
    if (shadow === undefined) throw new TelltaleError("not_found", `No version of ${scorer.name} runs in the shadow`);
    return shadow;
  };

  app.get(
    "/scorers/:name/alignment",
    { schema: { tags, summary: "Whether a judge can be aligned, and its alignments", params, querystring: InProject, response: { 200: AlignmentOverview } } },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      const [{ cases, readiness }, runs, versions, { costUsd }] = await Promise.all([
        deps.scoring.aligner.readiness(scorer, request.query.threshold),
        metadata.alignments.list(scorer.id, SHOWN),
        metadata.scorers.versions(scorer.projectId, scorer.name),
        metadata.scoreReports.experience(scorer.id),
      ]);
      const judgements = cases.length + cases.filter((item) => item.half === "held_back").length;
      return {
        labels: readiness.labels,
        labels_needed: readiness.needed,
        problem: readiness.problem ?? null,
        judgements,
        estimated_cost_usd: costUsd === undefined ? null : costUsd * judgements,
        guidelines: scorer.guidelines ?? [],
        data: runs.map((run) => toAlignmentOut(run, versions)),
      };
    },
  );

  app.post(
    "/scorers/:name/alignment",
    { schema: { tags, summary: "Align a judge with its human labels", params, querystring: InProject, body: AlignmentStart, response: { 202: AlignmentOut } } },
    async (request, reply) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      return reply.code(202).send(await out(scorer, await deps.scoring.aligner.start(scorer, request.body.threshold)));
    },
  );

  app.post(
    "/scorers/:name/alignment/cancel",
    { schema: { tags, summary: "End the alignment that runs; nothing comes of it", params, querystring: InProject, response: { 200: AlignmentOut } } },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      const running = (await metadata.alignments.list(scorer.id, 1)).find((run) => run.state === "running");
      if (running === undefined) throw new TelltaleError("not_found", `${scorer.name} is not being aligned`);
      await deps.scoring.aligner.cancel(running.id);
      return out(scorer, (await metadata.alignments.find(running.id)) ?? running);
    },
  );

  for (const [action, mode, summary] of [
    ["promote", "live", "Make the version in the shadow the one that counts"],
    ["discard", "discarded", "End the version in the shadow; its scores stay marked"],
  ] as const) {
    app.post(
      `/scorers/:name/alignment/${action}`,
      { schema: { tags, summary, params, querystring: InProject, response: { 200: AlignmentOut } } },
      async (request) => {
        const scorer = await find(request, request.params.name, request.query.project_id);
        const shadow = await shadowOf(scorer);
        await metadata.scorers.endShadow(scorer.id, shadow.version, mode);
        const run = (await metadata.alignments.list(scorer.id, 1_000)).find((item) => item.version === shadow.version);
        if (run === undefined) throw new TelltaleError("not_found", `No alignment of ${scorer.name} made version ${shadow.version}`);
        return out(scorer, run);
      },
    );
  }

  app.get(
    "/scorers/:name/shadow",
    {
      schema: {
        tags,
        summary: "The version in the shadow beside the live one, on the traces that both judged",
        params,
        querystring: InProject.extend({ from: z.string(), to: z.string() }),
        response: { 200: ShadowComparison },
      },
    },
    async (request) => {
      const scorer = await find(request, request.params.name, request.query.project_id);
      const shadow = await shadowOf(scorer);
      const { fromNs, toNs } = parseWindow(request.query);
      const versions = { liveVersion: scorer.version, shadowVersion: shadow.version };
      const question = { scope: { projectIds: [scorer.projectId] }, name: scorer.name, ...versions, fromNs, toNs };
      const [verdicts, report] = await Promise.all([
        deps.compareVersions(question, request.signal),
        metadata.scoreReports.of(shadow, Number(fromNs / 1_000_000n), Number(toNs / 1_000_000n)),
      ]);
      const said = verdicts.flatMap(({ live, shadow: other }) => [live, other]);
      const figures = shadowFigures(verdicts, request.query.threshold ?? scorerThreshold(scorer, said));
      const [live, shadowed, same] = [figures.livePasses, figures.shadowPasses, figures.same].map((k) => shareOut(k, figures.n));
      return {
        live_version: scorer.version,
        shadow_version: shadow.version,
        n: figures.n,
        live_rate: live?.share ?? null,
        live_low: live?.low ?? null,
        live_high: live?.high ?? null,
        shadow_rate: shadowed?.share ?? null,
        shadow_low: shadowed?.low ?? null,
        shadow_high: shadowed?.high ?? null,
        same: same?.share ?? null,
        shadow_failed: figures.shadowFailed,
        n_labelled: figures.nLabelled,
        live: sideOut(figures.live),
        shadow: sideOut(figures.shadow),
        cost_usd: report.costUsd ?? null,
      };
    },
  );
}
