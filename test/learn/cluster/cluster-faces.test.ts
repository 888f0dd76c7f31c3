import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom, shuffled } from '../../../src/core/random.ts';
import { clusterFaces } from '../../../src/learn/cluster/cluster-faces.ts';
import { openGroupOdds } from '../../../src/learn/cluster/evidence.ts';
import { type Constraints, openLinkage } from '../../../src/learn/cluster/linkage.ts';
import { findNeighbours } from '../../../src/learn/cluster/neighbours.ts';
import { scanForNeighbours } from '../../../src/learn/cluster/scan-neighbours.ts';
import type { EnrolledFace, TwoCovariance } from '../../../src/learn/odds/two-covariance.ts';
import { holds } from '../../holds.ts';
import { drawPerson, drawPhoto, seededNormal } from '../../synthetic-people.ts';

/** Forty directions, in which people differ more or less: enough to tell a few hundred of them apart, with some doubt. */
const background: TwoCovariance = {
  mean: new Float32Array(40),
  basis: new Float32Array(1600),
  between: Float32Array.from({ length: 40 }, (_, j) => 12 / (1 + j / 4)),
  scale: 0.6,
  offset: 0,
};

/** Families of people who are alike, some faces unclear, some there twice, two in each photo. */
function album(seed: number, count: number): { readonly faces: EnrolledFace[]; readonly photos: number[] } {
  const normal = seededNormal(seed);
  const families = Array.from({ length: 3 }, () => drawPerson(background, normal));
  const people = Array.from({ length: Math.ceil(count / 6) }, (_, i) =>
    drawPerson(background, normal).map((v, j) => 0.6 * v + 0.8 * families[i % 3]![j]!),
  );
  const faces = Array.from({ length: count }, (_, i) => ({
    z: drawPhoto(people[(i * 7) % people.length]!, normal),
    quality: i % 4 === 0 ? 0.1 * (i % 10) : 1,
  }));
  for (let i = 0; i + 20 < count; i += 20) faces[i + 11] = faces[i]!;
  return { faces, photos: faces.map((_, i) => i >> 1) };
}

const albums = fc.record({ seed: fc.nat(10_000), count: fc.integer({ min: 0, max: 60 }) });

describe('grouping of faces', () => {
  test('does not depend on the order of the faces', () => {
    holds(
      fc.property(albums, fc.nat(), ({ seed, count }, order) => {
        const { faces, photos } = album(seed, count);
        const places = shuffled([...faces.keys()], seededRandom(order));
        const { groups: again } = clusterFaces(
          background,
          places.map((i) => faces[i]!),
          { exclusive: places.map((i) => photos[i]!) },
        );
        expect(partition(again.map((group) => group.map((at) => places[at]!)))).toEqual(
          partition(clusterFaces(background, faces, { exclusive: photos }).groups),
        );
      }),
    );
  });

  test('has every face once, and two faces of one photo never in one group', () => {
    holds(
      fc.property(albums, ({ seed, count }) => {
        const { faces, photos } = album(seed, count);
        const { groups } = clusterFaces(background, faces, { exclusive: photos });
        expect(groups.flat().toSorted((a, b) => a - b)).toEqual([...faces.keys()]);
        for (const group of groups) expect(new Set(group.map((i) => photos[i])).size).toBe(group.length);
      }),
    );
  });

  test('is bound by what was said: who is one person, and who is not', () => {
    const pair = fc.tuple(fc.nat(59), fc.nat(59)).filter(([a, b]) => a !== b);
    holds(
      fc.property(
        fc.nat(10_000),
        fc.array(pair, { maxLength: 6 }),
        fc.array(pair, { maxLength: 6 }),
        (seed, same, different) => {
          const { faces, photos } = album(seed, 60);
          const said = new Set(different.flatMap(([a, b]) => [a * 60 + b, b * 60 + a]));
          const { groups } = clusterFaces(background, faces, {
            exclusive: photos,
            together: same,
            apart: (a, b) => said.has(a * 60 + b),
            spoken: different.flat(),
          });
          const groupOf = new Map(groups.flatMap((group, g) => group.map((i) => [i, g] as const)));
          for (const [a, b] of same) expect(groupOf.get(a)).toBe(groupOf.get(b));
          const bound = new Set(same.flat());
          // Said to be one person by way of others: that counts.
          const told = different.filter(([a, b]) => !bound.has(a) || !bound.has(b));
          for (const [a, b] of told) expect(groupOf.get(a)).not.toBe(groupOf.get(b));
          expect(groups.flat().toSorted((a, b) => a - b)).toEqual([...faces.keys()]);
        },
      ),
    );
  });

  test('joins what looking at all pairs again after each step joins', () => {
    holds(
      fc.property(fc.nat(10_000), fc.integer({ min: 0, max: 6 }), (seed, limit) => {
        const { faces, photos } = album(seed, 50);
        const odds = openGroupOdds(background);
        const singles = faces.map(odds.single);
        const linkage = openLinkage(
          odds,
          singles,
          findNeighbours(background, odds, faces, singles, Number.NEGATIVE_INFINITY),
          { exclusive: photos },
          limit,
        );
        linkage.joinDownTo(limit + 4);
        linkage.joinDownTo(limit);
        expect(partition(linkage.groups().map(({ members }) => members))).toEqual(
          partition(byAllPairs(faces, { exclusive: photos }, limit)),
        );
      }),
      20,
    );
  });

  test('of no face, and of one', () => {
    expect(clusterFaces(background, [], { exclusive: [] }).groups).toEqual([]);
    const { faces } = album(1, 1);
    expect(clusterFaces(background, faces, { exclusive: [null] }).groups).toEqual([[0]]);
  });
});

