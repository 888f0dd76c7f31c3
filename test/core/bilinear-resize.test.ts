import { describe, expect, test } from 'vitest';
import { resizeBilinear } from '../../src/core/bilinear-resize.ts';
import type { RgbImage } from '../../src/core/image.ts';

/** A picture whose three channels are the same. */
function grey(width: number, height: number, values: readonly number[]): RgbImage {
  return { width, height, data: Uint8Array.from(values.flatMap((value) => [value, value, value])) };
}

function greens({ data }: RgbImage): number[] {
  return [...data].filter((_, i) => i % 3 === 1);
}

describe('resizing as TensorFlow 1 does it', () => {
  test('the first pixel stays where it is, and the last ones repeat the border', () => {
    const row = resizeBilinear(grey(2, 1, [0, 100]), 4, 1);
    expect(greens(row)).toEqual([0, 50, 100, 100]);
    const column = resizeBilinear(grey(1, 2, [0, 100]), 1, 4);
    expect(greens(column)).toEqual([0, 50, 100, 100]);
  });

  test('a picture that shrinks skips pixels', () => {
    expect(greens(resizeBilinear(grey(6, 1, [10, 255, 255, 40, 255, 255]), 2, 1))).toEqual([10, 40]);
    expect(greens(resizeBilinear(grey(5, 1, [0, 255, 20, 40, 255]), 2, 1))).toEqual([0, 30]);
  });

  // Numbers of tf.compat.v1.image.resize_bilinear in TensorFlow 2.21, rounded.
  test('gives the numbers that TensorFlow gives', () => {
    const picture = grey(3, 3, [10, 20, 30, 40, 60, 80, 200, 100, 0]);
    const rows = [
      [10, 16, 22, 28, 30],
      [33, 43, 54, 64, 68],
      [120, 96, 72, 48, 40],
      [200, 140, 80, 20, 0],
    ];
    expect(greens(resizeBilinear(picture, 5, 4))).toEqual(rows.flat());
  });

  test('the same size gives the same picture, with its colours in order', () => {
    const picture: RgbImage = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 250, 251, 252) };
    expect(resizeBilinear(picture, 2, 1)).toEqual(picture);
    expect(resizeBilinear(picture, 2, 2).data).toEqual(Uint8Array.of(...picture.data, ...picture.data));
  });
});
