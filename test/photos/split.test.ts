import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type SplitItem, splitByHash, splitInThree } from '../../src/photos/split.ts';

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function photos(label: string, count: number, from = 0): SplitItem[] {
  return Array.from({ length: count }, (_, i) => ({ sha256: sha256(`${label} ${from + i}`), label }));
}

/** A sha256 of which the test chooses where it sorts and whether it is held out at a share of 0.2. */
function chosen(order: number, place: number): string {
  const last = Math.floor(place * 2 ** 48).toString(16);
  return `${order.toString(16).padStart(2, '0')}${last.padStart(62, '0')}`;
}

function grouped(items: readonly SplitItem[], groupOf: (i: number) => number): SplitItem[] {
  return items.map(({ sha256: hash, label }, i) => ({ sha256: hash, label, group: groupOf(i) }));
}

const share = { validation: 0.2 };

function heldOut(items: readonly SplitItem[], validation = 0.2): string[] {
  return splitByHash(items, { validation }).validation.map((item) => item.sha256);
}

describe('the share', () => {
  test('is about what was asked for, and every item is on exactly one side, in the order given', () => {
    const items = photos('ann', 5_000);
    const { training, validation } = splitByHash(items, share);
    expect(validation.length / items.length).toBeCloseTo(0.2, 1);
    const both = new Set([...training, ...validation]);
    expect(both.size).toBe(items.length);
    expect(training).toEqual(items.filter((item) => !validation.includes(item)));
  });

  test('is about what was asked for in groups of near-duplicates, large or small', () => {
    for (const size of [2, 5, 20]) {
      const items = grouped(photos('ann', 1_000 * size), (i) => Math.floor(i / size));
      expect(heldOut(items).length / items.length, `groups of ${size}`).toBeCloseTo(0.2, 1);
    }
  });

  test('of nothing holds nothing out, and a larger share holds out what a smaller one does', () => {
    const items = photos('ann', 300);
    expect(heldOut(items, 0)).toEqual([]);
    const few = heldOut(items, 0.1);
    const more = new Set(heldOut(items, 0.3));
    expect(few.length).toBeGreaterThan(0);
    expect(few.every((hash) => more.has(hash))).toBe(true);
  });

  test.each([-0.1, 1, 1.5, Number.NaN])('of %d is refused', (validation) => {
    expect(() => splitByHash(photos('ann', 5), { validation })).toThrow(RangeError);
  });

  test('of no items is two empty lists', () => {
    expect(splitByHash([], share)).toEqual({ training: [], validation: [] });
  });
});

describe('a photo keeps its place', () => {
  test('whatever the order of the items and the names of the labels', () => {
    const items = [...photos('ann', 50), ...photos('ben', 50)];
    const before = new Set(heldOut(items));
    expect(new Set(heldOut(items.toReversed()))).toEqual(before);
    const renamed = items.map(({ sha256: hash, label }) => ({ sha256: hash, label: `${label} smith` }));
    expect(new Set(heldOut(renamed))).toEqual(before);
  });

  test('when photos are added, one by one, to a label that has enough', () => {
    const ann = photos('ann', 200);
    const ben = photos('ben', 200);
    const final = new Set(heldOut(ann));
    for (let count = 10; count < 200; count++) {
      const now = ann.slice(0, count);
      const held = heldOut([...now, ...ben.slice(count)]).filter((hash) =>
        now.some((item) => item.sha256 === hash),
      );
      expect(held).toEqual(now.map((item) => item.sha256).filter((hash) => final.has(hash)));
    }
  });

  test('when another label comes or goes', () => {
    const ann = photos('ann', 30);
    const alone = heldOut(ann);
    const held = heldOut([...ann, ...photos('ben', 2), ...photos('cleo', 40)]);
    expect(held.filter((hash) => ann.some((item) => item.sha256 === hash))).toEqual(alone);
  });
});

