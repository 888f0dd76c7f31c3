/** The odds from which two groups of an album are joined: the more people there are, the likelier two of them are alike. */

import { type Evidence, type GroupOdds, leastLooks } from './evidence.ts';

/** Groups that stand for the people of an album; more hardly tell more. */
const mostCompared = 1000;

/** The limit is expected to differ by no more than this from one album to another of the same size. */
export const mostShift = 2;

/** With so many people, half of what they show is believed. */
const telling = 50;

/** How far the limit lies above the odds that one in ten pairs of strangers reaches, in distances from there to the median. */
const reach = 1.46;

/** For so many faces the distances were read off. */
const readAt = 1500;

/** Before anything is known about the people: a face is any of the others, or nobody whom the album knows. */
export function expectedLimit(faces: number): number {
  return Math.max(leastLooks, Math.log(faces / 2));
}

/**
 * How alike strangers are differs between albums, and between a model's own people and others. It shows in pairs of
 * groups: hardly any of those are one person, and none in the middle of all pairs.
 *
 * @param groups of one person each, as far as is beyond doubt
 */
export function albumLimit(odds: GroupOdds, groups: readonly Evidence[], faces: number): number {
  const expected = expectedLimit(faces);
  if (groups.length < 3) return expected;
  const step = Math.max(1, groups.length / mostCompared);
  const people = Array.from(
    { length: Math.min(groups.length, mostCompared) },
    (_, i) => groups[Math.floor(i * step)]!,
  );
  const pairs = new Float64Array((people.length * (people.length - 1)) / 2);
  let at = 0;
  for (const [i, a] of people.entries()) for (const b of people.slice(0, i)) pairs[at++] = odds.looks(a, b);
  pairs.sort();
  const [median, tenth] = [0.5, 0.9].map((share) => pairs[Math.floor(share * pairs.length)]!) as [
    number,
    number,
  ];
  const shown = tenth + reach * (tenth - median) - Math.log(readAt / 2);
  const believed = (shown * groups.length) / (groups.length + telling);
  return Math.max(leastLooks, expected + Math.max(-mostShift, Math.min(mostShift, believed)));
}
