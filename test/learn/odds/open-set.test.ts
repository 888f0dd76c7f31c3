import { expect, test } from 'vitest';
import { likeliestInOpenSet, openSetPosterior } from '../../../src/learn/odds/open-set.ts';

function total({ people, unknown }: ReturnType<typeof openSetPosterior>): number {
  return people.reduce((sum, p) => sum + p, unknown);
}

test.each([
  [[0]],
  [[3, -2, 0.5]],
  [[-9, -9, -9, -9]],
  [Array.from({ length: 500 }, (_, i) => Math.sin(i) * 8)],
])('the people and "none of them" add up to 1: odds %j', (logOdds) => {
  for (const prior of [0.01, 0.5, 0.99]) {
    expect(total(openSetPosterior(logOdds, prior))).toBeCloseTo(1, 12);
  }
});

test('it is Bayes’ rule: evidence against prior', () => {
  // One person, odds of 9 for her, every second face a stranger: 9 of 10 such faces are hers.
  const { people, unknown } = openSetPosterior([Math.log(9)], 0.5);
  expect(people[0]).toBeCloseTo(0.9, 12);
  expect(unknown).toBeCloseTo(0.1, 12);
  // Three of four faces are strangers, two people share the rest, nothing was seen.
  const blind = openSetPosterior([0, 0], 0.75);
  expect([...blind.people, blind.unknown]).toEqual([0.125, 0.125, 0.75].map((p) => expect.closeTo(p, 12)));
});

test('in an empty gallery every face is unknown', () => {
  const { people, unknown } = openSetPosterior([], 0.5);
  expect(people).toHaveLength(0);
  expect(unknown).toBe(1);
});

test('a larger gallery needs stronger evidence for the same name', () => {
  const among = (others: number): number =>
    openSetPosterior([5, ...Array.from({ length: others }, () => -20)], 0.5).people[0]!;
  expect(among(1)).toBeGreaterThan(among(9));
  expect(among(9)).toBeGreaterThan(among(99));
  // The lost probability goes to "none of them", and e⁵ times as many people take e⁵ as much evidence.
  expect(openSetPosterior([5, ...Array.from({ length: 147 }, () => -20)], 0.5).unknown).toBeCloseTo(0.5, 2);
});

test('a person more or less likely than all others stays a number', () => {
  const cases: [odds: number[], people: number[], unknown: number][] = [
    [[1e4], [1], 0],
    [[-1e4], [0], 1],
    [[1e4, -1e4, 0], [1, 0, 0], 0],
    [[-1e4, -1e4], [0, 0], 1],
    [[1e4, 1e4], [0.5, 0.5], 0],
  ];
  for (const [odds, people, unknown] of cases) {
    const found = openSetPosterior(odds, 0.5);
    expect([...found.people], `odds ${odds.join(', ')}`).toEqual(people.map((p) => expect.closeTo(p, 9)));
    expect(found.unknown).toBeCloseTo(unknown, 9);
  }
});

test('nobody is named for certain: something is left for "none of them"', () => {
  expect(openSetPosterior([1e4, 0], 0.5).unknown).toBeGreaterThan(0);
});

test('odds may come as a Float32Array, and the answer is kept in double precision', () => {
  const { people } = openSetPosterior(Float32Array.from([0, 0, 0]), 0.5);
  expect(people).toBeInstanceOf(Float64Array);
  expect(people[0]).toBe(openSetPosterior([0, 0, 0], 0.5).people[0]);
});

test('the likeliest person and nobody can be had without the others', () => {
  const odds = Float64Array.from({ length: 300 }, (_, i) => 9 * Math.sin(i * i));
  for (const without of [-1, 0, 123, 299]) {
    const gallery = [...odds].filter((_, i) => i !== without);
    const { people, unknown } = openSetPosterior(gallery, 0.3);
    const found = likeliestInOpenSet(odds, 0.3, without);
    expect(found.likeliest).toBeCloseTo(Math.max(...people), 13);
    expect(found.unknown).toBeCloseTo(unknown, 13);
  }
  expect(likeliestInOpenSet([4], 0.3, 0)).toEqual({ likeliest: 0, unknown: 1 });
  for (const extreme of [-2000, 2000]) {
    const { people, unknown } = openSetPosterior([extreme, extreme - 1], 0.3);
    expect(likeliestInOpenSet([extreme, extreme - 1], 0.3)).toEqual({
      likeliest: expect.closeTo(people[0]!, 13) as number,
      unknown: expect.closeTo(unknown, 13) as number,
    });
  }
});
