import {
  Activity,
  BadgeCheck,
  BookOpen,
  CircleDollarSign,
  ClipboardCheck,
  Gavel,
  ListChecks,
  LayoutDashboard,
  LayoutGrid,
  ListTree,
  MessagesSquare,
  Server,
  SquareTerminal,
  Tags,
  Target,
  Users,
  type LucideIcon,
} from "lucide-react";

/** A page of the sidebar, the palette and the `g` keys: one line each. */
export interface PageEntry {
  label: string;
  to:
    | "/"
    | "/traces"
    | "/sessions"
    | "/users"
    | "/slos"
    | "/sql"
    | "/dashboards"
    | "/cost"
    | "/scorers"
    | "/quality"
    | "/review"
    | "/settings/prices"
    | "/settings/providers"
    | "/settings/labels"
    | "/settings/ingest"
    | "/docs";
  icon: LucideIcon;
  /** Pressed after `g`. */
  key: string;
  group: "Monitor" | "Settings" | "Help";
}

export const pages: readonly PageEntry[] = [
  { label: "Overview", to: "/", icon: LayoutDashboard, key: "o", group: "Monitor" },
  { label: "Traces", to: "/traces", icon: ListTree, key: "t", group: "Monitor" },
  { label: "Sessions", to: "/sessions", icon: MessagesSquare, key: "s", group: "Monitor" },
  { label: "Users", to: "/users", icon: Users, key: "u", group: "Monitor" },
  { label: "Quality", to: "/quality", icon: BadgeCheck, key: "a", group: "Monitor" },
  { label: "Scorers", to: "/scorers", icon: Gavel, key: "e", group: "Monitor" },
  { label: "Review", to: "/review", icon: ClipboardCheck, key: "r", group: "Monitor" },
  { label: "SLOs", to: "/slos", icon: Target, key: "l", group: "Monitor" },
  { label: "Dashboards", to: "/dashboards", icon: LayoutGrid, key: "b", group: "Monitor" },
  { label: "Cost", to: "/cost", icon: CircleDollarSign, key: "c", group: "Monitor" },
  { label: "SQL", to: "/sql", icon: SquareTerminal, key: "q", group: "Monitor" },
  { label: "Prices", to: "/settings/prices", icon: Tags, key: "p", group: "Settings" },
  { label: "Providers", to: "/settings/providers", icon: Server, key: "m", group: "Settings" },
  { label: "Label schemas", to: "/settings/labels", icon: ListChecks, key: "i", group: "Settings" },
  { label: "Ingest health", to: "/settings/ingest", icon: Activity, key: "h", group: "Settings" },
  { label: "Docs", to: "/docs", icon: BookOpen, key: "d", group: "Help" },
];
