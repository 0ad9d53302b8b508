import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { channelEnv } from '../alerts.ts';
import { budget, setBudgets } from '../budgets.ts';
import { type Home, temporaryHome } from '../home.ts';
import { httpReceiver } from '../receivers.ts';
import { spend } from './hook-budgets.ts';
import { cliFile } from './run.ts';

/** A sender as the hook starts it. */
export function startSender(home: Home, env: Record<string, string>) {
  const child = spawn(process.execPath, [cliFile, 'alerts', 'send', '--detached'], {
    env: { ...home.env, ...env },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return { kill: () => child.kill('SIGKILL'), ended };
}

/** A home whose hooks send to a receiver; a dollar a session, and 85 cents of it spent. */
export async function machine(over: Parameters<typeof budget>[0] = {}) {
  const receiver = await httpReceiver();
  const home = temporaryHome();
  Object.assign(home.env, channelEnv('webhook', receiver));
  setBudgets(home.ledger, budget({ action: 'warn', ...over }));
  spend(home, 85);
  onTestFinished(() => killSenders(home));
  return { home, receiver };
}

/** Ends the senders that the hooks of a home have started, as a power cut would. */
export function killSenders({ folder }: Home): void {
  // Elsewhere they end by themselves, when the receiver is back or in five minutes.
  if (!existsSync('/proc/self/environ')) return;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const env = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      const isSender = command.includes('--detached') && env.includes(`HOME=${folder}`);
      if (isSender) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended, or is somebody else's.
    }
  }
}
