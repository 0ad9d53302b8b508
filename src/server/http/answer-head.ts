/** The first fields of every answer. */
export function answerHead(atMs: number): { schemaVersion: 1; generatedAt: string } {
  return { schemaVersion: 1, generatedAt: new Date(atMs).toISOString() };
}
