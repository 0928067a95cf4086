export * from "./ast.ts";
