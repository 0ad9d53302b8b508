import { type JsonObject, asCount, asObject } from '../json.ts';

/** What a setting's value may be. Read by hand: the hook affords no schema library. */
export interface Kind<Value> {
  name:
    | 'path'
    | 'text'
    | 'label'
    | 'choice'
    | 'names'
    | 'count'
    | 'switch'
    | 'timezone'
    | 'pattern'
    | 'export'
    | 'budgets';
  /** Of a `choice`. */
  choices?: readonly string[];
  /** What is wrong with a value that is not allowed: `is no path`. */
  fault: string;
  /** A value as a settings file has it; undefined for what is not allowed. */
  read: (value: unknown) => Value | undefined;
}

/** A file for each session that ends. */
export interface SessionExport {
  format: ExportFormat;
  /** Null: `exports` beside the ledger. */
  folder: string | null;
}

export const EXPORT_FORMATS = ['json', 'csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const path: Kind<string> = { name: 'path', fault: 'is no path', read: asPlainText };

export const text: Kind<string> = { name: 'text', fault: 'is no text', read: asPlainText };

/** What a stranger may have written, and a terminal shows; what may be in it says checks.ts. */
export const label: Kind<string> = {
  name: 'label',
  fault: 'is no name of one line and at most 100 characters',
  read: asPlainText,
};

export function choice<Name extends string>(choices: readonly Name[]): Kind<Name> {
  const read = (value: unknown): Name | undefined => choices.find((name) => name === value);
  return { name: 'choice', choices, fault: `is none of ${choices.join(', ')}`, read };
}

/** Names in any case; they come out in small letters. */
export function names(what: string): Kind<string[]> {
  return {
    name: 'names',
    fault: `is no list of ${what}`,
    read: (value) => {
      if (!Array.isArray(value)) return undefined;
      const list = value.map(asPlainText).filter((name) => name !== undefined);
      return list.length === value.length ? list.map((name) => name.toLowerCase()) : undefined;
    },
  };
}

export function count(what: string): Kind<number> {
  return {
    name: 'count',
    fault: `is no number of ${what}`,
    read: (value) => asCount(value) ?? undefined,
  };
}

export const onOff: Kind<boolean> = {
  name: 'switch',
  fault: 'is neither true nor false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** Whether there is such a zone costs the hook too much: see checks.ts. */
export const timezone: Kind<string> = {
  name: 'timezone',
  fault: 'is no time zone, as Europe/Berlin is one',
  read: asPlainText,
};

/** A regular expression; whether it is one says checks.ts. */
export const pattern: Kind<string> = {
  name: 'pattern',
  fault: 'is no regular expression of at most 200 characters',
  read: asPlainText,
};

/** `true` is JSON in the default folder. */
export const sessionExport: Kind<SessionExport | null> = {
  name: 'export',
  fault: `is neither true, false nor {"format": one of ${EXPORT_FORMATS.join(', ')}, "folder": a path}`,
  read: (value) => {
    if (value === false) return null;
    if (value === true) return { format: 'json', folder: null };
    const object = asObject(value);
    if (object === null) return undefined;
    const format = EXPORT_FORMATS.find((name) => name === (object['format'] ?? 'json'));
    const folder = object['folder'] == null ? null : asPlainText(object['folder']);
    return format === undefined || folder === undefined ? undefined : { format, folder };
  },
};

/** By name. What is in them is read where budgets are evaluated: see core/budget-spec.ts. */
export const budgets: Kind<JsonObject> = {
  name: 'budgets',
  fault: 'is no object of budgets by name',
  read: (value) => asObject(value) ?? undefined,
};

/** No file system takes NUL in a path, and no terminal shows it. */
function asPlainText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : undefined;
}
