import type { Command } from "commander";

/** The flags that `config.ts` reads; their defaults and their environment variables are named there. */
export function addConfigOptions(command: Command): Command {
  return command
    .option("--host <address>", "address to listen on (TELLTALE_HOST; 127.0.0.1)")
    .option("--port <port>", "port of UI, API, MLflow and OTLP/HTTP; 0 picks a free one (TELLTALE_PORT; 4700)")
    .option("--otlp-grpc-port <port>", "standard OTLP/gRPC port; 0 switches it off (TELLTALE_OTLP_GRPC_PORT; 4317)")
    .option("--otlp-http-port <port>", "standard OTLP/HTTP port; 0 switches it off (TELLTALE_OTLP_HTTP_PORT; 4318)")
    .option("--data <folder>", "where everything is stored (TELLTALE_DATA; ./telltale-data)")
    .option("--clickhouse-url <url>", "use a ClickHouse server instead of the embedded engine (TELLTALE_CLICKHOUSE_URL)")
    .option("--postgres-url <url>", "use PostgreSQL instead of the embedded one (TELLTALE_POSTGRES_URL)")
    .option("--insecure-no-auth", "allow an address that others can reach although nobody has to sign in (TELLTALE_INSECURE_NO_AUTH)")
    .option("--allowed-hosts <names>", "host names under which a proxy serves this server, separated by commas (TELLTALE_ALLOWED_HOSTS)")
    .option("--otlp-cors-origins <origins>", "web origins whose pages may send OTLP (TELLTALE_OTLP_CORS_ORIGINS)")
    .option("--max-body-mib <n>", "largest request body, also when unpacked (TELLTALE_MAX_BODY_MIB; 64)")
    .option("--secret-key <key>", "encrypts stored keys of providers; better as TELLTALE_SECRET_KEY, which nobody sees in a list of processes")
    .option("--log-level <level>", "silent, error, warn, info or debug (TELLTALE_LOG_LEVEL; info)");
}
