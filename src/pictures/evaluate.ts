/** RECIPE: how right is a model of whole pictures on a folder of labelled ones? */

import {
  type Classification,
  classification,
  type LabelledAnswer,
  ranking,
} from '../learn/measure/classification-metrics.ts';
import { type LabelledPhoto, strangersFolder } from '../photos/dataset.ts';
import { within } from '../photos/label-folders.ts';
import type { PhotoPixels } from '../photos/photo-input.ts';
import { readDataset, type SkippedPhoto } from '../photos/read-dataset.ts';
import type { PhotoReader, ReadOptions } from '../photos/read-photos.ts';
import { decodePhoto } from '../runtime/decode.ts';
import { withFile } from '../runtime/file-memory.ts';
import type { ProbableClassifier } from './classifier.ts';
import { noneOfThese } from './picture-model.ts';

/** One for each label of the model. */
interface AnsweredPicture {
  readonly probabilities: Float32Array;
}

export interface PictureEvaluation {
  /** Pictures whose label the model knows: what is measured. */
  readonly pictures: number;
  /** null if the folder has no label that the model knows */
  readonly measured: Classification | null;
  /** Labels of the model without a picture in the folder: nothing is known of how well they are told. */
  readonly missing: readonly string[];
  /** Folders that are none of the model's labels: no answer about them can be right, so none is counted. */
  readonly foreign: readonly ForeignFolder[];
  /** Paths are relative to the folder, here and everywhere in the evaluation. */
  readonly skipped: readonly SkippedPhoto[];
  /** Files that should have been photos and could not be read; among `skipped`. */
  readonly unreadable: number;
  /** Things about the folders that look as if they were not meant so, a sentence each. */
  readonly doubts: readonly string[];
}

/** Pictures of things that the model was never taught. */
export interface ForeignFolder {
  readonly folder: string;
  readonly pictures: number;
  /** The label that each got all the same, the surest first: a softmax has to choose one of its labels. */
  readonly answers: readonly {
    readonly path: string;
    readonly answer: string;
    readonly probability: number;
  }[];
}

/**
 * Asks about every picture of the folder. One called `unknown` is a folder like any other: it is measured where
 * the model has such a label, and named as foreign where it has not.
 *
 * @param root one sub-folder of pictures for each label
 * @throws WhosinError `not-found`, `usage` or `too-few-photos` if the folder is none of the kind
 */
export async function evaluatePictures(
  root: string,
  classifier: Pick<ProbableClassifier, 'labels' | 'probabilities' | 'decodingSize'>,
  options: ReadOptions = {},
): Promise<PictureEvaluation> {
  // Answers depend on the model too, and a folder is seldom evaluated twice with one: nothing is kept.
  const answer = async ({ image }: PhotoPixels): Promise<AnsweredPicture> => ({
    probabilities: await classifier.probabilities(image),
  });
  const reader: PhotoReader<AnsweredPicture> = {
    compute: async (bytes, path) => answer(await decodePhoto(bytes, path, classifier.decodingSize)),
    computePixels: answer,
    withFile,
  };
  const { dataset, reading } = await readDataset(root, reader, undefined, options);
  const { labels } = classifier;
  // Pictures in `unknown` show none of the labels, if the model has that answer.
  const indexOf = (folder: string): number =>
    labels.indexOf(folder === strangersFolder && !labels.includes(folder) ? noneOfThese : folder);
  const isStrange = (photo: { readonly label: string }): boolean => indexOf(photo.label) < 0;
  const answers = reading.photos.map(
    ({ path, label, probabilities }): LabelledAnswer => ({
      path: within(root, path),
      label: indexOf(label),
      probabilities,
    }),
  );
  const known = answers.filter(({ label }) => label >= 0);
  const filled = new Set(reading.photos.map(({ label }) => labels[indexOf(label)]));
  return {
    pictures: known.length,
    measured: classification(known, labels),
    missing: labels.filter((label) => !filled.has(label)),
    foreign: foreignFolders(root, labels, reading.photos.filter(isStrange)),
    skipped: reading.skipped.map(({ path, reason }) => ({ path: within(root, path), reason })),
    unreadable: reading.unreadable,
    doubts: dataset.doubts,
  };
}

function foreignFolders(
  root: string,
  labels: readonly string[],
  strange: readonly (AnsweredPicture & LabelledPhoto)[],
): ForeignFolder[] {
  return [...new Set(strange.map(({ label }) => label))].map((folder) => {
    const own = strange.filter(({ label }) => label === folder);
    const answers = own.map(({ path, probabilities }) => {
      const best = ranking(probabilities)[0]!;
      return { path: within(root, path), answer: labels[best]!, probability: probabilities[best]! };
    });
    return {
      folder,
      pictures: own.length,
      answers: answers.toSorted((a, b) => b.probability - a.probability),
    };
  });
}
