import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { ExpectedRequest } from './agent-files.ts';
import type { AgentRun } from './agent-runs.ts';
import { type Home, temporaryHome } from './home.ts';

/** The home folder that the recordings name. */
const RECORDED_HOME = '/home/user/';

/** A recorded run in a home folder of its own, and its events with this folder's paths. */
export interface PlacedRun {
  home: Home;
  events: string[];
}

export function placeRun(agent: string, run: AgentRun): PlacedRun {
  const home = temporaryHome();
  copyFolder(run.home, home.folder);
  // The user's own settings, which the recording leaves out.
  if (agent === 'droid') {
    const customModels = [{ id: 'custom:lab-0', model: 'lab-model' }];
    writeBelow(home.folder, '.factory/settings.json', JSON.stringify({ customModels }));
  }
  const recorded = run.events.map((text) => text.replaceAll(RECORDED_HOME, `${home.folder}/`));
  const events = recorded.length > 0 ? recorded : eventsOfFiles(agent, home.folder);
  return { home, events };
}

/** What a session's end looks like, for recordings without events. */
function eventsOfFiles(agent: string, folder: string): string[] {
  return filesBelow(folder).flatMap((path) => {
    const session = /([^/]+?)(?:\.messages\.json|\.jsonl)$/.exec(path)?.[1];
    if (session === undefined) return [];
    return [JSON.stringify(endEvent(agent, session, path))];
  });
}

export function endEvent(agent: string, session: string, path: string): object {
  if (agent === 'cline') {
    return {
      hookName: 'TaskComplete',
      taskId: session,
      sessionContext: { rootSessionId: session },
    };
  }
  return { hook_event_name: 'Stop', session_id: session, transcript_path: path };
}

export function writeBelow(folder: string, name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Copies the contents alone: the recordings may not be written to. */
export function copyFolder(from: string, to: string): void {
  for (const path of filesBelow(from)) {
    writeBelow(to, path.slice(from.length + 1), readFileSync(path));
  }
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Every file of a home but the ledger's, with a hash of its contents. */
export function agentFiles(home: Home): Record<string, string> {
  const paths = filesBelow(home.folder).filter((path) => !path.startsWith(`${home.data}/`));
  // SQLite keeps the locks of readers in the -shm, and may leave an empty -wal.
  const kept = paths.filter((path) => !path.endsWith('-shm') && !isEmptyLog(path));
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(kept.map((path) => [path, hash(path)]));
}

function isEmptyLog(path: string): boolean {
  return path.endsWith('-wal') && statSync(path).size === 0;
}

/** The requests of a ledger in the shape of `expected.json`, sorted like `expectedRequests`. */
export function ledgerRequests(ledger: string): ExpectedRequest[] {
  const db = new Database(ledger, { readonly: true });
  try {
    const rows = db
      .prepare(
        `SELECT model_raw AS model, input_tokens AS input, output_tokens AS output,
           cache_read_tokens AS cacheRead,
           cache_write_5m_tokens + cache_write_1h_tokens AS cacheWrite
         FROM cost_records`,
      )
      .all() as ExpectedRequest[];
    return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  } finally {
    db.close();
  }
}
