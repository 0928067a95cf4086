import { z } from "zod";

/** RFC 3339 UTC with up to nanoseconds, e.g. `2026-11-23T09:00:00.123456789Z`. */
export const Timestamp = z.string();
