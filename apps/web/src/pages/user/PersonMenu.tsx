import { useMutation } from "@tanstack/react-query";
import { Download, MoreHorizontal, UserRoundX } from "lucide-react";
import { useState } from "react";
import { exportUser } from "../../api/sessions.ts";
import { IconButton } from "../../components/Button.tsx";
import { downloadBlob } from "../../components/download.ts";
import { Menu, MenuItem } from "../../components/Menu.tsx";
import { toast, toastError } from "../../components/toast.tsx";
import { EraseDialog } from "./EraseDialog.tsx";

/** What can be done with everything of a person. */
export function PersonMenu({ userId, project }: { userId: string; project: string | undefined }) {
  const [isErasing, setErasing] = useState(false);
  const save = useMutation({
    mutationFn: () => exportUser(userId, project),
    onSuccess: ({ file }) => {
      downloadBlob("user-export.tar.gz", file);
      toast("Everything of the user is in the archive");
    },
    onError: toastError,
  });
  return (
    <>
      <Menu
        label="Actions"
        trigger={
          <IconButton label="Export or erase">
            <MoreHorizontal />
          </IconButton>
        }
      >
        <MenuItem icon={Download} disabled={save.isPending} onSelect={() => save.mutate()}>
          {save.isPending ? "Exporting…" : "Export everything"}
        </MenuItem>
        <MenuItem icon={UserRoundX} onSelect={() => setErasing(true)}>
          Erase…
        </MenuItem>
      </Menu>
      {isErasing ? <EraseDialog userId={userId} project={project} onClose={() => setErasing(false)} /> : null}
    </>
  );
}
