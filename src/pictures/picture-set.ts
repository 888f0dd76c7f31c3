/** Checks a folder of labelled pictures, and finds which pictures belong together. */

import { basename } from 'node:path';
import { WhosinError } from '../errors.ts';
import { type Dataset, type LabelledPhoto, strangersFolder } from '../photos/dataset.ts';
import { within } from '../photos/label-folders.ts';
import { groupNearDuplicates } from '../photos/near-duplicates.ts';
import type { DatasetReading, SkippedPhoto } from '../photos/read-dataset.ts';
import type { ThreeWaySplit } from '../photos/split.ts';
import type { PictureReading } from './read-picture.ts';

export interface PicturesReport {
  readonly photos: number;
  readonly computed: number;
  readonly cached: number;
  /** Paths are relative to the folder: a model file may be given away. */
  readonly skipped: readonly SkippedPhoto[];
  /** Files that should have been photos and could not be read; among `skipped`. */
  readonly unreadable: number;
  /** `unknown` last, where the folder has it. */
  readonly labels: readonly {
    readonly label: string;
    readonly training: number;
    readonly validation: number;
    readonly testing: number;
  }[];
}

/** The index of a folder's name; a picture in no label's folder shows none of them, and comes after the last. */
export function labelIndex(labels: readonly string[], label: string): number {
  const index = labels.indexOf(label);
  return index < 0 ? labels.length : index;
}

/** The labels that have pictures, `unknown` not among them; throws `too-few-photos` where there is nothing to tell apart. */
export function requireLabels(
  { root, labels }: Dataset,
  { photos }: DatasetReading<PictureReading>,
): readonly string[] {
  const named = labels.filter((label) => label !== strangersFolder);
  const filled = named.filter((label) => photos.some((photo) => photo.label === label));
  if (filled.length >= 2) return filled;
  const found = filled.length === 0 ? 'no pictures that can be read' : `pictures of "${filled[0]}" alone`;
  throw new WhosinError(
    'too-few-photos',
    `${root} has ${found}: put pictures of at least two kinds of things into a folder each.`,
  );
}

/**
 * Near-duplicates share a `group`, and so do the variants of one picture that retrain.py's users name
 * `rose_nohash_1.jpg` and `rose_nohash_2.jpg`: what is measured on a variant of a training picture is too good.
 */
export function sameSide<T extends PictureReading & LabelledPhoto>(
  photos: readonly T[],
): readonly (T & { readonly group: number })[] {
  const groups = groupNearDuplicates(photos.map((photo) => photo.perceptualHash));
  const parent = groups.map((_, i) => i);
  const find = (i: number): number => (parent[i] === i ? i : find(parent[i]!));
  const firstOfName = new Map<string, number>();
  for (const [i, { path, label }] of photos.entries()) {
    parent[find(i)] = find(groups[i]!);
    const [name, variant] = basename(path).split('_nohash_');
    if (variant === undefined) continue;
    const key = `${label}/${name}`;
    const first = firstOfName.get(key);
    if (first === undefined) firstOfName.set(key, i);
    else parent[find(i)] = find(first);
  }
  return photos.map((photo, i) => ({ ...photo, group: find(i) }));
}

export function picturesReport(
  root: string,
  labels: readonly string[],
  { photos, computed, cached, skipped, unreadable }: DatasetReading<PictureReading>,
  split: ThreeWaySplit<{ readonly label: string }>,
): PicturesReport {
  const of = (part: readonly { readonly label: string }[], label: string): number =>
    part.filter((photo) => photo.label === label).length;
  const others = photos.some(({ label }) => label === strangersFolder) ? [strangersFolder] : [];
  return {
    photos: photos.length,
    computed,
    cached,
    unreadable,
    skipped: skipped.map(({ path, reason }) => ({ path: within(root, path), reason })),
    labels: [...labels, ...others].map((label) => ({
      label,
      training: of(split.training, label),
      validation: of(split.validation, label),
      testing: of(split.testing, label),
    })),
  };
}
