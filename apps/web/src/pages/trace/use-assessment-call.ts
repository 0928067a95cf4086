import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast, toastError } from "../../components/toast.tsx";

/** A change of feedback: afterwards the trace, its session and the lists are read again. */
export function useAssessmentCall(traceId: string, run: () => Promise<unknown>, done: string, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      toast(done);
      onDone?.();
      await Promise.all([["trace", traceId], ["session"], ["traces"]].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    onError: toastError,
  });
}
