import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentInstaller } from '../../src/agents/installer.ts';
import { setupOf } from '../../src/agents/registry.ts';
import { shellCommand } from '../../src/agents/shared/own-command.ts';
import {
  applyAgentEdit,
  planAgentHooks,
  planAgentRemoval,
} from '../../src/sources/settings/agent-files.ts';
import { openTextFile } from '../../src/sources/files/text.ts';
import { hookFile } from '../helpers/program/run.ts';

export interface HookOptions {
  /** Registers the hooks of budgets too. */
  isEnforcing: boolean;
  /** The executable; by default the built one. */
  hook?: string;
}

/** Our hooks in an agent's own files below a home folder. */
export class OurHooks {
  readonly #name: string;
  readonly #installer: AgentInstaller;
  readonly #env: Record<string, string>;
  readonly #record: string;

  constructor(name: string, home: string) {
    const setup = setupOf(name);
    if (setup === null) throw new Error(`no installer for ${name}`);
    this.#name = name;
    this.#installer = setup.installer;
    this.#env = { HOME: home };
    this.#record = join(home, '.local/share/tallyhook/install.json');
  }

  /** The agent's files that we edit, as they are; null for one that does not exist. */
  texts(): Record<string, string | null> {
    const { HOME: home = '' } = this.#env;
    const paths = this.#installer.files({ home, env: this.#env });
    return Object.fromEntries(paths.map((path) => [path, openTextFile(path).text]));
  }

  install({ isEnforcing, hook = hookFile }: HookOptions): void {
    const command = shellCommand([process.execPath, hook, '--agent', this.#name]);
    const edits = planAgentHooks(this.#installer, this.#env, command, { isEnforcing });
    for (const edit of edits) applyAgentEdit(edit, this.#record, new Date());
  }

  uninstall(): void {
    for (const { kind, file, after } of planAgentRemoval(
      this.#installer,
      this.#env,
      this.#record,
    )) {
      if (kind === 'nothing') continue;
      if (after === null) rmSync(file.path);
      else writeFileSync(file.path, after);
    }
  }
}
