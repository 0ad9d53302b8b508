import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Api } from './agent.ts';
import { labFile } from './lab.ts';
import { type SentRequest, readSent } from './sent.ts';

/** A scenario: the name of a file of the lab, or an object in its format. */
export type Scenario = string | ({ api: Api } & Record<string, unknown>);

export interface ScriptedServer {
  url: string;
  api: Api;
  /** What it has sent so far. */
  sent: () => SentRequest[];
  stop: () => void;
}

/**
 * Starts the scripted model API of the lab.
 * @param cwd what `${cwd}` in a scenario stands for
 */
export async function startServer(
  scenario: Scenario,
  cwd: string,
  log: string,
  env: Record<string, string> = {},
): Promise<ScriptedServer> {
  const file = typeof scenario === 'string' ? labFile(`scenarios/${scenario}.json`) : `${log}.json`;
  if (typeof scenario !== 'string') writeFileSync(file, JSON.stringify(scenario));
  const { api } = JSON.parse(readFileSync(file, 'utf8')) as { api: Api };
  const args = [labFile('fake-model-api.mjs'), file, '--cwd', cwd, '--log', log];
  const server = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const { port } = JSON.parse(String(line)) as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    api,
    sent: () => readSent(log),
    stop: () => server.kill(),
  };
}
