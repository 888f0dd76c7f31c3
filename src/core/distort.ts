/**
 * Random variations of a photo to train on, with the arithmetic of TensorFlow's retrain.py
 * (`add_input_distortions` in tensorflow/examples/image_retraining/retrain.py).
 */

import { WhosinError } from '../errors.ts';
import { resizeBilinear } from './bilinear-resize.ts';
import type { RgbImage } from './image.ts';
import { mirror } from './warp.ts';

export interface Distortions {
  /** Mirrors every second photo. */
  readonly flip: boolean;
  /** Margin that is cut off at a random place, in percent of the network's input. */
  readonly crop: number;
  /** By how much the photo is enlarged at most, in percent. */
  readonly scale: number;
  /** By how much the pixels are multiplied up or down at most, in percent. */
  readonly brightness: number;
}

export function changesPhotos({ flip, crop, scale, brightness }: Distortions): boolean {
  return flip || crop !== 0 || scale !== 0 || brightness !== 0;
}

/** @throws WhosinError `usage` if something is no percentage */
export function checkDistortions({ crop, scale, brightness }: Distortions): void {
  for (const [name, percent] of Object.entries({ crop, scale, brightness })) {
    if (percent >= 0 && percent <= 100) continue;
    throw new WhosinError('usage', `${name} has to be a percentage from 0 to 100; it is ${percent}.`);
  }
}

/**
 * The photo is stretched to a little more than `width` × `height` pixels, which are then cut out of it at a random
 * place. TensorFlow goes on with fractions and with values above 255; here pixels stay bytes.
 *
 * @param random numbers in [0, 1); four or five are taken
 */
export function distort(
  image: RgbImage,
  { width, height }: { readonly width: number; readonly height: number },
  { flip, crop, scale, brightness }: Distortions,
  random: () => number,
): RgbImage {
  const enlarged = Math.fround(Math.fround(1 + crop / 100) * Math.fround(1 + (random() * scale) / 100));
  // Single precision, as there: it decides where 1.1 × 160 pixels are 176 and where they are 175.
  const stretched = resizeBilinear(
    image,
    Math.trunc(Math.fround(enlarged * width)),
    Math.trunc(Math.fround(enlarged * height)),
  );
  const top = Math.floor(random() * (stretched.height - height + 1));
  const left = Math.floor(random() * (stretched.width - width + 1));
  const cut = cutOut(stretched, left, top, width, height);
  const turned = flip && random() < 0.5 ? mirror(cut) : cut;
  return brightened(turned, 1 + ((random() * 2 - 1) * brightness) / 100);
}

function cutOut(image: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

function brightened({ width, height, data }: RgbImage, factor: number): RgbImage {
  if (factor === 1) return { width, height, data };
  return { width, height, data: data.map((value) => Math.max(0, Math.min(255, value * factor + 0.5))) };
}
