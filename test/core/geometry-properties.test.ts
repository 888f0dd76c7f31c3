import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  apply,
  type Box,
  clip,
  estimateSimilarity,
  inverse,
  iou,
  overlap,
  type Point,
  type Similarity,
  type Size,
  scaleBox,
  scaleOf,
  toPixels,
  toRatio,
  turnBack,
} from '../../src/core/geometry.ts';
import { holds } from '../holds.ts';

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const size: fc.Arbitrary<Size> = fc.record({ width: number(1, 9000), height: number(1, 9000) });
const box: fc.Arbitrary<Box<'px'>> = fc.record({
  left: number(-5000, 9000),
  top: number(-5000, 9000),
  width: number(0.5, 9000),
  height: number(0.5, 9000),
});
const point: fc.Arbitrary<Point> = fc.record({ x: number(-2000, 2000), y: number(-2000, 2000) });
const similarity: fc.Arbitrary<Similarity> = fc
  .record({ scale: number(0.05, 20), angle: number(-4, 4), tx: number(-2000, 2000), ty: number(-2000, 2000) })
  .map(({ scale, angle, tx, ty }) => ({ a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx, ty }));

const area = ({ width, height }: Size): number => width * height;
const whole = (photo: Size): Box<'px'> => ({ left: 0, top: 0, ...photo });
const boxNear = (wanted: Box<'px'>): unknown =>
  Object.fromEntries(Object.entries(wanted).map(([side, value]) => [side, expect.closeTo(Number(value), 6)]));

describe('boxes', () => {
  test('in fractions and back in pixels are the same', () => {
    holds(
      fc.property(box, size, (one, photo) => {
        expect(toPixels(toRatio(one, photo), photo)).toEqual(boxNear(one));
      }),
    );
  });

  test('overlap as much one way as the other, by no more than the smaller has', () => {
    holds(
      fc.property(box, box, (a, b) => {
        expect(overlap(a, b)).toBe(overlap(b, a));
        expect(overlap(a, b)).toBeLessThanOrEqual(Math.min(area(a), area(b)) * (1 + 1e-9));
        expect(iou(a, b)).toBeGreaterThanOrEqual(0);
        expect(iou(a, b)).toBeLessThanOrEqual(1 + 1e-9);
        expect(iou(a, a)).toBeCloseTo(1, 6);
      }),
    );
  });

  test('overlap alike in a picture of another size', () => {
    holds(
      fc.property(box, box, number(0.1, 10), number(0.1, 10), (a, b, x, y) => {
        expect(iou(scaleBox(a, x, y), scaleBox(b, x, y))).toBeCloseTo(iou(a, b), 6);
      }),
    );
  });

  test('clipped to a photo are what they share with it, and stay so', () => {
    holds(
      fc.property(box, size, (one, photo) => {
        const inside = clip(one, photo);
        expect(area(inside)).toBeCloseTo(overlap(one, whole(photo)), 3);
        expect(clip(inside, photo)).toEqual(boxNear(inside));
      }),
    );
  });

  test('of a photo turned twice or three times are those of one turned that often by a quarter', () => {
    holds(
      fc.property(box, size, (one, photo) => {
        const turned = { width: photo.height, height: photo.width };
        const twice = turnBack(turnBack(one, turned, 1), photo, 1);
        expect(turnBack(one, photo, 2)).toEqual(boxNear(twice));
        const thrice = turnBack(turnBack(turnBack(one, photo, 1), turned, 1), photo, 1);
        expect(turnBack(one, photo, 3)).toEqual(boxNear(thrice));
        const fourTimes = turnBack(
          turnBack(turnBack(turnBack(one, turned, 1), photo, 1), turned, 1),
          photo,
          1,
        );
        expect(fourTimes).toEqual(boxNear(one));
      }),
    );
  });
});

describe('similarities', () => {
  test('are undone by their inverse', () => {
    holds(
      fc.property(similarity, point, (to, p) => {
        const back = apply(inverse(to), apply(to, p));
        expect([back.x, back.y]).toEqual([expect.closeTo(p.x, 5), expect.closeTo(p.y, 5)]);
        expect(scaleOf(inverse(to)) * scaleOf(to)).toBeCloseTo(1, 9);
      }),
    );
  });

  /** Points that are not all in one place. */
  const points = fc
    .array(point, { minLength: 2, maxLength: 12 })
    .filter((all) => all.some(({ x, y }) => Math.hypot(x - all[0]!.x, y - all[0]!.y) > 1));

  test('are found again by where they take points', () => {
    holds(
      fc.property(similarity, points, (wanted, from) => {
        const found = estimateSimilarity(
          from,
          from.map((p) => apply(wanted, p)),
        );
        for (const p of from) {
          const [a, b] = [apply(found, p), apply(wanted, p)];
          expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeLessThan(1e-4);
        }
      }),
    );
  });

  test('found for points that fit none are nearer than those beside them', () => {
    const errorOf = (t: Similarity, from: readonly Point[], to: readonly Point[]): number =>
      from.reduce((sum, p, i) => {
        const { x, y } = apply(t, p);
        return sum + (x - to[i]!.x) ** 2 + (y - to[i]!.y) ** 2;
      }, 0);
    const pairs = fc
      .array(fc.tuple(point, point), { minLength: 2, maxLength: 12 })
      .filter((all) => all.some(([{ x, y }]) => Math.hypot(x - all[0]![0].x, y - all[0]![0].y) > 1));
    const step = number(-0.01, 0.01);
    holds(
      fc.property(pairs, step, step, number(-5, 5), number(-5, 5), (all, a, b, tx, ty) => {
        const [from, to] = [all.map(([p]) => p), all.map(([, p]) => p)];
        const best = estimateSimilarity(from, to);
        const beside = { a: best.a + a, b: best.b + b, tx: best.tx + tx, ty: best.ty + ty };
        expect(errorOf(best, from, to)).toBeLessThanOrEqual(errorOf(beside, from, to) * (1 + 1e-9) + 1e-6);
      }),
    );
  });
});
