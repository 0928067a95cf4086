import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { Aggregation, groupFields, metricNames } from "../../packages/model/src/api/metrics.ts";
import { filterFields } from "../../packages/model/src/filter/fields.ts";
import { sqlExamples, sqlFunctions, sqlViews } from "../../packages/model/src/sql/index.ts";
import { repositoryFiles, root } from "./source-files.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const pages = repositoryFiles().filter((path) => path.endsWith(".md") && !path.includes("fixtures/") && existsSync(join(root, path)));

test("every link between documents leads somewhere", () => {
  const broken = pages.flatMap((page) =>
    Array.from(read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g), ([, target = ""]) => target)
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page} → ${target}`),
  );
  expect(broken).toEqual([]);
});

test("the page on searching names every field of the filter language, with its examples", () => {
  const page = read("docs/searching.md");
  const missing = filterFields.flatMap(({ name, examples }) => [name, ...examples]).filter((text) => !page.includes(text));
  expect(missing).toEqual([]);
});

test("the page on metrics names every metric, aggregation and group", () => {
  const page = read("docs/metrics.md");
  expect([...metricNames, ...Aggregation.options, ...groupFields].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("every error code has its cause on the page on ingest health", () => {
  const page = read("docs/ingest-health.md");
  const codes = Array.from(read("packages/model/src/errors.ts").matchAll(/^ {2}(\w+): \d{3},$/gm), ([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

test("every flag and environment variable of serve is on the page on operations, and no other", () => {
  const page = read("docs/operations.md");
  const settings = Array.from(read("apps/server/src/config.ts").matchAll(/flag: "(--[\w-]+)", env: "(\w+)"|flag: "(--[\w-]+)",\s+env: "(\w+)"/g));
  expect(settings.length).toBeGreaterThan(8);
  const named = settings.flatMap((match) => [match[1] ?? match[3] ?? "", match[2] ?? match[4] ?? ""]);
  expect(named.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  const rows = Array.from(page.matchAll(/^\| `(--[\w-]+)` \|/gm), ([, flag = ""]) => flag);
  expect(rows.filter((flag) => !named.includes(flag))).toEqual([]);
});

test("every page for users has a title and is reachable from the first one", () => {
  const all = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  expect(all.filter((name) => !/^# .+/.test(read(`docs/${name}`)))).toEqual([]);
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const [, target = ""] of read(`docs/${name}`).matchAll(/\]\(\.\/([\w-]+\.md)/g)) visit(target);
  };
  visit("getting-started.md");
  expect(all.filter((name) => !seen.has(name))).toEqual([]);
});

test("the page on SQL lists every view, column and function, and no other column", () => {
  const page = read("docs/sql.md");
  for (const { name, description, columns } of sqlViews) {
    const section = page.split(`### \`${name}\`\n`)[1]?.split(/\n##/)[0] ?? "";
    expect(section).toContain(description);
    const rows = Array.from(section.matchAll(/^\| `(\w+)`\s*\| `([^`]+)`\s*\|/gm), ([, column, type]) => ({ name: column, type }));
    expect(rows, name).toEqual(columns.map((column) => ({ name: column.name, type: column.type })));
  }
  const missing = Object.values(sqlFunctions)
    .flat()
    .filter((name) => !page.includes(`\`${name}\``));
  expect(missing).toEqual([]);
  for (const { query } of sqlExamples) expect(page).toContain(query);
});
