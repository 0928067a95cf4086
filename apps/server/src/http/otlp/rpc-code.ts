/** Codes of google.rpc.Code, which are also gRPC's status codes. */
export const rpcCode = {
  cancelled: 1,
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** The code of google.rpc.Code for one of our errors. OTLP clients retry on RESOURCE_EXHAUSTED (with RetryInfo) and UNAVAILABLE. */
export function rpcCodeOf(code: string, status: number): number {
  if (code === "overloaded") return rpcCode.resourceExhausted;
  if (status === 401) return rpcCode.unauthenticated;
  if (status === 403) return rpcCode.permissionDenied;
  if (status === 404) return rpcCode.notFound;
  if (status === 405) return rpcCode.unimplemented;
  if (status === 499) return rpcCode.cancelled;
  if (status === 503) return rpcCode.unavailable;
  if (status >= 500) return rpcCode.internal;
  return rpcCode.invalidArgument;
}
