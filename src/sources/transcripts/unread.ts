import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { UnknownLayoutError } from '../../core/transcript/unknown-layout.ts';
import type { UnreadPath } from '../../core/transcript/unread.ts';
import { FileRefused } from '../../files/read-bounded.ts';
import { ArchiveFault } from './archive-fault.ts';

const MOUNT = 'Check the disk or the network mount, then run tallyhook import';
/** By the code of the system's error: what it means, and what to do. */
const REASONS = new Map<string, [reason: string, fix: string]>([
  ['ELOOP', ['a symbolic link that leads back to itself', 'Delete the link']],
  [
    'MISSING_TARGET',
    ['a symbolic link to something that does not exist', 'Delete the link, or restore its target'],
  ],
  ['TOO_DEEP', ['more than 8 folders deep', 'Move it up, then run tallyhook import']],
  ['IS_FOLDER', ['a folder, not a file', 'Rename it']],
  ['UNKNOWN_ARCHIVE', ['compressed, but not by gzip', 'Decompress it, then run tallyhook import']],
  ['ENOTDIR', ['a part of the path is not a folder', 'Check the path']],
  ['EIO', ['input/output error', MOUNT]],
  ['ESTALE', ['the network mount is stale', MOUNT]],
  ['ENOTCONN', ['the mount is not connected', MOUNT]],
  ['ETIMEDOUT', ['the network mount does not answer', MOUNT]],
  ['EHOSTDOWN', ['the network mount does not answer', MOUNT]],
  ['EMFILE', ['too many open files', 'Run tallyhook import again']],
  ['ENFILE', ['too many open files', 'Run tallyhook import again']],
  ['SQLITE_NOTADB', ['not an SQLite database', 'Restore it, or move it away']],
  ['SQLITE_CORRUPT', ['a damaged SQLite database', 'Restore it, or move it away']],
  ['SQLITE_BUSY', ['locked by another program', 'Run tallyhook import again']],
  ['ENAMETOOLONG', ['the path is too long', 'Move it to a shorter path']],
]);

/**
 * Why a file or folder could not be read, from the error of the attempt.
 * @param agentTitle the agent that wrote it, if that is known
 */
export function unreadPath(path: string, error: unknown, agentTitle = 'the agent'): UnreadPath {
  const unread = { path, kind: 'unreadable' as const };
  if (error instanceof UnknownLayoutError) {
    const { missing, version } = error;
    const writer = version === null ? agentTitle : `${agentTitle} ${version}`;
    const reason = `the database of ${writer} has another layout: ${missing.join(', ')} not found`;
    return { ...unread, reason, fix: 'Update tallyhook, then run tallyhook import' };
  }
  if (error instanceof FileRefused) {
    return { ...unread, reason: error.message.replace(`${path} `, ''), fix: 'Move it away' };
  }
  if (error instanceof ArchiveFault) {
    return { ...unread, reason: error.message, fix: error.fix };
  }
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  if (code === 'EACCES' || code === 'EPERM') {
    return { ...unread, reason: 'permission denied', fix: permissionFix(path) };
  }
  const [reason, fix] = REASONS.get(code) ?? [code || toErrorMessage(error), MOUNT];
  return { ...unread, reason, fix };
}

/** The owner may change the mode; others need root to get the file. */
function permissionFix(path: string): string {
  let at = path;
  for (;;) {
    try {
      const isOwn = statSync(at).uid === process.getuid?.();
      return isOwn ? `chmod u+rX ${quoted(at)}` : `sudo chown -R "$(id -un)" ${quoted(at)}`;
    } catch {
      // A folder above may not be entered.
      if (dirname(at) === at) return `ls -ld ${quoted(path)}`;
      at = dirname(at);
    }
  }
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
