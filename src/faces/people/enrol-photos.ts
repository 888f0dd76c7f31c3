/** RECIPE: one more person for a model, from photos of that person alone. */

import { WhosinError } from '../../errors.ts';
import { project } from '../../learn/odds/two-covariance.ts';
import type { PhotoInput } from '../../photos/photo-input.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import { readAlbum } from '../find/read-album.ts';
import type { Faces } from '../open-faces.ts';
import { enrolPerson } from './change-people.ts';
import { chooseFaces, labelledFaces } from './consensus.ts';
import { loadFalseMatches } from './false-match-rate.ts';
import { isInGallery } from './gallery.ts';
import type { PeopleModel } from './model-file.ts';

export interface Enrolled {
  readonly model: PeopleModel;
  /** Photos whose face was enrolled. */
  readonly photos: readonly string[];
  /** The other photos, each with what speaks against it. */
  readonly leftOut: readonly LeftOutPhoto[];
}

export interface LeftOutPhoto {
  readonly path: string;
  /** Reads on from the path: "shows no face that could be found". */
  readonly reason: string;
  /** If the photo could not be read. */
  readonly error?: WhosinError;
}

/**
 * In a photo with several faces, the one counts that agrees with the person's other photos and with nobody of the model.
 *
 * @throws WhosinError `too-few-photos` if no photo shows the person, and what `enrolPerson` throws
 */
export async function enrolPhotos(
  model: PeopleModel,
  person: string,
  photos: AsyncIterable<PhotoInput> | Iterable<PhotoInput>,
  { pack, reader, cache, compute }: Pick<Faces, 'pack' | 'reader' | 'cache' | 'compute'>,
  options: ReadOptions = {},
): Promise<Enrolled> {
  const shown = [];
  const leftOut: LeftOutPhoto[] = [];
  for await (const reading of readAlbum(photos, reader, cache, options)) {
    const { path } = reading;
    if (reading.kind === 'failure') {
      const { error } = reading;
      leftOut.push({ path, reason: error.reason ?? error.message, error });
    } else if (reading.photo.faces.length === 0)
      leftOut.push({ path, reason: 'shows no face that could be found' });
    else shown.push({ path, ...reading.photo });
  }
  const known = [
    ...shown.map((photo) => ({ person, faces: labelledFaces(model.background, photo) })),
    ...model.gallery.map((face) => ({
      person: model.people[face.person]!,
      faces: [{ z: project(model.background, face.embedding), quality: face.quality ?? 1, prominence: 1 }],
    })),
  ];
  const choices = await chooseFaces(model.background, known, compute);
  const own = model.people.indexOf(person);
  const chosen = shown.flatMap(({ path, faces }, i) => {
    const { face, verdict, looksLike } = choices[i]!;
    const probe = faces[face]!;
    const reason = isInGallery(model, own, probe.embedding)
      ? 'is in the model already'
      : against(verdict, person, looksLike);
    if (reason === undefined) return [{ path, probe }];
    leftOut.push({ path, reason });
    return [];
  });
  if (chosen.length === 0) {
    const [first] = leftOut;
    const why = first ? ` ${first.path} ${first.reason}.` : '';
    throw new WhosinError('too-few-photos', `No photo shows a face that can be enrolled as ${person}.${why}`);
  }
  return {
    model: enrolPerson(
      model,
      person,
      chosen.map(({ probe }) => probe),
      await loadFalseMatches(pack),
    ),
    photos: chosen.map(({ path }) => path),
    leftOut,
  };
}

function against(verdict: string, person: string, looksLike: string | undefined): string | undefined {
  if (verdict === 'unclear') return 'shows a face that is turned away, blurred or covered';
  if (verdict === 'agrees') return undefined;
  return looksLike === undefined
    ? `does not look like the other photos of ${person}`
    : `looks like ${looksLike}`;
}
