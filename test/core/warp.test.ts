import { describe, expect, test } from 'vitest';
import { apply, inverse, type Similarity } from '../../src/core/geometry.ts';
import { rowsByNumbers } from '../../src/core/pixel-rows.ts';
import { rowsBySimd } from '../../src/core/pixel-rows-simd.ts';
import { seededRandom } from '../../src/core/random.ts';
import { halve, mirror, warp } from '../../src/core/warp.ts';
import { draw, pixel } from './drawn-image.ts';

const identity: Similarity = { a: 1, b: 0, tx: 0, ty: 0 };

const redAt = (image: Parameters<typeof pixel>[0], x: number, y: number): number => pixel(image, x, y)[0]!;

const grey = (value: number): number[] => [value, value, value];

const numbered = draw(7, 5, (x, y) => y * 7 + x);

describe('halve', () => {
  test('makes each pixel the rounded mean of four', () => {
    const data = Uint8Array.from([0, 255, 255, 255, 1, 2, 2, 2].flatMap(grey));
    expect(halve({ width: 4, height: 2, data })).toEqual({
      width: 2,
      height: 1,
      // (0 + 255 + 1 + 2) / 4 = 64.5 and (255 + 255 + 2 + 2) / 4 = 128.5
      data: Uint8Array.from([65, 65, 65, 129, 129, 129]),
    });
  });

  test('drops an odd last row and column, and never goes below one pixel', () => {
    expect(halve(draw(5, 3, () => 9))).toMatchObject({ width: 2, height: 1 });
    expect(halve(draw(1, 6, () => 9))).toEqual(draw(1, 3, () => 9));
    expect(halve(draw(1, 1, () => 9))).toEqual(draw(1, 1, () => 9));
  });
});

describe('warp', () => {
  test('gives the same pixels back through the identity', () => {
    expect(warp(numbered, identity, 7, 5)).toEqual(numbered);
  });

  test('turns by a quarter exactly', () => {
    const turned = warp(numbered, { a: 0, b: 1, tx: 4, ty: 0 }, 5, 7);
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 7; x++) expect(pixel(turned, 4 - y, x)).toEqual(pixel(numbered, x, y));
    }
  });

  test('moves by whole pixels exactly and leaves black where there was no photo', () => {
    const moved = warp(numbered, { ...identity, tx: 2, ty: 1 }, 10, 8);
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 10; x++) {
        const inside = x >= 2 && x < 9 && y >= 1 && y < 6;
        expect(pixel(moved, x, y)).toEqual(inside ? pixel(numbered, x - 2, y - 1) : [0, 0, 0]);
      }
    }
  });

  test('mixes neighbours by their distance', () => {
    const step = draw(4, 1, (x) => x * 40);
    expect(redAt(warp(step, { ...identity, tx: -0.5 }, 4, 1), 1, 0)).toBe(60);
    expect(redAt(warp(step, { ...identity, tx: -0.25 }, 4, 1), 1, 0)).toBe(50);
    expect(redAt(warp(step, { ...identity, tx: -0.24 }, 4, 1), 1, 0), '49.6, rounded').toBe(50);
    const enlarged = warp(step, { a: 2, b: 0, tx: 0, ty: 0 }, 7, 1);
    expect(Array.from({ length: 7 }, (_, x) => redAt(enlarged, x, 0))).toEqual([0, 20, 40, 60, 80, 100, 120]);
  });

  test('fades to black at each edge instead of taking the other end of a row', () => {
    const white = draw(4, 4, () => 200);
    const places = [0, 1, 2, 3, 4];
    const across = warp(white, { ...identity, tx: 0.5, ty: 1 }, 5, 6);
    expect(places.map((x) => redAt(across, x, 2))).toEqual([100, 200, 200, 200, 100]);
    const down = warp(white, { ...identity, tx: 1, ty: 0.5 }, 6, 5);
    expect(places.map((y) => redAt(down, 2, y))).toEqual([100, 200, 200, 200, 100]);
  });

  test.each([8, 3, 2.5])('a fine checkerboard shrunk %d times becomes grey instead of aliasing', (times) => {
    const board = draw(240, 240, (x, y) => ((x + y) % 2) * 255);
    for (const angle of [0, 0.3]) {
      const a = Math.cos(angle) / times;
      const b = Math.sin(angle) / times;
      const small = warp(board, { a, b, tx: 0, ty: 0 }, 20, 20);
      for (let y = 0; y < 20; y++) {
        for (let x = 0; x < 20; x++) {
          const { x: sx, y: sy } = apply(inverse({ a, b, tx: 0, ty: 0 }), { x, y });
          // At the photo's edge black mixes in.
          if (Math.min(sx, sy) < 8 || Math.max(sx, sy) > 231) continue;
          expect(Math.abs(redAt(small, x, y) - 128)).toBeLessThanOrEqual(2);
        }
      }
    }
  });

  test.each([1.7, 0.7, 0.45, 0.2, 0.11])(
    'a ramp scaled by %d shows at each place the value of the photo at that place',
    (scale) => {
      const ramp = draw(256, 256, (x) => x);
      for (const angle of [0, 1]) {
        const t = { a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx: 12, ty: -4 };
        const canvas = warp(ramp, t, 40, 40);
        for (let y = 0; y < 40; y++) {
          for (let x = 0; x < 40; x++) {
            const { x: sx, y: sy } = apply(inverse(t), { x, y });
            if (Math.min(sx, sy) < 16 || Math.max(sx, sy) > 240) continue;
            // Rounding to bytes at each halving adds at most one.
            expect(Math.abs(redAt(canvas, x, y) - sx)).toBeLessThanOrEqual(1.6);
          }
        }
      }
    },
  );

  test('shows a photo as wide as any JPEG at its far end, too', () => {
    const wide = draw(65_535, 2, (x) => x % 251);
    const end = warp(wide, { ...identity, tx: -65_500 }, 35, 2);
    expect(Array.from({ length: 35 }, (_, x) => redAt(end, x, 0))).toEqual(
      Array.from({ length: 35 }, (_, x) => (65_500 + x) % 251),
    );
  });

  test('draws the colour that is asked for outside the photo, and fades to it', () => {
    const white = draw(4, 4, () => 200);
    const outside = [100, 0, 0] as const;
    const across = warp(white, { ...identity, tx: 1.5, ty: 1 }, 6, 6, { outside });
    expect([0, 1, 2, 3, 4, 5].map((x) => redAt(across, x, 2))).toEqual([100, 150, 200, 200, 200, 150]);
    expect([...across.data.subarray(0, 3)]).toEqual([100, 0, 0]);
    const away = warp(white, { ...identity, tx: 500 }, 2, 1, { outside });
    expect([...away.data]).toEqual([100, 0, 0, 100, 0, 0]);
    // Halved as well, its edges are mixed of it and nothing else.
    const halved = warp(white, { a: 0.25, b: 0, tx: 2, ty: 2 }, 5, 5, { outside });
    const reds = halved.data.filter((_, i) => i % 3 === 0);
    expect([Math.min(...reds), Math.max(...reds) > 140]).toEqual([100, true]);
  });

  test('draws black when the photo lies wholly outside the canvas', () => {
    expect(new Set(warp(numbered, { ...identity, tx: 500 }, 4, 4).data)).toEqual(new Set([0]));
  });

  test('a photo above and left of the canvas, whose columns end before they begin, is black', () => {
    const far = { a: 0.7, b: 0.7, tx: -400, ty: -300 };
    expect(new Set(warp(numbered, far, 9, 9).data)).toEqual(new Set([0]));
  });
});

