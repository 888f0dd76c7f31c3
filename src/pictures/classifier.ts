/** Networks that say something of whole pictures, opened. */

import type { NetworkConfig } from '../config.ts';
import { type Box, type Size, scaleBox } from '../core/geometry.ts';
import type { RgbImage } from '../core/image.ts';
import { WhosinError } from '../errors.ts';
import { misfit } from '../models/graph/compile-picture.ts';
import { bottleneckSpace, decodingSize, type PicturePack } from '../models/picture-pack.ts';
import type { Photo } from '../runtime/decode.ts';
import { openPictureNetwork } from '../runtime/picture-network.ts';
import { distinctObjects, heatPeaks } from './objects.ts';
import { answerOf, answersOf, type PictureModel } from './picture-model.ts';
import { openPictureReader } from './read-picture.ts';

export interface LabelScore {
  readonly label: string;
  /** The place of the label in the model's list. */
  readonly index: number;
  /** 0 to 1; the scores of a model without objects add up to 1, if it was trained to say one label. */
  readonly score: number;
}

/** A thing in a photo. */
export interface PictureObject extends LabelScore {
  /** In pixels of the upright photo. */
  readonly box: Box<'px'>;
}

export interface PictureAnswer {
  /** The best first; where the model finds objects, the best score of each kind of thing that was found. */
  readonly labels: readonly LabelScore[];
  /** The best first; only where the model finds several things in one picture. */
  readonly objects?: readonly PictureObject[];
}

/** A model of whole pictures that was opened: photo in, labels out. */
export interface PictureClassifier {
  readonly name: string;
  /** The last one is `noneOfThese` where the model was taught what is none of the others. */
  readonly labels: readonly string[];
  /** The size that photos may be decoded at (see `decodePhoto`); undefined if it takes them whole. */
  readonly decodingSize?: Size | undefined;
  /** @param minScore labels and objects below it are left out */
  classify(photo: Pick<Photo, 'image' | 'width' | 'height'>, minScore?: number): Promise<PictureAnswer>;
  /** One for each label, in their order, together 1; not there where the model finds things instead. */
  readonly probabilities?: (image: RgbImage) => Promise<Float32Array>;
  close(): Promise<void>;
}

/** One that can be asked for probabilities. */
export type ProbableClassifier = PictureClassifier & Required<Pick<PictureClassifier, 'probabilities'>>;

/** Below it, more of what is found is wrong than right. */
const usualObjectScore = 0.3;

/** Throws `not-found` where the pack says nothing of pictures by itself, or `bad-weights`. */
export async function openPackModel(pack: PicturePack, config: NetworkConfig): Promise<PictureClassifier> {
  return pack.objects && !pack.scores ? openObjects(pack, config) : openScores(pack, config);
}

async function openScores(pack: PicturePack, config: NetworkConfig): Promise<PictureClassifier> {
  const network = await openPictureNetwork(pack, 'scores', config);
  const { labels } = pack.scores!;
  const probabilities = async (image: RgbImage): Promise<Float32Array> => {
    const { scores } = await network.run(image);
    if (scores!.data.length !== labels.length) throw misfit(pack.name, scores!.data.length, labels.length);
    return scores!.data;
  };
  return ofProbabilities(pack.name, labels, decodingSize(pack), probabilities, () => network.close());
}

/**
 * The model that `whosin train --on picture` wrote.
 *
 * @param pack its backbone
 * @throws WhosinError `wrong-space` if the backbone's weights are not those that it was trained on
 */
export function openTrainedModel(
  model: PictureModel,
  name: string,
  pack: PicturePack | undefined,
  config: NetworkConfig,
): ProbableClassifier {
  if (pack === undefined || bottleneckSpace(pack) !== model.space) {
    const reason = pack === undefined ? 'is not here' : 'has other weights here';
    throw new WhosinError(
      'wrong-space',
      `${name} was trained on ${model.backbone} (${model.space}), which ${reason}: fetch it with whosin models pull or add, or train again.`,
    );
  }
  const reader = openPictureReader(pack, config);
  const probabilities = async (image: RgbImage): Promise<Float32Array> =>
    answerOf(model, await reader.bottleneck(image));
  return ofProbabilities(name, answersOf(model), decodingSize(pack), probabilities, () => reader.close());
}

function ofProbabilities(
  name: string,
  labels: readonly string[],
  size: Size | undefined,
  probabilities: (image: RgbImage) => Promise<Float32Array>,
  close: () => Promise<void>,
): ProbableClassifier {
  return {
    name,
    labels,
    decodingSize: size,
    probabilities,
    classify: async ({ image }, minScore = 0) => ({
      labels: ranked(labels, await probabilities(image), minScore),
    }),
    close,
  };
}

async function openObjects(pack: PicturePack, config: NetworkConfig): Promise<PictureClassifier> {
  const network = await openPictureNetwork(pack, 'objects', config);
  const input = pack.objects!;
  return {
    name: pack.name,
    labels: input.labels,
    async classify({ image, width, height }, minScore = usualObjectScore) {
      const { heat, sizes } = await network.run(image);
      const found = heatPeaks(heat!, sizes!, input, minScore);
      const scale = Math.max(width / input.width, height / input.height);
      const inPhoto = found.map((object) => ({ ...object, box: scaleBox(object.box, scale) }));
      const objects = distinctObjects(inPhoto, { width, height }).map(
        ({ index, score, box }): PictureObject => ({ label: input.labels[index]!, index, score, box }),
      );
      const best = new Map<number, LabelScore>();
      for (const { box: _, ...object } of objects)
        if (!best.has(object.index)) best.set(object.index, object);
      return { labels: [...best.values()], objects };
    },
    close: () => network.close(),
  };
}

/** Equal scores keep the order of the labels. */
function ranked(labels: readonly string[], scores: Float32Array, minScore: number): readonly LabelScore[] {
  return labels
    .map((label, index): LabelScore => ({ label, index, score: scores[index]! }))
    .filter(({ score }) => score >= minScore)
    .toSorted((a, b) => b.score - a.score);
}
