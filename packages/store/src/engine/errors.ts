import { TelltaleError } from "@telltale/model";

/** What the engine says of a statement, with its error code. */
export class EngineError extends Error {
  constructor(
    message: string,
    readonly engineCode: number | undefined,
  ) {
    super(`engine: ${message}`);
    this.name = "EngineError";
  }
}

/** ClickHouse error codes that a caller or the machine can cause; everything else is our mistake and stays an Error. */
export function engineError(message: string, code: number | undefined): Error {
  const line = message.split("\n", 1)[0] ?? message;
  switch (code) {
    case 394:
      return new TelltaleError("query_cancelled", "The query was cancelled.");
    case 159:
    case 160:
      return new TelltaleError("query_limit", "The query reached its time limit; narrow the time range or the filter.");
    case 241:
      return new TelltaleError("query_limit", "The query reached its memory limit; narrow the time range or the filter.");
    case 243:
      return new TelltaleError("disk_full", "The disk is full: nothing can be stored until space is freed.", { retryAfterS: 10 });
    case 427:
      return new TelltaleError("filter_invalid", "The regular expression is not valid (RE2 syntax).");
    default:
      return new EngineError(line.slice(0, 2000), code);
  }
}
