/** A photo with boxes and names over it, as a JPEG file. */

import { scaleBox } from '../core/geometry.ts';
import type { Label } from '../core/label.ts';
import type { PhotoPixels } from '../photos/photo-input.ts';
import { drawLabels } from '../runtime/draw.ts';
import { resize } from '../runtime/resize.ts';

/**
 * @param labels boxes in pixels of the photo
 * @param source names the photo; the file remembers it by a hash, and `isDrawing` knows it again
 */
export async function drawPhoto(
  photo: PhotoPixels,
  labels: readonly Label[],
  source = '',
): Promise<Uint8Array> {
  const image = await enlarged(photo);
  const scale = image.width / photo.width;
  return drawLabels(
    image,
    labels.map((label) => ({ ...label, box: scaleBox(label.box, scale) })),
    source,
  );
}

/** A thumbnail has no room for names: it is drawn at a size that has. */
const leastSide = 800;

async function enlarged({ image }: PhotoPixels): Promise<PhotoPixels['image']> {
  const by = leastSide / Math.max(image.width, image.height);
  return by <= 1 ? image : resize(image, Math.round(image.width * by), Math.round(image.height * by));
}
