import type { Convention } from "./convention.ts";
import { family } from "./keys.ts";
import { text } from "./values.ts";

/** Model Context Protocol spans. `mcp.session.id` is a connection, not a user's session. */
export const mcp: Convention = {
  name: "mcp",
  summary: "MCP clients and servers (mcp.method.name).",
  families: family.mcp,
  recognises: (raw) => raw.attributes.has("mcp.method.name"),
  kind: (raw) => (text(raw.attributes.get("mcp.method.name")) === "tools/call" ? "TOOL" : "CHAIN"),
  read: (raw, span) => {
    if (span.kind === "TOOL") span.toolName ||= text(raw.attributes.get("gen_ai.tool.name"));
  },
};
