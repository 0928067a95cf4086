import variant from "@jitl/quickjs-singlefile-mjs-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSWASMModule,
  shouldInterruptAfterDeadline,
} from "quickjs-emscripten-core";

export interface CodeLimits {
  timeMs: number;
  memoryBytes: number;
}

export type CodeResult = { kind: "returned"; json: string } | { kind: "failed"; message: string };

/** JSON has no NaN and makes it null, which would say that there is nothing to score; a promise it makes {}. */
const CALL = `((returned) => {
  if (returned !== null && typeof returned === "object" && typeof returned.then === "function") throw new TypeError("score(subject) must not be async: it has nothing to wait for");
  return JSON.stringify(returned, (key, value) => {
    if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("score(subject) returned " + value + ", which is no score");
    return value;
  });
})(score(JSON.parse(__subject)));`;

let loaded: Promise<QuickJSWASMModule> | undefined;

/**
 * Runs `score(subject)` of a piece of JavaScript in QuickJS, compiled to WebAssembly: no network, no files, no clock but its own,
 * nothing of this process. What it returns comes back as JSON. Blocks while it runs: call it in a worker thread.
 */
export async function runJavascript(source: string, subjectJson: string, limits: CodeLimits): Promise<CodeResult> {
  loaded ??= newQuickJSWASMModuleFromVariant(variant);
  const runtime = (await loaded).newRuntime();
  try {
    runtime.setMemoryLimit(limits.memoryBytes);
    runtime.setMaxStackSize(512 * 1024);
    runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + limits.timeMs));
    const context = runtime.newContext();
    try {
      return evaluate(context, source, subjectJson);
    } finally {
      context.dispose();
    }
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  } finally {
    runtime.dispose();
  }
}

function evaluate(context: QuickJSContext, source: string, subjectJson: string): CodeResult {
  const input = context.newString(subjectJson);
  context.setProp(context.global, "__subject", input);
  input.dispose();
  // Declarations of a script are not properties of the global object, so the call stands in the same script.
  const code = `${source}\n;if (typeof score !== "function") throw new Error("the code defines no function score(subject)");\n${CALL}`;
  const result = context.evalCode(code, "scorer.js");
  if (result.error !== undefined) return failed(context, result.error);
  const json = context.typeof(result.value) === "string" ? context.getString(result.value) : undefined;
  result.value.dispose();
  return json === undefined ? { kind: "failed", message: "score(subject) returned nothing" } : { kind: "returned", json };
}

function failed(context: QuickJSContext, error: QuickJSHandle): CodeResult {
  const said: unknown = context.dump(error);
  error.dispose();
  const { name, message } = (typeof said === "object" && said !== null ? said : { message: said }) as { name?: unknown; message?: unknown };
  if (message === "interrupted") return { kind: "failed", message: "the code ran longer than it may" };
  if (/out of memory/.test(String(message))) return { kind: "failed", message: "the code used more memory than it may" };
  return { kind: "failed", message: name === undefined ? String(message) : `${String(name)}: ${String(message)}` };
}
