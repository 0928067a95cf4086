/**
 * A LIKE pattern of the filter language for the engine: `%` any text, `_` one character, both literal after a backslash.
 * Any other backslash is itself (MLflow's stores have no escape), which the engine only understands doubled.
 */
export function likePattern(pattern: string): string {
  return pattern.replaceAll(/\\([%_\\])?/g, (whole, escaped: string | undefined) => (escaped === undefined ? "\\\\" : whole));
}
