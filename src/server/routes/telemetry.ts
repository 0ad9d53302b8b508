import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { parseTelemetry } from '../../agents/claude-code/telemetry.ts';
import { parseJson } from '../../core/lang/json.ts';
import { putClientRequests } from '../../store/client/requests.ts';
import { Problem } from '../http/problem.ts';
import { route } from '../http/route.ts';

/** An exporter sends a few hundred events at once, each of a few kilobytes. */
const MAX_BYTES = 16 * 1024 * 1024;

export const telemetryRoute = route({
  method: 'post',
  path: '/v1/logs',
  summary: "Claude Code's OpenTelemetry events (OTLP, http/json): of them api_request is kept",
  access: 'ingest',
  query: z.strictObject({}),
  body: {
    maxBytes: MAX_BYTES,
    describe: 'An ExportLogsServiceRequest as JSON',
    schema: z.looseObject({ resourceLogs: z.array(z.looseObject({})) }),
  },
  // An ExportLogsServiceResponse that tells of no failure.
  answer: z.looseObject({}),
  thread: 'hooks',
  respond: ({ body }, worker) => {
    const requests = parseTelemetry(parseJson(decodeUtf8(body)));
    if (requests === null) {
      const message =
        'that is no export of logs as JSON: OTEL_EXPORTER_OTLP_LOGS_PROTOCOL is http/json';
      throw new Problem(400, 'bad_body', message);
    }
    if (requests.length === 0) return {};
    return worker.ledger((db) => {
      putClientRequests(db, requests);
      return {};
    });
  },
});

/** As the exporter compresses it where it is told to. */
function decodeUtf8(body: Uint8Array): string {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  try {
    const bytes = isGzip ? gunzipSync(body, { maxOutputLength: MAX_BYTES }) : body;
    return new TextDecoder().decode(bytes);
  } catch {
    return '';
  }
}
