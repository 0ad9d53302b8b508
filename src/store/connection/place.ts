import { accessSync, constants, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/** Why a file can't be created or written where it is to be, and what to do. */
export interface PlaceTrouble {
  reason: string;
  remedy: string;
}

const ELSEWHERE = 'set TELEMETRY_DB_PATH to a file in another folder';

/**
 * Looks for what keeps this process from writing a file: the file, its folder, or the folder above it that
 * is the last to exist. Writes nothing.
 * @returns null if nothing is found
 */
export function findPlaceTrouble(path: string): PlaceTrouble | null {
  const folders: string[] = [];
  for (let at = path; dirname(at) !== at; at = dirname(at)) folders.unshift(dirname(at));
  for (const [index, folder] of folders.entries()) {
    const stat = tryStat(folder);
    if (stat === null) return null;
    if (!stat.isDirectory()) {
      const remedy = `Move ${folder} away, or ${ELSEWHERE}.`;
      return { reason: `${folder} is a file, not a folder`, remedy };
    }
    const next = folders[index + 1] ?? path;
    if (!isAllowed(folder, constants.X_OK)) return folderTrouble(folder, stat, 'EACCES');
    const isLast = tryStat(next) === null;
    if (!isLast && next !== path) continue;
    const code = accessFault(folder, constants.W_OK);
    if (code !== null) return folderTrouble(folder, stat, code);
    return isLast ? null : findFileTrouble(path);
  }
  return null;
}

function findFileTrouble(path: string): PlaceTrouble | null {
  const stat = tryStat(path);
  if (stat === null) return null;
  if (!stat.isFile()) {
    const what = stat.isDirectory() ? 'a folder' : 'not a regular file';
    return { reason: `${path} is ${what}`, remedy: 'Set TELEMETRY_DB_PATH to another file.' };
  }
  const code = accessFault(path, constants.R_OK | constants.W_OK);
  if (code === null) return null;
  if (code === 'EROFS') return readOnlyDisk(path);
  const reason = `the file ${path} can't be read and written (${code}: ${ownership(stat)})`;
  return { reason, remedy: permissionRemedy(path, stat, 'u+rw') };
}

function folderTrouble(folder: string, stat: Stats, code: string): PlaceTrouble {
  if (code === 'EROFS') return readOnlyDisk(folder);
  const reason = `the folder ${folder} can't be written (${code}: ${ownership(stat)})`;
  return { reason, remedy: permissionRemedy(folder, stat, 'u+rwx') };
}

function readOnlyDisk(path: string): PlaceTrouble {
  const remedy = `Make that file system writable, or ${ELSEWHERE}.`;
  return { reason: `${path} is on a read-only file system (EROFS)`, remedy };
}

function ownership({ uid, mode }: Stats): string {
  return `owner ${uid}, mode ${(mode & 0o777).toString(8)}`;
}

/** Only the owner, or root, may change the mode. */
function permissionRemedy(path: string, { uid }: Stats, mode: string): string {
  const own = process.getuid?.();
  const command =
    own === undefined || uid === own ? `chmod ${mode} ${path}` : `sudo chown ${own} ${path}`;
  return `Run ${command}, or ${ELSEWHERE}.`;
}

function tryStat(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function isAllowed(path: string, mode: number): boolean {
  return accessFault(path, mode) === null;
}

/** The system's code, such as EACCES or EROFS; null if access is allowed. */
function accessFault(path: string, mode: number): string | null {
  try {
    accessSync(path, mode);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'EACCES';
  }
}
