import type { TraceInfo } from "@telltale/model";
import type { AssemblySpan } from "./assembly-span.ts";

export interface TraceContext {
  sessionId: string;
  userId: string;
  environment: string;
  appVersion: string;
  tags: Map<string, string>;
  metadata: Map<string, string>;
}

const MAX_KEYS = 256;
const SESSION = "mlflow.trace.session";
const USER = "mlflow.trace.user";

/**
 * Who, which conversation, where, which version: from tags, from metadata and from attributes alike. What the client
 * stated for the trace comes first, then the root span, then the first span in time that says something.
 * Session and user are mirrored into the metadata where MLflow's own filters look for them.
 */
export function traceContext(spans: readonly AssemblySpan[], root: AssemblySpan | undefined, info: TraceInfo | undefined): TraceContext {
  const byPriority = root ? [root, ...spans] : spans;
  const tags = new Map<string, string>();
  const metadata = new Map<string, string>();
  for (const span of byPriority) {
    fill(tags, span.traceTags);
    fill(metadata, span.metadata);
  }
  for (const [key, value] of info?.tags ?? []) tags.set(key, value);
  for (const key of info?.deletedTags ?? []) tags.delete(key);
  for (const [key, value] of info?.metadata ?? []) metadata.set(key, value);
  const first = (of: (span: AssemblySpan) => string): string => {
    for (const span of byPriority) {
      const value = of(span);
      if (value !== "") return value;
    }
    return "";
  };
  const stated = (...keys: string[]): string => {
    for (const key of keys) {
      const value = info?.tags.get(key) ?? info?.metadata.get(key) ?? tags.get(key);
      if (value) return value;
    }
    return "";
  };
  const sessionId = stated(SESSION, "session_id", "session.id") || first((span) => span.sessionId);
  const userId = stated(USER, "user_id", "user.id") || first((span) => span.userId);
  if (sessionId !== "") metadata.set(SESSION, sessionId);
  if (userId !== "") metadata.set(USER, userId);
  return {
    sessionId,
    userId,
    environment: stated("environment", "deployment.environment") || first((span) => span.environment),
    appVersion: stated("app_version", "service.version", "version", "deployment_id") || first((span) => span.appVersion) || stated("mlflow.modelId"),
    tags,
    metadata,
  };
}

function fill(into: Map<string, string>, from: ReadonlyMap<string, string>): void {
  for (const [key, value] of from) if (!into.has(key) && into.size < MAX_KEYS) into.set(key, value);
}
