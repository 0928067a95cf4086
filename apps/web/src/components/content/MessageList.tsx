import { clsx } from "clsx";
import { Bot, BrainCircuit, ChevronRight, CornerDownRight, Settings2, User, Wrench, type LucideIcon } from "lucide-react";
import { memo, useState, type ReactNode } from "react";
import { JsonView } from "./JsonView.tsx";
import { isRecord } from "../../api/client.ts";
import { BlobView } from "./BlobView.tsx";
import { readMessage, type ShownMessage, type ShownPart } from "./read-message.ts";
import { TextValue } from "./TextValue.tsx";

interface RoleLook {
  label: string;
  icon: LucideIcon;
  hue: string;
}

const roles: Record<string, RoleLook> = {
  system: { label: "System", icon: Settings2, hue: "plain" },
  developer: { label: "Developer", icon: Settings2, hue: "plain" },
  user: { label: "User", icon: User, hue: "agent" },
  assistant: { label: "Assistant", icon: Bot, hue: "llm" },
  model: { label: "Assistant", icon: Bot, hue: "llm" },
  tool: { label: "Tool", icon: Wrench, hue: "tool" },
};

/** A conversation. System messages start folded: they are long, and the same every time. */
export const MessageList = memo(function MessageList({ messages }: { messages: readonly unknown[] }) {
  return (
    <ol className="flex flex-col gap-2.5">
      {messages.map((message, index) => (
        <MessageCard key={index} message={readMessage(message)} />
      ))}
    </ol>
  );
});

export function MessageCard({ message, footer }: { message: ShownMessage; footer?: ReactNode }) {
  const look = roles[message.role] ?? { label: message.role, icon: Bot, hue: "plain" };
  const isSystem = message.role === "system" || message.role === "developer";
  const [open, setOpen] = useState(!isSystem || textLength(message) < 240);
  const Icon = look.icon;
  return (
    <li data-kind={look.hue} className={clsx("overflow-hidden rounded-lg border border-line", message.role === "user" ? "bg-surface" : "bg-canvas")}>
      <div className="flex items-center gap-1.5 px-3 pt-2 text-xs">
        <Icon className="size-3.5 text-kind" aria-hidden />
        <span className="font-medium text-kind">{look.label}</span>
        {message.name === undefined ? null : <span className="text-ink-3">{message.name}</span>}
        {isSystem ? (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="ml-auto flex items-center gap-0.5 rounded-sm px-1 text-ink-3 hover:bg-hover hover:text-ink"
          >
            <ChevronRight className={clsx("size-3 transition-transform", open && "rotate-90")} aria-hidden /> {open ? "Fold" : "Unfold"}
          </button>
        ) : message.finishReason === undefined ? null : (
          <span className="ml-auto text-ink-3">{message.finishReason}</span>
        )}
      </div>
      <div className={clsx("flex flex-col gap-2 px-3 pt-1 pb-2.5", !open && "line-clamp-2 block!")}>
        {message.parts.length === 0 ? <span className="text-ink-3">Empty</span> : null}
        {message.parts.map((part, index) => (
          <PartView key={index} part={part} />
        ))}
        {footer}
      </div>
    </li>
  );
}

function PartView({ part }: { part: ShownPart }) {
  switch (part.kind) {
    case "text":
      return <TextValue text={part.text} className="text-sm leading-relaxed" />;
    case "reasoning":
      return <Reasoning text={part.text} />;
    case "tool_call":
      return (
        <ToolBox icon={Wrench} title={part.name} id={part.id}>
          <Payload value={part.args} />
        </ToolBox>
      );
    case "tool_result":
      return (
        <ToolBox icon={CornerDownRight} title="Result" id={part.id}>
          <Payload value={part.response} />
        </ToolBox>
      );
    case "blob":
      return <BlobView blob={part} />;
    case "link":
      return <SafeLink uri={part.uri} />;
    case "other":
      return <JsonView value={part.value} />;
  }
}

function Reasoning({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="border-l-2 border-line-strong pl-2.5">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex items-center gap-1.5 rounded-sm text-xs text-ink-3 hover:text-ink"
      >
        <BrainCircuit className="size-3.5" aria-hidden /> Reasoning
        <ChevronRight className={clsx("size-3 transition-transform", open && "rotate-90")} aria-hidden />
      </button>
      {open ? <TextValue text={text} className="text-ink-2 italic" /> : null}
    </div>
  );
}

function ToolBox({ icon: Icon, title, id, children }: { icon: LucideIcon; title: string; id: string | undefined; children: ReactNode }) {
  return (
    <div data-kind="tool" className="rounded-md border border-line bg-surface">
      <div className="flex items-center gap-1.5 px-2.5 pt-1.5 text-xs">
        <Icon className="size-3.5 text-kind" aria-hidden />
        <span className="font-mono font-medium">{title}</span>
        {id === undefined ? null : <span className="ml-auto truncate font-mono text-2xs text-ink-3">{id}</span>}
      </div>
      <div className="px-2.5 pt-0.5 pb-2">{children}</div>
    </div>
  );
}

/** JSON as a tree, text as text; JSON inside of text is unpacked. */
export function Payload({ value }: { value: unknown }) {
  const unpacked = typeof value === "string" ? unpack(value) : value;
  if (unpacked === null || unpacked === undefined) return <span className="text-xs text-ink-3">None</span>;
  if (typeof unpacked === "string") return <TextValue text={unpacked} className="text-sm leading-relaxed" />;
  return <JsonView value={unpacked} />;
}

/** Parsing longer text on the way to the screen would be felt. */
const MAX_UNPACK = 1_000_000;

function unpack(text: string): unknown {
  if (text.length > MAX_UNPACK || !/^\s*[[{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) || Array.isArray(value) ? value : text;
  } catch {
    return text; // it only looked like JSON
  }
}

/** Only web addresses are links; anything else (javascript:, data:) is text. */
function SafeLink({ uri }: { uri: string }) {
  if (!/^https?:\/\//i.test(uri)) return <TextValue text={uri} className="font-mono text-xs" />;
  return (
    <a href={uri} target="_blank" rel="noreferrer noopener" className="truncate text-accent-ink underline">
      {uri}
    </a>
  );
}

function textLength(message: ShownMessage): number {
  return message.parts.reduce((total, part) => total + (part.kind === "text" ? part.text.length : 1_000), 0);
}
