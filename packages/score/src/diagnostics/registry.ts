import { deadEnd } from "./dead-end.ts";
import { excessSteps } from "./excess-steps.ts";
import type { Diagnostic } from "./finding.ts";
import { gaveUpRun } from "./gave-up.ts";
import { ignoredToolError } from "./ignored-tool-error.ts";
import { invalidArguments } from "./invalid-arguments.ts";
import { loop } from "./loop.ts";
import { redundantRead } from "./redundant-read.ts";
import { retryStorm } from "./retry-storm.ts";
import { unknownTool } from "./unknown-tool.ts";
import { uselessRetry } from "./useless-retry.ts";

/** Every diagnostic. Within a family the first that explains some spans wins: a retry is more telling than "a loop". */
export const diagnostics: readonly Diagnostic[] = [
  uselessRetry,
  retryStorm,
  loop,
  redundantRead,
  unknownTool,
  invalidArguments,
  ignoredToolError,
  excessSteps,
  deadEnd,
  gaveUpRun,
];
