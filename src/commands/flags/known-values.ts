import { existsSync } from 'node:fs';
import { closestMatches } from '../../core/lang/closest-match.ts';
import { CLIENTS, canonicalClient, clientTitle } from '../../core/client/names.ts';
import { printable } from '../../core/lang/printable.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { familyWords } from '../../core/model/model-family.ts';
import { FACT_FILTERS, FACT_NAMES, type FactName } from '../../query/filters.ts';
import type { KnownValues } from '../../store/records/known-values.ts';
import type { RecordFilter } from '../../store/records/filter.ts';

/** The command that lists the values. */
const LISTS: Record<FactName, string> = {
  project: 'summary --by project',
  model: 'summary --by model',
  agent: 'summary --by agent',
  agentType: 'summary --by agent-type',
  tool: 'summary --by tool',
  branch: 'summary --by branch',
  client: 'summary --by client',
};

/** Values that are looked at one by one for similar ones. */
const MAX_COMPARED = 5000;

/**
 * The filter with a family's name replaced by its models. An empty ledger knows no value and refuses none.
 * @param typed what the user typed for a project, whose filter is its folder
 * @throws UserError for a value that no request has, in any range, with the closest ones
 */
export function withKnownValues(
  filter: RecordFilter,
  typed: { project?: string | undefined },
  known: KnownValues,
): RecordFilter {
  const isFiltered = filter.sessionId !== null || FACT_NAMES.some((name) => filter[name] !== null);
  if (!isFiltered || known.isEmpty) return filter;
  if (filter.sessionId !== null) requireSession(filter.sessionId, known);
  const result = { ...filter };
  for (const name of FACT_NAMES) {
    const value = filter[name];
    if (typeof value !== 'string') continue;
    const values = known.of(name);
    if (name === 'model') {
      const meant = known.modelsMeant(value);
      if (meant.length === 0) throw unknownValue(name, value, modelNames(value, values));
      result.model = meant.length === 1 ? (meant[0] ?? value) : meant;
    } else if (name === 'project') {
      if (!values.includes(value) && !existsSync(value))
        throw unknownValue(
          name,
          typed.project ?? value,
          projectNames(typed.project ?? value, values),
        );
    } else if (!values.includes(value)) throw unknownValue(name, value, values);
  }
  return result;
}

/** @throws UserError for a session that neither the ledger nor the client knows */
export function requireSession(id: string, known: KnownValues): void {
  if (known.isEmpty || known.hasSession(id)) return;
  const similar = closestMatches(id, known.similarSessions(id));
  throw notInLedger('session', id, similar, 'sessions');
}

/** @param typed a folder or a name */
export function unknownProject(typed: string, roots: string[]): UserError {
  return unknownValue('project', typed, projectNames(typed, roots));
}

function unknownValue(name: FactName, value: string, values: string[]): UserError {
  const similar =
    name === 'client'
      ? similarClients(value, values)
      : closestMatches(value, values.slice(0, MAX_COMPARED));
  return notInLedger(FACT_FILTERS[name].noun, value, similar, LISTS[name]);
}

/** A value that no request has. */
export class UnknownValue extends UserError {}

function notInLedger(noun: string, value: string, similar: string[], list: string): UnknownValue {
  const shown = similar.map(printable);
  const last = shown.pop();
  const meant = shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
  return new UnknownValue(
    `${noun} '${printable(value)}' is not in the ledger`,
    last === undefined ? `tallyhook ${list} lists what is.` : `Did you mean ${meant}?`,
  );
}

/** Families, too, unless a version was asked for. */
function modelNames(typed: string, models: string[]): string[] {
  return /\d/.test(typed) ? models : [...models.flatMap(familyWords), ...models];
}

/** By their proper names, too. */
function similarClients(typed: string, clients: readonly string[]): string[] {
  const names = clients.flatMap((client) => [client, clientTitle(client)]);
  return [...new Set(closestMatches(typed, names).map(canonicalClient))];
}

/**
 * The client that a name means, in a ledger that may not have its requests yet.
 * @throws UserError for a name that no agent has, with the closest ones
 */
export function requireClient(typed: string): string {
  const client = canonicalClient(typed);
  if (CLIENTS.includes(client)) return client;
  const similar = similarClients(typed, CLIENTS);
  throw new UserError(
    `--client: '${printable(typed)}' is not an agent that tallyhook records`,
    similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : `Use ${CLIENTS.join(', ')}.`,
  );
}

/** A path is compared with folders, a name with names; a folder that has moved still has its name. */
function projectNames(typed: string, roots: string[]): string[] {
  const nameOf = (path: string): string =>
    path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
  if (!/[/\\]/.test(typed)) return roots.map(nameOf);
  const alike = roots.filter((root) => nameOf(root) === nameOf(typed));
  return alike.length > 0 ? alike : roots;
}