test('the scan finds nearly all neighbours that comparing everybody with everybody finds', () => {
  const { faces } = album(5, 1500);
  const odds = openGroupOdds(background);
  const singles = faces.map(odds.single);
  const floor = 2;
  const scanned = scanForNeighbours(background, odds, faces, singles, floor)!;
  const all = before(findNeighbours(background, odds, faces, singles, floor).pairs);
  const found = before(scanned.pairs);
  let [wanted, seen] = [0, 0];
  for (const [face, own] of all) {
    const near = found.get(face) ?? [];
    expect(near.filter((other) => !own.includes(other))).toEqual([]);
    // If there are more than 64, the nearest do.
    if (own.length > 64) continue;
    wanted += own.length;
    seen += near.length;
  }
  expect(wanted).toBeGreaterThan(1000);
  expect(seen / wanted).toBeGreaterThan(0.98);
});

/** The neighbours of each face that come before it. */
function before(pairs: Int32Array): Map<number, number[]> {
  const of = new Map<number, number[]>();
  for (let p = 0; p < pairs.length; p += 2) {
    const own = of.get(pairs[p]!);
    if (own) own.push(pairs[p + 1]!);
    else of.set(pairs[p]!, [pairs[p + 1]!]);
  }
  return of;
}

function partition(groups: readonly (readonly number[])[]): string[] {
  return groups.map((group) => group.toSorted((a, b) => a - b).join(' ')).toSorted();
}

/** The linkage as it is defined: in cubic time. */
function byAllPairs(faces: readonly EnrolledFace[], { exclusive }: Constraints, limit: number): number[][] {
  const odds = openGroupOdds(background);
  let groups = faces.map((face, i) => ({ members: [i], evidence: odds.single(face), number: i }));
  for (let number = faces.length; ; number++) {
    let best: { value: number; a: (typeof groups)[number]; b: (typeof groups)[number] } | undefined;
    for (const [i, b] of groups.entries()) {
      for (const a of groups.slice(0, i)) {
        if (a.members.some((x) => b.members.some((y) => exclusive[x] === exclusive[y]))) continue;
        const value = odds.odds(a.evidence, b.evidence);
        const isBefore =
          best === undefined ||
          value > best.value ||
          (value === best.value && (a.number < best.a.number || (a === best.a && b.number < best.b.number)));
        if (value >= limit && isBefore) best = { value, a, b };
      }
    }
    if (best === undefined) return groups.map(({ members }) => members);
    const { a, b } = best;
    const joined = {
      members: [...a.members, ...b.members],
      evidence: odds.joined(a.evidence, b.evidence),
      number,
    };
    groups = [...groups.filter((group) => group !== a && group !== b), joined];
  }
}
