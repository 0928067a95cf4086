import { lazy, Suspense } from "react";
import { Choices } from "../../components/form.tsx";
import { Skeleton } from "../../components/PanelState.tsx";
import type { ScorerDraft } from "./scorer-draft.ts";

const CodeEditor = lazy(() => import("./CodeEditor.tsx").then((module) => ({ default: module.CodeEditor })));

/** A scorer in JavaScript, for the sandbox. */
export function CodeFields({ draft, onChange }: { draft: ScorerDraft; onChange: (change: Partial<ScorerDraft>) => void }) {
  return (
    <>
      <Choices
        label="Looks at"
        name="code-level"
        value={draft.level}
        options={[
          ["trace", "Traces"],
          ["session", "Conversations"],
        ]}
        onChange={(level) => onChange({ level })}
      />
      <div>
        <Suspense fallback={<Skeleton className="h-72 w-full opacity-60" />}>
          <CodeEditor initial={draft.source} label="Code of the scorer" onChange={(source) => onChange({ source })} />
        </Suspense>
        <p className="mt-1 text-xs text-pretty text-ink-3">
          Returns a boolean, a number, a text or <code className="font-mono">{"{ value, rationale }"}</code>; a list of{" "}
          <code className="font-mono">{"{ name, value }"}</code> gives several scores, <code className="font-mono">null</code> none. It runs in a sandbox: no
          network, no files, one second.
        </p>
      </div>
    </>
  );
}
