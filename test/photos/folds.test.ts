import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { seededRandom, shuffled } from '../../src/core/random.ts';
import { dealByHash, dealLabels, halvesByName, placeByName } from '../../src/photos/folds.ts';
import type { SplitItem } from '../../src/photos/split.ts';

function items(label: string, count: number): SplitItem[] {
  return Array.from({ length: count }, (_, i) => ({
    label,
    sha256: createHash('sha256').update(`${label} ${i}`).digest('hex'),
  }));
}

function sizes(parts: readonly number[]): number[] {
  return [0, 1, 2, 3, 4].map((part) => parts.filter((p) => p === part).length);
}

describe('parts of a folder', () => {
  const folder = [...items('ann', 12), ...items('bob', 5), ...items('cem', 3), ...items('dee', 1)];

  test('are even as a whole and within each label', () => {
    const parts = dealByHash(folder, 5);
    expect(sizes(parts)).toEqual([5, 4, 4, 4, 4]);
    for (const [label, most] of [
      ['ann', 3],
      ['bob', 1],
      ['cem', 1],
    ] as const) {
      const own = sizes(parts.filter((_, i) => folder[i]!.label === label));
      expect(Math.max(...own)).toBe(most);
    }
  });

  test('follow from what the photos contain: order and names change nothing', () => {
    const partOf = new Map(dealByHash(folder, 5).map((part, i) => [folder[i]!.sha256, part]));
    const mixed = shuffled(folder, seededRandom(1)).map((item) => ({ ...item, label: `${item.label}a` }));
    for (const [i, part] of dealByHash(mixed, 5).entries()) expect(part).toBe(partOf.get(mixed[i]!.sha256));
  });

  test('keep near-duplicates together, in two folders too', () => {
    const grouped = folder.map((item, i) => ({ ...item, group: i % 7 === 0 ? 0 : i }));
    const parts = dealByHash(grouped, 5);
    expect(new Set(parts.filter((_, i) => grouped[i]!.group === 0)).size).toBe(1);
  });
});

test('people are dealt out evenly, by what their photos contain', () => {
  const folder = ['ann', 'bob', 'cem', 'dee', 'eve', 'fay'].flatMap((label) => items(label, 3));
  const parts = dealLabels(folder, 4);
  expect(sizes([...parts.values()])).toEqual([2, 2, 1, 1, 0]);
  const renamed = folder.map((item) => ({ ...item, label: item.label.toUpperCase() }));
  for (const [label, part] of dealLabels(renamed, 4)) expect(part).toBe(parts.get(label.toLowerCase()));
});

describe('people dealt out by their names', () => {
  test('fall where the sha256 of the name and the salt says', () => {
    // echo -n abc | sha256sum begins with ba7816bf8f01.
    for (const place of [placeByName('abc'), placeByName('ab', 'c')]) {
      expect(place).toBe(0xba7816bf8f01 / 2 ** 48);
    }
  });

  test('make two halves, others with another salt, and nobody is in both', () => {
    const people = Array.from({ length: 400 }, (_, i) => ({ person: `person ${i % 200}` }));
    const halves = halvesByName(people);
    const [first, second] = halves.map((half) => new Set(half.map(({ person }) => person)));
    expect(first!.size + second!.size).toBe(200);
    expect(Math.abs(first!.size - 100)).toBeLessThan(30);
    const anew = new Set(halvesByName(people, 'again')[0].map(({ person }) => person));
    expect([...anew].filter((person) => second!.has(person)).length).toBeGreaterThan(20);
  });
});
