import { existsSync } from 'node:fs';
import { UserError } from '../../core/lang/user-error.ts';
import { printable } from '../../core/lang/printable.ts';
import { plural } from '../../render/text/number-format.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { ProjectMerger } from '../../store/ingest/merge-projects.ts';
import { ProjectReader } from '../../store/sessions/projects.ts';
import { currentBudgets, requireWritableLedger } from '../budget/shared.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { findProject } from '../flags/filters.ts';
import { unknownProject } from '../flags/known-values.ts';
import { printLine } from '../session/io.ts';
import { ledgerFlags, openReader } from '../session/ledger.ts';

const positionals = {
  old: { type: 'string', describe: 'The project that was: its folder or its name' },
  new: { type: 'string', describe: 'The project that it is now: its folder or its name' },
} as const;

const flags = {
  undo: {
    type: 'boolean',
    default: false,
    describe: 'Separate a project again that was merged into another',
  },
  ...ledgerFlags,
} as const;

export const projectMergeCommand = defineCommand({
  positionals,
  flags,
  examples: [
    ['tallyhook project merge ~/old/shop ~/work/shop', 'The folder has moved'],
    ['tallyhook project merge --undo ~/old/shop', 'Two projects again'],
  ],
  handler: mergeProjects,
});

async function mergeProjects(args: FlagValues<typeof positionals & typeof flags>): Promise<void> {
  const { old = '', new: target } = args;
  if (args.undo ? target !== undefined : target === undefined) {
    throw new UserError(
      args.undo ? 'project merge --undo needs one project' : 'project merge needs two projects',
      args.undo ? 'Name the one that was merged.' : 'Name the old one, then the new one.',
    );
  }
  const { db } = openReader(args);
  requireWritableLedger(db);
  const projects = new ProjectReader(db);
  if (target === undefined) return separate(db, projects, old);
  const from = await findProject(old, projects);
  if (projects.nameOf(from.root) === null) throw unknownProject(old, projects.allRoots());
  const into = await findProject(target, projects);
  if (projects.nameOf(into.root) === null && !existsSync(into.root)) {
    throw unknownProject(target, projects.allRoots());
  }
  if (from.root === into.root) {
    throw new UserError(`${printable(old)} and ${printable(target)} are one project already`);
  }
  const moved = new ProjectMerger(db).merge(from.root, into);
  // The scopes of budgets follow their projects.
  currentBudgets(db);
  printLine(`${plural(moved, 'request')} of ${from.root} now counted for ${into.root}`);
}

async function separate(db: Ledger, projects: ProjectReader, text: string): Promise<void> {
  const path = (await findProject(text)).root;
  const [root, another] = [...projects.mergedRoots(path), ...projects.mergedRoots(text)];
  if (root === undefined) {
    throw new UserError(
      `project '${printable(text)}' is not merged into another one`,
      'Name the project that was merged: its folder or its name.',
    );
  }
  if (another !== undefined && another !== root) {
    throw new UserError(
      `several merged projects are named '${printable(text)}'`,
      `Use the folder instead: ${root} or ${another}.`,
    );
  }
  const moved = new ProjectMerger(db).undo(root);
  // The scopes of budgets follow their projects.
  currentBudgets(db);
  printLine(`${plural(moved, 'request')} counted for ${root} again`);
}
