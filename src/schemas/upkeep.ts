import * as z from 'zod';
import { type Finding, FINDING_STATES, type HookRun, type VerifyCheck } from '../core/finding.ts';
import { UNREAD_KINDS, type UnreadPath } from '../core/transcript/unread.ts';
import type { SettingsReport } from '../reports/settings.ts';
import { SETTING_ORIGINS } from '../core/settings/resolve.ts';
import { SETTING_KEYS } from '../core/settings/table.ts';
import { document } from './parts.ts';
import { schemaOf } from './schema-of.ts';

const unread = schemaOf<UnreadPath>()(
  z.looseObject({
    path: z.string(),
    kind: z
      .enum(UNREAD_KINDS)
      .describe('other-agent: the file was read, but another program wrote it'),
    reason: z.string().describe('What is wrong, e.g. permission denied, or 684 lines of Codex'),
    fix: z.string().nullable().describe('The command that fixes it, or what else to do'),
  }),
);

export const imported = document({
  files: z.int(),
  clients: z
    .array(z.looseObject({ client: z.string(), title: z.string(), files: z.int() }))
    .describe('How many of the files each agent has'),
  lines: z.int(),
  addedRequests: z.int(),
  knownRequests: z.int(),
  seconds: z.number(),
  unread: z.array(unread).describe('Files and folders that were not read, or only in part'),
});

const check = schemaOf<VerifyCheck>()(
  z.looseObject({ name: z.string(), isSound: z.boolean(), found: z.string() }),
);

export const verify = document({
  isSound: z.boolean(),
  checks: z.array(check),
});

const finding = schemaOf<Finding>()(
  z.looseObject({
    check: z.string().describe('What was checked, such as hook-run; may occur more than once'),
    state: z.enum(FINDING_STATES),
    message: z.string(),
    impact: z.string().nullable(),
    fix: z.string().nullable().describe('The command that fixes it, or what else to do'),
  }),
);

const hookRun = schemaOf<HookRun>()(
  z.looseObject({
    command: z.string().describe('The command as registered; it was run in a scratch folder'),
    durationMs: z.number(),
    bareNodeMs: z.number().describe('Start-up time of the same Node without any work'),
    requests: z.int().describe('Number of requests recorded from the sample event'),
  }),
);

export const doctor = document({
  isSound: z.boolean().describe('No check failed'),
  findings: z.array(finding),
  hookRuns: z.array(hookRun),
});

export const configShow = schemaOf<SettingsReport>()(
  document({
    file: z.string().describe("The user's settings file, whether or not it exists"),
    projectFile: z.string().nullable(),
    settings: z.array(
      z.looseObject({
        key: z.enum(SETTING_KEYS),
        value: z.unknown().describe('The value in effect; null: nothing is set'),
        origin: z.enum(SETTING_ORIGINS),
        source: z.string().nullable().describe('The file or variable the value comes from'),
      }),
    ),
    warnings: z.array(z.string()),
  }),
);

export const upkeepDocuments = {
  import: { title: 'import', schema: imported },
  doctor: { title: 'doctor', schema: doctor },
  verify: { title: 'verify', schema: verify },
  'config-show': { title: 'config show', schema: configShow },
};
