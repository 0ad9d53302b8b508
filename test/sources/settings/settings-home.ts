import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import {
  planRegistration,
  planRemoval,
  applyRegistration,
  applyRemoval,
  userSettingsPaths,
} from '../../../src/sources/settings/client-settings.ts';
import { installRecordPath } from '../../../src/sources/settings/install-record.ts';

export const COMMAND = "'/opt/my node/bin/node' /x/dist/hooks/record.cjs";
export const MOVED = '/new/node /x/dist/hooks/record.cjs';
export const NOW = new Date('2026-11-21T23:15:00.123Z');
export const BACKUP = 'settings.json.tallyhook-backup-20261121T231500Z';

/** A home folder for each test, gone after it. */
export let home: string;
export let path: string;
export let recordPath: string;

/** Gives each test of a file such a home. */
export function provideHomes(): void {
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'tallyhook-settings-'));
    [path = ''] = userSettingsPaths({ HOME: home });
    recordPath = installRecordPath({ HOME: home });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
}

export function init(command = COMMAND) {
  return applyRegistration(planRegistration(path, command), recordPath, NOW);
}

export function uninstall() {
  const removal = planRemoval(path, recordPath);
  return { kind: removal.kind, backup: applyRemoval(removal, recordPath, NOW) };
}

export function given(text: string | Uint8Array, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

export function read() {
  return readFileSync(path, 'utf8');
}

/** Names in the settings' folder. */
export function siblings() {
  return readdirSync(dirname(path)).toSorted();
}

export function modeOf(file: string) {
  return (statSync(file).mode & 0o777).toString(8);
}
