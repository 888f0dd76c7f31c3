import { describe, expect, test } from 'vitest';
import {
  apply,
  type Box,
  centroid,
  clip,
  estimateSimilarity,
  inverse,
  iou,
  overlap,
  type Point,
  type Similarity,
  scaleBox,
  scaleOf,
  toPixels,
  toRatio,
} from '../../src/core/geometry.ts';
import { seededRandom } from '../../src/core/random.ts';

function box(left: number, top: number, width: number, height: number): Box<'px'> {
  return { left, top, width, height };
}

describe('boxes', () => {
  test('a box and itself have an IoU of 1, boxes apart have 0', () => {
    expect(iou(box(3, 4, 10, 20), box(3, 4, 10, 20))).toBe(1);
    expect(iou(box(0, 0, 10, 10), box(20, 0, 10, 10))).toBe(0);
    expect(iou(box(0, 0, 10, 10), box(20, 20, 10, 10))).toBe(0);
  });

  test('boxes that only touch share nothing', () => {
    expect(overlap(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0);
    expect(iou(box(0, 0, 10, 10), box(0, 10, 10, 10))).toBe(0);
  });

  test('two squares that share a half have an IoU of a third, in either order', () => {
    const a = box(0, 0, 10, 10);
    const b = box(5, 0, 10, 10);
    expect(overlap(a, b)).toBe(50);
    expect(iou(a, b)).toBeCloseTo(1 / 3, 12);
    expect(iou(b, a)).toBe(iou(a, b));
  });

  test('a box inside another overlaps with its whole area', () => {
    expect(overlap(box(0, 0, 100, 100), box(20, 30, 4, 5))).toBe(20);
    expect(iou(box(0, 0, 100, 100), box(20, 30, 4, 5))).toBeCloseTo(0.002, 12);
  });

  test('two boxes without area have an IoU of 0, not NaN', () => {
    expect(iou(box(5, 5, 0, 0), box(5, 5, 0, 0))).toBe(0);
  });

  test('clipping keeps the part inside the photo and leaves nothing of a box outside', () => {
    const photo = { width: 100, height: 80 };
    expect(clip(box(-10, -20, 30, 40), photo)).toEqual(box(0, 0, 20, 20));
    expect(clip(box(90, 70, 30, 40), photo)).toEqual(box(90, 70, 10, 10));
    expect(clip(box(10, 10, 5, 5), photo)).toEqual(box(10, 10, 5, 5));
    expect(clip(box(150, 10, 5, 5), photo)).toMatchObject({ width: 0 });
    expect(clip(box(10, -90, 5, 5), photo)).toMatchObject({ height: 0 });
  });

  test('a box grows with its picture, in each direction by itself', () => {
    expect(scaleBox(box(10, 20, 30, 40), 2)).toEqual(box(20, 40, 60, 80));
    expect(scaleBox(box(10, 20, 30, 40), 2, 0.5)).toEqual(box(20, 10, 60, 20));
  });

  test('pixels become fractions of the photo and come back', () => {
    const photo = { width: 400, height: 200 };
    expect(toRatio(box(100, 50, 200, 50), photo)).toEqual({
      left: 0.25,
      top: 0.25,
      width: 0.5,
      height: 0.25,
    });
    expect(toPixels(toRatio(box(100, 50, 200, 50), photo), photo)).toEqual(box(100, 50, 200, 50));
  });
});

describe('similarity transforms', () => {
  const random = seededRandom(7);
  const randomPoint = (): Point => ({ x: random() * 400 - 200, y: random() * 400 - 200 });
  const randomSimilarity = (): Similarity => {
    const angle = random() * 2 * Math.PI;
    const scale = 0.1 + random() * 4;
    return { a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx: random() * 99, ty: random() * 99 };
  };

  test('a quarter turn, doubled and moved, is found from its points', () => {
    const from = [point(0, 0), point(1, 0), point(0, 1)];
    const to = [point(10, 5), point(10, 7), point(8, 5)];
    expect(estimateSimilarity(from, to)).toEqual(near({ a: 0, b: 2, tx: 10, ty: 5 }));
  });

  test('any rotation, scale and move is found again from five points', () => {
    for (let trial = 0; trial < 50; trial++) {
      const t = randomSimilarity();
      const from = Array.from({ length: 5 }, randomPoint);
      const to = from.map((p) => apply(t, p));
      expect(estimateSimilarity(from, to)).toEqual(near(t));
    }
  });

  test('the inverse brings every point back', () => {
    for (let trial = 0; trial < 50; trial++) {
      const t = randomSimilarity();
      const p = randomPoint();
      const back = apply(inverse(t), apply(t, p));
      expect(back.x).toBeCloseTo(p.x, 6);
      expect(back.y).toBeCloseTo(p.y, 6);
      expect(scaleOf(inverse(t)) * scaleOf(t)).toBeCloseTo(1, 9);
    }
  });

  test('for points that no similarity can match, no nearby one is closer than the estimate', () => {
    const from = Array.from({ length: 5 }, randomPoint);
    const to = Array.from({ length: 5 }, randomPoint);
    const best = estimateSimilarity(from, to);
    const least = squaredError(best, from, to);
    for (const key of ['a', 'b', 'tx', 'ty'] as const) {
      for (const step of [-1e-3, 1e-3]) {
        expect(squaredError({ ...best, [key]: best[key] + step }, from, to)).toBeGreaterThan(least);
      }
    }
  });

  test('two points are enough, equal points and unequal counts are refused', () => {
    const t = estimateSimilarity([point(0, 0), point(2, 0)], [point(5, 5), point(5, 9)]);
    expect(t).toEqual(near({ a: 0, b: 2, tx: 5, ty: 5 }));
    expect(() => estimateSimilarity([point(1, 1), point(1, 1)], [point(0, 0), point(2, 2)])).toThrow(
      RangeError,
    );
    expect(() => estimateSimilarity([point(0, 0), point(1, 1)], [point(0, 0)])).toThrow(RangeError);
  });

  test('the centroid is the mean of the points', () => {
    expect(centroid([point(0, 0), point(4, 2), point(2, 7)])).toEqual(point(2, 3));
  });
});

function point(x: number, y: number): Point {
  return { x, y };
}

function near({ a, b, tx, ty }: Similarity): object {
  const digits = 6;
  return {
    a: expect.closeTo(a, digits),
    b: expect.closeTo(b, digits),
    tx: expect.closeTo(tx, digits),
    ty: expect.closeTo(ty, digits),
  };
}

function squaredError(t: Similarity, from: readonly Point[], to: readonly Point[]): number {
  return from.reduce((sum, p, i) => {
    const q = apply(t, p);
    return sum + (q.x - to[i]!.x) ** 2 + (q.y - to[i]!.y) ** 2;
  }, 0);
}
