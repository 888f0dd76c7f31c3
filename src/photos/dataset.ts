/**
 * Listed folders of labels become a dataset: each content once. Files that are left out are listed, each with its reason.
 */

import { WhosinError } from '../errors.ts';
import {
  type LabelFolders,
  type LabelledFile,
  layout,
  type Skipped,
  skippedFor,
  sortedByPath,
  within,
} from './label-folders.ts';
import type { HashedPhoto, PhotoReading } from './read-photos.ts';

export interface LabelledPhoto extends LabelledFile {
  readonly sha256: string;
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
  /** Things that look as if they were not meant so, a sentence each. */
  readonly doubts: readonly string[];
}

/** A folder of this name among those of people holds strangers, among those of things none of them. */
export const strangersFolder = 'unknown';

/**
 * @param contents what was read of each file, by its path
 * @throws WhosinError `too-few-photos` if no photo is left
 */
export function withoutCopies(
  { root, names, files, skipped: others, doubts }: LabelFolders,
  contents: ReadonlyMap<string, PhotoReading<unknown> | HashedPhoto>,
): Dataset {
  const byContent = new Map<string, LabelledPhoto[]>();
  const skipped = [...others];
  for (const file of files) {
    const content = contents.get(file.path)!;
    const { sha256 } = content;
    if (sha256 === undefined) {
      if (content.kind === 'failure') skipped.push(skippedFor(file.path, content.error));
      continue;
    }
    const copies = byContent.get(sha256);
    if (copies) copies.push({ ...file, sha256 });
    else byContent.set(sha256, [{ ...file, sha256 }]);
  }
  const photos: LabelledPhoto[] = [];
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
  const dataset = {
    root,
    labels: names.filter((name) => filled.has(name)),
    empty: names.filter((name) => !filled.has(name)),
    photos: sortedByPath(photos),
    skipped: sortedByPath(skipped),
    doubts,
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

function noPhotos({ root, empty, skipped }: Dataset): WhosinError {
  const where =
    empty.length === 0 ? `${root} has no sub-folders` : `There are no photos in the sub-folders of ${root}`;
  const [first] = skipped;
  const example = first ? ` Left out, for example: ${within(root, first.path)} ${first.reason}.` : '';
  return new WhosinError('too-few-photos', `${where}. ${layout}${example}`);
}
