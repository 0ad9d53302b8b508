import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { parseStatusline } from '../agents/claude-code/settings/statusline-command.ts';
import { type Finding, failure, ok } from '../core/finding.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { packageFolder } from '../sources/machine/paths.ts';
import { type SqliteProgram, sqliteProgram } from '../store/connection/sqlite.ts';
import type { DoctorContext } from './context.ts';

const INIT = 'tallyhook init';

/** Checks that the files which registered commands and the status line name exist and can be run. */
export function checkPrograms({ registration }: DoctorContext): Finding[] {
  const lines = registration.files.flatMap(({ path, view }) => {
    const ours = view?.statusLine == null ? null : parseStatusline(view.statusLine);
    return ours === null ? [] : [{ program: ours.program, where: path }];
  });
  const seen = new Set<string>();
  return [...registration.hooks, ...lines].flatMap(({ program, where }) => {
    const key = program.join('\0');
    if (seen.has(key)) return [];
    seen.add(key);
    const [file = '', runner] = program.toReversed();
    const ofRunner = runner === undefined ? [] : checkFile(where, runner, constants.X_OK, 'run');
    // Without a runner the file itself is executed.
    const isRun = runner === undefined;
    const mode = isRun ? constants.X_OK : constants.R_OK;
    return [...ofRunner, ...checkFile(where, file, mode, isRun ? 'run' : 'read')];
  });
}

/** A name without a folder is looked up by the shell; the `hook-run` check tests that. */
function checkFile(where: string, path: string, mode: number, verb: string): Finding[] {
  if (!isAbsolute(path)) return [];
  const impact =
    'Claude Code runs nothing for these events, and may report an error at each of them.';
  if (!existsSync(path)) {
    return [failure('paths', `${where} names ${path}, which does not exist`, impact, INIT)];
  }
  try {
    accessSync(path, mode);
    if (!statSync(path).isDirectory()) return [];
    return [failure('paths', `${where} names ${path}, which is a folder`, impact, INIT)];
  } catch {
    const right = mode === constants.X_OK ? 'x' : 'r';
    const adjective = verb === 'run' ? 'executable' : 'readable';
    const message = `${where} names ${path}, which is not ${adjective}`;
    return [failure('paths', message, impact, `chmod a+${right} ${path}`)];
  }
}

/** Checks the version of every Node that runs tallyhook: this one, and those that settings name. */
export function checkNodes(context: DoctorContext): Finding[] {
  const wanted = wantedNode();
  const versions = new Map([[process.execPath, process.version]]);
  for (const runner of hookBinaries(context)) {
    if (!versions.has(runner)) versions.set(runner, readVersion(runner) ?? '');
  }
  const findings = [...versions].flatMap(([path, version]): Finding[] => {
    // A Node that does not start is reported by the `hook-run` check.
    if (version === '' || !isOlder(version, wanted)) return [];
    const impact = 'The hook can fail with it, and then nothing is recorded.';
    const fix = `Install Node ${wanted} or later, and run tallyhook init with it`;
    return [failure('node', `${path} is Node ${version}; ${wanted} is required`, impact, fix)];
  });
  if (findings.length > 0) return findings;
  const all = [...new Set([...versions.values()].filter((version) => version !== ''))];
  return [ok('node', `${all.join(', ')} (${wanted} or later is required)`)];
}

/** Loads the SQLite addon in a separate process of each Node: it is compiled for specific versions. */
export function checkAddon(context: DoctorContext): Finding[] {
  const runners = [...new Set([process.execPath, ...hookBinaries(context)])];
  const findings = runners.flatMap((runner): Finding[] => {
    const version = runner === process.execPath ? process.version : readVersion(runner);
    // A runner that is missing or is not Node has a finding of its own.
    const problem = version === null ? null : addonProblem(runner, version);
    if (problem === null) return [];
    const impact =
      'Hooks cannot write to the ledger: what they read waits in the spool, and Claude Code shows no error.';
    return [failure('addon', problem.message, impact, problem.fix)];
  });
  return findings.length > 0 ? findings : [ok('addon', 'SQLite loads in a separate process')];
}

function addonProblem(runner: string, version: string): { message: string; fix: string } | null {
  const npm = `cd ${installFolder()} && npm`;
  let program: SqliteProgram;
  try {
    program = sqliteProgram(version);
  } catch (error) {
    const message = `the SQLite addon for Node ${version} is missing: ${firstLine(toErrorMessage(error))}`;
    const fix = `${npm} install --include=optional --foreground-scripts (needs a C++ compiler and Python)`;
    return { message, fix };
  }
  const { kind, path } = program;
  const fix = `${npm} rebuild better-sqlite3 --foreground-scripts, with ${runner} first on PATH`;
  if (!existsSync(path)) {
    const message = `the SQLite addon for Node ${version} is missing: ${path} does not exist`;
    return { message, fix };
  }
  const name = JSON.stringify(path);
  const script =
    kind === 'addon'
      ? `process.dlopen({exports:{}},${name})`
      : `new(require(${name}))(':memory:').close()`;
  const { status, stderr, error } = spawnSync(runner, ['-e', script], { encoding: 'utf8' });
  if (status === 0 || error !== undefined) return null;
  return { message: `Node ${version} can't load ${path}: ${loadFailure(stderr)}`, fix };
}

/** The folder that npm installed tallyhook into; for a checkout, the checkout itself. */
function installFolder(): string {
  const folder = packageFolder();
  return basename(dirname(folder)) === 'node_modules' ? dirname(dirname(folder)) : folder;
}

/** The programs with which settings and plugins start our hooks, as absolute paths. */
function hookBinaries({ registration, env }: DoctorContext): string[] {
  const paths = registration.hooks.flatMap(({ program, pluginRoot }) => {
    const runner = program.length > 1 ? program[0] : pluginRoot === null ? undefined : 'node';
    return runner === undefined ? [] : [isAbsolute(runner) ? runner : onPath(runner, env['PATH'])];
  });
  return [...new Set(paths.filter((path) => path !== null))];
}

function onPath(name: string, path = ''): string | null {
  const candidates = path.split(delimiter).map((folder) => join(folder, name));
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

/** Null for a program that is not Node. */
function readVersion(runner: string): string | null {
  const { stdout } = spawnSync(runner, ['--version'], { encoding: 'utf8', timeout: 5000 });
  return /^v\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0] ?? null;
}

/** The minimum version, from package.json. */
function wantedNode(): string {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  const { engines } = JSON.parse(text) as { engines: { node: string } };
  return engines.node.replace('>=', '');
}

function isOlder(version: string, wanted: string): boolean {
  const [a, b] = [version, wanted].map((text) => text.replace('v', '').split('.').map(Number));
  for (const [index, minimum] of (b ?? []).entries()) {
    const actual = a?.[index] ?? 0;
    if (actual !== minimum) return actual < minimum;
  }
  return false;
}

/** Node's error for an addon that it can't load, as one line. */
function loadFailure(stderr: string): string {
  const [first, second] = [...stderr.matchAll(/NODE_MODULE_VERSION (\d+)/g)].map(([, n]) => n);
  if (first !== undefined && second !== undefined) {
    return `it was compiled for another Node (module version ${first}, this one needs ${second})`;
  }
  return firstLine(/^.*Error: (.*)/m.exec(stderr)?.[1] ?? stderr);
}

function firstLine(text: string): string {
  return text.trim().split('\n').slice(0, 2).join(' ');
}
