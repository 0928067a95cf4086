import { createContext } from "react";

/** Opens the menu on narrow screens; undefined where the sidebar is always shown. */
export const ShellContext = createContext<(() => void) | undefined>(undefined);
