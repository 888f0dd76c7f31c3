/**
 * Groups are joined two by two, the likeliest pair first: agglomerative clustering on the odds that two groups are one
 * person, among those that are near each other. Words that people said bind.
 */

import type { Evidence, GroupOdds } from './evidence.ts';
import { openMergeHeap } from './merge-heap.ts';
import { type Neighbours, nearOf } from './near.ts';

/** Knowledge beside the looks. Faces are numbers. */
export interface Constraints {
  /** Faces that have the same are different people, as those of one photo are; null for one that may be anybody. */
  readonly exclusive: readonly (number | null)[];
  /** Whether two faces are different people for another reason; asked only of faces in `spoken`. */
  readonly apart?: (a: number, b: number) => boolean;
  readonly spoken?: Iterable<number>;
  /** Faces that are one person, whatever else is known. */
  readonly together?: readonly (readonly number[])[];
}

export interface Linkage {
  /** Joins all pairs whose log odds are as high as this; lower than the last time, and no lower than `lowest`. */
  joinDownTo(limit: number): void;
  groups(): { readonly members: readonly number[]; readonly evidence: Evidence }[];
}

/** A large group that grows by less than this share is compared again with nobody: its odds stay as good as the same. */
const hardlyGrown = 1 / 8;
const largeFrom = 32;

/** Candidates that would have to become much likelier to be joined with a group: the likeliest of them are watched. */
const mostUnlikely = 200;
const unlikely = 4;

interface Group {
  readonly evidence: Evidence;
  readonly members: number[];
  /** Groups that were near, some of them joined since. */
  readonly near: readonly number[];
  /** The members' part of `exclusive`. */
  readonly taken: Set<number>;
  readonly spoken: number[];
  /** So many faces it had when it was compared with all that are near. */
  readonly compared: number;
}

/**
 * @param singles of each face; the numbering decides between equals
 * @param lowest log odds below which nothing will be joined
 */
export function openLinkage(
  odds: GroupOdds,
  singles: readonly Evidence[],
  neighbours: Neighbours,
  { exclusive, apart, spoken = [], together = [] }: Constraints,
  lowest: number,
): Linkage {
  const isSpoken = new Set(spoken);
  const groups: (Group | undefined)[] = nearOf(singles.length, neighbours).map((near, i) => ({
    evidence: singles[i]!,
    members: [i],
    near,
    compared: 1,
    taken: new Set(exclusive[i] === null ? [] : [exclusive[i]!]),
    spoken: isSpoken.has(i) ? [i] : [],
  }));
  /** Joined groups become a new one, with a new number. */
  const becameOf: number[] = [...groups.keys()];
  const now = (group: number): number => {
    let at = group;
    while (becameOf[at] !== at) at = becameOf[at] = becameOf[becameOf[at]!]!;
    return at;
  };
  const heap = openMergeHeap();
  const offer = (a: number, b: number): number => {
    const value = odds.odds(groups[a]!.evidence, groups[b]!.evidence);
    if (value >= lowest) heap.push(value, a, b);
    return value;
  };
  const differ = (a: Group, b: Group): boolean => {
    const [few, many] = a.taken.size < b.taken.size ? [a.taken, b.taken] : [b.taken, a.taken];
    for (const value of few) if (many.has(value)) return true;
    return apart !== undefined && a.spoken.some((i) => b.spoken.some((j) => apart(i, j)));
  };
  /** The content of a large group is handed on, or a group that grows face by face would be copied again and again. */
  const united = (large: Group, small: Group): Group => {
    for (const value of small.taken) large.taken.add(value);
    for (const face of small.members) large.members.push(face);
    for (const face of small.spoken) large.spoken.push(face);
    return { ...large, evidence: odds.joined(large.evidence, small.evidence) };
  };
  /** Both become a new group. */
  const merge = (a: number, b: number): number => {
    const [one, other] = [groups[a]!, groups[b]!];
    const id = groups.length;
    becameOf[a] = becameOf[b] = id;
    becameOf.push(id);
    const near = new Set([...one.near, ...other.near].map(now));
    near.delete(id);
    groups[a] = groups[b] = undefined;
    const union = one.members.length < other.members.length ? united(other, one) : united(one, other);
    groups.push({ ...union, near: [...near], compared: union.members.length });
    return id;
  };
  const join = (a: number, b: number): void => {
    const [large, small] = groups[a]!.members.length < groups[b]!.members.length ? [b, a] : [a, b];
    const { members, compared, near: before } = groups[large]!;
    if (
      members.length >= largeFrom &&
      members.length + groups[small]!.members.length < compared * (1 + hardlyGrown)
    ) {
      const added = groups[small]!.near;
      groups[large] = { ...united(groups[large]!, groups[small]!), near: [...before, ...added] };
      becameOf[small] = large;
      groups[small] = undefined;
      for (const group of new Set(added.map(now))) if (group !== large) offer(large, group);
      return;
    }
    const id = merge(a, b);
    const found = groups[id]!.near.map((group) => ({ group, value: offer(id, group) }));
    const likely = found.filter(({ value }) => value >= lowest - unlikely);
    const others = found
      .filter(({ value }) => value < lowest - unlikely)
      .toSorted((c, d) => d.value - c.value || c.group - d.group)
      .slice(0, mostUnlikely);
    groups[id] = { ...groups[id]!, near: [...likely, ...others].map(({ group }) => group) };
  };
  for (const faces of together)
    for (const face of faces.slice(1)) {
      const [a, b] = [now(faces[0]!), now(face)];
      if (a !== b) merge(a, b);
    }
  for (const [a, group] of groups.entries()) {
    if (group === undefined) continue;
    for (const b of new Set(group.near.map(now))) if (b < a) offer(a, b);
  }
  return {
    joinDownTo(limit) {
      for (let pair = heap.first(); pair && pair.odds >= limit; pair = heap.first()) {
        heap.drop();
        const [one, other] = [groups[pair.a], groups[pair.b]];
        if (one && other && !differ(one, other)) join(pair.a, pair.b);
      }
    },
    groups: () =>
      groups.flatMap((group) => (group ? [{ members: group.members, evidence: group.evidence }] : [])),
  };
}
