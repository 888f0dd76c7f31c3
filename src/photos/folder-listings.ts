/** Folders one by one, each with all its files and how they are now: what has changed since the last time can be told. */

import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { WhosinError } from '../errors.ts';
import { isHidden, isVideo, kindOf, naturally, notAFile, otherKind } from './photo-files.ts';
import { mayBeMisread, unreadable } from './unreadable.ts';

export interface ListedFile {
  readonly name: string;
  /** Device, inode, size and time of change; null if they are too fresh to be trusted. */
  readonly state: string | null;
}

export interface FolderListing {
  readonly folder: string;
  /** Photos and videos, by their names. */
  readonly files: readonly ListedFile[];
  /** Whether these are all there are: what is missing among them is gone. */
  readonly whole: boolean;
  /** Paths that cannot be read: files, links that lead nowhere, the folder itself. */
  readonly errors: readonly { readonly path: string; readonly error: WhosinError }[];
}

export interface ListingOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Folders with all that is below them; of a file that is named, its folder with that file alone. Links are followed,
 * but no folder is entered twice.
 */
export async function* listFolders(
  paths: readonly string[],
  { now, signal }: ListingOptions,
): AsyncGenerator<FolderListing> {
  const entered = new Set<string>();
  for (const path of paths.map((given) => resolve(given))) {
    const kind = await kindOf(path);
    if ('code' in kind)
      yield { folder: dirname(path), files: [], whole: false, errors: [{ path, error: kind }] };
    else if (kind.isDirectory()) yield* listBelow(path, entered, now, signal);
    else {
      const files = await listed(dirname(path), [basename(path)], now);
      yield { folder: dirname(path), whole: false, ...files };
    }
  }
}

async function* listBelow(
  folder: string,
  entered: Set<string>,
  now: number,
  signal?: AbortSignal,
): AsyncGenerator<FolderListing> {
  signal?.throwIfAborted();
  let entries: Dirent[];
  try {
    const real = await realpath(folder);
    if (entered.has(real)) return;
    entered.add(real);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { folder, files: [], whole: false, errors: [{ path: folder, error: unreadable(folder, error) }] };
    return;
  }
  const names: string[] = [];
  const folders: string[] = [];
  const errors: { readonly path: string; readonly error: WhosinError }[] = [];
  for (const entry of entries) {
    if (isHidden(entry.name)) continue;
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() || mayBeMisread(path) ? await kindOf(path) : entry;
    if ('code' in kind) errors.push({ path, error: kind });
    else if (kind.isDirectory()) folders.push(path);
    else if (!kind.isFile()) errors.push({ path, error: notAFile(path, kind) });
    else if (mayBePhoto(entry.name)) names.push(entry.name);
  }
  const files = await listed(folder, names.toSorted(naturally), now);
  yield { folder, whole: true, files: files.files, errors: [...errors, ...files.errors] };
  for (const below of folders.toSorted(naturally)) yield* listBelow(below, entered, now, signal);
}

/** In folders .ts is more often a program than a broadcast. */
function mayBePhoto(name: string): boolean {
  return isVideo(name) ? !name.toLowerCase().endsWith('.ts') : otherKind(name) === undefined;
}

/** So many files are asked about at once. */
const atOnce = 64;

async function listed(
  folder: string,
  names: readonly string[],
  now: number,
): Promise<Pick<FolderListing, 'files' | 'errors'>> {
  const files: ListedFile[] = [];
  const errors: { readonly path: string; readonly error: WhosinError }[] = [];
  for (let at = 0; at < names.length; at += atOnce) {
    const part = names.slice(at, at + atOnce);
    const states = await Promise.all(
      part.map((name) => stat(join(folder, name), { bigint: true }).catch((error: unknown) => ({ error }))),
    );
    for (const [i, name] of part.entries()) {
      const info = states[i]!;
      if ('error' in info) {
        const path = join(folder, name);
        errors.push({ path, error: unreadable(path, info.error) });
      } else files.push({ name, state: stateOf(info, now) });
    }
  }
  return { files, errors };
}

/** Longer than the steps in which any file system tells times. */
const racyMilliseconds = 2500;

/**
 * The properties that show that a file is the same as before, in the words of git's index (gitformat-index, "racy git"). It stays
 * where a folder above is moved; of a file that is renamed itself the time of change of its inode differs.
 */
export function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats, now: number): string | null {
  const changed = Number(ctimeNs / 1_000_000n);
  return changed > now - racyMilliseconds ? null : `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
