/** Places of groups in memory are what the catalog has, however groups come, change and go. */

import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openGroupPlaces } from '../../src/album/grouping/group-places.ts';
import { openSqliteCatalog } from '../../src/catalog/open-sqlite.ts';
import { faceOfRow } from '../../src/learn/odds/mean-rows.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('what is read after changes is what a new reader finds', async () => {
  const catalog = await openSqliteCatalog(join(await temporaryFolder(), 'a.db'));
  onTestFinished(() => catalog.close());
  const places = openGroupPlaces();
  let number = 0;
  /** Whole numbers, which half floats hold. */
  const place = (value: number) => ({
    z: Float32Array.of(value, -value),
    squares: Float32Array.of(value + 1, value + 2),
    quality: 0.5,
  });
  const learn = (values: ReadonlyMap<number, number | null>): Promise<void> =>
    catalog.write(async ({ groups }) => {
      number++;
      for (const [id, value] of values)
        await groups.learnt(id, number, value === null ? null : place(value), number);
    });
  const now = async (of = places): Promise<Map<number, number[]>> => {
    const all = await of.all(catalog);
    expect(all.ids).toHaveLength(all.count);
    const rows = all.ids.map((id, row): [number, number[]] => {
      const { z, squares } = faceOfRow(all, row);
      return [id, [...z, ...squares]];
    });
    return new Map(rows.toSorted(([a], [b]) => a - b));
  };

  expect(await now()).toEqual(new Map());
  const ids = await catalog.write(({ groups }) => groups.add(600));
  await learn(new Map(ids.slice(0, 400).map((id, i) => [id, i])));
  expect((await now()).get(ids[7]!)).toEqual([7, -7, 8, 9]);
  const [first, second, last] = [ids[0]!, ids[1]!, ids[399]!];
  // Changed, gone, the last of all gone, gone and back, and more than there was room for.
  const changes: [number, number | null][][] = [
    [[first, 1000]],
    [[second, null]],
    [[last, null]],
    [
      [first, null],
      [second, 77],
    ],
    ids.slice(400).map((id, i) => [id, i]),
    ids.map((id) => [id, null]),
    [[first, 3]],
  ];
  for (const change of changes) {
    await learn(new Map(change));
    const found = await now();
    expect(found).toEqual(await now(openGroupPlaces()));
    for (const [id, value] of change) expect(found.get(id)?.[0]).toBe(value ?? undefined);
  }
});
