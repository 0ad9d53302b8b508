import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { type Home, temporaryHome } from '../home.ts';
import { cli, hook } from './run.ts';
import { append, request, toolEvent, transcriptPath } from '../lines.ts';

export interface Document {
  isSound: boolean;
  findings: Finding[];
  hookRuns: { command: string; requests: number; durationMs: number }[];
}

/** A machine without problems: the hooks are registered, and have recorded one event. */
export function soundHome(): Home {
  const home = temporaryHome();
  expect(cli(home, ['init', '--yes'])).toMatchObject({ status: 0 });
  const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
  expect(hook(home, toolEvent('s1', path)).status).toBe(0);
  return home;
}

export function settingsPath(home: Home): string {
  return join(home.folder, '.claude/settings.json');
}

/** Changes Claude Code's settings. */
export function editSettings(home: Home, edit: (text: string) => string): void {
  const path = settingsPath(home);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
}

export function put(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** The JSON document of `doctor`, after checking that its exit code matches. */
export function doctor(home: Home, options: Parameters<typeof cli>[2] = {}): Document {
  const { status, stdout, stderr } = cli(home, ['doctor', '--json'], options);
  expect(stderr).toBe('');
  const document = JSON.parse(stdout) as Document;
  const faults = document.findings.filter(({ state }) => state === 'fail');
  expect({ status, isSound: document.isSound }).toEqual({
    status: faults.length === 0 ? 0 : 1,
    isSound: faults.length === 0,
  });
  for (const { impact, fix } of faults)
    expect([impact, fix]).toEqual([expect.any(String), expect.any(String)]);
  return document;
}

/** The findings that failed, with placeholders for this machine's folder and Node. */
export function faultsOf({ findings }: Document, home: Home): string[] {
  const plain = (text: string | null): string =>
    (text ?? '').replaceAll(home.folder, '~').replaceAll(process.execPath, 'NODE');
  return findings
    .filter(({ state }) => state === 'fail')
    .map(({ check, message, fix }) => `${check}: ${plain(message)} | ${plain(fix)}`);
}
