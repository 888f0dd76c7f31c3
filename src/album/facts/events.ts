/** Photos of one occasion: what they show of a person is one piece of evidence, however many they are. */

import type { PhotoOccasion } from '../../catalog/photos-table.ts';
import { disjointSets } from '../../core/disjoint-sets.ts';
import { groupNearDuplicates } from '../../photos/near-duplicates.ts';

/** Seconds between two photos of one occasion at most. */
const longestPause = 600;

/** @returns a number for each photo, in order; those of one occasion share it */
export function eventsOf(photos: readonly Omit<PhotoOccasion, 'id'>[]): number[] {
  const events = disjointSets(photos.length);
  const hashed = photos.flatMap(({ phash }, i) => (phash === null ? [] : [{ i, phash }]));
  const copies = groupNearDuplicates(hashed.map(({ phash }) => phash));
  for (const [k, copy] of copies.entries()) events.join(hashed[k]!.i, hashed[copy]!.i);
  // Times of files tell when they were copied, too often of a whole album at once.
  const timed = photos
    .flatMap(({ taken, taken_from: from }, i) =>
      taken !== null && (from === 'exif' || from === 'digitised')
        ? [{ i, seconds: Date.parse(`${taken}Z`) / 1000 }]
        : [],
    )
    .toSorted((a, b) => a.seconds - b.seconds);
  for (const [k, { i, seconds }] of timed.entries()) {
    const before = timed[k - 1];
    if (before !== undefined && seconds - before.seconds <= longestPause) events.join(before.i, i);
  }
  return photos.map((_, i) => events.first(i));
}
