import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { parseStatusline } from '../agents/claude-code/statusline-command.ts';
import { type Finding, failure, ok } from '../core/finding.ts';
import { toErrorMessage } from '../core/lang/message-of.ts';
import { packageFolder } from '../sources/machine/paths.ts';
import { type SqliteProgram, sqliteProgram } from '../store/connection/sqlite.ts';
import type { DoctorContext } from './context.ts';

const INIT = 'tallyhook init';

/** Files that registered commands and the status line name: are they there, may they be run. */
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
    // Without a runner the file itself is what is run.
    const isRun = runner === undefined;
    const mode = isRun ? constants.X_OK : constants.R_OK;
    return [...ofRunner, ...checkFile(where, file, mode, isRun ? 'run' : 'read')];
  });
}

/** A name without a folder is the shell's to find, which running it shows. */
function checkFile(where: string, path: string, mode: number, verb: string): Finding[] {
  if (!isAbsolute(path)) return [];
  const means = 'The client runs nothing at these events, and may say so at each of them.';
  if (!existsSync(path)) {
    return [failure('paths', `${where} names ${path}, which is not there`, means, INIT)];
  }
  try {
    accessSync(path, mode);
    if (!statSync(path).isDirectory()) return [];
    return [failure('paths', `${where} names ${path}, which is a folder`, means, INIT)];
  } catch {
    const right = mode === constants.X_OK ? 'x' : 'r';
    const found = `${where} names ${path}, which may not be ${verb === 'run' ? 'run' : 'read'}`;
    return [failure('paths', found, means, `chmod a+${right} ${path}`)];
  }
}

/** Every Node that runs something of ours: this one, and those that settings name. */
export function checkNodes(place: DoctorContext): Finding[] {
  const wanted = wantedNode();
  const versions = new Map([[process.execPath, process.version]]);
  for (const runner of hookBinaries(place)) {
    if (!versions.has(runner)) versions.set(runner, readVersion(runner) ?? '');
  }
  const findings = [...versions].flatMap(([path, version]): Finding[] => {
    // One that does not start is what running the hook shows.
    if (version === '' || !isOlder(version, wanted)) return [];
    const means = 'The hook can fail there, and then nothing is recorded.';
    const mend = `Install Node ${wanted} or later, and run tallyhook init with it`;
    return [failure('node', `${path} is Node ${version}; ${wanted} is needed`, means, mend)];
  });
  if (findings.length > 0) return findings;
  const all = [...new Set([...versions.values()].filter((version) => version !== ''))];
  return [ok('node', `${all.join(', ')} (${wanted} or later is needed)`)];
}

/** The SQLite addon, in a process of its own for each Node: it is made for some of them. */
export function checkAddon(place: DoctorContext): Finding[] {
  const runners = [...new Set([process.execPath, ...hookBinaries(place)])];
  const faults = runners.flatMap((runner): Finding[] => {
    const version = runner === process.execPath ? process.version : readVersion(runner);
    // A runner that is no Node, or is not there, has a finding of its own.
    const problem = version === null ? null : addonProblem(runner, version);
    if (problem === null) return [];
    const means =
      'Hooks can not write the ledger: what they read waits in the spool, without a word to the client.';
    return [failure('addon', problem.found, means, problem.mend)];
  });
  return faults.length > 0 ? faults : [ok('addon', 'SQLite loads in a process of its own')];
}

function addonProblem(runner: string, version: string): { found: string; mend: string } | null {
  const again = `cd ${installFolder()} && npm`;
  let program: SqliteProgram;
  try {
    program = sqliteProgram(version);
  } catch (error) {
    const found = `the SQLite addon for Node ${version} is missing: ${firstLine(toErrorMessage(error))}`;
    const mend = `${again} install --include=optional --foreground-scripts (with a C++ compiler and Python)`;
    return { found, mend };
  }
  const { kind, path } = program;
  const mend = `${again} rebuild better-sqlite3 --foreground-scripts, with ${runner} first on PATH`;
  if (!existsSync(path)) {
    return { found: `the SQLite addon for Node ${version} is missing: ${path} is not there`, mend };
  }
  const name = JSON.stringify(path);
  const script =
    kind === 'addon'
      ? `process.dlopen({exports:{}},${name})`
      : `new(require(${name}))(':memory:').close()`;
  const { status, stderr, error } = spawnSync(runner, ['-e', script], { encoding: 'utf8' });
  if (status === 0 || error !== undefined) return null;
  return { found: `Node ${version} can't load ${path}: ${loadFailure(stderr)}`, mend };
}

/** Where npm has installed tallyhook into; of a checkout itself. */
function installFolder(): string {
  const folder = packageFolder();
  return basename(dirname(folder)) === 'node_modules' ? dirname(dirname(folder)) : folder;
}

/** Programs that settings and plugins start our hooks with. */
function hookBinaries({ registration, env }: DoctorContext): string[] {
  const found = registration.hooks.flatMap(({ program, pluginRoot }) => {
    const runner = program.length > 1 ? program[0] : pluginRoot === null ? undefined : 'node';
    return runner === undefined ? [] : [isAbsolute(runner) ? runner : onPath(runner, env['PATH'])];
  });
  return [...new Set(found.filter((path) => path !== null))];
}

function onPath(name: string, path = ''): string | null {
  const candidates = path.split(delimiter).map((folder) => join(folder, name));
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

/** Null for a program that is no Node. */
function readVersion(runner: string): string | null {
  const { stdout } = spawnSync(runner, ['--version'], { encoding: 'utf8', timeout: 5000 });
  return /^v\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0] ?? null;
}

/** As package.json has it. */
function wantedNode(): string {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  const { engines } = JSON.parse(text) as { engines: { node: string } };
  return engines.node.replace('>=', '');
}

function isOlder(version: string, wanted: string): boolean {
  const [a, b] = [version, wanted].map((text) => text.replace('v', '').split('.').map(Number));
  for (const [index, want] of (b ?? []).entries()) {
    const have = a?.[index] ?? 0;
    if (have !== want) return have < want;
  }
  return false;
}

/** What Node says of an addon that it can't load, in a line. */
function loadFailure(stderr: string): string {
  const [first, second] = [...stderr.matchAll(/NODE_MODULE_VERSION (\d+)/g)].map(([, n]) => n);
  if (first !== undefined && second !== undefined) {
    return `it was compiled for another Node (module version ${first}, this one takes ${second})`;
  }
  return firstLine(/^.*Error: (.*)/m.exec(stderr)?.[1] ?? stderr);
}

function firstLine(text: string): string {
  return text.trim().split('\n').slice(0, 2).join(' ');
}
