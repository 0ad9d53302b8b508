import { existsSync } from 'node:fs';
import { type ZoneOffset, parseDuration, parseMoment, zoneOffset } from '../../core/time/period.ts';
import { parseRelativeMoment } from '../../core/time/relative.ts';
import { UserError } from '../../core/lang/user-error.ts';
import {
  FACT_FILTERS,
  FACT_NAMES,
  type FactFilter,
  type FactFlag,
  mapFacts,
  readFacts,
} from '../../query/filters.ts';
import { DIMENSIONS, type Dimension, isDimension } from '../../reports/dimensions.ts';
import { expandPath } from '../../sources/machine/paths.ts';
import { resolveProject } from '../../sources/machine/project.ts';
import { userZone } from '../../sources/machine/user-zone.ts';
import { machineZoneName } from '../../sources/machine/zone-name.ts';
import type { FlagValues } from '../define.ts';
import { FLAG_GROUPS } from './groups.ts';
import { textFlag } from './text.ts';
import { currentSettings } from '../session/settings.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { KnownValues } from '../../store/records/known-values.ts';
import { ProjectReader } from '../../store/sessions/projects.ts';
import { withKnownValues } from './known-values.ts';
import { type LedgerReader, NO_FILTER, type RecordFilter } from '../../store/reader.ts';

const filterFlag = (describe: string) =>
  ({ ...textFlag(describe), group: FLAG_GROUPS.filters }) as const;

/** The fact filters as flags. */
const factFlags = mapFacts(
  (name): FactFlag => FACT_FILTERS[name].flag,
  (name) => {
    const { alias, describe }: FactFilter = FACT_FILTERS[name];
    return { ...filterFlag(describe), ...(alias === undefined ? {} : { alias }) };
  },
);

/** The filters of every report. */
export const filterFlags = {
  session: filterFlag('One session: its id, the start of its id, or "last"'),
  ...factFlags,
  since: { ...filterFlag('From this day: 2026-11-21, today, monday, 2026-11, 7d'), alias: 's' },
  until: { ...filterFlag('Up to and including this day'), alias: 'u' },
  last: filterFlag('The last 24h, 7d, 2w, ...'),
  timezone: { ...filterFlag('Time zone (IANA name; default: local)'), alias: 'z' },
} as const;

export type FilterFlags = FlagValues<typeof filterFlags>;

/** @throws UserError for an unknown time zone */
export function parseZone(flags: Pick<FilterFlags, 'timezone'>): {
  timezone: string;
  offset: ZoneOffset;
} {
  const machine = machineZoneName(process.env);
  const timezone = flags.timezone ?? currentSettings().timezone ?? machine;
  const offset = timezone === machine ? userZone(null) : zoneOffset(timezone);
  if (offset === null) {
    throw new UserError(
      `--timezone: '${timezone}' is not a time zone`,
      'Use an IANA name, e.g. UTC or Europe/Berlin.',
    );
  }
  return { timezone, offset };
}

/**
 * The flags as a filter on records.
 * @throws UserError for an invalid date or duration, an ambiguous session or project, or a value that is
 * nowhere in the ledger
 */
export async function parseFilterFlags(
  flags: FilterFlags,
  { db, reader }: { db: Ledger; reader: LedgerReader },
  offset: ZoneOffset,
  nowMs: number,
): Promise<{ filter: RecordFilter; filters: Record<string, string> }> {
  const filter: RecordFilter = {
    ...NO_FILTER,
    ...readFacts((name) => flags[name]),
    sinceMs: parseFilterTime('since', flags.since, offset, nowMs),
    untilMs: parseFilterTime('until', flags.until, offset, nowMs),
  };
  if (flags.project !== undefined) {
    filter.project = (await findProject(flags.project, new ProjectReader(db))).root;
  }
  if (flags.session !== undefined) filter.sessionId = await findSession(flags.session, reader);
  if (flags.last !== undefined) {
    const duration = parseDuration(flags.last);
    if (duration === null) {
      throw new UserError(`--last: '${flags.last}' is not a duration`, 'Use e.g. 24h, 7d or 2w.');
    }
    filter.sinceMs = Math.max(filter.sinceMs ?? 0, nowMs - duration);
  }
  refuseReversedRange(filter, flags);
  const filters: Record<string, string> = {};
  for (const name of Object.keys(filterFlags)) {
    const fact = FACT_NAMES.find((one) => FACT_FILTERS[one].flag === name);
    const value = flags[fact ?? (name as keyof FilterFlags)];
    if (value !== undefined && name !== 'timezone') filters[name] = value;
  }
  if (filter.sessionId !== null) filters['session'] = filter.sessionId;
  if (filter.project !== null) filters['project'] = filter.project;
  if (filter.client !== null) filters['client'] = filter.client;
  return { filter: withKnownValues(filter, flags, new KnownValues(db)), filters };
}

