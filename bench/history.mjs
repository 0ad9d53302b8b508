import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder } from './ledgers.mjs';
import { root } from './measure.mjs';

/**
 * A large history of transcripts, created once. BENCH_HISTORY is a folder with projects/ and expected.json;
 * if it is not set, BENCH_MAKE_HISTORY creates one of 1 GB: a script called with (folder, --mb, 1000).
 */
export function history() {
  const folder = process.env.BENCH_HISTORY ?? join(benchFolder, 'history');
  if (!existsSync(join(folder, 'projects'))) {
    const maker = process.env.BENCH_MAKE_HISTORY ?? join(root, '../shared/lab/make-history.mjs');
    if (!existsSync(maker)) throw new Error('no history: set BENCH_HISTORY or BENCH_MAKE_HISTORY');
    console.log('Creating a history of 1 GB ...');
    spawnSync(process.execPath, [maker, folder, '--mb', '1000'], { stdio: 'inherit' });
  }
  const projects = join(folder, 'projects');
  const files = readdirSync(projects, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.jsonl'));
  const megabytes = files.reduce((sum, name) => sum + statSync(join(projects, name)).size, 0) / 1e6;
  return { folder, projects, files: files.length, megabytes };
}
