import * as z from 'zod';
import { BUDGET_ACTIONS, BUDGET_PERIODS, type BudgetScope } from '../core/budget/budget.ts';
import { ALERT_CHANNELS, ALERT_LEVELS, type AlertLevel } from '../core/alert/alert.ts';
import { BUDGET_NAME } from '../core/budget/spec.ts';
import { QUIET_HOURS } from '../core/alert/quiet-hours.ts';
import { ADDRESS, EXPORT_FORMATS, type Kind, URL_START } from '../core/settings/kinds.ts';
import { SETTINGS, SETTING_KEYS, type SettingKey } from '../core/settings/table.ts';
import { SETTING_DESCRIPTIONS } from '../core/settings/descriptions.ts';

/** The user's `settings.json`, for editors: strict, so that misspelt names are reported. */
export const settings = settingsFile('user');

/** A project's `.tallyhook.json`. */
export const projectSettings = settingsFile('project');

function settingsFile(by: 'user' | 'project'): z.ZodObject {
  const shape: Record<string, z.ZodType> = { $schema: z.string().optional() };
  const groups: Record<string, Record<string, z.ZodType>> = {};
  for (const key of SETTING_KEYS.filter((one) => SETTINGS[one].setBy.includes(by))) {
    const [group = '', name] = key.split('.');
    if (name === undefined) shape[key] = buildValueSchema(key, by);
    else (groups[group] ??= {})[name] = buildValueSchema(key, by);
  }
  for (const [group, names] of Object.entries(groups)) {
    shape[group] = z.strictObject(names).nullable().optional();
  }
  return z.strictObject(shape);
}

function buildValueSchema(key: SettingKey, by: 'user' | 'project'): z.ZodType {
  const { describe } = SETTING_DESCRIPTIONS[key];
  const { kind } = SETTINGS[key];
  const type = kind.name === 'budgets' ? budgets(by) : buildTypeSchema(kind);
  // Markdown for docs/settings.md; an editor shows plain text.
  const text = describe.replaceAll('`', '').replace(/\[([^\]]+)\]\([\w-]+\.md\)/g, '$1');
  return type.nullable().optional().describe(text);
}

/** A project's file may only make a user's budget stricter. */
function budgets(by: 'user' | 'project'): z.ZodType {
  const limit = z.union([z.number().gt(0), z.string().regex(/^(?=.*[1-9])\d{1,25}(\.\d{1,25})?$/)]);
  const percent = z.int().min(1).max(100);
  const fact = z.string().min(1).max(1024).nullable();
  const scope = {
    project: fact
      .describe(by === 'user' ? 'Folder of the project' : '"." or absent: this project')
      .optional(),
    branch: fact.optional(),
    model: fact.optional(),
    agentType: fact.optional(),
    tool: fact.optional(),
    provider: fact.optional(),
    client: fact.optional(),
  } satisfies Record<keyof BudgetScope, z.ZodType>;
  const budget = z.strictObject({
    limit: limit.describe('USD'),
    per: z.enum(BUDGET_PERIODS),
    ...scope,
    warn: percent.nullable().optional(),
    critical: percent.nullable().optional(),
    action: z.enum(BUDGET_ACTIONS).nullable().optional(),
    failClosed: z.boolean().nullable().optional(),
  });
  const budgetSchema = by === 'user' ? budget : budget.partial({ limit: true, per: true });
  return z.record(z.string().regex(BUDGET_NAME), budgetSchema.nullable());
}

/** The schema of a setting's type, except for `budgets`. */
function buildTypeSchema({
  name,
  choices = [],
}: Pick<Kind<unknown>, 'name' | 'choices'>): z.ZodType {
  switch (name) {
    case 'choice':
      return z.enum(choices);
    case 'names':
      return z.array(z.string().min(1));
    case 'aliases':
      return z.record(z.string().min(1), z.string().min(1));
    case 'count':
      return z.int().min(0);
    case 'switch':
      return z.boolean();
    case 'export': {
      const format = z.enum(EXPORT_FORMATS).optional();
      const folder = z.string().min(1).nullable().optional();
      return z.union([z.boolean(), z.looseObject({ format, folder })]);
    }
    case 'url':
      return z.string().regex(URL_START);
    case 'hours':
      return z.string().regex(QUIET_HOURS);
    case 'address':
      return z.string().regex(ADDRESS);
    case 'addresses':
      return z.union([z.array(z.string().regex(ADDRESS)).min(1), z.string().regex(/@/)]);
    case 'levels':
      return z.partialRecord(z.enum(ALERT_CHANNELS), z.enum(ALERT_LEVELS));
    case 'thresholds': {
      const above = z.number().gt(0);
      const byLevel = z
        .strictObject({ info: above, warning: above, critical: above } satisfies Record<
          AlertLevel,
          z.ZodType
        >)
        .partial()
        .refine((levels) => Object.keys(levels).length > 0)
        .meta({ minProperties: 1 });
      return z.union([z.literal(false), above, byLevel]);
    }
    default:
      return z.string().min(1);
  }
}

export const settingsDocuments = {
  settings: { title: 'Settings: ~/.config/tallyhook/settings.json', schema: settings },
  'project-settings': { title: "A project's .tallyhook.json", schema: projectSettings },
};
