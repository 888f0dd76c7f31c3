import { describe, expect, test } from 'vitest';
import { resize } from '../../src/runtime/resize.ts';
import { colourDistance, fourColours, quarters, quartersOf } from '../photo-fixtures.ts';

describe('resize', () => {
  test('gives exactly the size asked for and keeps what lies where', async () => {
    for (const [width, height] of [
      [12, 16],
      [31, 9],
      [200, 300],
    ] as const) {
      const image = await resize(fourColours(96, 128), width, height);
      expect([image.width, image.height, image.data.length]).toEqual([width, height, width * height * 3]);
      expect(colourDistance(quartersOf(image), quarters)).toBeLessThan(8);
    }
  });

  test('a photo of that size already stays the same', async () => {
    const photo = fourColours();
    expect(await resize(photo, photo.width, photo.height)).toBe(photo);
  });

  test('a fine checkerboard becomes grey instead of aliasing', async () => {
    const side = 256;
    const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
      const at = Math.floor(i / 3);
      return ((at + Math.floor(at / side)) % 2) * 255;
    });
    const { data: small } = await resize({ width: side, height: side, data }, 37, 37);
    for (const value of small) expect(Math.abs(value - 128)).toBeLessThan(24);
  });
});
