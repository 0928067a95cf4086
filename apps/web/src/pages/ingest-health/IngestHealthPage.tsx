export function IngestHealthPage() {
  return null;
}
