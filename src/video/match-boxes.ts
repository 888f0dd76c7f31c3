/** Which found face is which followed one: by place and size alone. */

import { assign } from '../core/assignment.ts';
import { type Box, iou } from '../core/geometry.ts';

/** Boxes that share less are not taken for one face, unless their middles are near. */
const leastIou = 0.25;

/** In widths of the face: a head may jump this far between two looks. */
const nearby = 0.7;

/** A face does not grow or shrink by more between two looks. */
const mostGrowth = 1.7;

/** If the second best way to match costs no more than this above the best, places alone cannot decide. */
const clearlyBetter = 0.35;

export interface Matching {
  /** For each expected box: the index of the found one, or −1. */
  readonly found: readonly number[];
  /** Expected boxes that may have been taken for one another. */
  readonly doubtful: ReadonlySet<number>;
}

/** 0 for the same place, 1 for boxes that only just touch; Infinity for what cannot be one face. */
export function placeCost(expected: Box<'px'>, found: Box<'px'>): number {
  const growth = Math.sqrt((found.width * found.height) / (expected.width * expected.height));
  if (growth > mostGrowth || growth < 1 / mostGrowth) return Number.POSITIVE_INFINITY;
  const shared = iou(expected, found);
  if (shared >= leastIou) return 1 - shared;
  const apart = Math.hypot(
    expected.left + expected.width / 2 - found.left - found.width / 2,
    expected.top + expected.height / 2 - found.top - found.height / 2,
  );
  const width = (expected.width + found.width) / 2;
  return apart < nearby * width ? 1 + apart / width : Number.POSITIVE_INFINITY;
}

/** @param expected one or more places for each face, any of which will do */
export function matchBoxes(
  expected: readonly (readonly Box<'px'>[])[],
  found: readonly Box<'px'>[],
): Matching {
  const costs = expected.map((boxes) =>
    found.map((other) => Math.min(...boxes.map((box) => placeCost(box, other)))),
  );
  const matched = assign(costs);
  const doubtful = new Set<number>();
  for (const [a, ownA] of matched.entries()) {
    if (ownA < 0) continue;
    for (const [b, ownB] of matched.entries()) {
      if (a === b) continue;
      const swapped = costs[b]![ownA]! + (ownB < 0 ? 0 : costs[a]![ownB]!);
      const kept = costs[a]![ownA]! + (ownB < 0 ? 0 : costs[b]![ownB]!);
      if (swapped - kept < clearlyBetter) doubtful.add(a).add(b);
    }
    // Nor where it may as well be a face that nobody expected.
    for (const [k, cost] of costs[a]!.entries()) {
      if (!matched.includes(k) && cost - costs[a]![ownA]! < clearlyBetter) doubtful.add(a);
    }
  }
  return { found: matched, doubtful };
}

/** @param found of each face; those that have none are looked for once more, at other places, among the boxes that are left */
export function alsoMatched(
  found: readonly number[],
  elsewhere: readonly (readonly Box<'px'>[])[],
  boxes: readonly Box<'px'>[],
): readonly number[] {
  const missing = [...found.keys()].filter((i) => found[i]! < 0 && elsewhere[i]!.length > 0);
  const left = [...boxes.keys()].filter((k) => !found.includes(k));
  const now = [...found];
  const again = matchBoxes(
    missing.map((i) => elsewhere[i]!),
    left.map((k) => boxes[k]!),
  );
  for (const [at, i] of missing.entries()) {
    const k = again.found[at]!;
    if (k >= 0 && !again.doubtful.has(at)) now[i] = left[k]!;
  }
  return now;
}
