import { AGENTS } from '../agents/registry.ts';
import { type Finding, failure, ok, warning } from '../core/finding.ts';
import { MINUTE_MS } from '../core/time/units.ts';
import type { UnreadPath } from '../core/transcript/unread.ts';
import { statOrNull } from '../ingest/collect.ts';
import { findUnread } from '../ingest/find-unread.ts';
import { clientConfigFolders } from '../sources/machine/paths.ts';
import { type SearchPlace, filesIn, searchPlaces } from '../sources/transcripts/places.ts';
import { ledgerTimes } from '../store/connection/inspect.ts';
import { formatAge } from './age.ts';
import type { DoctorContext } from './context.ts';
import { withCount } from './plural.ts';

/** More are counted. */
const MAX_NAMED = 3;

/** Checks that there are transcripts, and that hooks report sessions while they go on. */
export function checkTranscripts(context: DoctorContext): Finding[] {
  const { places, unread } = searchPlaces(AGENTS, context.env);
  const { ledger } = context;
  const db = ledger.kind === 'open' ? ledger.db : null;
  const faults = unreadFindings([...unread, ...findUnread(places, db)]);
  const newest = newestTranscript(places);
  if (newest === null) {
    if (faults.length > 0) return faults;
    const searched = clientConfigFolders(context.env).map((folder) => `${folder}/projects`);
    const impact =
      'There is nothing to read: no session was saved, or the agent writes to another folder.';
    const fix = 'Use an agent once, or set CLAUDE_CONFIG_DIR to the folder of Claude Code';
    return [failure('transcripts', `none in ${searched.join(', ')}`, impact, fix)];
  }
  // Two kinds of files may be in one folder.
  const folders = [...new Set(places.flatMap((place) => place.folders))];
  const count = `${newest.count} in ${folders.join(', ')}`;
  const age = formatAge(context.nowMs - newest.modifiedAtMs);
  return [
    ok('transcripts', `${count}, the newest written ${age} ago`),
    ...faults,
    ...checkEvents(context, newest),
  ];
}

/** Finds registered hooks that report nothing while sessions go on. */
function checkEvents(
  { ledger, registration, nowMs }: DoctorContext,
  newest: { modifiedAtMs: number },
): Finding[] {
  if (ledger.kind !== 'open' || registration.hooks.length === 0) return [];
  const { lastEventAtMs } = ledgerTimes(ledger.db);
  if (lastEventAtMs === null) {
    const impact = 'A running Claude Code uses new hooks only after a restart.';
    return [warning('events', 'no hook event was received yet', impact)];
  }
  const message = `the last hook event came ${formatAge(nowMs - lastEventAtMs)} ago`;
  if (newest.modifiedAtMs - lastEventAtMs < 10 * MINUTE_MS) return [ok('events', message)];
  const impact =
    'A session continued after that without running hooks: it started before they were registered, or it ignores these settings (--bare, --settings).';
  return [warning('events', message, impact, 'Restart Claude Code')];
}

export function newestTranscript(
  places: readonly SearchPlace[],
): { count: number; modifiedAtMs: number } | null {
  const paths = filesIn(places).map(({ path }) => path);
  if (paths.length === 0) return null;
  const times = paths.map((path) => statOrNull(path)?.mtimeMs ?? 0);
  return { count: paths.length, modifiedAtMs: times.reduce((a, b) => Math.max(a, b), 0) };
}

/** One finding for what can't be read, with the fix of the first; one for what others wrote. */
function unreadFindings(unread: readonly UnreadPath[]): Finding[] {
  const faulty = unread.filter(({ kind }) => kind === 'unreadable');
  const others = unread.filter(({ kind }) => kind === 'other-agent');
  const findings: Finding[] = [];
  const [first] = faulty;
  if (first !== undefined) {
    const message = `${withCount(faulty.length, 'path')} can't be read: ${named(faulty)}`;
    const impact = 'Reports lack the requests in them.';
    findings.push(failure('unread', message, impact, first.fix ?? 'tallyhook import'));
  }
  if (others.length > 0) {
    const message = `${withCount(others.length, 'file')} of other programs: ${named(others)}`;
    findings.push(
      warning(
        'unread',
        message,
        'They are in the folder of Claude Code, where only its own transcripts are read.',
      ),
    );
  }
  return findings;
}

function named(unread: readonly UnreadPath[]): string {
  const names = unread.slice(0, MAX_NAMED).map(({ path, reason }) => `${path} (${reason})`);
  const more = unread.length - names.length;
  return names.join(', ') + (more > 0 ? `, ${more} more` : '');
}
