import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { parseTelemetry } from '../../agents/claude-code/telemetry.ts';
import { parseJson } from '../../core/lang/json.ts';
import { putClientRequests } from '../../store/client/requests.ts';
import { Problem } from '../http/problem.ts';
import { route } from '../http/route.ts';

/** An exporter sends a few hundred events per request, each of a few kilobytes. */
const MAX_BYTES = 16 * 1024 * 1024;

export const telemetryRoute = route({
  method: 'post',
  path: '/v1/logs',
  summary:
    "Receives Claude Code's OpenTelemetry events (OTLP, http/json); only api_request is stored",
  access: 'ingest',
  query: z.strictObject({}),
  body: {
    maxBytes: MAX_BYTES,
    describe: 'An ExportLogsServiceRequest as JSON',
    schema: z.looseObject({ resourceLogs: z.array(z.looseObject({})) }),
  },
  // An empty ExportLogsServiceResponse reports success.
  answer: z.looseObject({}),
  thread: 'hooks',
  respond: ({ body }, worker) => {
    const requests = parseTelemetry(parseJson(decodeUtf8(body)));
    if (requests === null) {
      const message =
        'the body is not an OTLP export of logs as JSON: set OTEL_EXPORTER_OTLP_LOGS_PROTOCOL to http/json';
      throw new Problem(400, 'bad_body', message);
    }
    if (requests.length === 0) return {};
    return worker.ledger((db) => {
      putClientRequests(db, requests);
      return {};
    });
  },
});

/** Decodes a body; the exporter can be configured to compress it. Empty text for broken gzip data. */
function decodeUtf8(body: Uint8Array): string {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  try {
    const bytes = isGzip ? gunzipSync(body, { maxOutputLength: MAX_BYTES }) : body;
    return new TextDecoder().decode(bytes);
  } catch {
    return '';
  }
}
