import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parseJson } from '../../core/lang/json.ts';
import { type Environment, dataFolder } from '../machine/paths.ts';
import { deleteFile, openTextFile, readTextFile, writePrivateFile } from '../files/text.ts';

/** What init did to one settings file, so that uninstall can undo exactly that. */
const installedFile = z.object({
  /** Hash of the text that init wrote; a file with another hash was edited since. */
  sha256After: z.string(),
  /** The file did not exist; `madeFolder`: nor did its folder. */
  madeFile: z.boolean(),
  madeFolder: z.boolean(),
  /** The outermost folder that did not exist either; absent: only the file's own. */
  outermostFolder: z.optional(z.string()),
  /**
   * A copy of the file without our hooks, and its hash. Null if there was no file, or if others edited
   * it between two runs of init, so that no copy has exactly that text.
   */
  backup: z.nullable(z.object({ path: z.string(), sha256: z.string() })),
  /** The exact content without our hooks is known: the backup, or no file at all. */
  isExact: z.boolean(),
  undo: z.object({
    blank: z.nullable(z.string()),
    empty: z.record(z.string(), z.string()),
    statusline: z.optional(z.nullable(z.string())),
  }),
});
const record = z.object({ version: z.literal(1), files: z.record(z.string(), installedFile) });

export type InstalledFile = z.infer<typeof installedFile>;

export function installRecordPath(env: Environment): string {
  return join(dataFolder(env), 'install.json');
}

/** Null if nothing is recorded. A broken record is ignored: hooks are found without it too. */
export function readInstalledFile(recordPath: string, settingsPath: string): InstalledFile | null {
  return readFiles(recordPath)[settingsPath] ?? null;
}

/** Null removes the entry. */
export function writeInstalledFile(
  recordPath: string,
  settingsPath: string,
  entry: InstalledFile | null,
): void {
  const { [settingsPath]: existing, ...others } = readFiles(recordPath);
  if (entry === null && existing === undefined) return;
  const files = entry === null ? others : { ...others, [settingsPath]: entry };
  if (Object.keys(files).length === 0) return deleteFile(openTextFile(recordPath));
  writePrivateFile(recordPath, `${JSON.stringify({ version: 1, files }, null, 2)}\n`);
}

function readFiles(recordPath: string): Record<string, InstalledFile> {
  const parsed = record.safeParse(parseJson(readTextFile(recordPath) ?? ''));
  return parsed.success ? parsed.data.files : {};
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