describe('SIMD and plain numbers', () => {
  const ways = [rowsBySimd()!, rowsByNumbers()] as const;
  const random = seededRandom(7);
  const between = (low: number, high: number): number => low + random() * (high - low);
  const noise = (width: number, height: number) => draw(width, height, () => Math.floor(random() * 256));
  const cases = Array.from({ length: 200 }, () => {
    const [scale, angle] = [Math.exp(between(-3, 3)), between(0, 7)];
    return {
      image: noise(Math.ceil(between(0, 90)), Math.ceil(between(0, 60))),
      t: {
        a: scale * Math.cos(angle),
        b: scale * Math.sin(angle),
        tx: between(-30, 30),
        ty: between(-30, 30),
      },
      canvas: [Math.ceil(between(0, 40)), Math.ceil(between(0, 40))] as const,
    };
  });

  test('draw the same pixels, at every scale and turn', () => {
    for (const { image, t, canvas } of cases) {
      const [simd, numbers] = ways.map((rows) => warp(image, t, ...canvas, { rows }));
      expect(simd).toEqual(numbers);
    }
  });

  test('halve alike', () => {
    for (const { image } of cases) {
      const [simd, numbers] = ways.map((rows) => halve(image, rows));
      expect(simd).toEqual(numbers);
    }
  });

  test('large photos after small ones find room', () => {
    for (const side of [10, 700, 10, 900]) {
      const [simd, numbers] = ways.map((rows) => halve(noise(side, side), rows).width);
      expect([simd, numbers]).toEqual([side / 2, side / 2]);
      const image = noise(side, side);
      expect(halve(image, ways[0])).toEqual(halve(image, ways[1]));
    }
  });
});

describe('mirror', () => {
  test('swaps left and right and keeps each pixel whole', () => {
    const mirrored = mirror(numbered);
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 7; x++) expect(pixel(mirrored, x, y)).toEqual(pixel(numbered, 6 - x, y));
    }
    expect(mirror(mirrored)).toEqual(numbered);
  });

  test('has the same pixels by SIMD as by numbers, whatever the width', () => {
    for (const width of [1, 2, 4, 5, 6, 14, 150, 224]) {
      const image = draw(width, 3, (x, y) => (x * 7 + y * 31) % 256);
      const [simd, numbers] = [rowsBySimd()!, rowsByNumbers()].map((rows) => mirror(image, undefined, rows));
      expect(simd).toEqual(numbers);
    }
  });
});
