import { TelltaleError } from "@telltale/model";
import { z } from "zod";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";

const BlobParams = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits") });

/** What a browser may show in place. Everything else (SVG and HTML above all: they run scripts) is only offered for download. */
const INLINE_TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

export function blobRoutes(app: TypedApp, { blobs }: Pick<NativeDeps, "blobs">): void {
  app.get("/blobs/:hash", { schema: { tags: ["traces"], summary: "Content that was moved out of a span", params: BlobParams } }, async (request, reply) => {
    const { hash } = request.params;
    const blob = await blobs.open(hash);
    if (blob === undefined) throw new TelltaleError("not_found", `There is no content with hash ${hash}`);
    const type = safeType(blob.contentType);
    return (
      reply
        .header("content-type", type ?? "application/octet-stream")
        .header("content-length", String(blob.sizeBytes))
        .header("content-disposition", type === undefined ? `attachment; filename="${hash.slice(0, 16)}"` : "inline")
        .header("content-security-policy", "sandbox; default-src 'none'")
        .header("x-content-type-options", "nosniff")
        // Content-addressed: the same hash is the same content for ever.
        .header("cache-control", "private, max-age=31536000, immutable")
        .header("etag", `"${hash}"`)
        .send(blob.stream())
    );
  });
}

/** The type to serve, or `undefined` when it must not be shown in place. Parameters are dropped, text is always UTF-8. */
function safeType(contentType: string): string | undefined {
  const essence = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (essence === "text/plain") return "text/plain; charset=utf-8";
  return INLINE_TYPES.has(essence) || /^audio\/[a-z0-9.+-]{1,60}$/.test(essence) ? essence : undefined;
}
