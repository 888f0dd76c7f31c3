/** RECIPE: how right is whosin on a folder? Trains on parts of it and asks about the rest. */

import { checkWhole } from '../../core/checked-numbers.ts';
import { stopIfAborted, WhosinError } from '../../errors.ts';
import type { Faces } from '../open-faces.ts';
import { modelOfPhotos } from '../people/chosen-examples.ts';
import { checkEvaluation, type EvaluateOptions } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import { readEvaluationPhotos } from './evaluation-photos.ts';
import { summarise } from './evaluation-summary.ts';
import { planRounds } from './held-out-rounds.ts';
import { type Asked, askAboutPerson, askAboutStrangers, findLabelledFaces } from './labelled-faces.ts';

/**
 * Every photo is a probe once, for a model that was trained without it. If no strangers are given, every
 * person is left out once and is a stranger to a model of the others.
 *
 * @param root one sub-folder of photos for each person
 * @param parts from 2 up
 * @throws WhosinError `too-few-photos` if no person has two photos that are not copies of each other
 */
export async function crossValidate(
  root: string,
  parts: number,
  { reader, cache, background, compute }: Pick<Faces, 'reader' | 'cache' | 'background' | 'compute'>,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { strangers, maxWrong = 0.01, minProbability, allowRepeats = false, onRound, ...reading } = options;
  checkWhole('parts', parts, 2);
  checkEvaluation(options);
  const photos = await readEvaluationPhotos({ root, strangers }, reader, cache, reading);
  const people = await findLabelledFaces(background, compute, photos.people);
  const { rounds, alone } = planRounds(people, photos.strangers, parts);
  const asked: Asked[] = [];
  let setting = { minProbability: 0, priorUnknown: 0 };
  for (const [i, { training, heldOut, strangers: unnamed }] of rounds.entries()) {
    stopIfAborted(reading.signal);
    const folder = { root, labels: photos.labels };
    const model = await modelOfPhotos(folder, training, background, reader.space, compute);
    setting = { minProbability: minProbability ?? model.minProbability, priorUnknown: model.priorUnknown };
    asked.push(...heldOut.map((photo) => askAboutPerson(model, photo, { allowRepeats })));
    asked.push(...unnamed.map((photo) => askAboutStrangers(model, photo, { allowRepeats })));
    onRound?.(i + 1, rounds.length);
  }
  if (!asked.some(({ probes }) => probes.some(({ enrolled }) => enrolled))) {
    throw new WhosinError(
      'too-few-photos',
      `Nobody in ${root} has two photos to learn from one and ask about the other. Add photos, or give a model: whosin evaluate ${root} -m people.onnx`,
    );
  }
  const leftOut = photos.labels.length > 1 ? 'left-out' : 'none';
  return summarise(
    {
      protocol: {
        kind: 'cross-validation',
        parts,
        strangers: photos.strangers.length > 0 ? 'given' : leftOut,
      },
      setting: { ...setting, maxWrong },
      people,
      strangers: photos.strangers,
      asked,
    },
    {
      strangerFolders: [],
      taught: [],
      alone,
      skipped: photos.skipped,
      unreadable: photos.unreadable,
      doubts: photos.doubts,
    },
  );
}
