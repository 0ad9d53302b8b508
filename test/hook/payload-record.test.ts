import { expect, test } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/index.ts';
import { payloadRecord } from '../../src/hook/payload-record.ts';

const ARRIVED_MS = Date.UTC(2026, 10, 20, 12);
const DAY_MS = 86_400_000;

function timesOf(timestamp: string | undefined): [at: number, stated: number | null | undefined] {
  const text = JSON.stringify({
    hook_event_name: 'PostToolUse',
    session_id: 's',
    timestamp,
    usage: { input_tokens: 5, output_tokens: 5 },
    model: 'claude-opus-4-8',
  });
  const parsed = claudeCode.parseEvent(text);
  if (parsed.kind !== 'event' || parsed.event.usage === null) throw new Error('not a payload');
  const facts = { client: 'claude-code', text, arrivedAtMs: ARRIVED_MS };
  const record = payloadRecord(parsed.event, parsed.event.usage, facts);
  return [record.occurredAtMs, record.statedAtMs];
}

test.each([
  ['none', undefined, [ARRIVED_MS, null]],
  ['earlier', '2026-11-19T12:00:00Z', [ARRIVED_MS - DAY_MS, null]],
  ['a day ahead', '2026-11-21T12:00:00Z', [ARRIVED_MS + DAY_MS, null]],
  ['more than a day ahead', '2026-11-21T12:00:00.001Z', [ARRIVED_MS, ARRIVED_MS + DAY_MS + 1]],
  ['in another century', '2199-01-01T00:00:00Z', [ARRIVED_MS, Date.UTC(2199, 0)]],
])('the time of a payload: %s', (_, timestamp, expected) => {
  expect(timesOf(timestamp)).toEqual(expected);
});
