import {
  logVerbosity,
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  setLogVerbosity,
  status as codes,
  type handleUnaryCall,
  type ServerInterceptor,
  type ServiceDefinition,
  type StatusObject,
} from "@grpc/grpc-js";
import type { ProblemLog } from "../health/problem-log.ts";
import type { InFlightBytes } from "../http/in-flight-bytes.ts";
import { encodeExportResponse, statusWithRetry, type Signal } from "../http/otlp/encode-answer.ts";
import { projectHint, runIdHeader } from "../http/otlp/project-hint.ts";
import { partlyRefused, refusalHint } from "../http/otlp/refusal-hint.ts";
import { rpcCode, rpcCodeOf } from "../http/otlp/rpc-code.ts";
import { knownError, type KnownError } from "../http/problem.ts";
import type { Ingest } from "../pipeline/ingest.ts";

export interface GrpcDeps {
  ingest: Pick<Ingest, "traces" | "logs" | "metrics">;
  problems: ProblemLog;
  inFlight: InFlightBytes;
  maxBodyBytes: number;
  log: { error(fields: object, message: string): void };
}

export interface RunningGrpc {
  port: number;
  /** Finishes the calls in progress, for at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** A message is held whole before a handler sees it, so few large ones at a time; one batch of spans is far smaller. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const MAX_CALLS = 64;
const MAX_STREAMS_PER_CONNECTION = 100;
const IDLE_CONNECTION_MS = 10 * 60_000;

const services: readonly { signal: Signal; path: string }[] = [
  { signal: "traces", path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export" },
  { signal: "logs", path: "/opentelemetry.proto.collector.logs.v1.LogsService/Export" },
  { signal: "metrics", path: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" },
];

/**
 * OTLP/gRPC. Messages pass as bytes into the same decoder that HTTP uses. gzip and deflate are undone by the library,
 * bounded by the message limit. Rejects when the port is taken.
 */
export async function startOtlpGrpc(deps: GrpcDeps, host: string, port: number): Promise<RunningGrpc> {
  // Its own lines on stderr say nothing that is not also an error or a status here.
  setLogVerbosity(logVerbosity.NONE);
  const maxMessageBytes = Math.min(MAX_MESSAGE_BYTES, deps.maxBodyBytes);
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_concurrent_streams": MAX_STREAMS_PER_CONNECTION,
    "grpc.max_connection_idle_ms": IDLE_CONNECTION_MS,
    interceptors: [limitCalls(deps)],
  });
  for (const { signal, path } of services) server.addService(exportService(path), { Export: exportCall(deps, signal, path) });
  const bound = await bind(server, host.includes(":") ? `[${host.replace(/^\[|\]$/g, "")}]:${port}` : `${host}:${port}`);
  return { port: bound, close: (graceMs) => close(server, graceMs) };
}

/** Messages stay bytes: the decoder is the one that HTTP uses. */
function pass(bytes: Buffer): Buffer {
  return bytes;
}

function exportService(path: string): ServiceDefinition {
  return {
    Export: {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    },
  };
}

function exportCall(deps: GrpcDeps, signal: Signal, path: string): handleUnaryCall<Buffer, Buffer> {
  const receive = async (body: Buffer, metadata: Metadata): Promise<Buffer> => {
    const share = deps.inFlight.share();
    const client = textOf(metadata, "user-agent") ?? "";
    try {
      share.take(body.length);
      const read = (name: string) => textOf(metadata, name);
      const received = await deps.ingest[signal]({ body, format: "protobuf", project: projectHint(read), route: path, client, runId: runIdHeader(read) });
      deps.problems.received(signal, client, received);
      if (received.rejected > 0) deps.problems.note({ route: path, ...partlyRefused(received.message), client });
      return encodeExportResponse(signal, "protobuf", received);
    } finally {
      share.release();
    }
  };
  return (call, callback) => {
    receive(call.request, call.metadata).then(
      (answer) => callback(null, answer),
      (error: unknown) => {
        const known = knownError(error);
        if (known.code === "internal") deps.log.error({ err: error, route: path }, "receiving failed");
        deps.problems.refused({
          route: path,
          code: known.code,
          message: known.message,
          hint: refusalHint(known.code),
          client: textOf(call.metadata, "user-agent"),
        });
        callback(statusOf(known));
      },
    );
  };
}

/** Overload as RESOURCE_EXHAUSTED with RetryInfo: without it exporters take the refusal as final (OTLP specification, "OTLP/gRPC Throttling"). */
function statusOf(error: KnownError): StatusObject {
  const code = rpcCodeOf(error.code, error.status);
  // The library percent-encodes it, which fails on half a surrogate pair.
  const details = Buffer.from(error.message).toString();
  const metadata = new Metadata();
  const retryAfterS = error.retryAfterS ?? (code === rpcCode.resourceExhausted || code === rpcCode.unavailable ? 1 : undefined);
  if (retryAfterS !== undefined) metadata.set("grpc-status-details-bin", statusWithRetry(code, details, retryAfterS));
  return { code, details, metadata };
}

/** Refuses calls above the bound before their message is read, and names bad gzip as the caller's mistake, not ours. */
function limitCalls(deps: GrpcDeps): ServerInterceptor {
  let calls = 0;
  return (method, call) => {
    const send = call.sendStatus.bind(call);
    // The library answers what it cannot decompress itself, past every interceptor; only here can it be corrected.
    call.sendStatus = (status) => {
      const isBadBody = status.code === codes.INTERNAL && status.details === "Failed to decompress message";
      const isTooLarge = status.code === codes.RESOURCE_EXHAUSTED && status.details?.startsWith("Received message") === true;
      if (isBadBody || isTooLarge) {
        const code = isBadBody ? "body_malformed" : "body_too_large";
        deps.problems.refused({ route: method.path, code, message: status.details ?? "", hint: refusalHint(code) });
      }
      send(isBadBody || isTooLarge ? { ...status, code: codes.INVALID_ARGUMENT } : status);
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            calls += 1;
            if (calls <= MAX_CALLS) return pass(metadata);
            const known: KnownError = { code: "overloaded", status: 429, message: "Too many calls at the same time; send again in a second", retryAfterS: 1 };
            deps.problems.refused({ route: method.path, code: known.code, message: known.message, hint: refusalHint(known.code) });
            call.sendStatus(statusOf(known));
          },
          // Comes once for every call that started, however it ended.
          onCancel: () => {
            calls -= 1;
          },
        }),
    });
  };
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function textOf(metadata: Metadata, name: string): string | undefined {
  const value = metadata.get(name)[0];
  return value === undefined ? undefined : value.toString();
}
