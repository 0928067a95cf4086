import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guardedFetch, isPublic } from "./guarded-fetch.ts";

const server = createServer((request, response) => {
  if (request.url === "/away") response.writeHead(302, { location: "http://169.254.169.254/" });
  response.end("secret");
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "192.168.0.1",
  "172.20.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "::1",
  "fd00::1",
  "fe80::1",
  "::ffff:10.0.0.1",
  "0.0.0.0",
  "224.0.0.1",
])("%s is not public", (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each(["8.8.8.8", "2606:4700:4700::1111"])("%s is public", (address) => {
  expect(isPublic(address)).toBe(true);
});

test.each(["http://127.0.0.1", "http://localhost", "http://[::1]", "http://[::ffff:127.0.0.1]", "http://2130706433", "http://0x7f.1"])(
  "%s is refused, by name and in every spelling of the number",
  async (origin) => {
    const failure: Error = await guardedFetch({ allowPrivate: false })(`${origin}:${port}/`).then(
      () => new Error("it was fetched"),
      (error: Error) => error,
    );
    expect(`${failure.message} ${String(failure.cause)}`).toContain("private network");
  },
);

test("a private address is reached when it is allowed; redirects never are followed", async () => {
  const fetchIt = guardedFetch({ allowPrivate: true });
  expect(await (await fetchIt(`http://127.0.0.1:${port}/`)).text()).toBe("secret");
  await expect(fetchIt(`http://127.0.0.1:${port}/away`)).rejects.toThrow();
  await expect(fetchIt("file:///etc/passwd")).rejects.toThrow("only http and https");
});
