/** The dashboard's filters by the API's parameter, each with the dimension whose groups set it. */
export const FILTER_LABELS = {
  agentType: { name: 'Agent', by: 'agent-type', all: 'All agents' },
  model: { name: 'Model', by: 'model', all: 'All models' },
  project: { name: 'Project', by: 'project', all: 'All projects' },
  tool: { name: 'Tool', by: 'tool', all: 'All tools' },
  branch: { name: 'Branch', by: 'branch', all: 'All branches' },
  client: { name: 'Client', by: 'client', all: 'All clients' },
} as const;

export type FilterName = keyof typeof FILTER_LABELS;

export const FILTERS = Object.keys(FILTER_LABELS) as FilterName[];