function parseFilterTime(
  name: 'since' | 'until',
  text: string | undefined,
  offset: ZoneOffset,
  nowMs: number,
): number | null {
  if (text === undefined) return null;
  const edge = name === 'since' ? 'start' : 'end';
  const ms = parseMoment(text, edge, offset) ?? parseRelativeMoment(text, edge, offset, nowMs);
  if (ms === null) {
    throw dateFault(name, text, 'Use YYYY-MM-DD, today, yesterday, a weekday, 2026-11 or 7d.');
  }
  return ms;
}

/** @throws UserError for a range that ends before it begins: its report would be empty, whatever was spent */
function refuseReversedRange({ sinceMs, untilMs }: RecordFilter, flags: FilterFlags): void {
  if (sinceMs === null || untilMs === null || sinceMs < untilMs) return;
  const start = flags.since === undefined ? `--last ${flags.last}` : `--since ${flags.since}`;
  throw new UserError(
    `${start} begins after --until ${flags.until} ends`,
    'Give an earlier start or a later end.',
  );
}

/** `--since: 'soon' is not a date.` */
export function dateFault(name: 'since' | 'until', text: string, fix: string): UserError {
  return new UserError(`--${name}: '${text}' is not a date`, fix);
}

/**
 * The project that a folder belongs to, or the project of that name if no such folder exists.
 * @throws UserError for a name that several projects have
 */
export async function findProject(
  text: string,
  projects?: ProjectReader,
): Promise<{ root: string; name: string }> {
  // A ledger may contain what was recorded on Windows; elsewhere such a path is not a relative one.
  if (/^(?:[A-Za-z]:[\\/]|\\\\)/.test(text) && !existsSync(text))
    return current(resolveProject(text), projects);
  const path = expandPath(text, process.env);
  const known = projects?.nameOf(path) ?? null;
  if (known !== null) return current({ root: path, name: known }, projects);
  if (projects !== undefined && /^[^./~\\][^/\\]*$/.test(text) && !existsSync(path)) {
    const roots = await projects.rootsNamed(text);
    if (roots.length > 1) {
      throw new UserError(
        `--project: several projects are named '${text}'`,
        `Use the folder instead: ${roots.slice(0, 2).join(' or ')}.`,
      );
    }
    const [root] = roots;
    if (root !== undefined) return { root, name: projects.nameOf(root) ?? text };
  }
  return current(resolveProject(path), projects);
}

/** The project itself, or the one that it has been merged into. */
function current(
  project: { root: string; name: string },
  projects: ProjectReader | undefined,
): { root: string; name: string } {
  const root = projects?.currentRoot(project.root) ?? project.root;
  return root === project.root ? project : { root, name: projects?.nameOf(root) ?? root };
}

/**
 * The id of the session that a text means: `last`, an id or the start of one. An unknown text is returned
 * as it is.
 * @throws UserError for the start of several ids
 */
export async function findSession(text: string, reader: LedgerReader): Promise<string> {
  if (text === 'last') return (await reader.lastSession())?.sessionId ?? 'last';
  const matches = await reader.sessionsLike(text);
  if (matches.includes(text) || matches.length === 0) return text;
  if (matches.length > 1) {
    throw new UserError(
      `--session: several sessions start with '${text}'`,
      `Use more of the id, e.g. ${matches.slice(0, 2).join(' or ')}.`,
    );
  }
  return matches[0] ?? text;
}

/** @throws UserError that names the unknown dimension */
export function parseDimensions(text: string | string[] | undefined): Dimension[] {
  const names = [text ?? []].flat().flatMap((part) => part.split(','));
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))].map(
    (name) => {
      if (!isDimension(name)) {
        throw new UserError(`--by: '${name}' is not a grouping`, `Use ${DIMENSIONS.join(', ')}.`);
      }
      return name;
    },
  );
}
