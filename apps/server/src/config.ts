import { resolve } from "node:path";
import { z } from "zod";

const MIB = 1024 * 1024;

/** A setting with a wrong value. The process ends with code 2 and this one line. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

const port = z.coerce.number().int().min(0).max(65_535);
const originList = z
  .string()
  .transform((text) => splitList(text))
  .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)));

function storeUrl(protocol: RegExp) {
  return z.url({ protocol });
}

/** Every setting: its flag (as commander names it), its environment variable, how it is read, what it is when nobody says. */
const settings = {
  host: { flag: "--host", env: "TELLTALE_HOST", schema: z.string().min(1).max(255).default("127.0.0.1") },
  port: { flag: "--port", env: "TELLTALE_PORT", schema: port.default(4700) },
  otlpGrpcPort: { flag: "--otlp-grpc-port", env: "TELLTALE_OTLP_GRPC_PORT", schema: port.default(4317) },
  otlpHttpPort: { flag: "--otlp-http-port", env: "TELLTALE_OTLP_HTTP_PORT", schema: port.default(4318) },
  data: { flag: "--data", env: "TELLTALE_DATA", schema: z.string().min(1).default("./telltale-data") },
  clickhouseUrl: { flag: "--clickhouse-url", env: "TELLTALE_CLICKHOUSE_URL", schema: storeUrl(/^https?$/).optional() },
  postgresUrl: { flag: "--postgres-url", env: "TELLTALE_POSTGRES_URL", schema: storeUrl(/^postgres(ql)?$/).optional() },
  insecureNoAuth: {
    flag: "--insecure-no-auth",
    env: "TELLTALE_INSECURE_NO_AUTH",
    schema: z
      .union([z.boolean(), z.enum(["1", "true", "0", "false", ""])])
      .transform((value) => value === true || value === "1" || value === "true")
      .default(false),
  },
  logLevel: { flag: "--log-level", env: "TELLTALE_LOG_LEVEL", schema: z.enum(["silent", "error", "warn", "info", "debug"]).default("info") },
  /** Names under which browsers may reach this server, besides loopback and addresses (behind a reverse proxy). */
  allowedHosts: {
    flag: "--allowed-hosts",
    env: "TELLTALE_ALLOWED_HOSTS",
    schema: z
      .string()
      .transform((text) => splitList(text).map((name) => name.toLowerCase()))
      .default([]),
  },
  /** Web origins whose pages may send OTLP straight from the browser. */
  otlpCorsOrigins: { flag: "--otlp-cors-origins", env: "TELLTALE_OTLP_CORS_ORIGINS", schema: originList.default([]) },
  /** Encrypts the keys of providers; absent = one of our own in the data folder. */
  secretKey: { flag: "--secret-key", env: "TELLTALE_SECRET_KEY", schema: z.string().min(16, "a secret key has 16 characters or more").max(1000).optional() },
  /** Largest request body, as sent and also after decompression. */
  maxBodyMib: { flag: "--max-body-mib", env: "TELLTALE_MAX_BODY_MIB", schema: z.coerce.number().int().min(1).max(1024).default(64) },
} as const;

type SettingName = keyof typeof settings;
type Settings = { [Name in SettingName]: z.output<(typeof settings)[Name]["schema"]> };

/** What the process was told, checked. `data` is absolute. */
export type Config = Settings & { maxBodyBytes: number };

/** Values as commander hands them over: `undefined` where a flag was not given. */
export type Flags = Partial<Record<SettingName, string | boolean | undefined>>;

/**
 * Flags win over the environment, which wins over the default. Throws `ConfigError` with one clear line.
 * An address other than loopback needs `insecureNoAuth`, because there are no members yet who could sign in.
 */
export function readConfig(flags: Flags, env: NodeJS.ProcessEnv, cwd: string): Config {
  const read = <Name extends SettingName>(name: Name) => parseSetting(name, flags[name] ?? env[settings[name].env]);
  const config: Config = {
    host: read("host"),
    port: read("port"),
    otlpGrpcPort: read("otlpGrpcPort"),
    otlpHttpPort: read("otlpHttpPort"),
    data: resolve(cwd, read("data")),
    clickhouseUrl: read("clickhouseUrl"),
    postgresUrl: read("postgresUrl"),
    insecureNoAuth: read("insecureNoAuth"),
    logLevel: read("logLevel"),
    allowedHosts: read("allowedHosts"),
    otlpCorsOrigins: read("otlpCorsOrigins"),
    maxBodyMib: read("maxBodyMib"),
    secretKey: read("secretKey"),
    maxBodyBytes: read("maxBodyMib") * MIB,
  };
  if (!isLoopback(config.host) && !config.insecureNoAuth) {
    throw new ConfigError(
      `--host ${config.host} would be reachable by others and nobody has to sign in yet; use 127.0.0.1, or say --insecure-no-auth if the network is trusted`,
    );
  }
  return config;
}

function parseSetting<Name extends SettingName>(name: Name, value: string | boolean | undefined): Settings[Name] {
  const { flag, env, schema } = settings[name];
  // An empty environment variable means "not set", as compose files write it.
  const result = schema.safeParse(value === "" ? undefined : value);
  if (result.success) return result.data as Settings[Name];
  const shown = /url|secret/i.test(name) ? "" : ` ${JSON.stringify(value)}`; // URLs may carry a password
  throw new ConfigError(`wrong value${shown} for ${flag} (${env}): ${result.error.issues[0]?.message ?? "not understood"}`);
}

/** True when only programs on this machine can reach the address. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
