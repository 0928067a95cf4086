export { extractLogMedia, extractMedia, type ExtractedMedia, type MediaLimits } from "./extract-media.ts";
export { blobLink, blobOf, markedDimension, vectorMarker } from "./blob-link.ts";
