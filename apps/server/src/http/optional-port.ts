import type { ServerLog } from "../server-log.ts";

/** The standard OTLP ports are a convenience: taken, they are a warning. */
export async function optionalPort(name: string, port: number, log: ServerLog, open: (port: number) => Promise<string>): Promise<string | null> {
  if (port === 0) return null;
  try {
    return await open(port);
  } catch (error) {
    log.warn(
      { port, reason: error instanceof Error ? error.message : String(error) },
      `the standard port of ${name} is not available; the main port receives as well`,
    );
    return null;
  }
}
