/** Opens what `-m` names for questions about whole pictures: photo in, a probability for each label out. */

import { readFile } from 'node:fs/promises';
import type { NetworkConfig } from '../config.ts';
import type { RgbImage } from '../core/image.ts';
import { reasonOf, WhosinError } from '../errors.ts';
import { softmax } from '../learn/head.ts';
import { type PictureModel, readPictureModel } from '../learn/picture-model.ts';
import { logitsOf } from '../learn/softmax-regression.ts';
import { cocoMobilenetV3 } from '../models/coco-mobilenet-v3.ts';
import { bottleneckSpace, type PicturePack } from '../models/picture-pack.ts';
import { openPictureReader } from './read-picture.ts';

export interface PictureClassifier {
  /** What the person called it. */
  readonly name: string;
  readonly labels: readonly string[];
  /** One for each label, in their order; together 1. */
  probabilities(image: RgbImage): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The packs that a head may have been put on. */
const packs: readonly PicturePack[] = [cocoMobilenetV3];

/** @throws WhosinError `not-found`, `not-a-model`, or `wrong-space` where its backbone is another one than here */
export async function openClassifier(file: string, config: NetworkConfig): Promise<PictureClassifier> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new WhosinError('not-found', `Cannot read the model ${file}: ${reasonOf(error)}.`, {
      cause: error,
    });
  });
  return classifierOf(readPictureModel(bytes, file), file, config);
}

/** @throws WhosinError `wrong-space` where there is no pack with the backbone that the model was trained on */
export function classifierOf(
  model: PictureModel,
  name: string,
  config: NetworkConfig,
  known: readonly PicturePack[] = packs,
): PictureClassifier {
  const pack = known.find((one) => one.name === model.backbone);
  if (pack === undefined || bottleneckSpace(pack) !== model.space) {
    throw new WhosinError(
      'wrong-space',
      `${name} was trained on the backbone "${model.backbone}" (${model.space}), which is not here: train it again.`,
    );
  }
  const reader = openPictureReader(pack, config);
  return {
    name,
    labels: model.labels,
    probabilities: async (image) =>
      Float32Array.from(softmax(logitsOf(model.head, await reader.bottleneck(image)))),
    close: () => reader.close(),
  };
}
