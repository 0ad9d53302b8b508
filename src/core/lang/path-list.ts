/** Paths of one folder as a shell takes them: `/home/u/.cline/hooks/{PostToolUse,TaskError}`. */
export function pathList(paths: readonly string[]): string {
  const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  const [folder = ''] = folders;
  if (paths.length < 2 || folders.size > 1) return paths.join(', ');
  return `${folder}{${paths.map((path) => path.slice(folder.length)).join(',')}}`;
}
