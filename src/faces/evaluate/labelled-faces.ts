/**
 * The answers of a model for photos whose people are known. Which face of a photo is the person its folder is named
 * after is settled before any model is asked, by agreement with the person's other photos; other faces in it
 * are of people nobody has named, so what they are called is neither right nor wrong.
 */

import type { Box } from '../../core/geometry.ts';
import type { Answer, MeasuredProbe } from '../../learn/measure/metrics.ts';
import { assignJointly } from '../../learn/odds/joint-assignment.ts';
import { project, type TwoCovariance } from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';
import type { Face } from '../find/face.ts';
import { type Choice, chooseFaces, labelledFaces } from '../people/consensus.ts';
import { type DecideOptions, isInGallery, posterior } from '../people/gallery.ts';
import type { PeopleModel } from '../people/model-file.ts';
import type { EvaluationPhoto } from './evaluation-photos.ts';

/** A photo of a person, and which of its faces is theirs; null if none was found. */
export interface ChosenPhoto extends EvaluationPhoto {
  readonly choice: Choice | null;
}

/** A probe, and where it can be looked at. */
export interface PhotoProbe extends MeasuredProbe {
  readonly path: string;
  readonly face: Face | null;
}

/** A face beside the labelled one: whose it is, nobody has said. */
export interface OtherFace {
  readonly path: string;
  readonly box: Box<'px'>;
  /** The likeliest person, and the probability of that name. */
  readonly best: string;
  readonly probability: number;
}

export interface Asked {
  readonly path: string;
  readonly probes: readonly PhotoProbe[];
  readonly others: readonly OtherFace[];
}

/**
 * @param taught faces that a model was trained with: a person's only photo in the folder agrees with them or
 *   does not
 */
export async function findLabelledFaces(
  background: TwoCovariance,
  compute: OpenComputation,
  photos: readonly EvaluationPhoto[],
  taught: readonly { readonly person: string; readonly embedding: Float32Array }[] = [],
): Promise<ChosenPhoto[]> {
  const shown = photos.filter(({ faces }) => faces.length > 0);
  const compared = [
    ...shown.map((photo) => ({ person: photo.person, faces: labelledFaces(background, photo) })),
    ...taught.map(({ person, embedding }) => ({
      person,
      faces: [{ z: project(background, embedding), quality: 1, prominence: 1 }],
    })),
  ];
  const choices = await chooseFaces(background, compared, compute);
  const byPath = new Map(shown.map(({ path }, i) => [path, choices[i]!]));
  return photos.map((photo) => ({ ...photo, choice: byPath.get(photo.path) ?? null }));
}

/** Asks about the labelled face of a photo. */
export function askAboutPerson(model: PeopleModel, photo: ChosenPhoto, options: DecideOptions = {}): Asked {
  const { path, person: subject, faces, choice } = photo;
  const enrolled = model.people.includes(subject);
  if (choice === null)
    return { path, probes: [{ subject, enrolled, path, face: null, answer: null }], others: [] };
  const answers = answersTo(model, faces, enrolled ? subject : null, options);
  const { face } = choice;
  return {
    path,
    probes: [{ subject, enrolled, path, face: faces[face]!, answer: answers[face]! }],
    others: faces.flatMap(({ box }, i) => {
      const { best, probability } = answers[i]!;
      return i === face ? [] : [{ path, box, best, probability }];
    }),
  };
}

/** Asks about every face of a photo in which nobody can be named. */
export function askAboutStrangers(
  model: PeopleModel,
  photo: EvaluationPhoto,
  options: DecideOptions = {},
): Asked {
  const { path, person: subject, faces } = photo;
  const answers = answersTo(model, faces, null, options);
  return {
    path,
    probes: faces.map((face, i) => ({ subject, enrolled: false, path, face, answer: answers[i]! })),
    others: [],
  };
}

/** As `decide` answers, with the probability of the truth, however unlikely the model holds it. */
function answersTo(
  model: PeopleModel,
  faces: readonly Face[],
  subject: string | null,
  { allowRepeats = false }: DecideOptions,
): Answer[] {
  const own = subject === null ? -1 : model.people.indexOf(subject);
  const alone = faces.map((face) => posterior(model, face));
  return (allowRepeats ? alone : assignJointly(alone)).map(({ people, unknown }) => {
    const best = people.reduce((top, p, i) => (p > people[top]! ? i : top), 0);
    const truth = own < 0 ? unknown : people[own]!;
    return { best: model.people[best]!, probability: people[best]!, truth, unknown };
  });
}

/** Photos whose labelled face the model was trained with: the same content gives the same numbers. */
export function isTaught(model: PeopleModel, { person, faces, choice }: ChosenPhoto): boolean {
  if (choice === null) return false;
  return isInGallery(model, model.people.indexOf(person), faces[choice.face]!.embedding);
}
