/** Content moved out of a span into the content-addressed blob store; the span keeps `telltale-blob://<hash>?content_type=…&size=…`. */
export interface MediaBlob {
  /** sha-256, hex. */
  hash: string;
  contentType: string;
  bytes: Uint8Array;
}
