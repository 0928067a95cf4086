import { SimulatedError, type TraceBuilder } from "./trace-builder.ts";
import type { ToolCall } from "./model-call.ts";

export interface ToolRun {
  /** Median duration, ms. */
  medianMs: number;
  description: string;
  result: unknown;
  failure?: SimulatedError | undefined;
  /** What else happens inside, such as a call of another service. */
  inside?: () => void;
}

/** An `execute_tool` span. A failure is told to the agent as the tool's result, so it does not end the trace. */
export function runTool(trace: TraceBuilder, call: ToolCall, run: ToolRun): unknown {
  const attributes = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": call.name,
    "gen_ai.tool.type": "function",
    "gen_ai.tool.description": run.description,
    "gen_ai.tool.call.id": call.id,
    "gen_ai.tool.call.arguments": JSON.stringify(call.arguments),
  };
  try {
    trace.span(`execute_tool ${call.name}`, { scope: "app.tools", attributes }, (span) => {
      trace.wait(trace.random.logNormal(run.medianMs, 0.45));
      run.inside?.();
      if (run.failure !== undefined) throw run.failure;
      span.attributes["gen_ai.tool.call.result"] = typeof run.result === "string" ? run.result : JSON.stringify(run.result);
    });
    return run.result;
  } catch (error) {
    if (!(error instanceof SimulatedError)) throw error;
    return { error: error.message };
  }
}

export function toolCall(trace: TraceBuilder, name: string, given: Record<string, unknown>): ToolCall {
  return { id: `call_${trace.random.hex(16)}`, name, arguments: given };
}
