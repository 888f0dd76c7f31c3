/** Which face a photo is about, before anybody is known: the large one near the middle. */

import type { Box, Size } from '../../core/geometry.ts';

/** The prominence of each face, 0 to 1; the most prominent has 1. */
export function prominences({
  width,
  height,
  faces,
}: Size & { readonly faces: readonly { readonly box: Box<'px'> }[] }): number[] {
  const weights = faces.map(({ box }) => {
    const x = (box.left + box.width / 2 - width / 2) / (width / 2);
    const y = (box.top + box.height / 2 - height / 2) / (height / 2);
    return box.width * box.height * Math.exp(-(x * x + y * y));
  });
  const highest = weights.reduce((a, b) => Math.max(a, b), 0);
  return weights.map((weight) => weight / highest);
}
