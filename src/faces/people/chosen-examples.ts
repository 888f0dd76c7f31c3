/** From photos of people to examples of them: in each photo the face that is the person. */

import { checkFinite } from '../../core/checked-numbers.ts';
import type { SpaceId } from '../../core/embedding.ts';
import { WhosinError } from '../../errors.ts';
import { project, type TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import { groupNearDuplicates } from '../../photos/near-duplicates.ts';
import type { PersonPhoto } from '../find/read-album.ts';
import { type Choice, chooseFaces, labelledFaces } from './consensus.ts';
import type { PeopleModel } from './model-file.ts';
import { type ExampleOptions, type OnWork, type TrainExample, trainOnExamples } from './train-on-examples.ts';

export interface ChosenExamples {
  /** Those of whom there is an example. */
  readonly people: readonly string[];
  readonly examples: readonly (TrainExample & { readonly path: string })[];
}

/**
 * @param photos each of which shows a face
 * @returns a choice for each
 * @throws WhosinError `bad-weights` if a face has a number that is none
 */
export async function chooseOwnFaces(
  background: TwoCovariance,
  photos: readonly PersonPhoto[],
  compute: OpenComputation,
  onWork?: OnWork,
): Promise<Choice[]> {
  for (const { path, faces } of photos) {
    checkFinite(
      `A face in ${path}`,
      faces.map(({ embedding }) => embedding.values),
    );
  }
  return chooseFaces(
    background,
    photos.map((photo) => ({ person: photo.person, faces: labelledFaces(background, photo) })),
    compute,
    (done, total) => onWork?.('choose', done, total),
  );
}

/**
 * The photos whose face agrees with the person's other photos.
 *
 * @param labels of the folder's people, in their order
 * @throws WhosinError `too-few-photos` if there is none
 */
export function chosenExamples(
  { root, labels }: { readonly root: string; readonly labels: readonly string[] },
  photos: readonly PersonPhoto[],
  choices: readonly Choice[],
  background: TwoCovariance,
): ChosenExamples {
  const used = photos
    .map((photo, i) => ({ ...photo, choice: choices[i]! }))
    .filter(({ choice }) => choice.verdict === 'agrees');
  const shown = new Set(used.map(({ person }) => person));
  const people = labels.filter((person) => shown.has(person));
  if (people.length === 0) {
    throw new WhosinError(
      'too-few-photos',
      `No face was found in the photos of ${root}. Each person needs at least one photo that shows the face.`,
    );
  }
  const indices = new Map(people.map((person, i) => [person, i]));
  const groups = groupNearDuplicates(used.map((photo) => photo.perceptualHash));
  const examples = used.map(({ sha256, person, path, faces, choice }, i) => ({
    sha256,
    path,
    label: person,
    group: groups[i]!,
    person: indices.get(person)!,
    embedding: faces[choice.face]!.embedding,
    quality: faces[choice.face]!.quality,
    z: project(background, faces[choice.face]!.embedding.values),
  }));
  return { people, examples };
}

/** A model of these photos, as training makes it: a cross-validation makes one of each part of a folder that it read. */
export async function modelOfPhotos(
  folder: { readonly root: string; readonly labels: readonly string[] },
  photos: readonly PersonPhoto[],
  background: TwoCovariance,
  space: SpaceId,
  compute: OpenComputation,
  options?: ExampleOptions,
): Promise<PeopleModel> {
  const choices = await chooseOwnFaces(background, photos, compute);
  const { people, examples } = chosenExamples(folder, photos, choices, background);
  return (await trainOnExamples(people, examples, background, space, compute, options)).model;
}
