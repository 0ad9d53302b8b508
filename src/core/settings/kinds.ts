import { type JsonObject, asCount, asObject } from '../lang/json.ts';
import { TICKET_PATTERN_FORM } from '../ticket-pattern.ts';
import { parseQuietHours } from '../alert/quiet-hours.ts';

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
    | 'budgets'
    | 'url'
    | 'secret'
    | 'hours'
    | 'address'
    | 'addresses'
    | 'levels'
    | 'thresholds';
  /** Nobody is shown it: not a terminal, not a log. */
  isSecret?: true;
  /** Of a `choice`. */
  choices?: readonly string[];
  /** What is wrong with a value that is not allowed: `is no path`. */
  fault: string;
  /** A value as a settings file has it; undefined for what is not allowed. */
  read: (value: unknown) => Value | undefined;
}

/**
 * Where a session that ends is exported to: a file of its own in a folder (null: `exports` beside the
 * ledger), or one file that each session overwrites.
 */
export type SessionExport =
  | { format: ExportFormat; folder: string | null }
  | { format: ExportFormat; file: string };

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
  fault: `is no ${TICKET_PATTERN_FORM}`,
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

/** As older trackers read their variable: on or off, a file where it ends in a format, else a folder. */
export function sessionExportOfText(value: string): SessionExport | null | undefined {
  const place = value.trim();
  if (place === '') return undefined;
  if (/^(?:0|false|no|off)$/i.test(place)) return null;
  if (/^(?:1|true|yes|on)$/i.test(place)) return { format: 'json', folder: null };
  const format = EXPORT_FORMATS.find((name) => place.toLowerCase().endsWith(`.${name}`));
  return format === undefined ? { format: 'json', folder: place } : { format, file: place };
}

/** By name. What is in them is read where budgets are evaluated: see core/budget/spec.ts. */
export const budgetsKind: Kind<JsonObject> = {
  name: 'budgets',
  fault: 'is no object of budgets by name',
  read: (value) => asObject(value) ?? undefined,
};

export const URL_START = /^https?:\/\/[^\s/]+/;
/** `you@example.com`, or with a name before it and in angle brackets. */
export const ADDRESS = /^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

/** An address that whoever knows it can write to: as good as a password. */
export const secretUrl: Kind<string> = {
  name: 'url',
  isSecret: true,
  fault: 'is no address that begins with https:// or http://',
  read: (value) => (URL_START.test(asPlainText(value) ?? '') ? String(value) : undefined),
};

export const secret: Kind<string> = {
  name: 'secret',
  isSecret: true,
  fault: 'is no text',
  read: asPlainText,
};

export const quietHours: Kind<string> = {
  name: 'hours',
  fault: 'is no stretch of a day, as 22:00-07:00 is one',
  read: (value) => (parseQuietHours(asPlainText(value) ?? '') === null ? undefined : String(value)),
};

/** A list, or a text with commas. */
export const addresses: Kind<string[]> = {
  name: 'addresses',
  fault: 'is no list of e-mail addresses',
  read: (value) => {
    const given = typeof value === 'string' ? value.split(/[,;]/) : value;
    if (!Array.isArray(given)) return undefined;
    const list = given.map((one) => (typeof one === 'string' ? one.trim() : ''));
    return list.length > 0 && list.every((one) => ADDRESS.test(one)) ? list : undefined;
  },
};

export const address: Kind<string> = {
  name: 'address',
  fault: 'is no e-mail address',
  read: (value) => (typeof value === 'string' && ADDRESS.test(value) ? value : undefined),
};

/** No file system takes NUL in a path, and no terminal shows it. */
function asPlainText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : undefined;
}
