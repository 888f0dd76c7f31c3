/** RECIPE: folders of pictures of any kind become a model that tells them apart. */

import { checkShare } from '../core/checked-numbers.ts';
import { stopIfAborted } from '../errors.ts';
import { type Classification, classification } from '../learn/measure/classification-metrics.ts';
import type { OpenComputation } from '../models/graph/computation.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import type { BottleneckCache } from '../photos/bottleneck-cache.ts';
import type { Dataset } from '../photos/dataset.ts';
import { within } from '../photos/label-folders.ts';
import { readDataset, withoutCacheCounts } from '../photos/read-dataset.ts';
import type { ReadOptions } from '../photos/read-photos.ts';
import { splitInThree } from '../photos/split.ts';
import {
  type CopyOptions,
  checkCopies,
  distortedCopies,
  type LabelledBottleneck,
} from './distorted-copies.ts';
import { type FitLayer, type FitPoint, toOptimum } from './fit-layer.ts';
import { fitPictureModel } from './fit-model.ts';
import { answerOf, answersOf, type PictureModel } from './picture-model.ts';
import { labelIndex, type PicturesReport, picturesReport, requireLabels, sameSide } from './picture-set.ts';
import type { PictureReader, PictureReading } from './read-picture.ts';

export interface PictureTrainOptions extends ReadOptions {
  /** Shares of the pictures to choose by and to measure with; 0.1 each if left out. */
  readonly validation?: number;
  readonly testing?: number;
  /** `toOptimum` with labels that count the same if left out. */
  readonly fit?: FitLayer;
  /** Learns from distorted copies of the pictures too. */
  readonly distortions?: CopyOptions;
  readonly onDataset?: (dataset: Dataset) => void;
  readonly onPictures?: (pictures: PicturesReport) => void;
}

export interface PictureTrainReport extends PicturesReport {
  /** Things about the folders that look as if they were not meant so, a sentence each. Absent if there are none. */
  readonly doubts?: readonly string[];
  readonly points: readonly FitPoint[];
  readonly kept: FitPoint;
  /** That the layer's values are divided by; above 1 where it was too sure of itself. */
  readonly temperature: number;
  /** On the testing pictures, of the layer fitted without them; null if there are none. */
  readonly test: Classification | null;
}

export interface TrainedPictures {
  readonly model: PictureModel;
  readonly report: PictureTrainReport;
}

/**
 * Reads the folder, chooses on the validation pictures how strongly the layer is held back, measures it on the
 * testing pictures, then fits it to all of them. A folder called `unknown` holds pictures of none of the labels:
 * with it the model can answer that a picture shows none of them.
 *
 * @param root one sub-folder of pictures for each label
 * @param pack the backbone
 * @throws WhosinError `too-few-photos` if fewer than two labels have pictures, `usage` for options that make no sense
 */
export async function trainPictures(
  root: string,
  pack: PicturePack,
  reader: PictureReader,
  cache: BottleneckCache,
  open: OpenComputation,
  options: PictureTrainOptions = {},
): Promise<TrainedPictures> {
  const { validation = 0.1, testing = 0.1, fit = toOptimum(open, true), distortions } = options;
  const { signal, onProgress } = options;
  checkShare('validation', validation);
  checkShare('testing', testing);
  checkShare('validation + testing', validation + testing);
  if (distortions) checkCopies(distortions);
  // The bottleneck is one of the whole picture, the damaged part included.
  const whole = ({ damage }: PictureReading): string | undefined => damage && `is ${damage}`;
  const { dataset, reading } = await readDataset(root, reader, cache, { signal, onProgress }, whole);
  options.onDataset?.(dataset);
  const labels = requireLabels(dataset, reading);
  const all = sameSide(reading.photos);
  const split = splitInThree(all, { validation, testing });
  const copies = async (of: typeof all): Promise<readonly LabelledBottleneck[]> =>
    distortions ? distortedCopies(of, distortions, pack.input, reader, cache, { signal, onProgress }) : [];
  const trainingCopies = await copies(split.training);
  const pictures = picturesReport(root, labels, reading, split);
  options.onPictures?.(pictures);

  stopIfAborted(signal);
  const trial = await fitPictureModel(split.training, trainingCopies, split.validation, labels, fit, open);
  const backbone = { backbone: pack.name, space: reader.space, labels };
  const measured: PictureModel = { ...backbone, ...trial.layers, report: null };
  const answers = split.testing.map(({ path, label, bottleneck }) => ({
    path: within(root, path),
    label: labelIndex(labels, label),
    probabilities: answerOf(measured, bottleneck),
  }));
  const report: PictureTrainReport = {
    ...pictures,
    ...(dataset.doubts.length > 0 && { doubts: dataset.doubts }),
    points: trial.points,
    kept: trial.kept,
    temperature: trial.temperature,
    test: classification(
      answers.filter(({ label }) => label < answersOf(measured).length),
      answersOf(measured),
    ),
  };
  const rest = await copies([...split.validation, ...split.testing]);
  stopIfAborted(signal);
  const layers = await trial.refit(all, [...trainingCopies, ...rest]);
  return { model: { ...backbone, ...layers, report: withoutCacheCounts(report) }, report };
}
