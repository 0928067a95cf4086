import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "./dev/precompress.ts";

/** `TELLTALE_URL` names the server that `vite` (development) forwards the API to. */
const apiUrl = process.env["TELLTALE_URL"] ?? "http://127.0.0.1:4700";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), precompress()],
  server: { proxy: { "/api": { target: apiUrl, changeOrigin: true } } },
  build: {
    target: "es2023",
    // A strict Content-Security-Policy allows no data: fonts or scripts; small files stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    // What the app starts with is one file: what the pages share of it would else make eight of them, each asked for by itself.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "app", tags: ["$initial"] }] } } },
  },
});
