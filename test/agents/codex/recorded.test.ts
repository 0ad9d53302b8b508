import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codex } from '../../../src/agents/codex/index.ts';
import { countsOf, expectedRequests, recordsBelow } from '../../helpers/agent-files.ts';
import { readJson, sharedFolder } from '../../helpers/shared.ts';
import { uniqueRecords } from '../shared/unique.ts';

const runs = sharedFolder('real/other-agents/codex');
const forks = sharedFolder('real/codex-forks');

describe.skipIf(runs === null)('recorded runs of Codex', () => {
  test.each(runs === null ? [] : readdirSync(runs))('%s equals what the server sent', (run) => {
    const records = uniqueRecords(recordsBelow('codex', codex.sources, `${runs}/${run}/home`));
    expect(countsOf(records)).toEqual(expectedRequests(`${runs}/${run}/expected.json`));
    expect(records.every(({ claim }) => claim.clientVersion === '0.171.0')).toBe(true);
    expect(records.every(({ claim }) => claim.promptId !== null)).toBe(true);
  });

  test('a subagent belongs to the session that started it', () => {
    const records = recordsBelow('codex', codex.sources, `${runs}/subagent/home`);
    const agents = new Set(records.map(({ claim }) => claim.agentId));
    expect(new Set(records.map(({ claim }) => claim.sessionId)).size).toBe(1);
    expect(new Set(records.map(({ claim }) => claim.promptId)).size).toBe(1);
    expect(agents.size).toBe(2);
  });

  test('events have a session, and the requests of the rollout', () => {
    for (const run of runs === null ? [] : readdirSync(runs)) {
      const path = `${runs}/${run}/events.jsonl`;
      if (!existsSync(path)) continue;
      const usages = [];
      for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
        const parsed = codex.parseEvent(line);
        if (parsed.kind !== 'event') throw new Error(`not an event: ${line}`);
        expect(parsed.event.sessionId).not.toBeNull();
        expect(parsed.event.transcriptPath).toMatch(/\.jsonl$/);
        if (parsed.event.usage !== null) usages.push(parsed.event.usage);
      }
      const records = recordsBelow('codex', codex.sources, `${runs}/${run}/home`);
      for (const usage of usages) {
        const record = records.find(({ messageId }) => messageId === usage.responseId);
        expect(record?.usage).toEqual(usage.parsed.usage);
        expect(record?.modelRaw).toBe(usage.model);
      }
      expect(usages.length).toBeLessThanOrEqual(records.length);
      expect(usages.length).toBeGreaterThan(0);
    }
  });
});

interface Manifest {
  oracle?: { dedupedLastTokens: number };
  scannerOracle?: { dedupedScannerUnits: number };
}

describe.skipIf(forks === null)('forks of Codex before 0.160', () => {
  const countTokens = (family: string) => {
    const home = `${forks}/${family}/codex-home`;
    const records = codex.sources.flatMap((source) =>
      recordsBelow('codex', [{ ...source, folders: () => [home] }], home),
    );
    const sum = { all: 0, scannerUnits: 0, requests: 0 };
    for (const { usage } of uniqueRecords(records)) {
      const input = usage.inputTokens + usage.cacheReadTokens;
      sum.all += input + usage.outputTokens;
      sum.scannerUnits += input + usage.cacheReadTokens + usage.outputTokens;
      sum.requests++;
    }
    return sum;
  };

  test('the copied prefix is counted once', () => {
    const manifest = readJson<Manifest>(`${forks}/live-fork-4d90-52bf/manifest.json`);
    const tokens = countTokens('live-fork-4d90-52bf');
    expect(tokens.scannerUnits).toBe(manifest.scannerOracle?.dedupedScannerUnits);
  });

  test('an archived fork ends at the total of its last line', () => {
    const path = `${forks}/archived-fork-33ce-3869/codex-home/archived_sessions/child.jsonl`;
    const totals = [...readFileSync(path, 'utf8').matchAll(/"total_token_usage":(\{[^}]*\})/g)];
    const last = JSON.parse(totals.at(-1)?.[1] ?? '{}') as { total_tokens: number };
    expect(countTokens('archived-fork-33ce-3869').all).toBe(last.total_tokens);
  });

  test('a child in the archive and its parent among the active sessions', () => {
    expect(countTokens('harness-smoke')).toMatchObject({ all: 17, requests: 2 });
  });
});
