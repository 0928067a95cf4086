import { defineConfig } from "vitest/config";

/** Tests that start the real engine, PostgreSQL or a process of ours: beside the code too, but not in the seconds of `unit`. */
const stores = "**/*.store.test.ts";

/** `unit` and `stores` sit beside the code and need no network; `e2e` drives real clients and the real browser. */
export default defineConfig({
  test: {
    maxWorkers: "100%", // the default leaves one core free: on two cores that is half of them
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.{ts,tsx}", "tests/architecture/**/*.test.ts"],
          exclude: [stores, "**/node_modules/**"],
          isolate: false, // a process takes file after file, so that it loads and compiles what they share only once
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: { name: "stores", include: [`packages/${stores}`, `apps/${stores}`], exclude: ["**/node_modules/**"], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      { test: { name: "e2e", include: ["tests/e2e/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 240_000, fileParallelism: false } },
    ],
  },
});
