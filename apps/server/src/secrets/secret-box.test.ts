import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { masked, openSecretBox, SecretBox } from "./secret-box.ts";

test("a secret opens with its key and purpose only", () => {
  const box = new SecretBox("k");
  const sealed = box.seal("sk-ünïcode", "provider");
  expect(sealed).not.toContain("sk-");
  expect(box.open(sealed, "provider")).toBe("sk-ünïcode");
  expect(box.seal("sk-ünïcode", "provider")).not.toBe(sealed);
  expect(() => box.open(sealed, "webhook")).toThrow("does not open");
  expect(() => new SecretBox("other").open(sealed, "provider")).toThrow("TELLTALE_SECRET_KEY");
  expect(() => box.open(`${sealed.slice(0, -4)}AAAA`, "provider")).toThrow("does not open");
});

test("without a key of the operator one is made, kept for the next start and readable by its owner only", () => {
  const dir = mkdtempSync(join(tmpdir(), "telltale-secrets-"));
  const sealed = openSecretBox(dir, undefined).seal("x", "p");
  expect(openSecretBox(dir, undefined).open(sealed, "p")).toBe("x");
  expect(statSync(join(dir, "secret-key")).mode & 0o077).toBe(0);
  rmSync(dir, { recursive: true });
});

test("a masked key tells which it is, not what it is", () => {
  expect(masked("sk-proj-abcdefgh1234")).toBe("sk-…1234");
  expect(masked("short")).toBe("••••");
});
