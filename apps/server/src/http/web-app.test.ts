import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "./app-under-test.ts";

let folder: string;
let under: AppUnderTest;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "telltale-web-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>app</title>");
  writeFileSync(join(folder, "assets", "app-1a2b.js"), "console.log(1)");
  writeFileSync(join(folder, "assets", "app-1a2b.js.gz"), gzipSync("console.log(1)"));
  writeFileSync(join(folder, "assets", "app-1a2b.js.map"), "{}");
  mkdirSync(join(folder, ".vite"));
  const manifest = {
    "index.html": { file: "assets/app-1a2b.js", imports: ["_kit.js"] },
    "_kit.js": { file: "assets/kit.js" },
    "_icon.js": { file: "assets/icon.js", imports: ["_kit.js"] },
    "src/pages/trace/TracePage.tsx": { file: "assets/trace.js", imports: ["_icon.js", "index.html"] },
  };
  writeFileSync(join(folder, ".vite", "manifest.json"), JSON.stringify(manifest));
  under = await appUnderTest({ webFolder: folder });
});
afterAll(async () => {
  await under.app.close();
  rmSync(folder, { recursive: true });
});

const browse = (url: string, headers: Record<string, string> = {}) => under.app.inject({ url, headers: { accept: "text/html,*/*;q=0.8", ...headers } });

test.each(["/", "/traces", "/traces/0123?span=1", "/settings/ingest", "/users/ann@example.org", "/sessions/a%2Fb.txt"])(
  "%s is the app, always fresh, under a strict policy",
  async (url) => {
    const answer = await browse(url);
    expect([answer.statusCode, answer.headers["cache-control"]]).toEqual([200, "no-cache"]);
    expect(answer.body).toContain("<title>app</title>");
    expect(answer.headers["content-security-policy"]).toMatch(/script-src 'self';.*frame-ancestors 'none'/);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  },
);

test("the page of a trace names what it will ask for: the trace, the code of the app and then its own", async () => {
  const modules = ["app-1a2b.js", "kit.js", "trace.js", "icon.js"].map((file) => `</assets/${file}>; rel=modulepreload`);
  expect((await browse("/traces/tr-0123?span=1")).headers["link"]).toBe(
    ["</api/v1/traces/tr-0123?columns=true>; rel=preload; as=fetch; crossorigin", "</theme.js>; rel=preload; as=script", ...modules].join(", "),
  );
  for (const url of ["/", "/traces", "/traces/%3E%2C0", "/traces/0123/more"]) expect((await browse(url)).headers).not.toHaveProperty("link");
});

test("files with a hash in their name are kept for a year and come compressed", async () => {
  const answer = await browse("/assets/app-1a2b.js", { "accept-encoding": "gzip" });
  expect(answer.headers).toMatchObject({ "content-encoding": "gzip", "cache-control": "public, max-age=31536000, immutable" });
  expect(answer.headers["content-type"]).toContain("javascript");
  expect((await browse("/assets/app-1a2b.js")).body).toBe("console.log(1)");
});

test.each(["/assets/gone.js", "/api/v1/nothing", "/api/nothing", "/assets/app-1a2b.js.map", "/assets/..%2f..%2fpackage.json", "/%2e%2e/%2e%2e/etc/passwd.txt"])(
  "%s is a 404 in JSON, not the app",
  async (url) => {
    const answer = await browse(url);
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([404, "application/problem+json; charset=utf-8"]);
  },
);

test("an exporter that sends to the root reads where to send instead", async () => {
  const answer = await under.app.inject({ method: "POST", url: "/", headers: { "content-type": "application/x-protobuf" }, payload: "x" });
  expect(answer.statusCode).toBe(405);
  expect(answer.json()).toMatchObject({ detail: "POST is not possible here; use GET or HEAD. OTLP is received at POST /v1/traces, /v1/logs and /v1/metrics" });
});

test("without a build the page says how to make one", async () => {
  const bare = await appUnderTest({ webFolder: join(folder, "nowhere") });
  const answer = await bare.app.inject({ url: "/traces", headers: { accept: "text/html" } });
  expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining("npm run build")]);
  await bare.app.close();
});
