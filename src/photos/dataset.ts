/**
 * A folder with one sub-folder for each label becomes a list of photos. Nothing is decoded here, and nothing is
 * written. What is left out is listed, each with its reason.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type ErrorCode, WhosinError } from '../errors.ts';
import { isHidden, otherKind, refusal, walkFolder } from './photo-files.ts';
import { requireFileSize } from './photo-source.ts';

export interface LabelledPhoto {
  readonly path: string;
  readonly label: string;
  readonly sha256: string;
}

export interface Skipped {
  readonly path: string;
  readonly code: ErrorCode;
  /** Reads on from the path: "is empty (0 bytes)". Other photos are named relative to the root. */
  readonly reason: string;
}

export interface Dataset {
  readonly root: string;
  /** The names of the folders with photos, exactly as on disk, in the order of code points. */
  readonly labels: readonly string[];
  /** The names of the folders without. */
  readonly empty: readonly string[];
  /** In the order of paths, each content once. */
  readonly photos: readonly LabelledPhoto[];
  readonly skipped: readonly Skipped[];
}

/** A folder of this name among those of people holds strangers, among those of things none of them. */
export const strangersFolder = 'unknown';

/** Disks and network shares answer faster when a few files are read at once; more only costs memory. */
const readAtOnce = 8;

type Found = Omit<LabelledPhoto, 'sha256'>;

const layout = 'Expected one sub-folder for each person or thing, with photos of it: photos/<name>/*.jpg.';

/**
 * @param root holds one sub-folder for each label; sub-folders of those belong to the label too
 * @throws WhosinError `not-found`, `usage` (a file) or `too-few-photos`
 */
export async function readLabelledFolder(root: string): Promise<Dataset> {
  const names: string[] = [];
  const found: Found[] = [];
  const skipped: Skipped[] = [];
  const entries = await readRoot(root);
  // A link back to the root would put the photos of every label under one.
  const above = await realpath(root);
  for (const name of entries) {
    const path = join(root, name);
    const kind = await stat(path).catch((error: unknown) => cannotRead(path, error));
    if ('reason' in kind) skipped.push(kind);
    else if (!kind.isDirectory()) skipped.push(misplaced(path));
    else {
      names.push(name);
      for await (const file of walkFolder(path, new Set([above]))) {
        if ('error' in file) skipped.push(unusable(file.path, file.error));
        else if (otherKind(file.path)) skipped.push(notAPhoto(file.path));
        else found.push({ path: file.path, label: name });
      }
    }
  }
  const photos: LabelledPhoto[] = [];
  for (const one of await mapAtOnce(found, readAtOnce, hashed)) {
    if ('sha256' in one) photos.push(one);
    else skipped.push(one);
  }
  return withoutCopies(root, names, photos, skipped);
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

async function hashed({ path, label }: Found): Promise<LabelledPhoto | Skipped> {
  try {
    const { size } = await stat(path);
    // Every empty file is a copy of every other: that would be the wrong thing to say about them.
    if (size === 0) return { path, code: 'not-a-photo', reason: 'is empty (0 bytes)' };
    // A file of holes takes no room on the disk, and hours to read.
    requireFileSize(path, size);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
    return { path, label, sha256: hash.digest('hex') };
  } catch (error) {
    return error instanceof WhosinError ? unusable(path, error) : cannotRead(path, error);
  }
}

/** Results in the order of the items, with so many of them under way at a time. */
async function mapAtOnce<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

function withoutCopies(
  root: string,
  names: readonly string[],
  candidates: readonly LabelledPhoto[],
  others: readonly Skipped[],
): Dataset {
  const byContent = new Map<string, LabelledPhoto[]>();
  for (const photo of sortedByPath(candidates)) {
    const copies = byContent.get(photo.sha256);
    if (copies) copies.push(photo);
    else byContent.set(photo.sha256, [photo]);
  }
  const photos: LabelledPhoto[] = [];
  const skipped = [...others];
  for (const copies of byContent.values()) {
    const [first, ...rest] = copies as [LabelledPhoto, ...LabelledPhoto[]];
    if (copies.every(({ label }) => label === first.label)) {
      photos.push(first);
      skipped.push(...rest.map((copy) => repeated(root, copy, first)));
    } else {
      skipped.push(...copies.map((copy) => contradicted(root, copy, copies)));
    }
  }
  const filled = new Set(photos.map(({ label }) => label));
  const sorted = names.toSorted(byCodePoint);
  const dataset = {
    root,
    labels: sorted.filter((name) => filled.has(name)),
    empty: sorted.filter((name) => !filled.has(name)),
    photos: sortedByPath(photos),
    skipped: sortedByPath(skipped),
  };
  if (photos.length === 0) throw noPhotos(dataset);
  return dataset;
}

function repeated(root: string, { path }: LabelledPhoto, first: LabelledPhoto): Skipped {
  return { path, code: 'usage', reason: `is an exact copy of ${within(root, first.path)}` };
}

/**
 * One photo in two labels' folders is used for neither. Which folder is right cannot be told from here: to pick
 * one would teach a wrong label as often as a right one, and to stop would make one stray file cost a whole run.
 * Nothing is lost: the photo counts again as soon as one of its copies is removed.
 */
function contradicted(
  root: string,
  { path, label }: LabelledPhoto,
  copies: readonly LabelledPhoto[],
): Skipped {
  const others = copies.filter((copy) => copy.label !== label);
  const places = others.map((copy) => within(root, copy.path)).join(', ');
  const reason = `is the same photo as ${places}: it cannot be both, so it is used for neither`;
  return { path, code: 'usage', reason };
}

function cannotRead(path: string, error: unknown): Skipped {
  return { path, code: 'not-found', reason: `cannot be read: ${refusal(path, error)}` };
}

function unusable(path: string, { code, reason, cause }: WhosinError): Skipped {
  return reason === undefined ? cannotRead(path, cause) : { path, code, reason };
}

function notAPhoto(path: string): Skipped {
  return { path, code: 'not-a-photo', reason: `is a .${otherKind(path)} file, not a photo` };
}

function misplaced(path: string): Skipped {
  if (otherKind(path)) return notAPhoto(path);
  return { path, code: 'usage', reason: 'lies outside the sub-folders: move it into the one it belongs to' };
}

function noPhotos({ root, empty, skipped }: Dataset): WhosinError {
  const where =
    empty.length === 0 ? `${root} has no sub-folders` : `There are no photos in the sub-folders of ${root}`;
  const [first] = skipped;
  const example = first ? ` Left out, for example: ${within(root, first.path)} ${first.reason}.` : '';
  return new WhosinError('too-few-photos', `${where}. ${layout}${example}`);
}

/** With forward slashes, whatever the system: reports go from machine to machine. */
export function within(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

function sortedByPath<T extends { readonly path: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => byCodePoint(a.path, b.path));
}

/** UTF-8 keeps the order of code points; UTF-16, which `<` compares, puts emoji before some letters. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
