import { canonicalClient } from '../core/client/names.ts';
import { isModelMeant } from '../core/model/model-family.ts';
import { canonicalModel } from '../core/model/model-name.ts';

/** A fact of a request that can be filtered by: in flags, REST parameters, tail, event stream and SQL. */
export interface FactFilter {
  /** `--FLAG` of the command line. */
  flag: string;
  alias?: string;
  /** The parameter of the REST API. */
  parameter: string;
  /** The field of a record's JSON that has it; for a project, its folder. */
  recordField: string;
  /** The SQL column, over `cost_records r` and `projects p`. */
  column: string;
  /** The dimension of roll-ups that has it; null: only the records have it. */
  rollup: 'project' | 'model' | 'agent-type' | 'tool' | 'client' | null;
  /** What messages call it. */
  noun: string;
  describe: string;
  /** Null: the same as `describe`. */
  parameterDescribe: string | null;
}

/** One row per filter; a new filter is a new row here, and a label in the dashboard. */
export const FACT_FILTERS = {
  project: {
    flag: 'project',
    alias: 'p',
    parameter: 'project',
    recordField: 'project',
    column: 'p.root',
    rollup: 'project',
    noun: 'project',
    describe: 'One project: its folder, "." for this one, or its name',
    parameterDescribe: "The project's folder or its name",
  },
  model: {
    flag: 'model',
    parameter: 'model',
    recordField: 'model',
    column: 'r.model',
    rollup: 'model',
    noun: 'model',
    describe: 'One model, or all of a family (opus)',
    parameterDescribe: 'Any name of the model, or its family (opus)',
  },
  agent: {
    flag: 'agent',
    parameter: 'agentId',
    recordField: 'agentId',
    column: 'r.agent_id',
    rollup: null,
    noun: 'subagent',
    describe: 'One subagent, by its id',
    parameterDescribe: 'One subagent',
  },
  agentType: {
    flag: 'agent-type',
    parameter: 'agentType',
    recordField: 'agentType',
    column: 'r.agent_type',
    rollup: 'agent-type',
    noun: 'agent type',
    describe: 'One type of subagent',
    parameterDescribe: null,
  },
  tool: {
    flag: 'tool',
    parameter: 'tool',
    recordField: 'toolName',
    column: 'r.tool_name',
    rollup: 'tool',
    noun: 'tool',
    describe: 'Requests whose first tool call was this',
    parameterDescribe: null,
  },
  branch: {
    flag: 'branch',
    parameter: 'branch',
    recordField: 'gitBranch',
    column: 'r.git_branch',
    rollup: null,
    noun: 'branch',
    describe: 'One git branch',
    parameterDescribe: null,
  },
  client: {
    flag: 'client',
    parameter: 'client',
    recordField: 'client',
    column: 'r.client',
    rollup: 'client',
    noun: 'client',
    describe: 'One coding agent, by its name (codex, "Codex CLI")',
    parameterDescribe: "The coding agent's name: codex or Codex CLI",
  },
} as const satisfies Record<string, FactFilter>;

export type FactName = keyof typeof FACT_FILTERS;
export type FactFlag = (typeof FACT_FILTERS)[FactName]['flag'];
export type FactParameter = (typeof FACT_FILTERS)[FactName]['parameter'];

export const FACT_NAMES = Object.keys(FACT_FILTERS) as FactName[];

/** The requested value of each fact; null: any. */
export type Facts = Record<FactName, string | null>;

/** An object with a value for each row. @param keyOf the name of the row in the result */
export function mapFacts<Key extends string, Value>(
  keyOf: (name: FactName) => Key,
  valueOf: (name: FactName) => Value,
): Record<Key, Value> {
  return Object.fromEntries(FACT_NAMES.map((name) => [keyOf(name), valueOf(name)])) as Record<
    Key,
    Value
  >;
}

/** How a fact is compared; the others are compared as they are written. */
const CANONICAL: Partial<Record<FactName, (text: string) => string>> = {
  model: canonicalModel,
  client: canonicalClient,
};

/** The facts from user input; names of models and clients are made canonical. */
export function readFacts(textOf: (name: FactName) => string | undefined): Facts {
  return mapFacts(
    (name) => name,
    (name) => {
      const text = textOf(name);
      return text === undefined ? null : (CANONICAL[name]?.(text) ?? text);
    },
  );
}

/** Whether a record's JSON matches the requested facts. */
export function matchesFacts(facts: Facts, record: Readonly<Record<string, unknown>>): boolean {
  return FACT_NAMES.every((name) => {
    const wanted = facts[name];
    const value = record[FACT_FILTERS[name].recordField];
    if (wanted === null || value === wanted) return true;
    return name === 'model' && typeof value === 'string' && isModelMeant(wanted, value);
  });
}
