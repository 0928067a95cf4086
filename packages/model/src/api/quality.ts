import { z } from "zod";
import { Timestamp } from "./traces.ts";

const Share = z.number().nullable();

/** `?scorer=&from=&to=` of the quality routes. */
export const QualityQuery = z.object({
  scorer: z.string().min(1).max(250),
  from: Timestamp,
  to: Timestamp,
  /** Absent = the project that has a scorer of this name; all, where none has. */
  project_id: z.string().max(20).optional(),
  /** Numbers pass from here on; absent = from the middle of the scorer's scale, or of 0 to 1. */
  threshold: z.coerce.number().optional(),
  /** 1 − confidence of the intervals. */
  alpha: z.coerce.number().min(0.0001).max(0.5).default(0.05),
});

export const QualityRateQuery = QualityQuery.extend({
  method: z.enum(["post_stratified", "ppi", "ppi_pp", "rogan_gladen", "lang_reiczigel", "classical"]).default("post_stratified"),
  /** Length of a step of `series`, such as `1h` or `1d`; absent = no series. */
  interval: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhd]$/)
    .optional(),
});

/** Whose scores were counted. Versions of a scorer are never mixed. */
const Judges = {
  /** The version of the scorer; `null` = it judged nothing here, and what others logged under its name was counted. */
  version: z.number().nullable(),
  /** Traces of the window that other versions judged, and (`null`) that something else said something about under this name. */
  not_counted: z.array(z.object({ version: z.number().nullable(), n_traces: z.number() })),
};

export const QualityRateOut = z.object({
  /** Share of passes as the scorer says; `null` = it judged nothing. */
  raw: Share,
  /** Corrected by what people said; `null` without labels. */
  corrected: Share,
  ci_low: Share,
  ci_high: Share,
  n_traces: z.number(),
  n_labels: z.number(),
  n_failed: z.number(),
  n_other: z.number(),
  /** Labels in all that would bring the interval to ± 3 points; `null` = labelling cannot. */
  labels_for_3_points: z.number().nullable(),
  method: z.string(),
  /** Numbers passed from here on; `null` = they are neither pass nor fail. */
  threshold: Share,
});
export const QualityRateAnswer = QualityRateOut.extend({
  scorer: z.string(),
  ...Judges,
  /** Each step with its own traces and the labels of the whole window. */
  series: z.array(QualityRateOut.omit({ labels_for_3_points: true, method: true, threshold: true }).extend({ time: Timestamp })),
});
export type QualityRateAnswer = z.infer<typeof QualityRateAnswer>;

export const AgreementQuery = QualityQuery.extend({ slice_by: z.enum(["route", "environment", "version", "model"]).optional() });

export const AgreementOut = z.object({
  n: z.number(),
  kappa: Share,
  kappa_low: Share,
  kappa_high: Share,
  balanced_accuracy: Share,
  f1: Share,
  mcc: Share,
  /** Scorer and people both pass, only the scorer passes, only people pass, both fail. */
  confusion: z.object({ both_pass: z.number(), judge_only: z.number(), human_only: z.number(), both_fail: z.number() }),
  tpr: Share,
  tpr_low: Share,
  tpr_high: Share,
  tnr: Share,
  tnr_low: Share,
  tnr_high: Share,
  /** McNemar's exact test: does the scorer pass more or less often than people do? */
  mcnemar_p: Share,
});
export const AgreementAnswer = AgreementOut.extend({
  scorer: z.string(),
  ...Judges,
  slices: z.array(AgreementOut.extend({ value: z.string() })),
  /** The newest traces on which they differ. */
  disagreements: z.array(z.object({ trace_id: z.string(), judge: z.string(), human: z.string() })),
});
export type AgreementAnswer = z.infer<typeof AgreementAnswer>;
