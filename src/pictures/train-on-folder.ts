/** Training as a command or a program needs it: backbone, cache and network opened, and closed again. */

import { type Config, readConfig } from '../config.ts';
import { cocoMobilenetV3 } from '../models/coco-mobilenet-v3.ts';
import type { OpenComputation } from '../models/graph/computation.ts';
import type { PicturePack } from '../models/picture-pack.ts';
import { openCache } from '../photos/bottleneck-cache.ts';
import { writeFileAtomically } from '../runtime/atomic-file.ts';
import { openComputation } from '../runtime/computation.ts';
import { saveModel } from '../runtime/model-path.ts';
import type { FitLayer } from './fit-layer.ts';
import { openBackbone } from './open-model.ts';
import { type PictureModel, writePictureModel } from './picture-model.ts';
import { openPictureReader } from './read-picture.ts';
import { type PictureTrainOptions, type TrainedPictures, trainPictures } from './train.ts';

export interface FolderOptions extends Omit<PictureTrainOptions, 'fit'> {
  /** The name of the pack that the layer is put on; the one that comes with whosin if left out. */
  readonly backbone?: string;
  readonly config?: Config;
  /** How the layer is fitted, given what computes large products; to its optimum if left out. */
  readonly fit?: (open: OpenComputation) => FitLayer;
  /** Told once if bottlenecks cannot be cached; the work goes on. */
  readonly onCacheFailure?: (reason: string) => void;
}

export interface TrainedOnFolder extends TrainedPictures {
  /** The network that the layer was put on. */
  readonly pack: PicturePack;
}

/** Throws what `trainPictures` and `openBackbone` throw. */
export async function trainOnFolder(
  root: string,
  {
    backbone = cocoMobilenetV3.name,
    config = readConfig(),
    fit,
    onCacheFailure,
    ...options
  }: FolderOptions = {},
): Promise<TrainedOnFolder> {
  const pack = await openBackbone(backbone, config);
  const reader = openPictureReader(pack, config);
  const cache = openCache(config.home, writeFileAtomically, onCacheFailure);
  const open: OpenComputation = (graph, how) => openComputation(graph, config, how);
  try {
    const all = { ...options, ...(fit && { fit: fit(open) }) };
    return { ...(await trainPictures(root, pack, reader, cache, open, all)), pack };
  } finally {
    await reader.close();
  }
}

/** Written whole or not at all; throws `cannot-write`, over a file that is no model too. */
export async function savePictureModel(path: string, model: PictureModel): Promise<void> {
  await saveModel(path, writePictureModel(model));
}
