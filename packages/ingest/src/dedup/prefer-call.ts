/** What decides which of two reports of one call is kept. */
export interface CallReport {
  scopeName: string;
  attributeCount: number;
}

const SDK_NATIVE = "com.anthropic.sdk";

/**
 * True when `a` is the better report of a call than `b`: an instrumentation beats the spans that the SDK emits by itself
 * (they carry no messages), then the one that says more. Equal reports: the first seen stays (false).
 */
export function prefersResponse(a: CallReport, b: CallReport): boolean {
  const aNative = a.scopeName.startsWith(SDK_NATIVE);
  const bNative = b.scopeName.startsWith(SDK_NATIVE);
  if (aNative !== bNative) return bNative;
  return a.attributeCount > b.attributeCount;
}
