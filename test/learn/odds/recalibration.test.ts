import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/random.ts';
import { openSetPosterior } from '../../../src/learn/odds/open-set.ts';
import {
  fitRecalibration,
  type HeldOutOdds,
  highestOthers,
  recalibrated,
  unchanged,
} from '../../../src/learn/odds/recalibration.ts';
import { seededNormal } from '../../synthetic-people.ts';

interface Asked extends HeldOutOdds {
  readonly odds: Float64Array;
}

/**
 * Calibrated odds of a normal world: log odds are N(d/2, d) for the person, N(−d/2, d) for anybody else. The
 * stated ones have another scale and offset.
 */
function folder(people: number, photos: number, stated: { scale: number; offset: number }): Asked[] {
  const normal = seededNormal(people * 100 + photos);
  const d = 12;
  return Array.from({ length: people * photos }, (_, i) => {
    const person = i % people;
    const odds = Float64Array.from({ length: people }, (__, other) => {
      const truth = (other === person ? d / 2 : -d / 2) + Math.sqrt(d) * normal();
      return (truth - stated.offset) / stated.scale;
    });
    return asked(person, odds);
  });
}

function asked(person: number, odds: Float64Array): Asked {
  return { person, quality: 1, odds, own: odds[person]!, others: highestOthers(odds, person) };
}

test('odds that state too little are found out, with enough people', () => {
  const fitted = fitRecalibration(folder(60, 10, { scale: 1.3, offset: 1 }), 60, 0.5)!;
  expect(fitted.scale).toBeCloseTo(1.3, 0);
  expect(fitted.offset).toBeGreaterThan(0.6);
  expect(fitted.offset).toBeLessThan(1.4);
  expect([fitted.photos, fitted.people]).toEqual([600, 60]);
});

test('odds that are right stay nearly as they are', () => {
  const fitted = fitRecalibration(folder(60, 10, unchanged), 60, 0.5)!;
  expect(Math.abs(fitted.scale - 1)).toBeLessThan(0.15);
  expect(Math.abs(fitted.offset)).toBeLessThan(0.4);
});

test('few photos change little, however wrong the odds', () => {
  const wrong = { scale: 1, offset: 3 };
  const few = fitRecalibration(folder(2, 2, wrong), 2, 0.5)!;
  const many = fitRecalibration(folder(40, 10, wrong), 40, 0.5)!;
  expect(Math.abs(few.offset)).toBeLessThan(0.75);
  expect(many.offset).toBeGreaterThan(1.5);
});

test('new photos are predicted better for it', () => {
  const stated = { scale: 1.4, offset: 2 };
  const fitted = fitRecalibration(folder(30, 8, stated), 30, 0.5)!;
  const loss = (by: typeof unchanged): number =>
    folder(30, 9, stated).reduce((sum, { person, odds }) => {
      const own = Float64Array.from(odds, (value) => recalibrated(by, value, 1));
      const asStranger = openSetPosterior(Array.from(own).toSpliced(person, 1), 0.5);
      return sum - Math.log(openSetPosterior(own, 0.5).people[person]!) - Math.log(asStranger.unknown);
    }, 0);
  expect(loss(fitted)).toBeLessThan(loss(unchanged));
});

test('people with a single photo, who can only be strangers, teach nothing by themselves', () => {
  const alone = folder(20, 1, unchanged).map((photo) => ({ ...photo, own: Number.NaN }));
  expect(fitRecalibration(alone, 20, 0.5)).toBeNull();
  expect(fitRecalibration([], 0, 0.5)).toBeNull();
});

test('the scale stays positive: the order of names about a face never turns round', () => {
  const random = seededRandom(1);
  const backwards = Array.from({ length: 400 }, (_, i) =>
    asked(
      i % 20,
      Float64Array.from({ length: 20 }, (__, p) => (p === i % 20 ? -9 : 9) + random()),
    ),
  );
  const { scale, offset } = fitRecalibration(backwards, 20, 0.5)!;
  expect(scale).toBeGreaterThan(0);
  expect(Number.isFinite(offset)).toBe(true);
});

test('an unclear face says little, recalibrated or not', () => {
  expect(recalibrated({ scale: 2, offset: 3 }, 5, 0)).toBe(0);
  expect(recalibrated({ scale: 2, offset: 3 }, 5, 0.5)).toBe(6.5);
});

describe('of all odds that a face has', () => {
  const odds = Float64Array.from([3, -1, 9, 3, -50, 7]);

  test('the highest ones of others matter, from the highest down', () => {
    expect(highestOthers(odds, 2)).toEqual([7, 3, 3, -1]);
    expect(highestOthers(odds, 5)).toEqual([9, 3, 3, -1]);
    expect(highestOthers(odds.subarray(0, 1), 0)).toEqual([]);
  });

  test('of thousands of people sixteen are enough', () => {
    const random = seededRandom(2);
    const many = Float64Array.from({ length: 5000 }, () => 20 * random() - 10);
    const sorted = [...many].filter((_, i) => i !== 77).toSorted((a, b) => b - a);
    expect(highestOthers(many, 77)).toEqual(sorted.slice(0, 16));
  });
});
