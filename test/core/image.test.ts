import { describe, expect, test } from 'vitest';
import { turnBack } from '../../src/core/geometry.ts';
import { evenly, lightening, meanColour, type RgbImage, turnClockwise } from '../../src/core/image.ts';
import { draw } from './drawn-image.ts';

describe('lightening', () => {
  const lighten = (image: RgbImage): RgbImage => lightening(image)(image);
  const ramp = (top: number): RgbImage => ({
    width: 100,
    height: 10,
    data: Uint8Array.from({ length: 3000 }, (_, i) => ((Math.floor(i / 3) % 100) * top) / 100),
  });

  test('a photo with too little light reaches white, and keeps its order of tones', () => {
    const { data } = lighten(ramp(20));
    expect(Math.max(...data)).toBe(255);
    for (let i = 3; i < 300; i++) expect(data[i]!).toBeGreaterThanOrEqual(data[i - 3]!);
  });

  test('any other photo is left as it is, and so is a black one', () => {
    for (const photo of [ramp(255), ramp(120), { ...ramp(1), data: new Uint8Array(3000) }]) {
      expect(lighten(photo)).toBe(photo);
    }
  });

  test('a few bright lights do not make a dark photo bright', () => {
    const night = ramp(20);
    night.data.set([255, 255, 255], 600);
    expect(lighten(night).data[297]!).toBeGreaterThan(200);
  });
});

describe('turning by quarters', () => {
  const size = { width: 3, height: 2 };
  const photo = { ...size, data: Uint8Array.from({ length: 18 }, (_, i) => i) };

  test('goes clockwise: what was at the top left is at the top right after one quarter', () => {
    const turned = turnClockwise(photo, 1);
    expect([turned.width, turned.height]).toEqual([2, 3]);
    expect([...turned.data.subarray(3, 6)]).toEqual([0, 1, 2]);
    expect([...turned.data.subarray(0, 3)]).toEqual([9, 10, 11]);
  });

  test('four quarters in all give the photo back', () => {
    expect(turnClockwise(turnClockwise(photo, 1), 3)).toEqual(photo);
    expect(turnClockwise(turnClockwise(photo, 2), 2)).toEqual(photo);
    expect(turnClockwise(turnClockwise(photo, 1), 1)).toEqual(turnClockwise(photo, 2));
  });

  test.each([1, 2, 3] as const)('a box of the photo turned by %i quarters is found back', (turns) => {
    const turned = turnClockwise(photo, turns);
    for (let y = 0; y < turned.height; y++) {
      for (let x = 0; x < turned.width; x++) {
        const { left, top, width, height } = turnBack({ left: x, top: y, width: 1, height: 1 }, size, turns);
        expect([width, height]).toEqual([1, 1]);
        expect(photo.data[(top * size.width + left) * 3]).toBe(turned.data[(y * turned.width + x) * 3]);
      }
    }
  });
});

describe('one colour', () => {
  test('the mean of a photo, channel by channel', () => {
    const half = evenly({ width: 4, height: 2 }, [10, 20, 30]);
    half.data.fill(50, 0, 12);
    expect(meanColour(half)).toEqual([30, 35, 40]);
  });

  test('the mean of a large photo follows from some of its pixels', () => {
    const [red, green] = meanColour(draw(400, 300, (x) => x / 2));
    expect(Math.abs(red - 100)).toBeLessThan(2);
    expect(Math.abs(green - 155)).toBeLessThan(2);
  });

  test('a picture of it is of it everywhere', () => {
    const { data } = evenly({ width: 3, height: 2 }, [1, 2, 3]);
    expect([...data]).toEqual(Array.from({ length: 6 }, () => [1, 2, 3]).flat());
    expect(new Set(evenly({ width: 3, height: 2 }, [7, 7, 7]).data)).toEqual(new Set([7]));
  });
});
