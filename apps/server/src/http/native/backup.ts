import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";

/** Bytes of all files in the archive, before compression: the archive's own length is not known when it begins. */
export const BACKUP_BYTES_HEADER = "telltale-backup-bytes";

/** POST, although it changes nothing for readers: a page of another origin must not start one, and no link can. */
export function backupRoutes(app: TypedApp, { backup, now }: Pick<NativeDeps, "backup" | "now">): void {
  app.post(
    "/backup",
    { schema: { tags: ["server"], summary: "A backup of the running server, as a .tar.gz that `telltale restore` reads" } },
    async (_request, reply) => {
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      if (reply.raw.destroyed) gone.abort();
      const { archive, bytes } = await backup.start(gone.signal);
      const day = new Date(now()).toISOString().slice(0, 10);
      return reply
        .header("content-type", "application/gzip")
        .header("content-disposition", `attachment; filename="telltale-${day}.tar.gz"`)
        .header("cache-control", "no-store")
        .header(BACKUP_BYTES_HEADER, String(bytes))
        .send(archive);
    },
  );
}
