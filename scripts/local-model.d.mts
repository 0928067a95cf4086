export interface LocalModelFiles {
  /** Entry point of node-llama-cpp. */
  library: string;
  /** The model, in llama.cpp's format. */
  weights: string;
}
export function localModel(): LocalModelFiles | undefined;
export function whyNoLocalModel(): string;
export function installLocalModel(say?: (line: string) => void): string | undefined;
