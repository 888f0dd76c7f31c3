import { describe, expect, test } from 'vitest';
import { resizeBilinear } from '../../src/core/bilinear-resize.ts';
import { changesPhotos, distort } from '../../src/core/distort.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { seededRandom } from '../../src/core/random.ts';
import { mirror } from '../../src/core/warp.ts';
import { fourColours } from '../photo-fixtures.ts';

const nothing = { flip: false, crop: 0, scale: 0, brightness: 0 };
const size = { width: 40, height: 30 };
const photo = fourColours(100, 70);

/** Chance that always says the same. */
const always = (value: number) => (): number => value;

describe('distorted photos', () => {
  test('are the photo at the size of the network where nothing is asked for', () => {
    expect(changesPhotos(nothing)).toBe(false);
    expect(distort(photo, size, nothing, seededRandom(1))).toEqual(resizeBilinear(photo, 40, 30));
  });

  test.each([
    { ...nothing, flip: true },
    { ...nothing, crop: 1 },
    { ...nothing, scale: 1 },
    { ...nothing, brightness: 1 },
  ])('%j asks for something', (distortions) => {
    expect(changesPhotos(distortions)).toBe(true);
  });

  test('are mirrored when chance is below one half', () => {
    const plain = resizeBilinear(photo, 40, 30);
    expect(distort(photo, size, { ...nothing, flip: true }, always(0.49))).toEqual(mirror(plain));
    expect(distort(photo, size, { ...nothing, flip: true }, always(0.5))).toEqual(plain);
  });

  test('are cut out of a photo that is larger by the margin, from one corner to the other', () => {
    // 44 × 33 pixels, of which 40 × 30 stay.
    const larger = resizeBilinear(photo, 44, 33);
    const margin = { ...nothing, crop: 10 };
    expect(distort(photo, size, margin, always(0))).toEqual(part(larger, 0, 0));
    expect(distort(photo, size, margin, always(0.999))).toEqual(part(larger, 4, 3));
  });

  test('are enlarged by up to the scale, on top of the margin', () => {
    const draws = [0.5, 0, 0, 0];
    const enlarged = distort(photo, size, { ...nothing, crop: 100, scale: 100 }, () => draws.shift()!);
    expect(enlarged).toEqual(part(resizeBilinear(photo, 120, 90), 0, 0));
  });

  test('are brighter or darker by up to the share asked for, and never beyond white', () => {
    const grey: RgbImage = { width: 1, height: 1, data: Uint8Array.of(100, 200, 10) };
    const one = { width: 1, height: 1 };
    const light = { ...nothing, brightness: 50 };
    expect([...distort(grey, one, light, always(0)).data]).toEqual([50, 100, 5]);
    expect([...distort(grey, one, light, always(0.9999999)).data]).toEqual([150, 255, 15]);
    expect([...distort(grey, one, { ...nothing, brightness: 100 }, always(0)).data]).toEqual([0, 0, 0]);
  });

  test('are the same for the same seed, and others for another', () => {
    const all = { flip: true, crop: 20, scale: 20, brightness: 20 };
    const first = distort(photo, size, all, seededRandom(1));
    expect(distort(photo, size, all, seededRandom(1))).toEqual(first);
    expect(distort(photo, size, all, seededRandom(2))).not.toEqual(first);
  });
});

function part({ width, data }: RgbImage, left: number, top: number): RgbImage {
  const rows = Array.from({ length: size.height }, (_, y) => {
    const from = ((top + y) * width + left) * 3;
    return [...data.subarray(from, from + size.width * 3)];
  });
  return { ...size, data: Uint8Array.from(rows.flat()) };
}
