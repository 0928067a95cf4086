import { pino, type Logger } from "pino";

export type ServerLog = Logger;

/**
 * Logs go to stderr: JSON lines for machines, short lines on a terminal. Written at once, so that the last line before an
 * end is there. Never payloads, keys or prompts: nothing logs a request's body or headers.
 */
export function serverLog(level: string, stream: NodeJS.WriteStream): ServerLog {
  const write = stream.isTTY ? (line: string) => void stream.write(shortLine(line)) : (line: string) => void stream.write(line);
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorOut }, redact: ["*.authorization", "*.password"] },
    { write },
  );
}

/** `12:00:01 WARN engine child ended code=1 signal=SIGKILL` */
function shortLine(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as { level: number; time: string; msg?: string } & Record<string, unknown>;
  const name = pino.levels.labels[level]?.toUpperCase().padEnd(5) ?? "";
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${time.slice(11, 19)} ${name} ${msg ?? ""}${rest.join("")}\n`;
}

/** Message, code and stack: an error of a library may hang on to buffers and requests. */
function errorOut(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return { type: error.name, message: error.message, ...("code" in error ? { code: error.code } : {}), stack: error.stack };
}
