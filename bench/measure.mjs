import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** An environment in which Node starts as it does for most users: without extra certificates. */
export function benchEnvironment(extra) {
  const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env;
  return { ...env, ...extra };
}

/**
 * Runs a command once, as a whole process.
 * @returns wall-clock and CPU milliseconds, as the shell measures them for the finished process
 */
export function timeProcess(command, env, input) {
  const script = `TIMEFORMAT='%3R %3U %3S'; time ${command} <"$BENCH_INPUT"`;
  const run = spawnSync('bash', ['-c', script], {
    env: { ...env, BENCH_INPUT: input },
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`${command}: ${run.stderr}`);
  const [wall, user, system] = run.stderr.trim().split(' ').map(Number);
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function statistics(values) {
  const round = (value) => Math.round(value * 10) / 10;
  return {
    median: round(quantile(values, 0.5)),
    p95: round(quantile(values, 0.95)),
    min: round(Math.min(...values)),
  };
}

/** A row for each side; `times` has the times of all runs by name, including `node -e 0`. */
export function besideBare(times) {
  const bare = times['node -e 0'];
  return Object.entries(times).map(([name, runs]) => {
    const wall = statistics(runs.map((run) => run.wallMs));
    const cpu = statistics(runs.map((run) => run.cpuMs));
    const added = statistics(runs.map((run, index) => run.wallMs - bare[index].wallMs));
    const addedCpu = statistics(runs.map((run, index) => run.cpuMs - bare[index].cpuMs));
    return {
      name,
      'wall median': wall.median,
      'wall p95': wall.p95,
      'CPU median': cpu.median,
      'CPU p95': cpu.p95,
      'wall over bare': added.median,
      'CPU over bare': addedCpu.median,
    };
  });
}

export function record(name, result) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  const line = JSON.stringify({ name, commit, machine, at: new Date().toISOString(), ...result });
  appendFileSync(`${root}bench/results.jsonl`, `${line}\n`);
}

export function printTable(rows) {
  console.table(Object.fromEntries(rows.map(({ name, ...rest }) => [name, rest])));
}
