import { TelltaleError } from "@telltale/model";
import { ServerInfo } from "@telltale/model/api";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";

const DemoOut = ServerInfo.shape.demo;

/** Creating is answered at once (202) and removing when it is done; `GET /server` shows how far either is. */
export function demoRoutes(app: TypedApp, { demo }: Pick<NativeDeps, "demo">): void {
  app.post("/demo", { schema: { tags: ["server"], summary: "Create the demo project", response: { 202: DemoOut } } }, async (request, reply) => {
    const { state } = demo.status();
    if (state !== "absent") throw new TelltaleError("already_exists", `The demo project is ${state} already`);
    demo.create().catch((error: unknown) => request.log.error({ err: error }, "the demo project could not be written"));
    return reply.code(202).send(demo.status());
  });

  app.delete("/demo", { schema: { tags: ["server"], summary: "Remove the demo project and everything in it", response: { 200: DemoOut } } }, async () => {
    await demo.remove();
    return demo.status();
  });
}
