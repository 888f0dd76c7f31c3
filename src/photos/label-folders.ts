/**
 * A folder with one sub-folder for each label, listed. No photo is opened here, and nothing is written. Files
 * that are left out are listed too, each with its reason.
 */

import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type ErrorCode, WhosinError } from '../errors.ts';
import { doubtsAboutLabels } from './label-names.ts';
import { isHidden, otherKind, walkFolder } from './photo-files.ts';
import { refusal, unreadable } from './unreadable.ts';

/** A file that should be a photo, in the folder of a label. */
export interface LabelledFile {
  readonly path: string;
  readonly label: string;
}

export interface LabelFolders {
  readonly root: string;
  /** The names of all folders, exactly as on disk, in the order of code points. */
  readonly names: readonly string[];
  /** In the order of paths. */
  readonly files: readonly LabelledFile[];
  readonly skipped: readonly Skipped[];
  /** Things that look as if they were not meant so, a sentence each. */
  readonly doubts: readonly string[];
}

export interface Skipped {
  readonly path: string;
  readonly code: ErrorCode;
  /** Reads on from the path: "is empty (0 bytes)". Other photos are named relative to the root. */
  readonly reason: string;
}

/** The layout of a folder of labels, for messages. */
export const layout =
  'Expected one sub-folder for each person or thing, with photos of it: photos/<name>/*.jpg.';

/**
 * @param root holds one sub-folder for each label; sub-folders of those belong to the label too
 * @throws WhosinError `not-found`, or `usage`: a file, parts of a set in the place of labels, two names that look the same
 */
export async function listLabelFolders(root: string): Promise<LabelFolders> {
  const names: string[] = [];
  const files: LabelledFile[] = [];
  const skipped: Skipped[] = [];
  const entries = await readRoot(root);
  // A link back to the root would put the photos of every label under one.
  const above = await realpath(root);
  for (const name of entries) {
    const path = join(root, name);
    const kind = await stat(path).catch((error: unknown) => skippedFor(path, unreadable(path, error)));
    if ('reason' in kind) skipped.push(kind);
    else if (!kind.isDirectory()) skipped.push(misplaced(path));
    else {
      names.push(name);
      for await (const file of walkFolder(path, new Set([above]))) {
        if (file.kind === 'failure') skipped.push(skippedFor(file.path, file.error));
        else if (otherKind(file.path)) skipped.push(notAPhoto(file.path));
        else files.push({ path: file.path, label: name });
      }
    }
  }
  const doubts = doubtsAboutLabels(root, files);
  return { root, names: names.toSorted(byCodePoint), files: sortedByPath(files), skipped, doubts };
}

async function readRoot(root: string): Promise<string[]> {
  try {
    const names = (await readdir(root)).filter((name) => !isHidden(name));
    // `collect` keeps what it set aside beside what it holds for good: nobody is called that.
    const collected = names.includes('provenance.jsonl') ? ['provenance.jsonl', 'rejected'] : [];
    return names.filter((name) => !collected.includes(name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR') {
      throw new WhosinError('usage', `${root} is a file, not a folder. ${layout}`, { cause: error });
    }
    throw new WhosinError('not-found', `Cannot read the folder ${root}: ${refusal(root, error)}. ${layout}`, {
      cause: error,
    });
  }
}

/** A file that cannot be used, for the list of what was left out. */
export function skippedFor(path: string, { code, message, reason = message }: WhosinError): Skipped {
  return { path, code, reason };
}

export function notAPhoto(path: string): Skipped {
  return { path, code: 'not-a-photo', reason: `is a .${otherKind(path)} file, not a photo` };
}

function misplaced(path: string): Skipped {
  if (otherKind(path)) return notAPhoto(path);
  return { path, code: 'usage', reason: 'lies outside the sub-folders: move it into the one it belongs to' };
}

/** With forward slashes, whatever the system: reports go from machine to machine. */
export function within(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

export function sortedByPath<T extends { readonly path: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => byCodePoint(a.path, b.path));
}

/** UTF-8 keeps the order of code points; UTF-16, which `<` compares, puts emoji before some letters. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
