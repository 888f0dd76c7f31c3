/** Parts of a folder for cross-validation: by what the photos contain, so that they stay the same run after run. */

import type { SplitItem } from './split.ts';

/**
 * Deals each label's photos out to so many parts, evenly, in the order of their hashes. Near-duplicates share a
 * part. A photo that is added may move others, unlike in `splitByHash`: with a few photos of each person, even
 * parts measure better than parts that never move.
 *
 * @returns the part of each item, from 0
 */
export function dealByHash(items: readonly SplitItem[], parts: number): number[] {
  const keys = items.map(({ group, sha256 }) => group ?? sha256);
  // The smallest hash speaks for its group.
  const names = new Map<number | string, string>();
  for (const [i, { sha256 }] of items.entries()) {
    const name = names.get(keys[i]!);
    if (name === undefined || sha256 < name) names.set(keys[i]!, sha256);
  }
  const labels = new Map<string, Set<number | string>>();
  for (const [i, { label }] of items.entries())
    labels.set(label, (labels.get(label) ?? new Set()).add(keys[i]!));
  const dealt = new Map<number | string, number>();
  // The next label goes on where the last one stopped, or the first parts would be the largest.
  let next = 0;
  for (const [, own] of inOrder([...labels.values()].map((set) => [smallest(set, names), set]))) {
    for (const [, key] of inOrder([...own].map((of) => [names.get(of)!, of]))) {
      if (!dealt.has(key)) dealt.set(key, next++ % parts);
    }
  }
  return keys.map((key) => dealt.get(key)!);
}

/**
 * Deals people out to so many parts, in the order of their smallest hashes: a new name changes nothing.
 *
 * @returns the part of each label
 */
export function dealLabels(items: readonly SplitItem[], parts: number): Map<string, number> {
  const first = new Map<string, string>();
  for (const { label, sha256 } of items) {
    const name = first.get(label);
    if (name === undefined || sha256 < name) first.set(label, sha256);
  }
  const order = inOrder([...first].map(([label, name]) => [name, label] as const));
  return new Map(order.map(([, label], i) => [label, i % parts]));
}

function smallest<K>(keys: Iterable<K>, names: ReadonlyMap<K, string>): string {
  return [...keys].map((key) => names.get(key)!).reduce((a, b) => (a < b ? a : b));
}

/** By name. */
function inOrder<T>(named: readonly (readonly [name: string, value: T])[]): (readonly [string, T])[] {
  return named.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
