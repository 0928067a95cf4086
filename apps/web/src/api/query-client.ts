import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client.ts";

const MAX_RETRIES = 2;

/** The one cache of server state; the router starts reads in it before a page's code has arrived. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal will be refused again; only what looks like a passing state is worth a second try.
      retry: (count, error) => count < MAX_RETRIES && (!(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 502),
      refetchOnWindowFocus: false,
      // JSON of 20 MB must not be compared field by field with what was there before.
      structuralSharing: false,
    },
  },
});
