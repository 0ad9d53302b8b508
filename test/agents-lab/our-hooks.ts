import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { AgentInstaller } from '../../src/agents/installer.ts';
import { setupOf } from '../../src/agents/registry.ts';
import { shellCommand } from '../../src/agents/shared/own-command.ts';
import { openTextFile } from '../../src/sources/files/text.ts';
import { applyAgentEdit, planAgentHooks } from '../../src/sources/settings/agent-files.ts';
import { cliFile } from '../helpers/program/run.ts';

export interface HookOptions {
  /** Registers the hooks of budgets too. */
  isEnforcing: boolean;
  /** Another executable than the one that `init` registers. */
  hook?: string;
}

/** Our hooks in an agent's own files below a home folder, installed and removed by the commands for it. */
export class OurHooks {
  readonly #name: string;
  readonly #installer: AgentInstaller;
  readonly #env: Record<string, string>;
  readonly #home: string;

  constructor(name: string, home: string) {
    const setup = setupOf(name);
    if (setup === null) throw new Error(`no installer for ${name}`);
    this.#name = name;
    this.#installer = setup.installer;
    this.#env = { HOME: home };
    this.#home = home;
  }

  /** The agent's files that we edit, as they are; null for one that does not exist. */
  texts(): Record<string, string | null> {
    const paths = this.#installer.files({ home: this.#home, env: this.#env });
    return Object.fromEntries(paths.map((path) => [path, openTextFile(path).text]));
  }

  install({ isEnforcing, hook }: HookOptions): void {
    if (hook === undefined) {
      this.#run('init', '--yes', '--no-import', ...(isEnforcing ? ['--budgets'] : []));
      return;
    }
    const command = shellCommand([process.execPath, hook, '--agent', this.#name]);
    const record = join(this.#home, '.local/share/tallyhook/install.json');
    const { edits } = planAgentHooks(this.#installer, this.#env, command, { isEnforcing });
    for (const edit of edits) applyAgentEdit(edit, record, new Date());
  }

  uninstall(): void {
    this.#run('uninstall');
  }

  #run(...args: string[]): void {
    const env = { PATH: process.env['PATH'] ?? '', ...this.#env };
    const all = [cliFile, ...args, '--agent', this.#name];
    execFileSync(process.execPath, all, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
