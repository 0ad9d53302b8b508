import { existsSync } from 'node:fs';
import { type ZoneOffset, parseDuration, parseMoment, zoneOffset } from '../../core/time/period.ts';
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
import { textFlag } from './text.ts';
import { currentSettings } from '../session/settings.ts';
import type { ProjectReader } from '../../store/sessions/projects.ts';
import { type LedgerReader, NO_FILTER, type RecordFilter } from '../../store/reader.ts';

/** The facts of requests as flags. */
const factFlags = mapFacts(
  (name): FactFlag => FACT_FILTERS[name].flag,
  (name) => {
    const { alias, describe }: FactFilter = FACT_FILTERS[name];
    return { ...textFlag(describe), ...(alias === undefined ? {} : { alias }) };
  },
);

/** The filters that every report takes. */
export const filterFlags = {
  session: textFlag('One session: its id, the start of it, or "last"'),
  ...factFlags,
  since: { ...textFlag('From this day on (YYYY-MM-DD)'), alias: 's' },
  until: { ...textFlag('Up to this day, included'), alias: 'u' },
  last: textFlag('The last 24h, 7d, 2w ...'),
  timezone: { ...textFlag('Time zone (IANA name; default: local)'), alias: 'z' },
} as const;

export type FilterFlags = FlagValues<typeof filterFlags>;

/** @throws UserError for a name that is no time zone */
export function parseZone(flags: Pick<FilterFlags, 'timezone'>): {
  timezone: string;
  offset: ZoneOffset;
} {
  const machine = machineZoneName(process.env);
  const timezone = flags.timezone ?? currentSettings().timezone ?? machine;
  const offset = timezone === machine ? userZone(null) : zoneOffset(timezone);
  if (offset === null) {
    throw new UserError(`--timezone: ${timezone} is no time zone`, 'Try UTC or Europe/Berlin.');
  }
  return { timezone, offset };
}

/**
 * The flags as a filter on records. A session that nobody knows is an empty result, not an error.
 * @param projects lets `--project` take a name too
 * @throws UserError for a day, a duration or a session that can't be understood
 */
export async function parseFilterFlags(
  flags: FilterFlags,
  reader: LedgerReader,
  offset: ZoneOffset,
  nowMs: number,
  projects?: ProjectReader,
): Promise<{ filter: RecordFilter; filters: Record<string, string> }> {
  const filter: RecordFilter = {
    ...NO_FILTER,
    ...readFacts((name) => flags[name]),
    sinceMs: parseFilterTime('since', flags.since, offset),
    untilMs: parseFilterTime('until', flags.until, offset),
  };
  if (flags.project !== undefined) {
    filter.project = (await findProject(flags.project, projects)).root;
  }
  if (flags.session !== undefined) filter.sessionId = await findSession(flags.session, reader);
  if (flags.last !== undefined) {
    const duration = parseDuration(flags.last);
    if (duration === null) {
      throw new UserError(`--last: ${flags.last} is no duration`, 'Try 24h, 7d or 2w.');
    }
    filter.sinceMs = Math.max(filter.sinceMs ?? 0, nowMs - duration);
  }
  const filters: Record<string, string> = {};
  for (const name of Object.keys(filterFlags)) {
    const fact = FACT_NAMES.find((one) => FACT_FILTERS[one].flag === name);
    const value = flags[fact ?? (name as keyof FilterFlags)];
    if (value !== undefined && name !== 'timezone') filters[name] = value;
  }
  if (filter.sessionId !== null) filters['session'] = filter.sessionId;
  if (filter.project !== null) filters['project'] = filter.project;
  return { filter, filters };
}

function parseFilterTime(
  name: 'since' | 'until',
  text: string | undefined,
  offset: ZoneOffset,
): number | null {
  if (text === undefined) return null;
  const ms = parseMoment(text, name === 'since' ? 'start' : 'end', offset);
  if (ms === null) throw new UserError(`--${name}: ${text} is no day`, 'Write it as 2026-11-21.');
  return ms;
}

/**
 * The project that a folder belongs to, or the one of that name where there is no such folder.
 * @throws UserError for a name that several have
 */
export async function findProject(
  text: string,
  projects?: ProjectReader,
): Promise<{ root: string; name: string }> {
  const path = expandPath(text, process.env);
  if (projects !== undefined && /^[^./~\\][^/\\]*$/.test(text) && !existsSync(path)) {
    const roots = await projects.rootsNamed(text);
    if (roots.length > 1) {
      throw new UserError(
        `--project: several are named ${text}`,
        `Name its folder, as in ${roots.slice(0, 2).join(' or ')}.`,
      );
    }
    if (roots[0] !== undefined) return { root: roots[0], name: text };
  }
  return resolveProject(path);
}

export async function findSession(text: string, reader: LedgerReader): Promise<string> {
  if (text === 'last') return (await reader.lastSession())?.sessionId ?? 'last';
  const found = await reader.sessionsLike(text);
  if (found.includes(text) || found.length === 0) return text;
  if (found.length > 1) {
    throw new UserError(
      `--session: ${text} is the start of several sessions`,
      `Write more of it, as in ${found.slice(0, 2).join(' or ')}.`,
    );
  }
  return found[0] ?? text;
}

/** @throws UserError naming the dimension that is none */
export function parseDimensions(text: string | string[] | undefined): Dimension[] {
  const names = [text ?? []].flat().flatMap((part) => part.split(','));
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))].map(
    (name) => {
      if (!isDimension(name)) {
        throw new UserError(`--by: ${name} is no dimension`, `One of: ${DIMENSIONS.join(', ')}.`);
      }
      return name;
    },
  );
}
