import { useCallback, useEffect, useState } from "react";

export interface FullScreen {
  isOn: boolean;
  toggle: () => void;
}

/** The dashboard over everything else of the page, and the page over everything else of the screen where the browser lets it. */
export function useFullScreen(): FullScreen {
  const [isOn, setOn] = useState(false);
  useEffect(() => {
    const onChange = (): void => {
      if (document.fullscreenElement === null) setOn(false);
    };
    document.addEventListener("fullscreenchange", onChange);
    return () => document.removeEventListener("fullscreenchange", onChange);
  }, []);
  const toggle = useCallback(() => {
    if (isOn) {
      setOn(false);
      if (document.fullscreenElement !== null) void document.exitFullscreen();
      return;
    }
    setOn(true);
    // Refused (a frame, a setting): it still fills the window.
    document.documentElement.requestFullscreen?.().catch(() => undefined);
  }, [isOn]);
  return { isOn, toggle };
}
