import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ServerInfo } from "@telltale/model/api";
import { Sparkles, Trash2 } from "lucide-react";
import { call } from "../api/client.ts";
import { serverQuery } from "../api/queries.ts";
import { Button } from "../components/Button.tsx";
import { toast, toastError } from "../components/toast.tsx";

/** Loads the demo project, or removes it: one click either way. */
export function DemoSwitch({ onRemoved }: { onRemoved: () => void }) {
  const server = useQuery(serverQuery);
  const client = useQueryClient();
  const demo = server.data?.demo;
  const change = useMutation({
    mutationFn: (method: "POST" | "DELETE") => call<ServerInfo["demo"]>("/demo", { method }),
    onSuccess: async (_answer, method) => {
      toast(method === "DELETE" ? "The demo project is removed" : "The demo project is being written");
      if (method === "DELETE") onRemoved();
      await client.invalidateQueries();
    },
    onError: toastError,
  });
  if (demo === undefined) return null;
  const isBusy = change.isPending || demo.state === "creating" || demo.state === "removing";
  const isPresent = demo.state === "present" || demo.state === "removing";
  return (
    <Button variant="ghost" className="w-full justify-start! px-2! font-normal!" disabled={isBusy} onClick={() => change.mutate(isPresent ? "DELETE" : "POST")}>
      {isPresent ? <Trash2 /> : <Sparkles />}
      {demo.state === "creating"
        ? `Writing the demo project, ${Math.round(demo.progress * 100)}%`
        : isPresent
          ? "Remove the demo project"
          : "Load the demo project"}
    </Button>
  );
}
