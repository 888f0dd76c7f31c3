/** A person's word: photos that were set aside come back, photos that were taken go. Nothing is deleted. */

import { relative, resolve, sep } from 'node:path';
import { WhosinError } from '../errors.ts';
import type { Provenance } from './journal.ts';
import type { PhotoSet } from './photo-set.ts';
import type { SetPhoto } from './set-state.ts';

/** Puts photos that were set aside back where they were meant for. @returns how many */
export async function keep(set: PhotoSet, files: readonly string[]): Promise<number> {
  const photos = files.map((file) => photoAt(set, file));
  for (const photo of photos) if (photo.reason !== null) await set.move(photo, null, 'person');
  return photos.filter(({ reason }) => reason !== null).length;
}

/** Conditions that all photos to be removed fulfil. */
export interface Removal {
  readonly files?: readonly string[];
  readonly source?: string;
  readonly host?: string;
  readonly author?: string;
  readonly address?: string;
}

/** Moves photos to rejected/removed/, where nothing brings them back. @returns their paths before */
export async function remove(
  set: PhotoSet,
  { files, source, host, author, address }: Removal,
): Promise<string[]> {
  const from = files?.length ? files.map((file) => photoAt(set, file)) : [...set.photos.values()];
  const fits = ({ path, reason, provenance }: SetPhoto): boolean =>
    path !== null &&
    reason !== 'removed' &&
    (source === undefined || provenance?.source === source) &&
    (host === undefined || hostsOf(provenance).includes(host.toLowerCase())) &&
    (author === undefined || provenance?.author === author) &&
    (address === undefined || provenance?.address === address || provenance?.page === address);
  const chosen = from.filter(fits);
  for (const photo of chosen) await set.move(photo, 'removed', 'person');
  return chosen.map(({ path }) => path!);
}

/** The hosts of the file and of the page that shows it. */
function hostsOf(provenance: Provenance | undefined): string[] {
  return [provenance?.address, provenance?.page].flatMap((at) =>
    at === undefined ? [] : [new URL(at).hostname],
  );
}

/** @param file as it is called from here, or as it is called within the set */
function photoAt(set: PhotoSet, file: string): SetPhoto {
  const inside = relative(resolve(set.root), resolve(file));
  const within = new Set([file, inside].map((path) => path.split(sep).join('/')));
  const found = [...set.photos.values()].find(({ path }) => path !== null && within.has(path));
  if (found) return found;
  throw new WhosinError('not-found', `${file} is not a photo of ${set.root}.`);
}
