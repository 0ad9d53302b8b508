import { type JsonObject, asCount, asObject } from '../lang/json.ts';
import { TICKET_PATTERN_FORM } from '../ticket-pattern.ts';
import { parseQuietHours } from '../alert/quiet-hours.ts';

/** The type of a setting's value. Read by hand, because a schema library would slow down the hook. */
export interface Kind<Value> {
  name:
    | 'path'
    | 'text'
    | 'label'
    | 'choice'
    | 'names'
    | 'aliases'
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
  /** The value is never shown, neither in a terminal nor in a log. */
  isSecret?: true;
  /** The allowed values of a `choice`. */
  choices?: readonly string[];
  /** What is wrong with a value that is not allowed, to follow the value: `is not a path`. */
  fault: string;
  /** Reads a value from a settings file; undefined where it is not allowed. */
  read: (value: unknown) => Value | undefined;
}

/**
 * Where a session is exported to when it ends: a file of its own in a folder (null: `exports` next to
 * the ledger), or one file that each session overwrites.
 */
export type SessionExport =
  | { format: ExportFormat; folder: string | null }
  | { format: ExportFormat; file: string };

export const EXPORT_FORMATS = ['json', 'csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const path: Kind<string> = { name: 'path', fault: 'is not a path', read: asPlainText };

export const text: Kind<string> = {
  name: 'text',
  fault: 'is not a non-empty string',
  read: asPlainText,
};

/** Text that a stranger may have written and a terminal shows; checks.ts restricts its characters. */
export const label: Kind<string> = {
  name: 'label',
  fault: 'is not a single line of at most 100 characters',
  read: asPlainText,
};

export function choice<Name extends string>(choices: readonly Name[]): Kind<Name> {
  const read = (value: unknown): Name | undefined => choices.find((name) => name === value);
  return { name: 'choice', choices, fault: `is not one of ${choices.join(', ')}`, read };
}

/** Names in any case; they are returned in lower case. */
export function names(what: string): Kind<string[]> {
  return {
    name: 'names',
    fault: `is not a list of ${what}`,
    read: (value) => {
      if (!Array.isArray(value)) return undefined;
      const list = value.map(asPlainText).filter((name) => name !== undefined);
      return list.length === value.length ? list.map((name) => name.toLowerCase()) : undefined;
    },
  };
}

/** Names of models by names; the hook reads neither case nor spaces. */
export const modelAliases: Kind<Record<string, string>> = {
  name: 'aliases',
  fault: 'is not an object of models by name',
  read: (value) => {
    const given = asObject(value);
    const names = Object.entries(given ?? {});
    const isSound = names.every(([name, model]) => name.trim() !== '' && asPlainText(model));
    return given !== null && isSound ? (given as Record<string, string>) : undefined;
  },
};

/** A whole number from zero. @param what its unit, in the plural */
export function count(what: string): Kind<number> {
  return {
    name: 'count',
    fault: `is not a whole number of ${what}`,
    read: (value) => asCount(value) ?? undefined,
  };
}

export const onOff: Kind<boolean> = {
  name: 'switch',
  fault: 'is neither true nor false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** Only commands check that the zone exists, in checks.ts: it would take the hook too long. */
export const timezone: Kind<string> = {
  name: 'timezone',
  fault: 'is not a time zone such as Europe/Berlin',
  read: asPlainText,
};

/** A regular expression; checks.ts checks that it is one. */
export const pattern: Kind<string> = {
  name: 'pattern',
  fault: `is not a ${TICKET_PATTERN_FORM}`,
  read: asPlainText,
};

/** `true` means JSON in the default folder. */
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

/** Reads the variable as older trackers do: on or off, a file if it ends in a format, else a folder. */
export function sessionExportOfText(value: string): SessionExport | null | undefined {
  const place = value.trim();
  if (place === '') return undefined;
  if (/^(?:0|false|no|off)$/i.test(place)) return null;
  if (/^(?:1|true|yes|on)$/i.test(place)) return { format: 'json', folder: null };
  const format = EXPORT_FORMATS.find((name) => place.toLowerCase().endsWith(`.${name}`));
  return format === undefined ? { format: 'json', folder: place } : { format, file: place };
}

/** Budgets by name. Their contents are read where budgets are evaluated: see core/budget/spec.ts. */
export const budgetsKind: Kind<JsonObject> = {
  name: 'budgets',
  fault: 'is not an object of budgets by name',
  read: (value) => asObject(value) ?? undefined,
};

export const URL_START = /^https?:\/\/[^\s/]+/;
/** `you@example.com` or `Name <you@example.com>`. */
export const ADDRESS = /^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

/** A URL that anybody who knows it can post to, which makes it as secret as a password. */
export const secretUrl: Kind<string> = {
  name: 'url',
  isSecret: true,
  fault: 'is not a URL that starts with https:// or http://',
  read: (value) => (URL_START.test(asPlainText(value) ?? '') ? String(value) : undefined),
};

export const secret: Kind<string> = {
  name: 'secret',
  isSecret: true,
  fault: 'is not a non-empty string',
  read: asPlainText,
};

export const quietHours: Kind<string> = {
  name: 'hours',
  fault: 'is not a time range such as 22:00-07:00',
  read: (value) => (parseQuietHours(asPlainText(value) ?? '') === null ? undefined : String(value)),
};

/** A list, or a string with commas. */
export const addresses: Kind<string[]> = {
  name: 'addresses',
  fault: 'is not a list of e-mail addresses',
  read: (value) => {
    const given = typeof value === 'string' ? value.split(/[,;]/) : value;
    if (!Array.isArray(given)) return undefined;
    const list = given.map((one) => (typeof one === 'string' ? one.trim() : ''));
    return list.length > 0 && list.every((one) => ADDRESS.test(one)) ? list : undefined;
  },
};

export const address: Kind<string> = {
  name: 'address',
  fault: 'is not an e-mail address',
  read: (value) => (typeof value === 'string' && ADDRESS.test(value) ? value : undefined),
};

/** File systems reject NUL in a path, and terminals do not show it. */
function asPlainText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : undefined;
}
