/** A project's short name: the last part of its root, without the `.git` of a bare repository. */
export function nameProject(root: string): string {
  // A path of Windows may be read on another system.
  const parts = root.startsWith('/')
    ? root.split('/')
    : root.replace(/^[a-z]:/i, '').split(/[/\\]/);
  const last = parts.findLast((part) => part !== '') ?? '';
  const isBare = last.endsWith('.git') && last !== '.git';
  return (isBare ? last.slice(0, -'.git'.length) : last) || root;
}
