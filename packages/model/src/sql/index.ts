export * from "./views.ts";
export * from "./functions.ts";
