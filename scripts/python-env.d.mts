export type PythonEnvironment = "mlflow-3.17" | "mlflow-3.18" | "mlflow-tracing" | "otel" | "smollm2";
export const pythonEnvironments: PythonEnvironment[];
export function pythonFor(name: PythonEnvironment): string | undefined;
export function whyNoPython(name: PythonEnvironment): string;
export function installPython(name: PythonEnvironment, say?: (line: string) => void): string | undefined;
