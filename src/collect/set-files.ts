/**
 * Places of the files of a set: `<name>/` for its photos, `rejected/<reason>/<name>/` for those set aside, and a hidden
 * folder for work under way.
 */

import { readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { WhosinError } from '../errors.ts';
import type { ContentHashes } from '../photos/content-hashes.ts';
import { sha256OfFile } from '../photos/photo-content.ts';
import { isHidden, otherKind, walkFolder } from '../photos/photo-files.ts';
import { type Reason, reasons } from './journal.ts';
import { rejectedFolder } from './query-list.ts';

export const journalFile = 'provenance.jsonl';
export const workFolder = '.whosin';

/** A file as it lies in the set, whoever put it there. */
export interface LyingFile {
  /** Relative to the set, with forward slashes. */
  readonly path: string;
  readonly name: string;
  readonly reason: Reason | null;
  readonly sha256: string;
}

/** Named by content: nothing of a name from the net is taken over. */
export function placeOf(name: string, reason: Reason | null, sha256: string, extension: string): string {
  const file = `${sha256.slice(0, 20)}.${extension}`;
  return [...(reason === null ? [] : [rejectedFolder, reason]), name, file].join('/');
}

/**
 * Every photo of the set and of what was set aside.
 *
 * @param hashes of files that were read before: those that are as they were are not opened
 */
export async function listSet(root: string, hashes?: ContentHashes): Promise<LyingFile[]> {
  const found: LyingFile[] = [];
  // A link back to the set would put the photos of every name under one.
  const above = await realpath(root).catch(() => root);
  const walk = async (name: string, reason: Reason | null, ...parts: string[]): Promise<void> => {
    for await (const file of walkFolder(join(root, ...parts), new Set([above]))) {
      if (file.kind === 'failure' || otherKind(file.path)) continue;
      const path = relative(root, file.path).split(sep).join('/');
      try {
        found.push({ path, name, reason, sha256: await sha256OfFile(file.path, hashes) });
      } catch (error) {
        // A file that cannot be a photo is none of the set's.
        if (!(error instanceof WhosinError && error.code === 'photo-too-large')) throw error;
      }
    }
  };
  for (const name of await foldersIn(root)) if (name !== rejectedFolder) await walk(name, null, name);
  for (const folder of await foldersIn(join(root, rejectedFolder))) {
    // A folder that a person made there holds what a person set aside.
    const reason = reasons.find((known) => known === folder) ?? 'removed';
    for (const name of await foldersIn(join(root, rejectedFolder, folder))) {
      await walk(name, reason, rejectedFolder, folder, name);
    }
  }
  await hashes?.flush();
  return found;
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !isHidden(entry.name))
    .map(({ name }) => name)
    .toSorted();
}

/** The usual ending for what the first bytes say a file is; decoding decides whether it is one. */
export function extensionOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpg';
  if (head.startsWith('\x89PNG')) return 'png';
  if (head.startsWith('GIF8')) return 'gif';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return 'tif';
  if (head.slice(4, 8) === 'ftyp') return head.slice(8, 12).startsWith('avi') ? 'avif' : 'heic';
  return 'bin';
}
