import { TelltaleError } from "@telltale/model";

export type OtlpFormat = "protobuf" | "json";

/** The encoding of an OTLP body from its `Content-Type`, parameters ignored; `undefined` for anything else. */
export function otlpFormat(contentType: string | undefined): OtlpFormat | undefined {
  switch ((contentType ?? "").split(";", 1)[0]?.trim().toLowerCase()) {
    case "application/x-protobuf":
    case "application/protobuf":
      return "protobuf";
    case "application/json":
      return "json";
    default:
      return undefined;
  }
}

/** Throws `content_type_unsupported`. */
export function requireOtlpFormat(contentType: string | undefined): OtlpFormat {
  const format = otlpFormat(contentType);
  if (format !== undefined) return format;
  const sent = contentType === undefined ? "no Content-Type" : `Content-Type "${contentType.slice(0, 100)}"`;
  throw new TelltaleError("content_type_unsupported", `OTLP is application/x-protobuf or application/json; the request has ${sent}`);
}
