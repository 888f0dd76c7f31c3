/** Parts of a folder for cross-validation: by what the photos contain, so that they stay the same run after run. */

import { createHash } from 'node:crypto';
import { hashToUnit } from '../core/random.ts';
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
  for (const own of inOrder([...labels.values()], (set) =>
    smallest([...set].map((key) => names.get(key)!)),
  )) {
    for (const key of inOrder([...own], (of) => names.get(of)!)) {
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
  for (const { label, sha256 } of items) first.set(label, smallest([first.get(label) ?? sha256, sha256]));
  const order = inOrder([...first.keys()], (label) => first.get(label)!);
  return new Map(order.map((label, i) => [label, i % parts]));
}

/** A number from 0 up to 1 for each person, by the name alone; another salt deals the same people anew. */
export function placeByName(person: string, salt = ''): number {
  return hashToUnit(createHash('sha256').update(`${person}${salt}`).digest('hex'));
}

export function halvesByName<T extends { readonly person: string }>(
  items: readonly T[],
  salt?: string,
): readonly [T[], T[]] {
  const inFirst = ({ person }: T): boolean => placeByName(person, salt) < 0.5;
  return [items.filter(inFirst), items.filter((item) => !inFirst(item))];
}

function smallest(names: readonly string[]): string {
  return names.reduce((a, b) => (a < b ? a : b));
}

function inOrder<T>(values: readonly T[], nameOf: (value: T) => string): T[] {
  const named = values.map((value) => ({ value, name: nameOf(value) }));
  return named.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map(({ value }) => value);
}
