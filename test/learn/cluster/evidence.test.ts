import { describe, expect, test } from 'vitest';
import { openGroupOdds } from '../../../src/learn/cluster/evidence.ts';
import { enrol, faceOdds, type TwoCovariance } from '../../../src/learn/odds/two-covariance.ts';
import {
  crowdedBackground,
  drawPerson,
  drawPhoto,
  seededNormal,
  toyBackground,
} from '../../synthetic-people.ts';

const normal = seededNormal(3);

describe('odds that two groups are one person', () => {
  test.each([toyBackground(), crowdedBackground()])('of two faces are those of identify', (background) => {
    const { single, looks } = openGroupOdds(background);
    for (let i = 0; i < 20; i++) {
      const person = drawPerson(background, normal);
      const [a, b] = [person, i % 2 === 0 ? person : drawPerson(background, normal)].map((place) => ({
        z: drawPhoto(place, normal),
        quality: 1,
      })) as [{ z: Float32Array; quality: number }, { z: Float32Array; quality: number }];
      expect(looks(single(a), single(b))).toBeCloseTo(faceOdds(enrol(background, [a]), b), 4);
      expect(looks(single(a), single(b))).toBe(looks(single(b), single(a)));
    }
  });

  test('shrink with how unclear the faces are', () => {
    const background = toyBackground();
    const { single, looks } = openGroupOdds(background);
    const z = [0, 1].map(() => drawPhoto(drawPerson(background, normal), normal)) as [
      Float32Array,
      Float32Array,
    ];
    const clear = looks(single({ z: z[0], quality: 1 }), single({ z: z[1], quality: 1 }));
    const unclear = looks(single({ z: z[0], quality: 0.5 }), single({ z: z[1], quality: 0.4 }));
    expect(unclear).toBeCloseTo(0.2 * clear, 6);
    expect(looks(single({ z: z[0], quality: 0 }), single({ z: z[1], quality: 1 }))).toBeCloseTo(0, 3);
  });

  test('follow from what integrating over all places of a person gives', () => {
    const b = 5;
    const background: TwoCovariance = { ...line, between: Float32Array.of(b) };
    const { single, joined, looks } = openGroupOdds(background);
    const [one, two] = [
      [1.2, 0.3, 2.1],
      [0.8, 1.9],
    ].map((values) =>
      values.map((value) => single({ z: Float32Array.of(value), quality: 1 })).reduce((a, c) => joined(a, c)),
    ) as [ReturnType<typeof single>, ReturnType<typeof single>];
    // Three photos count as 3 / 1.5, two as 2 / 1.25, in steps of a thirty-second.
    expect([one.pieces, two.pieces]).toEqual([2, 51 / 32]);
    const places = Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 1000);
    const likelihood = (photos: number, mean: number): number =>
      Math.log(
        places.reduce(
          (sum, y) => sum + Math.exp(-(y * y) / 2 / b + photos * (mean * y - (y * y) / 2)) / 1000,
          0,
        ) / Math.sqrt(2 * Math.PI * b),
      );
    const [n, m, x, y] = [one.pieces, two.pieces, 1.2, 1.35];
    const expected = likelihood(n + m, (n * x + m * y) / (n + m)) - likelihood(n, x) - likelihood(m, y);
    expect(looks(one, two)).toBeCloseTo(expected, 5);
  });

  test('grow with the size of the larger group, and unclear faces found no group', () => {
    const background: TwoCovariance = { ...line, between: Float32Array.of(100) };
    const { single, joined, looks, odds } = openGroupOdds(background);
    const face = (quality: number): ReturnType<typeof single> => single({ z: Float32Array.of(30), quality });
    const group = [1, 1, 1].map(face).reduce((a, b) => joined(a, b));
    expect(odds(face(1), face(1))).toBe(looks(face(1), face(1)));
    expect(odds(group, face(1))).toBeCloseTo(looks(group, face(1)) + Math.log(5), 9);
    expect(odds(face(0.4), face(0.4))).toBe(Number.NEGATIVE_INFINITY);
    // The size does not make up for looks that say too little.
    const other = single({ z: Float32Array.of(26), quality: 1 });
    expect(looks(group, other)).toBeLessThan(Math.log(4));
    expect(odds(group, other)).toBe(looks(group, other));
  });
});

const line = { mean: Float32Array.of(0), basis: Float32Array.of(1), scale: 1, offset: 0 };
