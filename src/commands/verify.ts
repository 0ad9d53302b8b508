import type { CommandModule } from 'yargs';
import { CheckFailed } from '../core/user-error.ts';
import { verifyLedger } from '../store/verify.ts';
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
    const db = openOrExplain(currentLedgerPath());
    const checks = verifyLedger(db);
    const isSound = checks.every((check) => check.isSound);
    if (args.json) print(JSON.stringify({ schemaVersion: 1, isSound, checks }, null, 2));
    else
      for (const check of checks)
        print(`${check.isSound ? 'ok   ' : 'FAULT'} ${check.name}: ${check.found}`);
    if (!isSound) throw new CheckFailed('the ledger has faults');
  },
};
