/** RECIPE: how right is a model of whole pictures on a folder of labelled ones? */

import type { BottleneckCache } from '../learn/bottleneck-cache.ts';
import {
  type Classification,
  classification,
  type LabelledAnswer,
  ranking,
} from '../learn/classification-metrics.ts';
import { readLabelledFolder, within } from '../learn/dataset.ts';
import { type DatasetReading, readDatasetPhotos, type SkippedPhoto } from '../learn/read-dataset.ts';
import { type AnsweredPicture, openAnswerReader } from './answer-pictures.ts';
import type { ProbableClassifier } from './classifier.ts';

export interface PictureEvaluation {
  /** Pictures whose label the model knows: what is measured. */
  readonly pictures: number;
  /** null where the folder has no label that the model knows */
  readonly measured: Classification | null;
  /** Labels of the model without a picture in the folder: nothing is known of how well they are told. */
  readonly missing: readonly string[];
  /** Folders that are none of the model's labels: no answer about them can be right, so none is counted. */
  readonly foreign: readonly ForeignFolder[];
  /** Paths are relative to the folder, here and everywhere in the evaluation. */
  readonly skipped: readonly SkippedPhoto[];
  /** Files that should have been photos and could not be read; among `skipped`. */
  readonly unreadable: number;
}

/** Pictures of things that the model was never taught. */
export interface ForeignFolder {
  readonly folder: string;
  readonly pictures: number;
  /** What each was called all the same, the surest first: a softmax has to choose one of its labels. */
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
 * @throws WhosinError `not-found`, `usage` or `too-few-photos` where the folder is none of the kind
 */
export async function evaluatePictures(
  root: string,
  classifier: Pick<ProbableClassifier, 'labels' | 'probabilities'>,
  { onPhoto }: { readonly onPhoto?: ((done: number, total: number) => void) | undefined } = {},
): Promise<PictureEvaluation> {
  const dataset = await readLabelledFolder(root);
  const reading = await readDatasetPhotos(dataset, openAnswerReader(classifier), nothingKept, { onPhoto });
  const { labels } = classifier;
  const answers = reading.photos.map(
    ({ path, label, probabilities }): LabelledAnswer => ({
      path: within(root, path),
      label: labels.indexOf(label),
      probabilities,
    }),
  );
  const known = answers.filter(({ label }) => label >= 0);
  const filled = new Set(reading.photos.map(({ label }) => label));
  return {
    pictures: known.length,
    measured: classification(known, labels),
    missing: labels.filter((label) => !filled.has(label)),
    foreign: foreignFolders(root, labels, reading),
    skipped: reading.skipped.map(({ path, reason }) => ({ path: within(root, path), reason })),
    unreadable: reading.unreadable,
  };
}

function foreignFolders(
  root: string,
  labels: readonly string[],
  { photos }: DatasetReading<AnsweredPicture>,
): ForeignFolder[] {
  const strange = photos.filter(({ label }) => !labels.includes(label));
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

/** Answers depend on the model too, and a folder is seldom evaluated twice with one. */
const nothingKept: BottleneckCache = {
  get: async () => undefined,
  put: async () => false,
  info: async () => [],
  clear: async () => ({ entries: 0, bytes: 0 }),
};
