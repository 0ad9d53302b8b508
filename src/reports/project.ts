import type { LedgerReader } from '../store/reader.ts';
import type { SessionReader } from '../store/sessions/reader.ts';
import type { Group, Report } from './report.ts';
import { type SummaryRequest, summarize } from './summary.ts';

/** One project: its groups, and the same total by model. */
export interface ProjectReport extends Report {
  project: { name: string; root: string };
  byModel: Group[];
}

export async function projectReport(
  reader: LedgerReader,
  request: SummaryRequest,
  project: { name: string; root: string },
  sessions: SessionReader,
): Promise<ProjectReport> {
  const report = await summarize(reader, request, sessions);
  const models: SummaryRequest = { ...request, by: ['model'], limit: null, hasBreakdown: false };
  const byModel = (await summarize(reader, { ...models, order: null })).groups;
  return { ...report, project: { name: project.name, root: project.root }, byModel };
}
