/** RECIPE: photos whose faces have names, in the photos or beside them, become a model of people. */

import { checkShare, checkWhole } from '../../core/checked-numbers.ts';
import { toRatio } from '../../core/geometry.ts';
import { WhosinError } from '../../errors.ts';
import type { TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import type { BottleneckCache } from '../../photos/bottleneck-cache.ts';
import { photosIn } from '../../photos/photos-in.ts';
import type { SkippedPhoto } from '../../photos/read-dataset.ts';
import { matchRegions } from '../../photos/regions/match-regions.ts';
import type { Region } from '../../photos/regions/region.ts';
import { damagedAmong, type PersonPhoto, readAlbum, wholeFaces } from '../find/read-album.ts';
import type { FaceReader } from '../find/read-faces.ts';
import { learnPeople, type Trained, type TrainOptions } from '../people/train.ts';
import { readRegions } from './photo-regions.ts';

/**
 * Each region of a face with a name is an example of that person, if a face is found where it lies. Faces without a region
 * are passed over.
 *
 * @param root a folder of photos, whatever is in it; or one photo
 * @throws WhosinError `too-few-photos` if no photo names a face
 */
export async function trainOnRegions(
  root: string,
  background: TwoCovariance,
  reader: FaceReader,
  cache: BottleneckCache,
  compute: OpenComputation,
  options: TrainOptions = {},
): Promise<Trained> {
  checkWhole('steps', options.steps ?? 0);
  checkShare('validation', options.validation ?? 0);
  const skipped: SkippedPhoto[] = [];
  const named = await namedRegions(root, skipped, options.signal);
  if (named.size === 0) {
    throw new WhosinError(
      'too-few-photos',
      `No photo in ${root} names a face (whosin regions shows what they carry).`,
    );
  }
  const names = [...named.values()].flatMap((regions) => regions.map(({ name }) => name!));
  const labels = [...new Set(names)].toSorted();
  const photos: PersonPhoto[] = [];
  const damaged: SkippedPhoto[] = [];
  const counts = { unreadable: 0, computed: 0, cached: 0 };
  const seen = new Set<string>();
  const { signal, onProgress } = options;
  for await (const reading of readAlbum(named.keys(), reader, cache, { signal, onProgress })) {
    if (reading.kind === 'failure') {
      counts.unreadable++;
      skipped.push({ path: reading.path, reason: reading.error.reason ?? reading.error.message });
      continue;
    }
    counts[reading.cached ? 'cached' : 'computed']++;
    // A copy says nothing new.
    if (seen.has(reading.sha256)) continue;
    seen.add(reading.sha256);
    const photo = { ...reading.photo, path: reading.path, sha256: reading.sha256 };
    damaged.push(...damagedAmong([photo]));
    photos.push(...facesOfPeople(photo, named.get(photo.path)!, skipped));
  }
  const files = photos.map(({ path, person, sha256 }) => ({ path, label: person, sha256 }));
  options.onDataset?.({ root, labels, empty: [], photos: files, skipped: [], doubts: [] });
  const people = { photos, skipped, damaged, ...counts };
  return learnPeople({ root, labels, doubts: [] }, people, background, reader.space, compute, options);
}

/** Regions of faces with names, by the photos that have them. */
async function namedRegions(
  root: string,
  skipped: SkippedPhoto[],
  signal: AbortSignal | undefined,
): Promise<Map<string, readonly Region[]>> {
  const found = new Map<string, readonly Region[]>();
  for await (const photo of readRegions(photosIn([root]), signal ? { signal } : {})) {
    if (photo.kind === 'failure') {
      skipped.push({ path: photo.path, reason: photo.error.reason ?? photo.error.message });
      continue;
    }
    for (const { file, reason } of photo.unread) skipped.push({ path: file, reason: `is unread: ${reason}` });
    const named = photo.regions.filter(({ type, name }) => type === 'Face' && name !== null);
    if (named.length > 0) found.set(photo.path, named);
  }
  return found;
}

/** One entry for each region: the photo with nothing but the face that the region means, if no damage touches it. */
function facesOfPeople(
  photo: Omit<PersonPhoto, 'person'>,
  regions: readonly Region[],
  skipped: SkippedPhoto[],
): PersonPhoto[] {
  const boxes = photo.faces.map(({ box }) => toRatio(box, photo));
  const matches = matchRegions(
    regions.map(({ box }) => box),
    boxes,
  );
  const { path } = photo;
  const whole = new Set(wholeFaces(photo));
  return regions.flatMap(({ name }, i) => {
    const face = photo.faces[matches[i] ?? -1];
    if (face === undefined) {
      skipped.push({ path, reason: `shows no face that could be found where it names ${name}` });
      return [];
    }
    if (!whole.has(face)) {
      skipped.push({ path, reason: `is damaged where it shows ${name}` });
      return [];
    }
    return [{ ...photo, person: name!, faces: [face] }];
  });
}
