/** RECIPE: folders of photos become a TensorFlow graph with a last layer of their own, as retrain.py does it. */

import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { checkWhole } from '../../core/checked-numbers.ts';
import { changesPhotos, checkDistortions, type Distortions } from '../../core/distort.ts';
import { seededRandom } from '../../core/random.ts';
import { emptyHead, type Head } from '../../learn/layer/head.ts';
import { checkSgd, fitBySgd, type SgdOptions, type SgdStep } from '../../learn/layer/sgd.ts';
import { writeRetrainedGraph } from '../../models/graph/tensorflow/write-graph-def.ts';
import { writeFileAtomically } from '../../runtime/atomic-file.ts';
import { openPictureReader } from '../read-picture.ts';
import { openSummaries } from '../tensorboard/retrain-summaries.ts';
import { findNetwork } from './architecture.ts';
import { type ImageLists, type Percentages, readImageLists } from './image-lists.ts';
import {
  type Bottlenecks,
  distortedInputs,
  indexedPhotos,
  ofCategory,
  readBottlenecks,
} from './read-bottlenecks.ts';
import { checkOutputs, type RetrainOutputs, writeOutputs } from './retrain-outputs.ts';
import { checkTraining, gapsIn, type RetrainReport, testReport } from './retrain-report.ts';

export interface RetrainOptions extends Omit<SgdOptions, 'redraw' | 'onStep'>, RetrainOutputs {
  readonly imageDir: string;
  readonly architecture: string;
  readonly modelDir: string;
  readonly bottleneckDir: string;
  readonly summariesDir: string;
  readonly percentages: Percentages;
  readonly distortions: Distortions;
  /** Photos that the result is tested on; −1 for all that were held out for it. */
  readonly testBatchSize: number;
  readonly finalTensorName: string;
  /** Every so many steps the graph so far is written to the folder; 0 for never. */
  readonly intermediate: { readonly frequency: number; readonly folder: string };
  /** Seconds since 1970. */
  readonly now: () => number;
}

export interface RetrainProgress {
  readonly onLists?: (lists: ImageLists) => void;
  readonly onPhoto?: (done: number, total: number) => void;
  readonly onBottlenecks?: (bottlenecks: Bottlenecks, gaps: readonly string[]) => void;
  readonly onStep?: (step: SgdStep) => void;
}

/** Throws what the steps throw; `outputGraph` and `outputLabels` are written when the training is done. */
export async function retrain(
  options: RetrainOptions,
  config: Config,
  progress: RetrainProgress = {},
): Promise<RetrainReport> {
  const { architecture, distortions, seed } = options;
  checkSgd(options);
  checkWhole('testBatchSize', options.testBatchSize, -1);
  checkDistortions(distortions);
  const { pack, path, bytes, bottleneck } = await findNetwork(architecture, options.modelDir, config.packs);
  await checkOutputs(options);
  const images = await readImageLists(options.imageDir, options.percentages);
  progress.onLists?.(images);

  const labels = images.lists.map(({ label }) => label);
  checkTraining(indexedPhotos(images.lists), images.lists);
  const graphOf = (head: Head): Uint8Array =>
    writeRetrainedGraph(bytes, path, {
      ...head,
      bottleneck: bottleneck.node,
      size: bottleneck.size,
      output: options.finalTensorName,
    });
  const untrained = graphOf(emptyHead(labels.length, bottleneck.size));

  const reader = openPictureReader(pack, config);
  const source = { folder: options.bottleneckDir, architecture, size: bottleneck.size, reader };
  try {
    const read = await readBottlenecks(images.lists, source, progress.onPhoto);
    progress.onBottlenecks?.(read, gapsIn(read.photos, labels));
    checkTraining(read.photos, images.lists);

    const training = ofCategory(read.photos, 'training');
    const summaries = await openSummaries(options.summariesDir, untrained, options.now);
    const { frequency, folder } = options.intermediate;
    let head: Head;
    try {
      head = await fitBySgd(training, ofCategory(read.photos, 'validation'), labels.length, {
        ...options,
        ...(changesPhotos(distortions) && {
          redraw: distortedInputs(training.photos, distortions, pack.input, source, seededRandom(seed + 1)),
        }),
        onStep: async (step) => {
          progress.onStep?.(step);
          await summaries.add(step);
          if (frequency > 0 && step.step > 0 && step.step % frequency === 0) {
            await writeFileAtomically(join(folder, `intermediate_${step.step}.pb`), graphOf(step.head));
          }
        },
      });
    } finally {
      await summaries.close();
    }

    const test = testReport(
      head,
      ofCategory(read.photos, 'testing'),
      labels,
      options.testBatchSize,
      seededRandom(seed + 2),
    );
    await writeOutputs(options, graphOf(head), labels);
    return { labels, photos: read.photos.length, skipped: read.skipped, test };
  } finally {
    await reader.close();
  }
}
