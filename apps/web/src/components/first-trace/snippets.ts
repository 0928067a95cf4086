/** Code that sends a first trace, with this server's real address in it. */
export interface Snippet {
  key: string;
  label: string;
  note: string;
  code: string;
}

/** `baseUrl` = the server as this browser reaches it; `projectName` undefined = the default project. */
export function firstTraceSnippets(baseUrl: string, projectName: string | undefined): Snippet[] {
  const quoted = projectName === undefined ? undefined : JSON.stringify(projectName);
  const header = projectName === undefined ? "" : `export OTEL_EXPORTER_OTLP_HEADERS="x-telltale-project=${encodeURIComponent(projectName)}"\n`;
  const endpoint = `export OTEL_EXPORTER_OTLP_ENDPOINT="${baseUrl}"\nexport OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"\n${header}export OTEL_SERVICE_NAME="my-app"`;
  return [
    {
      key: "mlflow",
      label: "MLflow",
      note: "An application that already uses MLflow needs only set_tracking_uri, or MLFLOW_TRACKING_URI in its environment.",
      code: `# pip install mlflow
import mlflow

mlflow.set_tracking_uri("${baseUrl}")
${quoted === undefined ? "" : `mlflow.set_experiment(${quoted})\n`}
@mlflow.trace
def answer(question: str) -> str:
    return f"You asked: {question}"

answer("Does tracing work?")`,
    },
    {
      key: "python",
      label: "OpenTelemetry, Python",
      note: "Any instrumentation of Python reports here with these variables set.",
      code: `${endpoint}

pip install opentelemetry-distro opentelemetry-exporter-otlp-proto-http
opentelemetry-instrument python app.py`,
    },
    {
      key: "node",
      label: "OpenTelemetry, Node.js",
      note: "Any instrumentation of Node.js reports here with these variables set.",
      code: `${endpoint}
export NODE_OPTIONS="--require @opentelemetry/auto-instrumentations-node/register"

npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node
node app.js`,
    },
    {
      key: "curl",
      label: "curl",
      note: "One span by hand, to see that the way is free.",
      code: `curl -sS ${baseUrl}/v1/traces -H 'content-type: application/json' \\
${projectName === undefined ? "" : `  -H 'x-telltale-project: ${projectName.replaceAll("'", "'\\''")}' \\\n`}  -d '{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[{
    "traceId":"'$(openssl rand -hex 16)'","spanId":"'$(openssl rand -hex 8)'",
    "name":"hello","kind":1,
    "startTimeUnixNano":"'$(date +%s)000000000'","endTimeUnixNano":"'$(date +%s)250000000'"
  }]}]}]}'`,
    },
  ];
}
