/** RECIPE: how right is a model, on photos whose people are known? */

import { checkProbability } from '../../core/checked-numbers.ts';
import { WhosinError } from '../../errors.ts';
import type { ReadOptions } from '../../photos/read-photos.ts';
import type { Faces } from '../open-faces.ts';
import type { PeopleModel } from '../people/model-file.ts';
import type { Evaluation } from './evaluation.ts';
import { readEvaluationPhotos } from './evaluation-photos.ts';
import { summarise } from './evaluation-summary.ts';
import { askAboutPerson, askAboutStrangers, findLabelledFaces, isTaught } from './labelled-faces.ts';

export interface EvaluateOptions extends ReadOptions {
  /** A folder of people who were never enrolled, besides a sub-folder called `unknown`. */
  readonly strangers?: string | undefined;
  /** The rate of strangers named that the suggested setting keeps; 0.01 if left out. */
  readonly maxWrong?: number;
  /** Names are given from this probability up; as the model says if left out. */
  readonly minProbability?: number | undefined;
  /** One person may be in a photo more than once: mirrors, collages. */
  readonly allowRepeats?: boolean;
  /** Rounds of training, in a cross-validation. */
  readonly onRound?: (done: number, total: number) => void;
}

/** @throws WhosinError `usage` for options that make no sense */
export function checkEvaluation({ maxWrong = 0, minProbability = 0 }: EvaluateOptions): void {
  checkProbability('maxWrong', maxWrong);
  checkProbability('minProbability', minProbability);
}

/**
 * Asks a model about photos that it was not trained with.
 *
 * @param root one sub-folder of photos for each person
 * @throws WhosinError `too-few-photos` if the model was trained with all of them
 */
export async function evaluateModel(
  root: string,
  trained: PeopleModel,
  { reader, cache, compute }: Pick<Faces, 'reader' | 'cache' | 'compute'>,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { strangers, maxWrong = 0.01, minProbability = trained.minProbability } = options;
  checkEvaluation(options);
  if (trained.space !== reader.space) {
    throw new WhosinError(
      'wrong-space',
      `The model was trained in the embedding space "${trained.space}", faces are read in "${reader.space}": train it again.`,
    );
  }
  const model = { ...trained, minProbability };
  const photos = await readEvaluationPhotos({ root, strangers, named: model.people }, reader, cache, options);
  const gallery = model.gallery.map((face) => ({ ...face, person: model.people[face.person]! }));
  const labelled = await findLabelledFaces(model.background, compute, photos.people, gallery);
  const taught = labelled.filter((photo) => isTaught(model, photo));
  const fresh = labelled.filter((photo) => !taught.includes(photo));
  if (fresh.length === 0 && photos.strangers.length === 0) {
    throw new WhosinError(
      'too-few-photos',
      `The model was trained with every photo of ${root}, so these photos cannot test it. Give other photos, or measure without a model: whosin evaluate ${root} --cross-validate`,
    );
  }
  const asked = [
    ...fresh.map((photo) => askAboutPerson(model, photo, options)),
    ...photos.strangers.map((photo) => askAboutStrangers(model, photo, options)),
  ];
  const { priorUnknown } = model;
  return summarise(
    {
      protocol: { kind: 'model' },
      setting: { minProbability, priorUnknown, maxWrong },
      people: fresh,
      strangers: photos.strangers,
      asked,
    },
    {
      skipped: photos.skipped,
      unreadable: photos.unreadable,
      doubts: photos.doubts,
      strangerFolders: photos.labels.filter((label) => !model.people.includes(label)),
      taught: taught.map(({ path }) => path),
      alone: [],
    },
  );
}
