/** RECIPE: which parts of a photo led to a label? */

import type { PhotoInput } from '../photos/photo-input.ts';
import type { PictureClassifier } from './classifier.ts';
import { explain, type OcclusionMap } from './explain.ts';
import { inputPixels } from './input-pixels.ts';
import { requireProbabilities } from './open-model.ts';

export interface ExplainPhotoOptions {
  /** The likeliest one if left out. */
  readonly label?: string;
  readonly signal?: AbortSignal;
  /** Told after each of some hundred answers of the model. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The map, in pixels of the photo. */
export interface ExplainedPhoto extends OcclusionMap {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

/** @throws WhosinError `not-a-model` for a model without probabilities, `not-found` if it has no such label, `cancelled` */
export async function explainPhoto(
  photo: PhotoInput,
  model: PictureClassifier,
  { label, signal, onProgress }: ExplainPhotoOptions = {},
): Promise<ExplainedPhoto> {
  const { probabilities } = requireProbabilities(model);
  const { path, image, width, height } = await inputPixels(photo);
  const map = await explain(image, probabilities, model.labels, label, { signal, onRun: onProgress });
  const scale = width / image.width;
  const cell = { width: map.cell.width * scale, height: map.cell.height * scale };
  return { ...map, cell, path, width, height };
}
