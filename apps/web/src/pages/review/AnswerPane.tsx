import type { ReviewQueueOut } from "@telltale/model/api";
import { ArrowLeft, ArrowRight, SkipForward, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/Button.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { AnswerForm } from "./AnswerForm.tsx";
import { JudgeOpinion } from "./JudgeOpinion.tsx";
import { QuestionSteps } from "./QuestionSteps.tsx";
import { ReviewProgress } from "./ReviewProgress.tsx";
import type { Labelling } from "./use-labelling.ts";

/** The question beside the trace, what the scorer said when one has answered, and the way on and back. */
export function AnswerPane({ queue, reviewer, labelling }: { queue: ReviewQueueOut; reviewer: string; labelling: Labelling }) {
  const { current } = labelling;
  // Until one has answered, or asks for it: of this trace only.
  const [revealed, setRevealed] = useState<{ traceId: string; isShown: boolean } | undefined>();
  const isShown = current !== undefined && (revealed?.traceId === current.traceId ? revealed.isShown : current.state === "done");
  const toggle = (): void => setRevealed(current === undefined ? undefined : { traceId: current.traceId, isShown: !isShown });
  const [picked, setPicked] = useState<{ traceId: string; name: string } | undefined>();
  const next =
    current === undefined ? undefined : (queue.questions.find(({ name }) => current.state === "done" || !(name in current.said)) ?? queue.questions[0]);
  const question = (picked?.traceId === current?.traceId ? queue.questions.find(({ name }) => name === picked?.name) : undefined) ?? next;
  useHotkeys({
    s: () => labelling.skip(),
    u: () => labelling.undo?.(),
    r: toggle,
    ArrowLeft: () => labelling.back?.(),
    ArrowRight: () => labelling.forward?.(),
  });
  return (
    <aside
      aria-label="Your answer"
      tabIndex={0}
      className="focus-inset flex w-90 shrink-0 flex-col gap-4 overflow-y-auto border-l border-line px-4 py-4 max-md:max-h-[55vh] max-md:w-full max-md:border-t max-md:border-l-0"
    >
      <ReviewProgress queue={queue} className="lg:hidden" />
      {queue.purpose === "interesting" ? (
        <p className="rounded-md bg-sunken px-2.5 py-1.5 text-xs text-pretty text-ink-2">
          Interesting traces: they were picked, not drawn, so what you say of them never enters an estimate.
        </p>
      ) : null}
      {current === undefined || question === undefined ? null : (
        <>
          {queue.questions.length < 2 ? null : (
            <QuestionSteps
              questions={queue.questions}
              shown={question.name}
              said={current.said}
              onPick={(name) => setPicked({ traceId: current.traceId, name })}
            />
          )}
          {current.state === "open" ? null : (
            <p role="status" className="-mb-2 text-xs text-ink-3">
              {current.state === "done" ? "You have answered; another answer replaces it." : "You skipped it; an answer takes it in again."}
            </p>
          )}
          <AnswerForm
            key={`${current.traceId} ${question.name}`}
            question={question}
            said={current.said[question.name]}
            isBusy={labelling.isBusy}
            onAnswer={(value, rationale) => {
              setPicked(undefined);
              labelling.answer(question.name, value, rationale);
            }}
          />
          <JudgeOpinion traceId={current.traceId} name={question.name} isShown={isShown} onToggle={toggle} />
        </>
      )}
      <footer className="mt-auto flex flex-wrap items-center gap-1 border-t border-line pt-3">
        <IconButton label="Back (←)" disabled={labelling.back === undefined} onClick={labelling.back}>
          <ArrowLeft />
        </IconButton>
        <IconButton label="On (→)" disabled={labelling.forward === undefined} onClick={labelling.forward}>
          <ArrowRight />
        </IconButton>
        <Button variant="ghost" disabled={labelling.undo === undefined || labelling.isBusy} onClick={labelling.undo}>
          <Undo2 /> Undo <kbd className="max-md:hidden">u</kbd>
        </Button>
        <Button variant="ghost" disabled={current === undefined || labelling.isBusy} onClick={labelling.skip} className="ml-auto">
          <SkipForward /> Skip <kbd className="max-md:hidden">s</kbd>
        </Button>
        <p className="basis-full text-xs text-ink-3">
          Labelling as {reviewer}
          <span className="max-md:hidden">
            {" "}
            · <kbd>?</kbd> all keys
          </span>
        </p>
      </footer>
    </aside>
  );
}
