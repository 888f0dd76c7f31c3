/** RECIPE: folders of pictures of any kind become a model that tells them apart. */

import { relative, sep } from 'node:path';
import type { BottleneckCache } from '../learn/bottleneck-cache.ts';
import { type Classification, classification } from '../learn/classification-metrics.ts';
import { type Dataset, readLabelledFolder } from '../learn/dataset.ts';
import { type Head, softmax } from '../learn/head.ts';
import type { PictureModel } from '../learn/picture-model.ts';
import { type DatasetReading, readDatasetPhotos, type SkippedPhoto } from '../learn/read-dataset.ts';
import { fitAtStrength, fitSoftmaxRegression, logitsOf, type Trial } from '../learn/softmax-regression.ts';
import { splitInThree, type ThreeWaySplit } from '../learn/split.ts';
import type { OpenComputation } from '../models/graph/computation.ts';
import { requireLabels, sameSide } from './picture-set.ts';
import type { PictureReader, PictureReading } from './read-picture.ts';

export interface PictureTrainOptions {
  /** Shares of the pictures to choose by and to measure with; 0.1 each if left out. */
  readonly validation?: number;
  readonly testing?: number;
  /** Every label counts the same however many pictures it has; true if left out. */
  readonly balanced?: boolean;
  readonly onDataset?: (dataset: Dataset) => void;
  readonly onPhoto?: (done: number, total: number) => void;
  readonly onPictures?: (pictures: PicturesReport) => void;
  readonly onTrial?: (trial: Trial) => void;
}

export interface PicturesReport {
  readonly photos: number;
  readonly computed: number;
  readonly cached: number;
  readonly skipped: readonly SkippedPhoto[];
  /** Files that should have been photos and could not be read; among `skipped`. */
  readonly unreadable: number;
  readonly labels: readonly {
    readonly label: string;
    readonly training: number;
    readonly validation: number;
    readonly testing: number;
  }[];
}

export interface PictureTrainReport extends PicturesReport {
  readonly trials: readonly Trial[];
  readonly best: Trial;
  /** On the testing pictures, of the layer fitted without them; null where there are none. */
  readonly test: Classification | null;
}

export interface TrainedPictures {
  readonly model: PictureModel;
  readonly report: PictureTrainReport;
}

/**
 * Reads the folder, chooses on the validation pictures how strongly the layer is held back, measures it on the
 * testing pictures, then fits it to all of them.
 *
 * @param root one sub-folder of pictures for each label
 * @throws WhosinError `too-few-photos` where fewer than two labels have pictures
 */
export async function trainPictures(
  root: string,
  backbone: string,
  reader: PictureReader,
  cache: BottleneckCache,
  open: OpenComputation,
  options: PictureTrainOptions = {},
): Promise<TrainedPictures> {
  const { validation = 0.1, testing = 0.1, balanced = true } = options;
  const dataset = await readLabelledFolder(root);
  options.onDataset?.(dataset);
  const reading = await readDatasetPhotos(dataset, reader, cache, { onPhoto: options.onPhoto });
  const labels = requireLabels(dataset, reading);
  const split = splitInThree(sameSide(reading.photos), { validation, testing });
  const pictures = picturesReport(root, labels, reading, split);
  options.onPictures?.(pictures);

  const vectors = (of: readonly (PictureReading & { readonly label: string })[]) => ({
    inputs: of.map(({ bottleneck }) => bottleneck),
    labels: of.map(({ label }) => labels.indexOf(label)),
  });
  const trials: Trial[] = [];
  const onTrial = (trial: Trial): void => {
    trials.push(trial);
    options.onTrial?.(trial);
  };
  const fitted = await fitSoftmaxRegression(
    vectors(split.training),
    vectors(split.validation),
    labels.length,
    { open, balanced, onTrial },
  );
  const probabilities = (head: Head, input: Float32Array): Float64Array => softmax(logitsOf(head, input));
  const answers = split.testing.map(({ path, label, bottleneck }) => ({
    path: within(root, path),
    label: labels.indexOf(label),
    probabilities: probabilities(fitted.head, bottleneck),
  }));
  const report: PictureTrainReport = {
    ...pictures,
    trials,
    best: fitted.best,
    test: classification(answers, labels),
  };
  const head = await fitAtStrength(vectors(reading.photos), labels.length, fitted.best.l2, {
    open,
    balanced,
  });
  return { model: { backbone, space: reader.space, labels, head, report }, report };
}

function picturesReport(
  root: string,
  labels: readonly string[],
  { photos, computed, cached, skipped, unreadable }: DatasetReading<PictureReading>,
  split: ThreeWaySplit<{ readonly label: string }>,
): PicturesReport {
  const of = (part: readonly { readonly label: string }[], label: string): number =>
    part.filter((photo) => photo.label === label).length;
  return {
    photos: photos.length,
    computed,
    cached,
    unreadable,
    skipped: skipped.map(({ path, reason }) => ({ path: within(root, path), reason })),
    labels: labels.map((label) => ({
      label,
      training: of(split.training, label),
      validation: of(split.validation, label),
      testing: of(split.testing, label),
    })),
  };
}

/** Paths in a report are relative to the folder: a model file may be given away. */
function within(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
