/** The table of an added embedder says of people who were never seen how often they are taken for each other. */

import { beforeAll, describe, expect, test } from 'vitest';
import { falseMatchRates, measureFalseMatches } from '../../../src/faces/packs/measure-false-matches.ts';
import { type FalseMatches, readFalseMatches } from '../../../src/faces/people/background-file.ts';
import { falseMatchRate } from '../../../src/faces/people/false-match-rate.ts';
import { sameOdds } from '../../../src/faces/people/verify.ts';
import { writeBackground } from '../../../src/faces/people/write-background.ts';
import { type BackgroundFit, fitBackgroundByFolds } from '../../../src/learn/odds/background-fit.ts';
import { project } from '../../../src/learn/odds/two-covariance.ts';
import type { Labelled } from '../../../src/learn/odds/two-covariance-fit.ts';
import { placeByName } from '../../../src/photos/folds.ts';
import { onOneCore } from '../../one-core.ts';
import { drawVector, seededNormal } from '../../synthetic-people.ts';

const size = 12;

/** People and photos drawn as the model sees them, three photos each. */
function drawPeople(count: number, seed: number): Labelled[] {
  const normal = seededNormal(seed);
  return Array.from({ length: count }, (_, i) => {
    const place = drawVector(size, normal);
    return Array.from({ length: 3 }, () => ({
      person: `person ${seed}-${i}`,
      quality: 1,
      values: drawVector(size, normal).map((v, k) => place[k]! + 0.7 * v),
    }));
  }).flat();
}

let fit: BackgroundFit;
let table: FalseMatches;
beforeAll(async () => {
  fit = await fitBackgroundByFolds(drawPeople(500, 1), placeByName, onOneCore);
  table = (await measureFalseMatches(fit.folds, fit.model, 'made up', onOneCore))!;
});

describe('false matches of a reference set', () => {
  test('are of pairs of different people alone, each compared by a fit on other people', () => {
    const people = fit.folds.map(({ others }) => new Set(others.map(({ person }) => person)));
    expect(people.reduce((sum, { size: own }) => sum + own, 0)).toBe(
      new Set(people.flatMap((own) => [...own])).size,
    );
    const pairs = fit.folds.map(({ others }) => (others.length * (others.length - 3)) / 2);
    expect(table.pairs).toBe(pairs.reduce((a, b) => a + b, 0));
    expect(table.measuredOn).toBe(
      `${table.pairs.toLocaleString('en')} pairs of photos of different people (made up)`,
    );
  });

  test('hold for people who were never seen', () => {
    const strangers = drawPeople(150, 2).map(({ person, values, quality }) => ({
      person,
      z: project(fit.model, values),
      quality,
    }));
    const odds: number[] = [];
    for (const [i, one] of strangers.entries()) {
      for (const other of strangers.slice(0, i)) {
        if (one.person !== other.person) odds.push(sameOdds(fit.model, one, other));
      }
    }
    for (const [logOdds, rate] of table.rates.filter(([, each]) => each >= 0.001)) {
      const reached = odds.filter((value) => value >= logOdds).length / odds.length;
      expect(reached / rate, `${rate}`).toBeGreaterThan(0.6);
      expect(reached / rate, `${rate}`).toBeLessThan(1.6);
    }
  });

  test('fall no lower than twenty pairs can say', () => {
    const lowest = table.rates.at(-1)![1];
    expect(lowest * table.pairs).toBeGreaterThanOrEqual(20);
    expect((lowest / 2.5) * table.pairs).toBeLessThan(20);
    expect(falseMatchRate(table, 1e3)).toEqual({ rate: lowest, bound: 'at-most' });
    expect(falseMatchRates([1, 2, 3])).toEqual([]);
  });

  test('lie in the file of the background, and are none in one without', () => {
    const bytes = writeBackground(fit.model, 'toy/1', 'made up', table);
    expect(readFalseMatches(bytes, 'x')).toEqual(table);
    expect(readFalseMatches(writeBackground(fit.model, 'toy/1', 'made up'), 'x')).toBeUndefined();
  });

  test('that make no sense are refused', () => {
    const rising = { ...table, rates: [...table.rates].toReversed() };
    const bytes = writeBackground(fit.model, 'toy/1', 'made up', rising);
    expect(() => readFalseMatches(bytes, 'x.onnx')).toThrow(
      expect.objectContaining({ code: 'not-a-model', message: expect.stringContaining('x.onnx is damaged') }),
    );
  });
});
