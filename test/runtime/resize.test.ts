import { describe, expect, test } from 'vitest';
import { enlarge } from '../../src/core/enlarge.ts';
import { seededRandom } from '../../src/core/random.ts';
import { resize, resizeBySharp } from '../../src/runtime/resize.ts';
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

  test('enlarges to the pixels that libvips makes, whatever the sizes', async () => {
    const random = seededRandom(20261130);
    // The last five have places that fall on a half, where it depends on the order of calculation which way they round.
    for (const [width, height, to, high] of [
      [1, 1, 5, 9],
      [250, 250, 512, 512],
      [64, 3, 65, 4],
      [139, 148, 481, 512],
      [161, 166, 248, 256],
      [186, 154, 512, 424],
      [5, 36, 384, 391],
      [467, 415, 768, 490],
    ] as const) {
      const data = Uint8Array.from({ length: width * height * 3 }, () => random() * 256);
      const image = { width, height, data };
      const own = enlarge(image, to, high)!;
      const theirs = await resizeBySharp(image, to, high);
      expect([own.width, own.height, Buffer.compare(own.data, theirs.data)]).toEqual([to, high, 0]);
    }
    const side = { width: 8, height: 4, data: new Uint8Array(96) };
    expect([enlarge(side, 8, 8), enlarge(side, 4, 8)]).toEqual([undefined, undefined]);
  });
});
