/** What a start needs first, apart from all else of this package so that it is loaded in a moment. */
export { EmbeddedEngine } from "./engine/embedded.ts";
export { type FolderLock, lockFolder } from "./folder-lock.ts";
export { EmbeddedPostgres } from "./metadata/postgres/embedded-postgres.ts";
