import { describe, expect, test } from 'vitest';
import type { RecordJson } from '../../src/core/record/record-json.ts';
import { renderTailLine } from '../../src/render/tail.ts';
import { width } from '../../src/render/text/display-width.ts';
import { styleFor } from '../../src/render/text/style.ts';

const RECORD = {
  occurredAtMs: Date.parse('2026-11-20T10:00:00Z'),
  sessionId: '0a111111-0000',
  agentId: null,
  agentType: null,
  model: 'claude-opus-4-5',
  toolName: 'Bash',
  inputTokens: 123_456,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 20_000,
  isOutputFinal: false,
  costNanoUsd: 500_100_000,
  priceBasis: 'fallback',
} as unknown as RecordJson;

const RECORDS: [string, Partial<RecordJson>][] = [
  ['short names', {}],
  ['long names', { agentType: 'general-purpose-of-mine', toolName: 'mcp__some__long_name' }],
  [
    'wide names',
    { agentType: '日本語のエージェント', toolName: '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', model: '模型'.repeat(9) },
  ],
  ['a high cost', { costNanoUsd: 12_345_678_900_000 }],
  ['a session with hidden characters', { sessionId: '\u202E\u202E\u202E\u202E\u202E' }],
];

function line(over: Partial<RecordJson>, columns: number, totalUsd = 4n): string {
  const style = styleFor({ isTTY: true, columns }, { LC_ALL: 'C.UTF-8' });
  return renderTailLine({ ...RECORD, ...over }, totalUsd * 1_000_000_000n, 0, style);
}

describe('a line of tail', () => {
  test.each(RECORDS)('with %s fits the terminal, whatever the total', (_, over) => {
    for (let columns = 14; columns <= 160; columns++) {
      for (const total of [4n, 123n, 1_234_567n]) {
        const text = line(over, columns, total);
        expect(width(text), `${columns}: ${text}`).toBeLessThanOrEqual(columns);
        expect(text).toContain('$');
        expect(text).not.toMatch(/\p{Cs}/u);
      }
    }
  });

  test.each([80, 81, 90, 99, 100, 119, 120, 160])(
    'of %d columns has all parts, and lines up with the others',
    (columns) => {
      const totals = RECORDS.filter(([name]) => !/cost/.test(name)).map(([, over]) => {
        const text = line(over, columns);
        return width(text.slice(0, text.indexOf('Σ')));
      });
      expect(totals.every((at) => at > 0)).toBe(true);
      expect(new Set(totals).size).toBe(1);
    },
  );

  test('leaves out what matters least where even cut names do not fit', () => {
    const plain = (columns: number): string =>
      // oxlint-disable-next-line no-control-regex -- colours are control characters
      line({}, columns).replace(/\u001B\[\d+m/g, '');
    expect(plain(70)).toBe('10:00:00  0a111111  opus-4-5       123K/≥20K  ~$0.5001  Σ $4.0000');
    expect(plain(40)).toBe('10:00:00  opus-4-5   ~$0.5001');
    expect(plain(20)).toBe('10:00:00  ~$0.5001');
  });
});
