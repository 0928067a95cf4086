import type { Tile } from "@telltale/model/api";
import { Copy, GripVertical, Pencil, Trash2 } from "lucide-react";
import type { KeyboardEvent, PointerEvent } from "react";
import { IconButton } from "../../components/Button.tsx";
import { Menu, MenuItem } from "../../components/Menu.tsx";

export interface TileActionsProps {
  tile: Tile;
  name: string;
  onEdit: () => void;
  onDuplicate: () => void;
  onRemove: () => void;
  onKey: (event: KeyboardEvent) => void;
  onBlur: () => void;
  onPointer: ((event: PointerEvent) => void) | undefined;
}

/** Columns below which the title would have no room beside all buttons. */
const NARROW = 4;

/** What can be done with a tile while the dashboard is edited. */
export function TileActions({ tile, name, onEdit, onDuplicate, onRemove, onKey, onBlur, onPointer }: TileActionsProps) {
  return (
    <>
      {tile.layout.w < NARROW ? (
        <Menu
          label={`Change ${name}`}
          trigger={
            <IconButton label={`Change ${name}`} size="sm">
              <Pencil />
            </IconButton>
          }
        >
          <MenuItem icon={Pencil} onSelect={onEdit}>
            Edit
          </MenuItem>
          <MenuItem icon={Copy} onSelect={onDuplicate}>
            Duplicate
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={onRemove}>
            Remove
          </MenuItem>
        </Menu>
      ) : (
        <>
          <IconButton label={`Edit ${name}`} size="sm" onClick={onEdit}>
            <Pencil />
          </IconButton>
          <IconButton label={`Duplicate ${name}`} size="sm" onClick={onDuplicate}>
            <Copy />
          </IconButton>
          <IconButton label={`Remove ${name}`} size="sm" onClick={onRemove}>
            <Trash2 />
          </IconButton>
        </>
      )}
      <IconButton
        label={`Move ${name}`}
        size="sm"
        aria-describedby="tile-keys"
        data-move={tile.id}
        className="cursor-grab touch-none active:cursor-grabbing"
        onKeyDown={onKey}
        onBlur={onBlur}
        onPointerDown={onPointer}
      >
        <GripVertical />
      </IconButton>
    </>
  );
}
