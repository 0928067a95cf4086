import { useQuery } from "@tanstack/react-query";
import type { SessionSummary } from "@telltale/model/api";
import { Plus } from "lucide-react";
import { useState } from "react";
import { labelSchemasQuery } from "../../api/label-schemas.ts";
import { Button } from "../../components/Button.tsx";
import { AssessmentForm } from "../trace/AssessmentForm.tsx";

/** Says something of the session as a whole. It is kept with its last trace and shown there. */
export function SessionFeedback({ summary }: { summary: SessionSummary }) {
  const [isOpen, setOpen] = useState(false);
  const schemas = useQuery({ ...labelSchemasQuery(summary.project_id), enabled: isOpen });
  if (!isOpen || schemas.isPending)
    return (
      <Button size="sm" className="mt-2" disabled={isOpen} onClick={() => setOpen(true)}>
        <Plus /> Feedback on the session
      </Button>
    );
  return (
    <div className="mt-2">
      <AssessmentForm
        traceId={summary.last_trace_id}
        spanId={undefined}
        sessionId={summary.session}
        schemas={schemas.data ?? []}
        onDone={() => setOpen(false)}
      />
    </div>
  );
}
