import { defineConfig } from "vitest/config";

/** `unit` sits beside the code and needs no network; `e2e` drives real clients and the real browser. */
export default defineConfig({
  test: {
    maxWorkers: "100%", // the default leaves one core free: on two cores that is half of them
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.{ts,tsx}", "tests/architecture/**/*.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      { test: { name: "e2e", include: ["tests/e2e/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 240_000, fileParallelism: false } },
    ],
  },
});