describe('every label can be learnt from', () => {
  test('with fewer than three photos nothing is held out', () => {
    const held = { sha256: chosen(1, 0.01), label: 'ann' };
    expect(heldOut([held])).toEqual([]);
    expect(heldOut([held, { sha256: chosen(2, 0.9), label: 'ann' }])).toEqual([]);
  });

  test('with three photos of which two are near-duplicates nothing is held out either', () => {
    const items = [0.01, 0.9, 0.95].map((place, i) => ({ sha256: chosen(i, place), label: 'ann' }));
    expect(heldOut(items)).toEqual([chosen(0, 0.01)]);
    expect(heldOut(grouped(items, (i) => Math.min(i, 1)))).toEqual([]);
  });

  test('where all would be held out, the one nearest to the edge trains', () => {
    const places = [0.03, 0.19, 0.11, 0.05];
    const items = places.map((place, i) => ({ sha256: chosen(i, place), label: 'ann' }));
    const { training } = splitByHash(items, share);
    expect(training).toEqual([items[1]]);
    expect(splitByHash(items.toReversed(), share).training).toEqual([items[1]]);
  });

  test('over many labels of three to six photos, each has one to train on', () => {
    const items = Array.from({ length: 400 }, (_, i) => photos(`person ${i}`, 3 + (i % 4))).flat();
    const { training, validation } = splitByHash(items, { validation: 0.5 });
    expect(new Set(training.map((item) => item.label)).size).toBe(400);
    expect(validation.length).toBeGreaterThan(500);
  });
});

describe('near-duplicates', () => {
  test('stay on one side, where the one with the smallest sha256 is', () => {
    const rest = grouped(photos('ann', 20), (i) => 100 + i);
    const first = { sha256: chosen(0, 0.05), label: 'ann', group: 1 };
    const copies = [0.9, 0.5].map((place, i) => ({ sha256: chosen(i + 1, place), label: 'ann', group: 1 }));
    const held = new Set(heldOut([...copies, first, ...rest]));
    expect([first, ...copies].every((item) => held.has(item.sha256))).toBe(true);
  });

  test('a copy that is added follows its group, unless its sha256 is smaller and places it elsewhere', () => {
    const rest = photos('ann', 20);
    const first = { sha256: chosen(5, 0.05), label: 'ann', group: 1 };
    const later = { sha256: chosen(6, 0.9), label: 'ann', group: 1 };
    const sooner = { sha256: chosen(4, 0.9), label: 'ann', group: 1 };
    expect(heldOut([...rest, first])).toContain(first.sha256);
    expect(heldOut([...rest, first, later])).toContain(first.sha256);
    expect(heldOut([...rest, first, sooner])).not.toContain(first.sha256);
  });

  test('under two labels stay on one side too, and train where one of the labels cannot spare them', () => {
    const ann = photos('ann', 20);
    const shared = ['ann', 'ben'].map((label, i) => ({ sha256: chosen(i, 0.05), label, group: 1 }));
    const held = heldOut([...ann, ...photos('ben', 20), ...shared]);
    expect(shared.every((item) => held.includes(item.sha256))).toBe(true);
    const spared = heldOut([...ann, ...photos('ben', 1), ...shared]);
    expect(shared.some((item) => spared.includes(item.sha256))).toBe(false);
  });

  test('the group 0 is a group like any other', () => {
    const copies = [0.05, 0.9].map((place, i) => ({ sha256: chosen(i, place), label: 'ann', group: 0 }));
    const held = heldOut([...photos('ann', 20), ...copies]);
    expect(copies.every((item) => held.includes(item.sha256))).toBe(true);
  });
});

describe('in three', () => {
  const shares = { validation: 0.1, testing: 0.2 };

  test('each part has about its share, and every item is in exactly one', () => {
    const items = photos('ann', 5_000);
    const { training, validation, testing } = splitInThree(items, shares);
    expect(validation.length / items.length).toBeCloseTo(0.1, 1);
    expect(testing.length / items.length).toBeCloseTo(0.2, 1);
    expect(new Set([...training, ...validation, ...testing]).size).toBe(items.length);
    expect(training.length + validation.length + testing.length).toBe(items.length);
  });

  test('items that are added leave the others where they are', () => {
    const before = splitInThree(photos('ann', 300), shares);
    const after = splitInThree(photos('ann', 600), shares);
    for (const part of ['training', 'validation', 'testing'] as const) {
      expect(after[part]).toEqual(expect.arrayContaining([...before[part]]));
    }
  });

  test('a group stays in one part', () => {
    const { training, validation, testing } = splitInThree(
      grouped(photos('ann', 400), (i) => Math.floor(i / 5)),
      shares,
    );
    const parts = [training, validation, testing].map((part) => new Set(part.map(({ group }) => group)));
    expect(parts.reduce((sum, { size }) => sum + size, 0)).toBe(80);
  });

  test('a label with two items is learnt from, not measured with', () => {
    expect(splitInThree(photos('bob', 2), shares).training.length).toBe(2);
  });
});
