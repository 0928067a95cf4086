import type { RawSpan, Resource, Span } from "@telltale/model";
import { hadAbsurdEnd } from "../otlp/accept-span.ts";
import { text } from "./values.ts";

/** Rules improve; spans are re-read from raw when this is higher than the version they were stored with. */
export const NORM_VERSION = 1;

interface ResourceFacts {
  serviceName: string;
  environment: string;
  version: string;
}

const facts = new WeakMap<Resource, ResourceFacts>();

/** What the resource says; read once per resource, which many spans share. */
export function resourceFacts(resource: Resource): ResourceFacts {
  const hit = facts.get(resource);
  if (hit !== undefined) return hit;
  const service = text(resource.attributes.get("service.name"));
  const read = {
    serviceName: service.startsWith("unknown_service") ? "" : service,
    environment: text(resource.attributes.get("deployment.environment.name")) || text(resource.attributes.get("deployment.environment")),
    version: text(resource.attributes.get("service.version")),
  };
  facts.set(resource, read);
  return read;
}

/** A span of which only the OpenTelemetry part is filled. An end that cannot be (before the start, or far ahead) is the start, and flagged. */
export function blankSpan(raw: RawSpan): Span {
  const clockSkew = raw.endNs < raw.startNs || hadAbsurdEnd(raw.attributes);
  return {
    traceId: raw.traceId,
    spanId: raw.spanId,
    parentSpanId: raw.parentSpanId,
    name: raw.name,
    kind: "CHAIN",
    dialect: "",
    normVersion: NORM_VERSION,
    scopeName: raw.scope.name,
    scopeVersion: raw.scope.version,
    serviceName: resourceFacts(raw.resource).serviceName,
    startNs: raw.startNs,
    endNs: clockSkew ? raw.startNs : raw.endNs,
    clockSkew,
    status: "unset",
    statusMessage: raw.statusMessage,
    errorType: "",
    httpStatus: undefined,
    provider: "",
    requestModel: "",
    responseModel: "",
    responseId: "",
    serviceTier: "",
    finishReasons: [],
    usage: {
      input: undefined,
      output: undefined,
      cacheRead: undefined,
      cacheWrite: undefined,
      cacheWrite1h: undefined,
      reasoning: undefined,
      inputAudio: undefined,
      outputAudio: undefined,
      inputImage: undefined,
    },
    usageIsAggregate: false,
    usageFlaws: 0,
    cost: { usd: undefined, source: "none", reportedUsd: undefined, priceVersion: "" },
    ttftMs: undefined,
    stream: undefined,
    sessionId: "",
    userId: "",
    environment: "",
    appVersion: "",
    promptName: "",
    promptVersion: "",
    agentName: "",
    workflowName: "",
    toolName: "",
    toolCallId: "",
    labels: [],
    metadata: new Map(),
    traceTags: new Map(),
    noise: false,
    attributes: new Map(),
    inputs: "",
    outputs: "",
    truncated: false,
    counted: true,
    duplicateOf: "",
  };
}
