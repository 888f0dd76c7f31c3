/** Files that wait are told apart by what they hold: known, new, or not to be read. */

import type { Tables } from '../../catalog/catalog.ts';
import type { HeldPhoto } from '../../catalog/paths-table.ts';
import type { PendingPath } from '../../catalog/waiting-table.ts';
import { WhosinError } from '../../errors.ts';
import { type HashedFile, hashFile } from './read-file.ts';

/** A file with a content that nobody has read. */
export interface NewFile extends PendingPath {
  readonly hashed: HashedFile;
}

export interface FailedFile {
  readonly path: string;
  readonly error: WhosinError;
}

export interface SortedFiles {
  readonly fresh: readonly NewFile[];
  /** Copies, and files that were moved. */
  readonly known: number;
  /** Files that hold what they held when they were read last. */
  readonly unchanged: number;
  readonly failed: readonly FailedFile[];
}

export type HashedOrFailed = NewFile | (PendingPath & { readonly error: WhosinError });

/** Writes down what is known of those that are not new. */
export async function sortFiles(
  { paths, photos }: Tables,
  files: readonly HashedOrFailed[],
  recipe: string,
): Promise<SortedFiles> {
  const fresh: NewFile[] = [];
  const failed: FailedFile[] = [];
  const held: HeldPhoto[] = [];
  const count = { known: 0, unchanged: 0 };
  const hashes = files.flatMap((file) => ('hashed' in file ? [file.hashed.sha256] : []));
  const rows = new Map((await photos.bySha256(hashes)).map((photo) => [photo.sha256, photo]));
  for (const file of files) {
    if ('error' in file) {
      await paths.failed(file.id, file.error.code, reasonAbout(file.error), null);
      failed.push(file);
      continue;
    }
    const photo = rows.get(file.hashed.sha256);
    if (photo?.recipe !== recipe) {
      fresh.push(file);
      continue;
    }
    held.push({ id: file.id, photo: photo.id, state: file.hashed.state });
    count[file.photo === photo.id ? 'unchanged' : 'known']++;
  }
  await paths.hold(held);
  return { fresh, failed, ...count };
}

export async function hashedOrFailed(
  file: PendingPath,
  now: number,
  signal: AbortSignal | undefined,
): Promise<HashedOrFailed> {
  try {
    return { ...file, hashed: await hashFile(file.path, now, signal) };
  } catch (error) {
    if (!(error instanceof WhosinError)) throw error;
    return { ...file, error };
  }
}

/** The fault of a file, without its name. */
export function reasonAbout({ message, reason = message }: WhosinError): string {
  return reason;
}
