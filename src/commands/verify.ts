import type { CommandModule } from 'yargs';
import { CheckFailed, UserError } from '../core/user-error.ts';
import { type Check, verifyLedger } from '../store/verify.ts';
import { currentLedgerPath, openOrExplain, print } from './context.ts';

interface VerifyFlags {
  json: boolean;
}

export const verifyCommand: CommandModule<object, VerifyFlags> = {
  builder: (yargs) =>
    yargs.options({
      json: { type: 'boolean', alias: 'j', default: false, describe: 'JSON on stdout' },
    }),
  handler: (args) => {
    const checks = checksOf(currentLedgerPath());
    const isSound = checks.every((check) => check.isSound);
    if (args.json) print(JSON.stringify({ schemaVersion: 1, isSound, checks }, null, 2));
    else
      for (const check of checks)
        print(`${check.isSound ? 'ok   ' : 'FAULT'} ${check.name}: ${check.found}`);
    if (!isSound) throw new CheckFailed('the ledger has faults');
  },
};

/** A file that can't even be opened is what was looked for. */
function checksOf(path: string): Check[] {
  try {
    return verifyLedger(openOrExplain(path));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ name: 'file', isSound: false, found: error.message }];
  }
}
