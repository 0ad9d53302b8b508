import { defineGroup, lazyCommand } from '../define.ts';

export const projectCommand = defineGroup([
  lazyCommand(
    ['show [dir]', '$0'],
    'Show what a project cost: the last 30 days, and by model',
    async () => (await import('./show.ts')).projectShowCommand,
  ),
  lazyCommand(
    'merge <old> [new]',
    'Count the requests of one project for another, after its folder has moved',
    async () => (await import('./merge.ts')).projectMergeCommand,
  ),
]);
