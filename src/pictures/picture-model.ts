/** Networks that say something of whole pictures, opened. */

import type { NetworkConfig } from '../config.ts';
import { type Box, scaleBox } from '../core/geometry.ts';
import { misfit } from '../models/graph/compile-picture.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import type { Photo } from '../runtime/decode.ts';
import { openPictureNetwork } from '../runtime/picture-network.ts';
import { distinctObjects, heatPeaks } from './objects.ts';

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

export interface Classification {
  /** The best first; where the model finds objects, the best score of each kind of thing that was found. */
  readonly labels: readonly LabelScore[];
  /** The best first; only where the model finds several things in one picture. */
  readonly objects?: readonly PictureObject[];
}

export interface PictureModel {
  readonly name: string;
  readonly labels: readonly string[];
  /** @param minScore labels and objects below it are left out */
  classify(photo: Photo, minScore?: number): Promise<Classification>;
  close(): Promise<void>;
}

/** Below it, more of what is found is wrong than right. */
const usualObjectScore = 0.3;

/** Throws `not-found` where the pack says nothing of pictures by itself, or `bad-weights`. */
export async function openPackModel(pack: PicturePack, config: NetworkConfig): Promise<PictureModel> {
  return pack.objects && !pack.scores ? openObjects(pack, config) : openScores(pack, config);
}

async function openScores(pack: PicturePack, config: NetworkConfig): Promise<PictureModel> {
  const network = await openPictureNetwork(pack, 'scores', config);
  const { labels } = pack.scores!;
  return {
    name: pack.name,
    labels,
    async classify({ image }, minScore = 0) {
      const { scores } = await network.run(image);
      if (scores!.data.length !== labels.length) throw misfit(pack.name, scores!.data.length, labels.length);
      return { labels: ranked(labels, scores!.data, minScore) };
    },
    close: () => network.close(),
  };
}

async function openObjects(pack: PicturePack, config: NetworkConfig): Promise<PictureModel> {
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
