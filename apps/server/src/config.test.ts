import { expect, test } from "vitest";
import { ConfigError, isLoopback, readConfig } from "./config.ts";

test("defaults listen on loopback and the standard ports", () => {
  expect(readConfig({}, {}, "/srv")).toMatchObject({
    host: "127.0.0.1",
    port: 4700,
    otlpGrpcPort: 4317,
    otlpHttpPort: 4318,
    data: "/srv/telltale-data",
    insecureNoAuth: false,
    maxBodyBytes: 64 * 1024 * 1024,
  });
});

test("a flag wins over the environment, which wins over the default; an empty variable is not set", () => {
  const env = { TELLTALE_PORT: "5000", TELLTALE_DATA: "/env/data", TELLTALE_HOST: "" };
  expect(readConfig({ port: "0" }, env, "/srv")).toMatchObject({ port: 0, data: "/env/data", host: "127.0.0.1" });
});

test.each([
  [{ port: "70000" }, /--port \(TELLTALE_PORT\)/],
  [{ port: "http" }, /--port/],
  [{ otlpGrpcPort: "-1" }, /--otlp-grpc-port/],
  [{ clickhouseUrl: "ftp://x" }, /--clickhouse-url/],
  [{ logLevel: "loud" }, /--log-level/],
  [{ otlpCorsOrigins: "example.org" }, /--otlp-cors-origins/],
  [{ host: "0.0.0.0" }, /--insecure-no-auth/],
])("refuses %j with one line that names the setting", (flags, message) => {
  expect(() => readConfig(flags, {}, "/srv")).toThrow(message);
  expect(() => readConfig(flags, {}, "/srv")).toThrow(ConfigError);
});

test("a password in a wrong URL is not repeated", () => {
  expect(() => readConfig({ postgresUrl: "mysql://u:hunter2@h/db" }, {}, "/srv")).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
  );
});

test("other addresses may be bound when the operator says so", () => {
  expect(readConfig({ host: "0.0.0.0", insecureNoAuth: true }, {}, "/srv").host).toBe("0.0.0.0");
  expect(readConfig({}, { TELLTALE_HOST: "::", TELLTALE_INSECURE_NO_AUTH: "1" }, "/srv").insecureNoAuth).toBe(true);
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["localhost", true],
  ["[::1]", true],
  ["0.0.0.0", false],
  ["::", false],
  ["127.0.0.1.example.org", false],
])("isLoopback(%j) is %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
