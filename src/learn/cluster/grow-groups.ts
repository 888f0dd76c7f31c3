/** A few faces more for groups that stand: each face joins one of them or founds one, and nothing else moves. */

import type { EnrolledFace, TwoCovariance } from '../odds/two-covariance.ts';
import { type Evidence, type GroupSum, leastLooks, openGroupOdds } from './evidence.ts';

export interface StandingGroups {
  /**
   * Adds the faces of one photo, the likeliest pair of face and group first; no two of them get the same group.
   *
   * @param mayBe whether nothing that was said speaks against a face, by its index, being in a group
   * @returns the group of each face: one that stood, or a new number after the last
   */
  add(faces: readonly EnrolledFace[], mayBe?: (face: number, group: number) => boolean): number[];
  /** The groups that a face is likely enough to join. */
  near(face: EnrolledFace): number[];
}

/** How the groups came about that stand. */
export interface Grouped {
  /** So many faces there were. */
  readonly faces: number;
  /** The log odds from which two groups were joined. */
  readonly limit: number;
}

/** @param groups in the order of their numbers */
export function openStandingGroups(
  background: TwoCovariance,
  groups: readonly GroupSum[],
  { faces: grouped, limit }: Grouped,
): StandingGroups {
  const odds = openGroupOdds(background);
  const standing = groups.map(odds.group);
  let count = groups.reduce((sum, { faces }) => sum + faces, 0);
  // As `albumLimit` grows.
  const limitNow = (): number => Math.max(leastLooks, limit + Math.log(Math.max(1, count / grouped)));
  return {
    add(faces, mayBe = () => true) {
      const singles = faces.map(odds.single);
      count += faces.length;
      const least = limitNow();
      const pairs = singles
        .flatMap((single, face) =>
          likely(odds.odds, standing, single, least).map(({ group, value }) => ({ face, group, value })),
        )
        .filter(({ face, group }) => mayBe(face, group))
        .toSorted((a, b) => b.value - a.value || a.face - b.face || a.group - b.group);
      const groupOf = new Map<number, number>();
      const taken = new Set<number>();
      for (const { face, group } of pairs) {
        if (groupOf.has(face) || taken.has(group)) continue;
        groupOf.set(face, group);
        taken.add(group);
      }
      return singles.map((single, face) => {
        const group = groupOf.get(face) ?? standing.length;
        standing[group] = group === standing.length ? single : odds.joined(standing[group]!, single);
        return group;
      });
    },
    near: (face) => likely(odds.odds, standing, odds.single(face), limitNow()).map(({ group }) => group),
  };
}

function likely(
  odds: (a: Evidence, b: Evidence) => number,
  standing: readonly Evidence[],
  single: Evidence,
  limit: number,
): { readonly group: number; readonly value: number }[] {
  const found: { readonly group: number; readonly value: number }[] = [];
  for (const [group, own] of standing.entries()) {
    const value = odds(own, single);
    if (value >= limit) found.push({ group, value });
  }
  return found;
}
