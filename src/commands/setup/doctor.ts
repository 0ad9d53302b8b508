import { CheckFailed } from '../../core/lang/user-error.ts';
import { diagnose } from '../../doctor/doctor.ts';
import { renderDoctor } from '../../render/doctor.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { doctor } from '../../schemas/upkeep.ts';
import { readAllSettings } from '../../sources/settings/all.ts';
import { ledgerPath } from '../../sources/machine/paths.ts';
import { defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { print, stdoutStyle } from '../session/io.ts';
import { printDocument } from '../session/document.ts';

export const doctorCommand = defineCommand({
  flags: { json },
  examples: [['tallyhook doctor', 'Find out why nothing is recorded']],
  handler: async (args) => {
    const env = process.env;
    const cwd = process.cwd();
    // Malformed settings are findings here, not warnings.
    const { settings } = readAllSettings(env, cwd);
    const path = ledgerPath(env, settings.telemetry.path);
    const { findings, hookRuns } = await diagnose(env, cwd, settings, path, Date.now());
    const isSound = findings.every(({ state }) => state !== 'fail');
    if (args.json) printDocument<DocumentOf<typeof doctor>>({ isSound, findings, hookRuns });
    else print(renderDoctor(findings, stdoutStyle()));
    if (!isSound) throw new CheckFailed('doctor found a problem');
  },
});
