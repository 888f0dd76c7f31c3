import { describe, expect, test } from 'vitest';
import { type Damage, damagedShare, describeDamage, storedFrom, trustIn } from '../../src/core/damage.ts';
import { storedAs } from '../photo-fixtures.ts';

const photo = { width: 100, height: 200 };

function lastRows(kind: Damage['kind'], rows: number): Damage {
  return { kind, part: storedFrom(photo.height - rows, photo, 1) };
}

describe('a damaged photo', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'lacks the side of the upright photo where its last rows were stored, orientation %d',
    (orientation) => {
      // The upright photo is black; its stored form has white last rows.
      const upright = { width: 6, height: 8, data: new Uint8Array(6 * 8 * 3) };
      for (let i = 0; i < 48; i++) upright.data[i * 3] = i;
      const stored = storedAs(orientation, upright);
      const from = stored.height - 2;
      const lost = new Set(
        Array.from({ length: 2 * stored.width }, (_, i) => stored.data[(from * stored.width + i) * 3]!),
      );
      const box = storedFrom(from, stored, orientation);
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 6; x++) {
          const inside =
            x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height;
          expect(inside, `${x}, ${y}`).toBe(lost.has(y * 6 + x));
        }
      }
    },
  );

  test('has a share that is not to be trusted', () => {
    expect(damagedShare(lastRows('missing', 50), photo)).toBe(0.25);
  });

  test.each([
    ['missing', 2, 'damaged: 1.0 % of the picture is missing'],
    ['missing', 0.1, 'damaged: 0.1 % of the picture is missing'],
    ['missing', 50, 'damaged: 25 % of the picture is missing'],
    ['doubtful', 50, 'damaged, read as far as it goes: 25 % of the picture may be wrong'],
  ] as const)('is described: %s, %d rows', (kind, rows, words) => {
    expect(describeDamage(lastRows(kind, rows), photo)).toBe(words);
  });

  test('is believed where it is whole, by half where it is doubtful, not at all where it is missing', () => {
    const above = { left: 10, top: 10, width: 40, height: 40 };
    const half = { left: 10, top: 130, width: 40, height: 40 };
    const below = { left: 10, top: 155, width: 40, height: 40 };
    const trust = (kind: Damage['kind']): number[] =>
      [above, half, below].map((box) => trustIn(box, lastRows(kind, 50)));
    expect(trust('missing')).toEqual([1, 0.5, 0]);
    expect(trust('doubtful')).toEqual([1, 0.75, 0.5]);
    expect(trustIn(below, undefined)).toBe(1);
  });
});
