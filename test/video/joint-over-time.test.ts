import { expect, test } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { assignJointly } from '../../src/learn/odds/joint-assignment.ts';
import { assignOverTime, overlapInTime, type TimedPosterior } from '../../src/video/joint-over-time.ts';

function track(from: number, to: number, ...people: readonly number[]): TimedPosterior {
  const unknown = 1 - people.reduce((a, b) => a + b, 0);
  return { from, to, alone: { people: Float64Array.from(people), unknown } };
}

/** Sums over every way to name the tracks; person −1 is unknown. */
function bruteForce(tracks: readonly TimedPosterior[]): number[][] {
  const count = tracks[0]!.alone.people.length;
  const sums = tracks.map(() => Array.from({ length: count + 1 }, () => 0));
  const go = (given: readonly number[], weight: number): void => {
    const i = given.length;
    if (i === tracks.length) {
      for (const [k, person] of given.entries()) sums[k]![person < 0 ? count : person]! += weight;
      return;
    }
    go([...given, -1], weight * tracks[i]!.alone.unknown);
    for (let person = 0; person < count; person++) {
      const taken = given.some((other, k) => other === person && overlapInTime(tracks[k]!, tracks[i]!));
      if (!taken) go([...given, person], weight * tracks[i]!.alone.people[person]!);
    }
  };
  go([], 1);
  return sums.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((p) => p / total);
  });
}

function largestError(tracks: readonly TimedPosterior[], wanted: readonly (readonly number[])[]): number {
  const errors = assignOverTime(tracks).flatMap(({ people, unknown }, i) =>
    [...people, unknown].map((p, k) => Math.abs(p - wanted[i]![k]!)),
  );
  return Math.max(...errors);
}

test('is the sum over all ways to give names in which nobody is in two places at once', () => {
  const random = seededRandom(3);
  for (let round = 0; round < 60; round++) {
    const tracks = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
      const from = random() * 10;
      const weights = [random(), random(), random(), random()];
      const total = weights.reduce((a, b) => a + b, 0);
      return track(from, from + random() * 5, ...weights.slice(0, 3).map((w) => w / total));
    });
    expect(largestError(tracks, bruteForce(tracks))).toBeLessThan(1e-9);
  }
});

test('tracks that all overlap share names as the faces of a photo do', () => {
  const tracks = [track(0, 9, 0.6, 0.3), track(1, 8, 0.5, 0.1), track(2, 7, 0.2, 0.7)];
  const photo = assignJointly(tracks.map(({ alone }) => alone));
  expect(
    largestError(
      tracks,
      photo.map(({ people, unknown }) => [...people, unknown]),
    ),
  ).toBeLessThan(1e-9);
});

test('a chain of overlaps: the first and the last may be the same person, the middle one may not', () => {
  const [first, middle, last] = assignOverTime([track(0, 4, 0.9), track(3, 7, 0.6), track(6, 9, 0.9)]);
  expect(first!.people[0]).toBeGreaterThan(0.85);
  expect(middle!.people[0]).toBeLessThan(0.1);
  expect(last!.people[0]).toBeGreaterThan(0.85);
});

test('tracks one after the other have no say in each other, and none at all is fine', () => {
  const tracks = [track(0, 1, 0.9), track(2, 3, 0.9), track(5, 5, 0.8)];
  expect(
    largestError(
      tracks,
      tracks.map(({ alone }) => [...alone.people, alone.unknown]),
    ),
  ).toBeLessThan(1e-9);
  expect(assignOverTime([])).toEqual([]);
});

test('hundreds of tracks one upon the other neither underflow nor take for ever', () => {
  const tracks = Array.from({ length: 400 }, (_, i) =>
    track(i, i + 3.5, ...[0, 1, 2].map((p) => (p === i % 3 ? 0.7 : 0.1))),
  );
  for (const { people, unknown } of assignOverTime(tracks)) {
    expect([...people, unknown].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
  }
});
