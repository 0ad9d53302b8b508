import type { RecordJson } from '../core/record/record-json.ts';
import type { LedgerReader } from '../store/reader.ts';
import type { RequestReader } from '../store/records/request-reader.ts';
import type { Report } from './report.ts';
import { type SummaryRequest, summarize } from './summary.ts';

/** Single requests. `totals` covers all matching requests, including those that are not listed. */
export interface RequestsReport extends Report {
  records: RecordJson[];
}

export async function requestsReport(
  reader: LedgerReader,
  requests: RequestReader,
  request: SummaryRequest,
): Promise<RequestsReport> {
  const report = await summarize(reader, { ...request, by: [], limit: null });
  const records: RecordJson[] = [];
  const limit = request.limit ?? undefined;
  for await (const page of requests.pages(request.filter, request.order ?? 'desc', limit)) {
    records.push(...page.map(({ record }) => record));
  }
  return { ...report, records };
}
