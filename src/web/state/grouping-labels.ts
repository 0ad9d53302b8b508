/**
 * The dashboard's groupings by the API's dimension: the label, the label of a group without a value, and the
 * field of a record. To add a grouping, add a row.
 */
export const GROUPING_LABELS = {
  'agent-type': { name: 'Agent', none: 'main', recordField: 'agentType' },
  model: { name: 'Model', none: 'unknown', recordField: 'model' },
  project: { name: 'Project', none: 'no project', recordField: 'project' },
  tool: { name: 'Tool', none: 'no tool', recordField: 'toolName' },
  branch: { name: 'Branch', none: 'no branch', recordField: 'gitBranch' },
  client: { name: 'Client', none: 'unknown', recordField: 'client' },
  provider: { name: 'Provider', none: 'unknown', recordField: 'provider' },
} as const;

export type Grouping = keyof typeof GROUPING_LABELS;

export const GROUPINGS = Object.keys(GROUPING_LABELS) as Grouping[];
